r"""Rectifiers that bend, learn their slope or compete: values and derivatives, written out."""

import numpy as np

from dlprep.reference.activations import sigmoid


def leaky_relu(Z, negative_slope=0.2):
    r"""Return the rectifier with a small slope on the left and its derivative.

    $$g(z) = \begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases}
    \qquad g'(z) = \begin{cases} 1 \\ \alpha \end{cases}$$

    Args:
        Z: Array of any shape.
        negative_slope: $\alpha$.

    Returns:
        $(A, g'(Z))$, arrays of that shape.

    Example:
        >>> from dlprep.reference.rectifiers import leaky_relu
        >>> A, slope = leaky_relu(-5.0)
        >>> float(A), float(slope)
        (-1.0, 0.2)

    Reference:
        Maas, Hannun, Ng 2013, "Rectifier nonlinearities improve neural network acoustic models",
        section 2.
    """
    return prelu(Z, negative_slope)


def elu(Z, alpha=1.0):
    r"""Return the exponential linear unit and its derivative.

    $$g(z) = \begin{cases} z \\ \alpha (e^z - 1) \end{cases}
    \qquad g'(z) = \begin{cases} 1 & z > 0 \\ \alpha e^z & z \le 0 \end{cases}$$

    Args:
        Z: Array of any shape.
        alpha: $\alpha$, depth of the floor.

    Returns:
        $(A, g'(Z))$, arrays of that shape.

    Example:
        >>> from dlprep.reference.rectifiers import elu
        >>> A, slope = elu(-1.0)
        >>> round(float(A), 4), round(float(slope), 4)
        (-0.6321, 0.3679)

    Reference:
        Clevert, Unterthiner, Hochreiter 2016, arXiv:1511.07289, equation 15.
    """
    Z = np.asarray(Z, float)
    left = np.minimum(Z, 0.0)
    A = np.where(Z > 0, Z, alpha * np.expm1(left))
    return A, np.where(Z > 0, 1.0, alpha * np.exp(left))


def selu(Z):
    r"""Return the self-normalising unit and its derivative.

    $$g(z) = \lambda \operatorname{elu}_\alpha(z),
    \qquad \lambda = 1.0507\dots, \quad \alpha = 1.6732\dots$$

    Args:
        Z: Array of any shape.

    Returns:
        $(A, g'(Z))$, arrays of that shape.

    Example:
        >>> from dlprep.reference.rectifiers import selu
        >>> A, slope = selu(1.0)
        >>> round(float(A), 4), round(float(slope), 4)
        (1.0507, 1.0507)

    Reference:
        Klambauer et al. 2017, arXiv:1706.02515, equation 2.
    """
    A, slope = elu(Z, 1.6732632423543772)
    return 1.0507009873554805 * A, 1.0507009873554805 * slope


def softplus(Z):
    r"""Return the smooth rectifier and its derivative.

    $$g(z) = \log(1 + e^z), \qquad g'(z) = \sigma(z)$$

    Args:
        Z: Array of any shape.

    Returns:
        $(A, g'(Z))$, arrays of that shape.

    Example:
        >>> from dlprep.reference.rectifiers import softplus
        >>> A, slope = softplus(0.0)
        >>> round(float(A), 4), round(float(slope), 4)
        (0.6931, 0.5)

    Reference:
        Dugas et al. 2001, Incorporating Second-Order Functional Knowledge for Better Option
        Pricing.
    """
    return np.logaddexp(0.0, Z), sigmoid(Z)[0]


def prelu(Z, alpha):
    r"""Return the rectifier with learned slopes and its derivative.

    $$g(z) = \begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases}
    \qquad g'(z) = \begin{cases} 1 \\ \alpha \end{cases}$$

    Args:
        Z: Array of any shape.
        alpha: $\alpha$, slopes that broadcast against `Z`.

    Returns:
        $(A, g'(Z))$, arrays of that shape.

    Example:
        >>> from dlprep.reference.rectifiers import prelu
        >>> A, slope = prelu(-2.0, 0.25)
        >>> round(float(A), 4), round(float(slope), 4)
        (-0.5, 0.25)

    Reference:
        He et al. 2015, arXiv:1502.01852, equation 1.
    """
    Z = np.asarray(Z, float)
    slope = np.where(Z > 0, 1.0, alpha)
    return slope * Z, slope


def prelu_alpha(dA, Z):
    r"""Return the gradient with respect to the slopes, before they are shared.

    $$d\alpha = \begin{cases} 0 & z > 0 \\ z \, dA & z \le 0 \end{cases}$$

    Args:
        dA: Gradient with respect to the output.
        Z: The input, of the same shape.

    Returns:
        Array of the same shape: add up over what one slope serves.

    Example:
        >>> from dlprep.reference.rectifiers import prelu_alpha
        >>> float(prelu_alpha(3.0, -2.0))
        -6.0

    Reference:
        He et al. 2015, arXiv:1502.01852, equation 3.
    """
    return dA * np.minimum(Z, 0.0)


def maxout(Z, pieces, axis=-1):
    r"""Return the largest of every group of neighbours.

    $$a_i = \max_{j = 1 \dots k} z_{i k + j}$$

    Args:
        Z: Array.
        pieces: $k$, the size of a group.
        axis: The axis that is divided.

    Returns:
        Array with `axis` shorter by the factor `pieces`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.rectifiers import maxout
        >>> maxout(np.array([1.0, 5.0, 2.0, 3.0]), 2).tolist()
        [5.0, 3.0]

    Reference:
        Goodfellow et al. 2013, arXiv:1302.4389, section 3.
    """
    return np.moveaxis(_groups(Z, pieces, axis).max(-1), -1, axis)


def maxout_backward(dA, Z, pieces, axis=-1):
    r"""Send the gradient to the piece that won.

    $$dz_{ik + j} = da_i \, [\, z_{ik + j} = a_i \,]$$

    Args:
        dA: Gradient with respect to the output.
        Z: The input.
        pieces: $k$, the size of a group.
        axis: The axis that is divided.

    Returns:
        Gradient with respect to the input, of its shape.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.rectifiers import maxout_backward
        >>> maxout_backward(np.array([7.0]), np.array([1.0, 5.0]), 2).tolist()
        [0.0, 7.0]

    Reference:
        Goodfellow et al. 2013, arXiv:1302.4389, section 3.
    """
    groups = _groups(Z, pieces, axis)
    won = groups == groups.max(-1, keepdims=True)
    moved = (won * np.moveaxis(dA, axis, -1)[..., None]).reshape(np.moveaxis(Z, axis, -1).shape)
    return np.moveaxis(moved, -1, axis)


def _groups(Z, pieces, axis):
    moved = np.moveaxis(Z, axis, -1)
    return moved.reshape(*moved.shape[:-1], -1, pieces)
