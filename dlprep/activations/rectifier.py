"""Piecewise linear activations that let positive values through."""

from numbers import Integral

import keras
from keras import ops

from dlprep.activations.precision import precise, refuse


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    r"""Pass what lies above a threshold, cut or damp the rest.

    $$f(x) = \begin{cases} \alpha (x - \theta) & x \le \theta \\ x & \theta < x < x_{\max} \\
    x_{\max} & \text{else} \end{cases}$$

    With the defaults $\max(0, x)$. The derivative at the threshold is taken to be $\alpha$, so 0 at
    zero.

    Args:
        x: Tensor of any shape.
        negative_slope: $\alpha$, slope below the threshold.
        max_value: $x_{\max}$, where the output is capped; `None` for no cap.
        threshold: $\theta$, at or below which values are cut or damped.

    Returns:
        Tensor of the same shape and dtype.

    Raises:
        ValueError: `max_value` is negative.

    Example:
        >>> from dlprep import activations
        >>> activations.relu([-2.0, 3.0, 9.0], max_value=6.0).shape[0]
        3
        >>> float(activations.relu(-2.0, negative_slope=0.5))
        -1.0

    Reference:
        Glorot, Bordes, Bengio 2011, Deep Sparse Rectifier Neural Networks, section 3.
    """
    refuse(max_value is not None and not max_value >= 0, "max_value", "at least 0", max_value)
    y = _cut(x, negative_slope, threshold)
    return y if max_value is None else ops.where(y >= max_value, max_value, y)


def _cut(x, negative_slope, threshold):
    # One kernel in place of three, half the time of the lines below; JAX's takes zero for positive,
    # TensorFlow's holds the slope in single precision.
    double = keras.backend.standardize_dtype(x.dtype) == "float64"
    if threshold == 0 and not (negative_slope and (double or keras.backend.backend() == "jax")):
        return ops.leaky_relu(x, negative_slope) if negative_slope else ops.relu(x)
    # A slope of zero must not turn -inf into NaN.
    below = negative_slope * (x - threshold) if negative_slope else ops.zeros_like(x)
    # Asked as "below?", a NaN passes through instead of becoming zero.
    return ops.where(x <= threshold, below, x)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def leaky_relu(x, negative_slope=0.2):
    r"""Damp negative values instead of cutting them, so that no unit dies.

    $$f(x) = \begin{cases} x & x > 0 \\ \alpha x & x \le 0 \end{cases}$$

    Args:
        x: Tensor of any shape.
        negative_slope: $\alpha$, slope for negative values.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> from dlprep import activations
        >>> float(activations.leaky_relu(-2.0, negative_slope=0.5))
        -1.0

    Reference:
        Maas, Hannun, Ng 2013, Rectifier Nonlinearities Improve Neural Network Acoustic Models,
        section 2.
    """
    return _cut(x, negative_slope, 0.0)


@keras.saving.register_keras_serializable(package="dlprep.activations")
def relu6(x):
    r"""Cap the rectifier at six.

    $$f(x) = \min(6, \max(0, x))$$

    The cap bounds the range that low-precision arithmetic has to cover.

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> float(activations.relu6(9.0))
        6.0

    Reference:
        Krizhevsky 2010, Convolutional Deep Belief Networks on CIFAR-10, section 2.
    """
    return ops.relu6(x)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def prelu(x, alpha):
    r"""Damp negative values by slopes that are learned.

    $$f(x)_i = \begin{cases} x_i & x_i > 0 \\ \alpha_i x_i & x_i \le 0 \end{cases}$$

    Args:
        x: Tensor of any shape.
        alpha: $\alpha$, tensor of slopes that broadcasts against `x`.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> activations.prelu([[-1.0, -1.0]], [0.5, 0.25]).shape[-1]
        2

    Reference:
        He et al. 2015, arXiv:1502.01852, equation 1.
    """
    alpha = ops.convert_to_tensor(alpha, dtype=x.dtype)
    return ops.multiply(x, ops.where(x <= 0, alpha, 1.0))


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def threshold(x, threshold, default_value):
    r"""Pass what lies above a threshold, replace the rest.

    $$f(x) = \begin{cases} x & x > \theta \\ v & x \le \theta \end{cases}$$

    Args:
        x: Tensor of any shape.
        threshold: $\theta$.
        default_value: $v$.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> float(activations.threshold(0.5, 1.0, -7.0))
        -7.0

    Reference:
        https://keras.io/api/layers/activations/#threshold-function
    """
    return ops.where(x <= threshold, default_value, x)


@keras.saving.register_keras_serializable(package="dlprep.activations")
def linear(x):
    r"""Return the input: no activation.

    $$f(x) = x$$

    Layers without another activation compose to a single linear map.

    Args:
        x: Tensor of any shape.

    Returns:
        `x` itself.

    Example:
        >>> from dlprep import activations
        >>> activations.linear(3.0)
        3.0

    Reference:
        https://keras.io/api/layers/activations/#linear-function
    """
    return x


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def maxout(x, pieces, axis=-1):
    r"""Take the largest of a few linear pieces.

    $$f(x)_i = \max_{j = 1 \dots k} x_{i k + j}$$

    A layer that feeds it learns the shape of a convex activation, the rectifier among them.

    Args:
        x: Tensor of any shape.
        pieces: $k \ge 1$, how many neighbours along the axis compete.
        axis: The axis that is divided, of known length.

    Returns:
        The shape of `x` with `axis` shorter by the factor `pieces`.

    Raises:
        ValueError: `pieces` is no positive integer, or the axis is missing, of unknown length, or
            not divided by `pieces`.

    Example:
        >>> from dlprep import activations
        >>> tuple(activations.maxout([[1.0, 5.0, 2.0, 3.0]], 2).shape)
        (1, 2)

    Reference:
        Goodfellow et al. 2013, arXiv:1302.4389, section 3.
    """
    rank = len(x.shape)
    length = x.shape[axis] if -rank <= axis < rank else None
    if not isinstance(pieces, Integral) or pieces < 1 or length is None or length % pieces:
        raise ValueError(
            "maxout needs a positive integer `pieces` that divides an axis of known length, "
            f"received pieces={pieces} and axis={axis} for an input of shape {tuple(x.shape)}"
        )
    axis = axis % rank
    shape = ops.shape(x)
    groups = (*shape[:axis], x.shape[axis] // pieces, pieces, *shape[axis + 1 :])
    return ops.max(ops.reshape(x, groups), axis=axis + 1)
