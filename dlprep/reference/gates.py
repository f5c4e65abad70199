"""Activations that multiply by a gate: values and derivatives, written out."""

import math

import numpy as np

from dlprep.reference.activations import sigmoid


def silu(Z):
    r"""Return the value times its sigmoid, and the derivative.

    $$g(z) = z \sigma(z), \qquad g'(z) = \sigma(z) \big( 1 + z (1 - \sigma(z)) \big)$$

    Args:
        Z: Array of any shape.

    Returns:
        $(A, g'(Z))$, arrays of that shape.

    Example:
        >>> from dlprep.reference.gates import silu
        >>> A, slope = silu(0.0)
        >>> round(float(A), 4), round(float(slope), 4)
        (0.0, 0.5)

    Reference:
        Elfwing, Uchibe, Doya 2017, arXiv:1702.03118, equations 6 and 7.
    """
    s, slope = sigmoid(Z)
    return Z * s, s + Z * slope


def gelu(Z, approximate=False):
    r"""Return the value times the normal distribution function, and the derivative.

    $$g(z) = z \Phi(z), \qquad g'(z) = \Phi(z) + z \varphi(z)$$

    Args:
        Z: Array of any shape.
        approximate: Whether $\Phi(z)$ is $\frac12 (1 + \tanh \sqrt{2/\pi} (z + 0.044715 z^3))$.

    Returns:
        $(A, g'(Z))$, arrays of that shape.

    Example:
        >>> from dlprep.reference.gates import gelu
        >>> A, slope = gelu(0.0)
        >>> round(float(A), 4), round(float(slope), 4)
        (0.0, 0.5)

    Reference:
        Hendrycks, Gimpel 2016, arXiv:1606.08415, section 2.
    """
    Z = np.asarray(Z, float)
    if approximate:
        root = math.sqrt(2.0 / math.pi)
        t = np.tanh(root * (Z + 0.044715 * Z**3))
        chance, density = (1.0 + t) / 2.0, (1.0 - t**2) * root * (1.0 + 3 * 0.044715 * Z**2) / 2.0
    else:
        chance = (1.0 + np.vectorize(math.erf)(Z / math.sqrt(2.0))) / 2.0
        density = np.exp(-(Z**2) / 2.0) / math.sqrt(2.0 * math.pi)
    return Z * chance, chance + Z * density


def glu(Z, axis=-1):
    r"""Return the first half times the sigmoid of the second.

    $$a = u \circ \sigma(v), \qquad [u, v] = z$$

    Args:
        Z: Array.
        axis: The axis that is halved.

    Returns:
        Array with `axis` half as long.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.gates import glu
        >>> glu(np.array([3.0, 0.0])).tolist()
        [1.5]

    Reference:
        Dauphin et al. 2017, arXiv:1612.08083, equation 1.
    """
    u, v = np.split(Z, 2, axis)
    return u * sigmoid(v)[0]


def glu_backward(dA, Z, axis=-1):
    r"""Carry a gradient back to both halves.

    $$du = da \circ \sigma(v), \qquad dv = da \circ u \circ \sigma'(v)$$

    Args:
        dA: Gradient with respect to the output.
        Z: Array.
        axis: The axis that is halved.

    Returns:
        Gradient with respect to the input, of its shape.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.gates import glu_backward
        >>> glu_backward(np.array([1.0]), np.array([4.0, 0.0])).tolist()
        [0.5, 1.0]

    Reference:
        Dauphin et al. 2017, arXiv:1612.08083, equation 2.
    """
    u, v = np.split(Z, 2, axis)
    s, slope = sigmoid(v)
    return np.concatenate([dA * s, dA * u * slope], axis)


def swiglu(Z, axis=-1):
    r"""Return the silu of the first half times the second.

    $$a = \operatorname{silu}(u) \circ v, \qquad [u, v] = z$$

    Args:
        Z: Array.
        axis: The axis that is halved.

    Returns:
        Array with `axis` half as long.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.gates import swiglu
        >>> swiglu(np.array([0.0, 3.0])).tolist()
        [0.0]

    Reference:
        Shazeer 2020, arXiv:2002.05202, equation 6.
    """
    u, v = np.split(Z, 2, axis)
    return silu(u)[0] * v


def swiglu_backward(dA, Z, axis=-1):
    r"""Carry a gradient back to both halves.

    $$du = da \circ \operatorname{silu}'(u) \circ v, \qquad dv = da \circ \operatorname{silu}(u)$$

    Args:
        dA: Gradient with respect to the output.
        Z: Array.
        axis: The axis that is halved.

    Returns:
        Gradient with respect to the input, of its shape.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.gates import swiglu_backward
        >>> swiglu_backward(np.array([1.0]), np.array([0.0, 3.0])).tolist()
        [1.5, 0.0]

    Reference:
        Shazeer 2020, arXiv:2002.05202, equation 6.
    """
    u, v = np.split(Z, 2, axis)
    gate, slope = silu(u)
    return np.concatenate([dA * slope * v, dA * gate], axis)
