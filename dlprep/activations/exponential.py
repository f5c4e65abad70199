"""Activations that saturate exponentially on the left: negative means, smooth or not at zero."""

import keras
from keras import ops

from dlprep.activations.precision import precise, refuse

SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def exponential(x):
    r"""Raise e to every element.

    $$f(x) = e^x$$

    Overflows above 88.7 in float32: an output for rates and variances, not for hidden layers.

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> float(activations.exponential(0.0))
        1.0

    Reference:
        https://keras.io/api/layers/activations/#exponential-function
    """
    return ops.exp(x)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def elu(x, alpha=1.0):
    r"""Let negative values saturate at a floor, so that the mean moves towards zero.

    $$f(x) = \begin{cases} x & x > 0 \\ \alpha (e^x - 1) & x \le 0 \end{cases}$$

    Args:
        x: Tensor of any shape.
        alpha: $\alpha$; the floor is $-\alpha$.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> round(float(activations.elu(-1.0)), 4)
        -0.6321

    Reference:
        Clevert, Unterthiner, Hochreiter 2016, arXiv:1511.07289, equation 15.
    """
    y = ops.elu(x)
    return y if alpha == 1 else ops.where(x > 0, y, alpha * y)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def selu(x):
    r"""Scale `elu` so that zero mean and unit variance are a stable fixed point of a layer.

    $$f(x) = \lambda \begin{cases} x & x > 0 \\ \alpha (e^x - 1) & x \le 0 \end{cases}$$

    with $\lambda \approx 1.0507$, $\alpha \approx 1.6733$. The promise needs `LecunNormal`
    weights and alpha dropout.

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> round(float(activations.selu(1.0)), 4)
        1.0507

    Reference:
        Klambauer et al. 2017, arXiv:1706.02515, equation 2 and appendix A.
    """
    return SELU_SCALE * elu(x, SELU_ALPHA)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def celu(x, alpha=1.0):
    r"""Bend `elu` so that its slope at zero is 1 for every floor.

    $$f(x) = \begin{cases} x & x > 0 \\ \alpha (e^{x / \alpha} - 1) & x \le 0 \end{cases}$$

    Args:
        x: Tensor of any shape.
        alpha: $\alpha > 0$; the floor is $-\alpha$.

    Returns:
        Tensor of the same shape.

    Raises:
        ValueError: `alpha` is not positive.

    Example:
        >>> from dlprep import activations
        >>> round(float(activations.celu(-2.0, alpha=2.0)), 4)
        -1.2642

    Reference:
        Barron 2017, arXiv:1704.07483, equation 2.
    """
    refuse(not alpha > 0, "alpha", "greater than 0", alpha)
    return ops.where(x > 0, x, alpha * ops.expm1(ops.minimum(x, 0.0) / alpha))
