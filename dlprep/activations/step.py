"""Threshold units: the first activations, and the ones that back-propagation cannot use."""

import keras
from keras import ops

from dlprep.activations.precision import precise


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def heaviside(x, at_zero=1.0):
    r"""Answer whether a value is positive: the step of the threshold unit.

    $$f(x) = \begin{cases} 1 & x > 0 \\ h_0 & x = 0 \\ 0 & x < 0 \end{cases} \qquad f'(x) := 0$$

    Not differentiable at zero and flat elsewhere: the gradient is zero, nothing below it can learn.

    Args:
        x: Tensor of any shape.
        at_zero: $h_0$, the value at zero.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> float(activations.heaviside(0.0)), float(activations.heaviside(-3.0))
        (1.0, 0.0)

    Reference:
        McCulloch, Pitts 1943, A Logical Calculus of the Ideas Immanent in Nervous Activity.
    """
    # Through the sign the gradient is zero and not missing.
    side = 0.5 * (ops.sign(x) + 1.0)
    return ops.where(ops.isnan(x), x, ops.where(ops.equal(x, 0.0), at_zero, side))


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def sign(x):
    r"""Return -1, 0 or 1 by the side of zero.

    $$f(x) = \begin{cases} 1 & x > 0 \\ 0 & x = 0 \\ -1 & x < 0 \end{cases} \qquad f'(x) := 0$$

    The gradient is zero, as for `heaviside`.

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> float(activations.sign(-3.0))
        -1.0

    Reference:
        Rosenblatt 1958, The Perceptron, Psychological Review 65.
    """
    return ops.where(ops.isnan(x), x, ops.sign(x))
