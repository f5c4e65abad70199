"""Piecewise linear activations that let positive values through."""

import keras
from keras import ops

from dlprep.activations.precision import precise


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    r"""Pass what lies above a threshold, cut or damp the rest.

    $$f(x) = \begin{cases} x_{\max} & x \ge x_{\max} \\ x & \theta < x < x_{\max} \\
    \alpha (x - \theta) & x \le \theta \end{cases}$$

    With the defaults $\max(0, x)$. The derivative at the threshold is taken to be $\alpha$, so 0 at
    zero.

    Args:
        x: tensor of any shape.
        negative_slope: $\alpha$, slope below the threshold.
        max_value: $x_{\max}$, where the output is capped; `None` for no cap.
        threshold: $\theta$, at or below which values are cut or damped.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> from dlprep import activations
        >>> activations.relu([-2.0, 3.0, 9.0], max_value=6.0).shape[0]
        3
        >>> float(activations.relu(-2.0, negative_slope=0.5))
        -1.0

    Reference:
        Glorot, Bordes, Bengio 2011, Deep Sparse Rectifier Neural Networks, section 3.
    """
    # A slope of zero must not turn -inf into NaN.
    below = negative_slope * (x - threshold) if negative_slope else ops.zeros_like(x)
    # Asked as "below?", a NaN passes through instead of becoming zero.
    y = ops.where(x <= threshold, below, x)
    return y if max_value is None else ops.where(y >= max_value, max_value, y)


@keras.saving.register_keras_serializable(package="dlprep.activations")
def leaky_relu(x, negative_slope=0.2):
    r"""Damp negative values instead of cutting them, so that no unit dies.

    $$f(x) = \begin{cases} x & x > 0 \\ \alpha x & x \le 0 \end{cases}$$

    Args:
        x: tensor of any shape.
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
    return relu(x, negative_slope=negative_slope)
