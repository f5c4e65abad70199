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
        x: tensor with at least one axis.
        axis: the axis, or a tuple of axes, that adds up to 1.

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
    e = ops.exp(_shifted(x, axis))
    return e / ops.sum(e, axis=axis, keepdims=True)


def _shifted(x, axis):
    return x - ops.stop_gradient(ops.max(x, axis=axis, keepdims=True))
