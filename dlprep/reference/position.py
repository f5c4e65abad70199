"""Sinusoidal positions and rotary embedding, forward and backward."""

import numpy as np


def frequencies(d, base=10000.0):
    r"""Return the angular frequencies.

    $$ \omega_k = \mathrm{base}^{-2 k / d}, \quad k = 0 \ldots d / 2 - 1 $$

    Args:
        d: Size of the vectors, even.
        base: Ratio of the largest to about the smallest frequency.

    Returns:
        Array of shape `(d / 2,)`.

    Example:
        >>> from dlprep.reference.position import frequencies
        >>> [float(w) for w in frequencies(4)]
        [1.0, 0.01]

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5.
    """
    return base ** (-2 * np.arange(d // 2) / d)


def sinusoidal_positions(T, d, base=10000.0):
    r"""Return sines and cosines of the position, interleaved.

    $$ p_{t, 2k} = \sin(\omega_k t), \quad p_{t, 2k + 1} = \cos(\omega_k t) $$

    Args:
        T: Number of positions.
        d: Size of the vectors, even.
        base: Ratio of the largest to about the smallest frequency.

    Returns:
        Array of shape `(T, d)`.

    Example:
        >>> from dlprep.reference.position import sinusoidal_positions
        >>> [float(p) for p in sinusoidal_positions(1, 4)[0]]
        [0.0, 1.0, 0.0, 1.0]

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5.
    """
    P = np.zeros((T, d))
    for t in range(T):
        P[t, ::2], P[t, 1::2] = np.sin(frequencies(d, base) * t), np.cos(frequencies(d, base) * t)
    return P


def rotation(t, d, base=10000.0):
    r"""Return the matrix that turns every pair of components by its angle.

    $$ R_t = \mathrm{diag}\left( \begin{pmatrix} \cos \omega_k t & -\sin \omega_k t \\
       \sin \omega_k t & \cos \omega_k t \end{pmatrix} \right) $$

    Args:
        t: Position.
        d: Size of the vectors, even.
        base: Ratio of the largest to about the smallest frequency.

    Returns:
        Array of shape `(d, d)`, orthogonal.

    Example:
        >>> from dlprep.reference.position import rotation
        >>> rotation(0, 4).tolist() == [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
        True

    Reference:
        Su et al. 2021, arXiv:2104.09864, equation 15.
    """
    R = np.zeros((d, d))
    for k, w in enumerate(frequencies(d, base)):
        cos, sin = np.cos(w * t), np.sin(w * t)
        R[2 * k : 2 * k + 2, 2 * k : 2 * k + 2] = [[cos, -sin], [sin, cos]]
    return R


def rotate(X, base=10000.0):
    r"""Turn the vectors of sequences by their position.

    $$ y_t = R_t x_t $$

    Args:
        X: Vectors, shape `(..., T, d)`.
        base: Ratio of the largest to about the smallest frequency.

    Returns:
        Array of the shape of `X`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.position import rotate
        >>> rotate(np.ones((2, 5, 4))).shape
        (2, 5, 4)

    Reference:
        Su et al. 2021, arXiv:2104.09864, equation 14.
    """
    R = np.stack([rotation(t, X.shape[-1], base) for t in range(X.shape[-2])])
    return np.einsum("tij,...tj->...ti", R, X)


def rotate_backward(dY, base=10000.0):
    r"""Turn the gradient back.

    $$ dx_t = R_t^T dy_t $$

    Args:
        dY: Gradient with respect to the output.
        base: Ratio of the largest to about the smallest frequency.

    Returns:
        Array of the shape of `dY`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.position import rotate, rotate_backward
        >>> bool(np.allclose(rotate_backward(rotate(np.ones((5, 4)))), 1))
        True

    Reference:
        Su et al. 2021, arXiv:2104.09864, equation 14, by the chain rule.
    """
    R = np.stack([rotation(t, dY.shape[-1], base) for t in range(dY.shape[-2])])
    return np.einsum("tij,...ti->...tj", R, dY)
