"""Activations that multiply a value by a gate made from it or from its other half."""

import math

import keras
from keras import ops

from dlprep.activations.precision import precise
from dlprep.activations.sigmoid import sigmoid, tanh
from dlprep.activations.softplus import softplus


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def silu(x):
    r"""Gate every value by its own sigmoid (also called swish).

    $$f(x) = x \, \sigma(x), \qquad f'(x) = \sigma(x) \, \big( 1 + x (1 - \sigma(x)) \big)$$

    Smooth, not monotonic: its minimum is -0.278 at -1.278.

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> round(float(activations.silu(1.0)), 4)
        0.7311

    Reference:
        Elfwing, Uchibe, Doya 2017, arXiv:1702.03118, equation 6; Ramachandran, Zoph, Le 2017,
        arXiv:1710.05941.
    """
    return ops.silu(x)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def hard_silu(x):
    r"""Gate every value by its piecewise linear sigmoid.

    $$f(x) = x \, \min \Big( 1, \max \Big( 0, \frac{x}{6} + \frac12 \Big) \Big)$$

    Cheap on small devices (also called hard swish).

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> float(activations.hard_silu(3.0))
        3.0

    Reference:
        Howard et al. 2019, arXiv:1905.02244, section 5.2.
    """
    return ops.hard_silu(x)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def gelu(x, approximate=False):
    r"""Gate every value by the chance that a standard normal stays below it.

    $$f(x) = x \, \Phi(x) = \frac{x}{2} \Big( 1 + \operatorname{erf} \frac{x}{\sqrt 2} \Big)$$

    The form GPT-2 was trained with differs by less than 0.0005:

    $$f(x) \approx \frac{x}{2} \Big( 1 + \tanh \sqrt{2 / \pi} \, (x + 0.044715 \, x^3) \Big)$$

    Args:
        x: Tensor of any shape.
        approximate: Whether to use the second form.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> round(float(activations.gelu(1.0)), 4)
        0.8413

    Reference:
        Hendrycks, Gimpel 2016, arXiv:1606.08415, section 2.
    """
    if approximate:
        # (1 + tanh u) / 2 is the sigmoid of 2 u, which keeps its digits on the left.
        # Beyond a hundred the gate is 0 or 1, and far beyond the cube of x is infinite.
        u = ops.clip(x, -100.0, 100.0)
        return x * sigmoid(math.sqrt(8.0 / math.pi) * u * (1.0 + 0.044715 * u * u))
    return 0.5 * x * (1.0 + ops.erf(x / math.sqrt(2.0)))


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def mish(x):
    r"""Gate every value by the hyperbolic tangent of its softplus.

    $$f(x) = x \tanh(\log(1 + e^x))$$

    Args:
        x: Tensor of any shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from dlprep import activations
        >>> round(float(activations.mish(1.0)), 4)
        0.8651

    Reference:
        Misra 2019, arXiv:1908.08681, equation 1.
    """
    return x * tanh(softplus(x))


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def glu(x, axis=-1):
    r"""Gate the first half of an axis by the sigmoid of the second.

    $$f([a, b]) = a \circ \sigma(b)$$

    Args:
        x: Tensor of any shape.
        axis: The axis that is halved; its length is even.

    Returns:
        The shape of `x` with `axis` half as long.

    Raises:
        ValueError: The axis is missing or has an odd length.

    Example:
        >>> from dlprep import activations
        >>> tuple(activations.glu([[1.0, 2.0, 0.0, 0.0]]).shape)
        (1, 2)

    Reference:
        Dauphin et al. 2017, arXiv:1612.08083, equation 1.
    """
    value, gate = _halves(x, axis)
    return value * sigmoid(gate)


@keras.saving.register_keras_serializable(package="dlprep.activations")
@precise
def swiglu(x, axis=-1):
    r"""Gate the second half of an axis by the silu of the first.

    $$f([a, b]) = \operatorname{silu}(a) \circ b$$

    A feed-forward layer makes both halves with one matrix, $[a, b] = x [W, V]$. The gate comes
    first here and second in `glu`, as in their papers.

    Args:
        x: Tensor of any shape.
        axis: The axis that is halved; its length is even.

    Returns:
        The shape of `x` with `axis` half as long.

    Raises:
        ValueError: The axis is missing or has an odd length.

    Example:
        >>> from dlprep import activations
        >>> tuple(activations.swiglu([[1.0, 2.0, 0.0, 0.0]]).shape)
        (1, 2)

    Reference:
        Shazeer 2020, arXiv:2002.05202, equation 6.
    """
    gate, value = _halves(x, axis)
    return silu(gate) * value


def _halves(x, axis):
    rank = len(x.shape)
    if not -rank <= axis < rank or (x.shape[axis] or 0) % 2:
        raise ValueError(
            "an axis must exist and its size be divisible by 2 to be halved, received "
            f"x.shape={tuple(x.shape)} with axis={axis}"
        )
    return ops.split(x, 2, axis=axis)
