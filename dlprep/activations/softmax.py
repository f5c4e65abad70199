"""Activations over an axis: scores become a distribution."""

import keras
from keras import ops

from dlprep.activations.precision import keep_logits, precise


@keras.saving.register_keras_serializable(package="dlprep.activations")
def softmax(x, axis=-1):
    r"""Turn scores into probabilities that add up to 1 over an axis.

    $$p_i = \frac{e^{x_i}}{\sum_k e^{x_k}} = \frac{e^{x_i - m}}{\sum_k e^{x_k - m}},
    \quad m = \max_k x_k, \qquad
    \frac{\partial p_i}{\partial x_j} = p_i (\delta_{ij} - p_j)$$

    The largest score is subtracted first: nothing overflows, nothing else changes.

    Args:
        x: Tensor with at least one axis.
        axis: The axis, or a tuple of axes, that adds up to 1.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> round(float(activations.softmax([1e4, 1e4, -1e4])[0]), 4)
        0.5

    Reference:
        Goodfellow, Bengio, Courville 2016, Deep Learning, equation 6.29.
    """
    return keep_logits(_softmax(x, axis), x)


@precise
def _softmax(x, axis):
    if isinstance(axis, int) and len(x.shape) <= 5:
        # Half the time of the lines below, but TensorFlow's kernel takes no more axes.
        return ops.softmax(x, axis)
    e = ops.exp(_shifted(x, axis))
    return e / ops.sum(e, axis=axis, keepdims=True)


def _shifted(x, axis):
    return x - ops.stop_gradient(ops.max(x, axis=axis, keepdims=True))


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def log_softmax(x, axis=-1):
    r"""Take the logarithm of softmax without forming the probabilities.

    $$f(x)_i = x_i - m - \log \sum_k e^{x_k - m}, \qquad m = \max_k x_k$$

    Its gradient is $\delta_{ij} - p_j$. A probability of $10^{-100}$ is zero in float32, its
    logarithm is an ordinary number.

    Args:
        x: Tensor of any shape.
        axis: The axis, or a tuple of axes, that adds up to 1.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> round(float(activations.log_softmax([0.0, 0.0])[0]), 4)
        -0.6931

    Reference:
        Goodfellow, Bengio, Courville 2016, Deep Learning, equation 6.30.
    """
    shifted = _shifted(x, axis)
    return shifted - ops.log(ops.sum(ops.exp(shifted), axis=axis, keepdims=True))


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def sparsemax(x, axis=-1):
    r"""Project scores onto the simplex: most probabilities become exactly zero.

    $$p = \operatorname*{arg\,min}_{p \ge 0,\ \sum p = 1} \| p - x \|^2 = \max(0, x - \tau),
    \qquad \tau = \frac{\sum_{i \in S} x_i - 1}{|S|}$$

    where $S$ holds the $k$ largest scores, for the largest $k$ that meets
    $1 + k x_{(k)} > \sum_{j \le k} x_{(j)}$. Here the outputs always add up to 1; in Keras 3.15 on
    TensorFlow they do not where several scores survive.

    Args:
        x: Tensor of any shape.
        axis: The axis that adds up to 1.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> round(float(activations.sparsemax([0.1, 0.0])[0]), 4)
        0.55

    Reference:
        Martins, Astudillo 2016, arXiv:1602.02068, algorithm 1.
    """
    # Far from 0 a float would not tell 1 + x from x.
    x = _shifted(x, axis)
    ordered = ops.flip(ops.sort(x, axis=axis), axis=axis)
    places = [1] * len(x.shape)
    places[axis] = -1
    k = ops.reshape(ops.arange(1, ops.shape(x)[axis] + 1, dtype=x.dtype), places)
    survives = 1.0 + ordered * k > ops.cumsum(ordered, axis=axis)
    total = ops.sum(ops.where(survives, ordered, 0.0), axis=axis, keepdims=True)
    size = ops.sum(ops.cast(survives, x.dtype), axis=axis, keepdims=True)
    return ops.maximum(x - (total - 1.0) / size, 0.0)
