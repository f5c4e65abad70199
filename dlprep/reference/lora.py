"""Low-rank adaptation, forward and backward, with examples as rows."""


def lora(X, W, A, B, s=1.0):
    r"""Multiply by a frozen matrix and by a product of two thin ones.

    $$ Z = X (W + s A B) $$

    Args:
        X: Inputs, shape `(m, inputs)`.
        W: Frozen weights, shape `(inputs, units)`.
        A: Shape `(inputs, rank)`.
        B: Shape `(rank, units)`.
        s: Factor $\alpha / r$.

    Returns:
        Array of shape `(m, units)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.lora import lora
        >>> one = np.ones((1, 1))
        >>> lora(3 * one, one, one, 2 * one, s=0.5).tolist()
        [[6.0]]

    Reference:
        Hu et al. 2021, arXiv:2106.09685, equation 3.
    """
    return X @ (W + s * A @ B)


def lora_backward(dZ, X, W, A, B, s=1.0):
    r"""Return the gradients of `lora`; the frozen weights have none.

    $$ dX = dZ (W + s A B)^T, \quad dA = s X^T dZ\, B^T, \quad dB = s A^T X^T dZ $$

    With $B = 0$ at the start, $dA$ is zero: only $B$ moves in the first step.

    Args:
        dZ: Gradient with respect to the output.
        X: Inputs of the forward pass.
        W: Frozen weights.
        A: First factor.
        B: Second factor.
        s: Factor of the product.

    Returns:
        The triple $(dX, dA, dB)$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.lora import lora_backward
        >>> one = np.ones((1, 1))
        >>> [float(g[0, 0]) for g in lora_backward(one, 3 * one, one, one, 2 * one)]
        [3.0, 6.0, 3.0]

    Reference:
        Hu et al. 2021, arXiv:2106.09685, equation 3, by the chain rule.
    """
    return dZ @ (W + s * A @ B).T, s * X.T @ dZ @ B.T, s * A.T @ X.T @ dZ
