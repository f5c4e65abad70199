"""Activations that set small values to zero: steps of sparse coding."""

import keras
from keras import ops

from dlprep.activations.precision import precise, refuse
from dlprep.activations.sigmoid import tanh


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def hard_shrink(x, threshold=0.5):
    r"""Set values within a threshold to zero, keep the others.

    $$f(x) = \begin{cases} x & |x| > \theta \\ 0 & |x| \le \theta \end{cases}$$

    The proximal step of an L0 penalty.

    Args:
        x: Tensor of any shape.
        threshold: $\theta \ge 0$.

    Returns:
        Tensor of the same shape.

    Raises:
        ValueError: `threshold` is negative.

    Example:
        >>> from dlprep import activations
        >>> float(activations.hard_shrink(0.4)), float(activations.hard_shrink(2.0))
        (0.0, 2.0)

    Reference:
        https://keras.io/api/layers/activations/#hardshrink-function
    """
    refuse(not threshold >= 0, "threshold", "at least 0", threshold)
    return ops.where(ops.abs(x) <= threshold, 0.0, x)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def soft_shrink(x, threshold=0.5):
    r"""Pull every value towards zero by a threshold, and stop there.

    $$f(x) = \operatorname{sign}(x) \max(0, |x| - \theta)$$

    The proximal step of an L1 penalty: why that penalty gives exact zeros.

    Args:
        x: Tensor of any shape.
        threshold: $\theta \ge 0$.

    Returns:
        Tensor of the same shape.

    Raises:
        ValueError: `threshold` is negative.

    Example:
        >>> from dlprep import activations
        >>> float(activations.soft_shrink(0.4)), float(activations.soft_shrink(2.0))
        (0.0, 1.5)

    Reference:
        Donoho 1995, De-noising by Soft-Thresholding, equation 1.2.
    """
    refuse(not threshold >= 0, "threshold", "at least 0", threshold)
    return ops.where(ops.abs(x) <= threshold, 0.0, x - threshold * ops.sign(x))


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def tanh_shrink(x):
    r"""Take the hyperbolic tangent away from the identity.

    $$f(x) = x - \tanh(x)$$

    Flat like a cubic near zero, where the difference keeps few digits.

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> round(float(activations.tanh_shrink(1.0)), 4)
        0.2384

    Reference:
        https://keras.io/api/layers/activations/#tanhshrink-function
    """
    return x - tanh(x)
