"""Smooth rectifiers: positive everywhere, linear on the right."""

import keras
from keras import ops

from dlprep.activations.precision import precise, refuse


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def softplus(x):
    r"""Smooth the rectifier with a logarithm.

    $$f(x) = \log(1 + e^x) = \max(0, x) + \log(1 + e^{-|x|}), \qquad f'(x) = \sigma(x)$$

    The second form neither overflows nor loses small values.

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> round(float(activations.softplus(0.0)), 4)
        0.6931

    Reference:
        Dugas et al. 2001, Incorporating Second-Order Functional Knowledge for Better Option
        Pricing, section 3.
    """
    return ops.softplus(x)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def squareplus(x, b=4):
    r"""Smooth the rectifier with a square root: no exponential is needed.

    $$f(x) = \frac{x + \sqrt{x^2 + b}}{2}$$

    For negative $x$ the sum cancels; $\frac{b}{2(\sqrt{x^2 + b} - x)}$ is the same and does not.

    Args:
        x: Tensor of any shape.
        b: How round the corner is, at least 0; 0 gives the rectifier.

    Returns:
        Tensor of the same shape.

    Raises:
        ValueError: `b` is negative.

    Example:
        >>> from dlprep import activations
        >>> float(activations.squareplus(0.0))
        1.0

    Reference:
        Barron 2021, arXiv:2112.11687, equation 1.
    """
    refuse(not b >= 0, "b", "at least 0", b)
    # The floor keeps the gradient finite where both are zero; the scale, the squares far out.
    floor = max(b, 1e-30) ** 0.5
    scale = ops.stop_gradient(ops.maximum(ops.abs(x), floor))
    root = scale * ops.sqrt(ops.square(x / scale) + ops.square(floor / scale))
    return ops.where(x < 0, 0.5 * b / (root + ops.abs(x)), 0.5 * x + 0.5 * root)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def sparse_plus(x):
    r"""Join zero and the identity by a parabola.

    $$f(x) = \begin{cases} 0 & x \le -1 \\ \frac14 (x + 1)^2 & -1 < x < 1 \\
    x & x \ge 1 \end{cases}$$

    The integral of `sparse_sigmoid`, as softplus is that of the sigmoid.

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> float(activations.sparse_plus(0.0))
        0.25

    Reference:
        https://keras.io/api/layers/activations/#sparseplus-function
    """
    middle = 0.25 * ops.square(ops.clip(x, -1.0, 1.0) + 1.0)
    return ops.where(x >= 1, x, middle)
