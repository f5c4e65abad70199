r"""Division by a norm: of a vector, or of a matrix (its largest singular value)."""

import numpy as np


def unit_normalization(X, axes=-1):
    r"""Give every example the Euclidean norm 1.

    $$ Y = \frac{X}{\lVert X \rVert_2} $$

    Args:
        X: Inputs of any shape, nowhere all zero over the axes.
        axes: Axis or tuple of axes of the norm.

    Returns:
        The pair of $Y$, shaped as `X`, and the norm, with size 1 on the axes.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.unit_norm import unit_normalization
        >>> unit_normalization(np.array([3.0, 4.0]))[0].tolist()
        [0.6, 0.8]

    Reference:
        Wang, Xiang, Cheng, Yuille 2017, arXiv:1704.06369, equation 1.
    """
    norm = np.sqrt(np.sum(X**2, axes, keepdims=True))
    return X / norm, norm


def unit_normalization_backward(dY, Y, norm, axes=-1):
    r"""Take the part along the example out of the gradient: only its direction counts.

    $$ dX = \frac{1}{\lVert X \rVert} \big( dY - Y \langle Y, dY \rangle \big) $$

    Args:
        dY: Gradient with respect to $Y$.
        Y: First result of `unit_normalization`.
        norm: Second result.
        axes: Axis or tuple of axes of the norm.

    Returns:
        Array of the shape of `Y`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.unit_norm import unit_normalization_backward
        >>> unit_normalization_backward(np.ones(2), np.array([1.0, 0.0]), 2.0).tolist()
        [0.0, 0.5]

    Reference:
        Wang, Xiang, Cheng, Yuille 2017, arXiv:1704.06369, equation 1, by the chain rule.
    """
    return (dY - Y * np.sum(Y * dY, axes, keepdims=True)) / norm


def power_iteration(W, u, iterations=1):
    r"""Approach the singular vectors of the largest singular value.

    $$ v \leftarrow \frac{W u}{\lVert W u \rVert}, \quad
       u \leftarrow \frac{W^T v}{\lVert W^T v \rVert} $$

    Args:
        W: Matrix, shape `(inputs, outputs)`.
        u: Start, shape `(outputs,)`.
        iterations: Number of rounds.

    Returns:
        The pair of unit vectors $v$, shape `(inputs,)`, and $u$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.unit_norm import power_iteration
        >>> np.round(power_iteration(np.diag([5.0, 1.0]), np.ones(2), 20)[0], 6).tolist()
        [1.0, 0.0]

    Reference:
        Miyato, Kataoka, Koyama, Yoshida 2018, arXiv:1802.05957, algorithm 1.
    """
    for _ in range(iterations):
        v, _ = unit_normalization(W @ u)
        u, _ = unit_normalization(W.T @ v)
    return v, u


def spectral_normalization(W, v, u):
    r"""Divide a matrix by the estimate of its largest singular value.

    $$ \bar W = \frac{W}{\sigma}, \quad \sigma = v^T W u $$

    Args:
        W: Matrix, shape `(inputs, outputs)`.
        v: First result of `power_iteration`.
        u: Second result.

    Returns:
        The pair of $\bar W$ and $\sigma$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.unit_norm import spectral_normalization
        >>> first = np.array([1.0, 0.0])
        >>> spectral_normalization(np.diag([4.0, 1.0]), first, first)[0].tolist()
        [[1.0, 0.0], [0.0, 0.25]]

    Reference:
        Miyato, Kataoka, Koyama, Yoshida 2018, arXiv:1802.05957, equation 8.
    """
    sigma = v @ W @ u
    return W / sigma, sigma


def spectral_normalization_backward(dW_bar, W_bar, sigma, v, u):
    r"""Return the gradient of `spectral_normalization`, whose vectors count as constants.

    $$ dW = \frac{1}{\sigma} \big( d\bar W - \langle d\bar W, \bar W \rangle\, v u^T \big) $$

    Args:
        dW_bar: Gradient with respect to $\bar W$.
        W_bar: First result of `spectral_normalization`.
        sigma: Second result.
        v: Left vector of the forward pass.
        u: Right vector of the forward pass.

    Returns:
        Array of the shape of `W_bar`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.unit_norm import spectral_normalization_backward
        >>> one = np.ones(1)
        >>> spectral_normalization_backward(np.eye(1), np.eye(1), 2.0, one, one).tolist()
        [[0.0]]

    Reference:
        Miyato, Kataoka, Koyama, Yoshida 2018, arXiv:1802.05957, section 2.3.
    """
    return (dW_bar - np.sum(dW_bar * W_bar) * np.outer(v, u)) / sigma
