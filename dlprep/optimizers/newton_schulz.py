"""The iteration of Newton and Schulz, by which Muon orthogonalises a matrix."""

from keras import ops


def newton_schulz(matrix, steps=5, coefficients=(3.4445, -4.7750, 2.0315)):
    r"""Bring the singular values of a matrix near one, without a decomposition.

    $$ X_0 = \frac{G}{\lVert G \rVert_F}, \qquad
       X_{k+1} = a X_k + b X_k X_k^T X_k + c \, (X_k X_k^T)^2 X_k $$

    Each singular value $\sigma$ moves to $a \sigma + b \sigma^3 + c \sigma^5$. With Muon's
    coefficients those above about 0.01 of the norm end between 0.7 and 1.2 after five steps: fast
    from below, not exactly one.

    Args:
        matrix: Matrix $G$, shape `(n, m)`.
        steps: Number of iterations.
        coefficients: The polynomial $(a, b, c)$.

    Returns:
        Tensor of the same shape, near $U V^T$ of the decomposition $G = U \Sigma V^T$.

    Raises:
        ValueError: If the tensor has fewer than two axes.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.newton_schulz import newton_schulz
        >>> matrix = ops.diag(ops.array([1.0, 1e3]))
        >>> x = newton_schulz(matrix, steps=12, coefficients=(1.5, -0.5, 0.0))
        >>> round(float(x[1, 1]), 4)
        1.0

    Reference:
        Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"; Bernstein,
        Newhouse 2024, arXiv:2409.20325, appendix A.
    """
    shape = matrix.shape
    if len(shape) < 2:
        raise ValueError(f"Expected a matrix, with at least two axes. Received: shape={shape}")
    a, b, c = coefficients
    # The products are as small as the matrix allows when it is wide.
    tall = shape[-2] > shape[-1]
    x = ops.swapaxes(matrix, -2, -1) if tall else matrix
    x = ops.divide(x, ops.add(frobenius_norm(x), 1e-7))
    for _ in range(steps):
        square = ops.matmul(x, ops.swapaxes(x, -2, -1))
        polynomial = b * square + c * ops.matmul(square, square)
        x = a * x + ops.matmul(polynomial, x)
    return ops.swapaxes(x, -2, -1) if tall else x


def frobenius_norm(matrix):
    r"""Return the root of the sum of squares of a matrix, without overflow.

    $$ \lVert G \rVert_F = s \sqrt{\textstyle\sum_{ij} (G_{ij} / s)^2}, \qquad
       s = \max_{ij} |G_{ij}| $$

    Args:
        matrix: Tensor of shape `(..., n, m)`.

    Returns:
        Tensor of shape `(..., 1, 1)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.newton_schulz import frobenius_norm
        >>> round(float(frobenius_norm(ops.array([[3e30, 4e30]]))[0, 0] / 1e30), 4)
        5.0

    Reference:
        Blue 1978, "A portable Fortran program to find the Euclidean norm of a vector".
    """
    largest = ops.max(ops.absolute(matrix), axis=(-2, -1), keepdims=True)
    scale = ops.where(largest > 0, largest, ops.ones_like(largest))
    square = ops.sum(ops.square(ops.divide(matrix, scale)), axis=(-2, -1), keepdims=True)
    return ops.multiply(scale, ops.sqrt(square))
