"""S-shaped activations: bounded, saturating on both sides."""

import keras
from keras import ops

from dlprep.activations.precision import keep_logits, precise


@keras.saving.register_keras_serializable(package="dlprep.activations")
def sigmoid(x):
    r"""Squash every element into (0, 1).

    $$\sigma(x) = \frac{1}{1 + e^{-x}}, \qquad \sigma'(x) = \sigma(x) \, (1 - \sigma(x)) \le 1/4$$

    Only $e^{-|x|}$ is formed, which cannot overflow. Saturated units pass next to no gradient.

    Args:
        x: tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> float(activations.sigmoid(0.0))
        0.5

    Reference:
        Goodfellow, Bengio, Courville 2016, Deep Learning, section 6.2.2.2.
    """
    return keep_logits(_sigmoid(x), x)


@precise
def _sigmoid(x):
    negative = x < 0
    z = ops.exp(ops.where(negative, x, -x))
    return ops.where(negative, z, 1.0) / (1.0 + z)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def tanh(x):
    r"""Squash every element into (-1, 1), centred at zero.

    $$\tanh(x) = \frac{e^x - e^{-x}}{e^x + e^{-x}} = 2 \sigma(2x) - 1,
    \qquad \tanh'(x) = 1 - \tanh^2(x) \le 1$$

    Computed from $t = e^{-2|x|} - 1$ as $\mp t / (t + 2)$, exact near zero as well.

    Args:
        x: tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> round(float(activations.tanh(1.0)), 4)
        0.7616

    Reference:
        LeCun et al. 1998, Efficient BackProp, section 4.4.
    """
    negative = x < 0
    t = ops.expm1(ops.where(negative, 2.0 * x, -2.0 * x))
    return ops.where(negative, t, -t) / (t + 2.0)
