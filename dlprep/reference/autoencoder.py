"""The linear autoencoder: its gradients, and the error that no code of its size goes below."""

import numpy as np


def linear_autoencoder(X, E, D):
    r"""Return the mean squared error of restoring the examples.

    $$ J = \frac{1}{m n} \| X E D - X \|^2 $$

    Args:
        X: Examples as rows, shape `(m, n)`.
        E: Encoder, shape `(n, k)`.
        D: Decoder, shape `(k, n)`.

    Returns:
        The error, a number.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.autoencoder import linear_autoencoder
        >>> float(linear_autoencoder(np.eye(2), np.array([[1.0], [0]]), np.array([[1.0, 0]])))
        0.25

    Reference:
        Baldi, Hornik 1989, "Neural networks and principal component analysis", equation 1.
    """
    return np.mean((X @ E @ D - X) ** 2)


def linear_autoencoder_backward(X, E, D):
    r"""Return the gradients of `linear_autoencoder`.

    $$ R = \frac{2}{m n} (X E D - X), \quad dE = X^T R D^T, \quad dD = (X E)^T R $$

    Args:
        X: Examples as rows, shape `(m, n)`.
        E: Encoder, shape `(n, k)`.
        D: Decoder, shape `(k, n)`.

    Returns:
        The pair $(dE, dD)$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.autoencoder import linear_autoencoder_backward
        >>> E = np.array([[1.0], [0.0]])
        >>> [g.shape for g in linear_autoencoder_backward(np.eye(2), E, E.T)]
        [(2, 1), (1, 2)]

    Reference:
        Baldi, Hornik 1989, "Neural networks and principal component analysis", fact 1.
    """
    R = 2 * (X @ E @ D - X) / X.size
    return X.T @ R @ D.T, (X @ E).T @ R


def least_error(X, k):
    r"""Return the error of the best linear code: the share that `k` components leave.

    $$ \min_{E, D} J = \frac{1}{m n} \sum_{i > k} s_i^2 $$

    $s_i$ are the singular values of the examples, largest first.

    Args:
        X: Examples as rows, shape `(m, n)`.
        k: Size of the code.

    Returns:
        The error, a number.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.autoencoder import least_error
        >>> float(least_error(np.diag([2.0, 1.0]), 1))
        0.25

    Reference:
        Baldi, Hornik 1989, "Neural networks and principal component analysis", fact 4.
    """
    return np.sum(np.linalg.svd(X, compute_uv=False)[k:] ** 2) / X.size
