"""S-shaped activations: bounded, saturating on both sides."""

import keras
from keras import ops

from dlprep.activations.precision import keep_logits, precise


@keras.saving.register_keras_serializable(package="dlprep.activations")
def sigmoid(x):
    r"""Squash every element into (0, 1).

    $$\sigma(x) = \frac{1}{1 + e^{-x}}, \qquad \sigma'(x) = \sigma(x) \, (1 - \sigma(x)) \le 1/4$$

    Saturated units pass next to no gradient.

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> float(activations.sigmoid(0.0))
        0.5

    Reference:
        Goodfellow, Bengio, Courville 2016, Deep Learning, section 6.2.2.2.
    """
    return keep_logits(precise(ops.sigmoid)(x), x)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def tanh(x):
    r"""Squash every element into (-1, 1), centred at zero.

    $$\tanh(x) = \frac{e^x - e^{-x}}{e^x + e^{-x}} = 2 \sigma(2x) - 1,
    \qquad \tanh'(x) = 1 - \tanh^2(x) \le 1$$

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> round(float(activations.tanh(1.0)), 4)
        0.7616

    Reference:
        LeCun et al. 1998, Efficient BackProp, section 4.4.
    """
    return ops.tanh(x)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def log_sigmoid(x):
    r"""Take the logarithm of the sigmoid without forming the sigmoid.

    $$f(x) = \log \sigma(x) = -\log(1 + e^{-x}), \qquad f'(x) = \sigma(-x)$$

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> float(activations.log_sigmoid(-1e4))
        -10000.0

    Reference:
        https://keras.io/api/layers/activations/#logsigmoid-function
    """
    return -ops.softplus(-x)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def hard_sigmoid(x):
    r"""Replace the sigmoid by a straight line between two bounds.

    $$f(x) = \min \Big( 1, \max \Big( 0, \frac{x}{6} + \frac12 \Big) \Big)$$

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> float(activations.hard_sigmoid(0.0))
        0.5

    Reference:
        Howard et al. 2019, arXiv:1905.02244, section 5.2.
    """
    return ops.hard_sigmoid(x)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def sparse_sigmoid(x):
    r"""Replace the sigmoid by a line that reaches 0 and 1 at -1 and 1.

    $$f(x) = \min \Big( 1, \max \Big( 0, \frac{x + 1}{2} \Big) \Big)$$

    `sparsemax` of two scores, as the sigmoid is softmax of two.

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> float(activations.sparse_sigmoid(0.5))
        0.75

    Reference:
        Martins, Astudillo 2016, arXiv:1602.02068, section 2.3.
    """
    return ops.clip(0.5 * (x + 1.0), 0.0, 1.0)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def hard_tanh(x):
    r"""Cut every element to [-1, 1].

    $$f(x) = \min(1, \max(-1, x))$$

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> float(activations.hard_tanh(3.0))
        1.0

    Reference:
        Collobert 2004, Large Scale Machine Learning, section 2.
    """
    return ops.clip(x, -1.0, 1.0)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def softsign(x):
    r"""Squash every element into (-1, 1), with tails that die slowly.

    $$f(x) = \frac{x}{1 + |x|}, \qquad f'(x) = \frac{1}{(1 + |x|)^2}$$

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> float(activations.softsign(-1.0))
        -0.5

    Reference:
        Bergstra et al. 2009, Quadratic Polynomials Learn Better Image Features, section 3.
    """
    return ops.softsign(x)
