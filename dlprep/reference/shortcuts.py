"""Connections past a layer: residual, highway and stochastic depth, forward and backward."""

import numpy as np

from dlprep.reference.activations import sigmoid


def residual(X, F, W_s=None):
    r"""Add a layer's output to its input.

    $$ Y = F(X) + X W_s $$

    Args:
        X: Inputs, shape `(m, inputs)`.
        F: The layer's output for them, shape `(m, outputs)`.
        W_s: Projection of shape `(inputs, outputs)`, or None for the identity.

    Returns:
        Array of the shape of `F`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.shortcuts import residual
        >>> residual(np.array([[1.0]]), np.array([[2.0]])).tolist()
        [[3.0]]

    Reference:
        He, Zhang, Ren, Sun 2015, arXiv:1512.03385, equations 1 and 2.
    """
    return F + (X if W_s is None else X @ W_s)


def residual_backward(dY, X, W_s=None):
    r"""Return the gradients of `residual`.

    $$ dF = dY, \quad dX = dY\, W_s^T, \quad dW_s = X^T dY $$

    The input of the layer gets $dX$ and, on top, what comes back through $F$: the gradient reaches
    it undiminished even where $F$ passes none.

    Args:
        dY: Gradient with respect to the output.
        X: Inputs of the forward pass.
        W_s: Projection of the forward pass, or None.

    Returns:
        The triple $(dX, dF, dW_s)$, the last None without a projection.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.shortcuts import residual_backward
        >>> residual_backward(np.array([[5.0]]), np.array([[1.0]]))[0].tolist()
        [[5.0]]

    Reference:
        He, Zhang, Ren, Sun 2016, arXiv:1603.05027, equation 5.
    """
    if W_s is None:
        return dY, dY, None
    return dY @ W_s.T, dY, X.T @ dY


def highway(X, W_h, b_h, W_t, b_t):
    r"""Let a gate choose between a layer's output and its input.

    $$ H = \tanh(X W_H + b_H), \quad T = \sigma(X W_T + b_T), \quad Y = T \odot H
       + (1 - T) \odot X $$

    Args:
        X: Inputs, shape `(m, n)`.
        W_h: Weights of the transform, shape `(n, n)`.
        b_h: Its bias, shape `(n,)`.
        W_t: Weights of the gate, shape `(n, n)`.
        b_t: Its bias, shape `(n,)`.

    Returns:
        The output, shaped as `X`, and the cache for the backward pass.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.shortcuts import highway
        >>> W, b = np.zeros((1, 1)), np.zeros(1)
        >>> highway(np.array([[4.0]]), W, b, W, b)[0].tolist()
        [[2.0]]

    Reference:
        Srivastava, Greff, Schmidhuber 2015, arXiv:1505.00387, equation 3.
    """
    H = np.tanh(X @ W_h + b_h)
    T, slope = sigmoid(X @ W_t + b_t)
    return T * H + (1 - T) * X, (X, H, T, slope)


def highway_backward(dY, W_h, W_t, cache):
    r"""Return the gradients of `highway`.

    $$ dZ_H = dY \odot T \odot (1 - H^2), \quad dZ_T = dY \odot (H - X) \odot T (1 - T), \quad
       dX = dZ_H W_H^T + dZ_T W_T^T + dY \odot (1 - T) $$

    Args:
        dY: Gradient with respect to the output.
        W_h: Weights of the transform.
        W_t: Weights of the gate.
        cache: Second result of the forward pass.

    Returns:
        The gradients with respect to `X`, `W_h`, `b_h`, `W_t` and `b_t`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.shortcuts import highway, highway_backward
        >>> W, b = np.zeros((1, 1)), np.zeros(1)
        >>> Y, cache = highway(np.array([[4.0]]), W, b, W, b)
        >>> highway_backward(np.ones((1, 1)), W, W, cache)[0].tolist()
        [[0.5]]

    Reference:
        Srivastava, Greff, Schmidhuber 2015, arXiv:1505.00387, equation 3, by the chain rule.
    """
    X, H, T, slope = cache
    dZ_h, dZ_t = dY * T * (1 - H**2), dY * (H - X) * slope
    dX = dZ_h @ W_h.T + dZ_t @ W_t.T + dY * (1 - T)
    return dX, X.T @ dZ_h, dZ_h.sum(0), X.T @ dZ_t, dZ_t.sum(0)


def stochastic_depth(X, F, p, b=None):
    r"""Add a layer's output with a coin's factor, or with its expectation.

    $$ Y = X + b\, F(X) \text{ in training}, \quad Y = X + (1 - p)\, F(X) \text{ in testing} $$

    Args:
        X: Inputs, shape `(m, n)`.
        F: The layer's output, shape `(m, n)`.
        p: Probability of dropping the layer.
        b: Zeros and ones of shape `(m, 1)`, or None in testing.

    Returns:
        Array of the shape of `X`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.shortcuts import stochastic_depth
        >>> stochastic_depth(np.array([[1.0]]), np.array([[4.0]]), p=0.25).tolist()
        [[4.0]]

    Reference:
        Huang, Sun, Liu, Sedra, Weinberger 2016, arXiv:1603.09382, equations 2 and 5.
    """
    return X + (1 - p if b is None else b) * F


def stochastic_depth_backward(dY, p, b=None):
    r"""Return the gradients of `stochastic_depth`: a sleeping layer gets none, its input all.

    $$ dX = dY, \quad dF = b\, dY \text{ in training}, \quad dF = (1 - p)\, dY
       \text{ in testing} $$

    Args:
        dY: Gradient with respect to the output.
        p: Probability of dropping the layer.
        b: Zeros and ones of the forward pass, or None in testing.

    Returns:
        The pair $(dX, dF)$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.shortcuts import stochastic_depth_backward
        >>> [g.tolist() for g in stochastic_depth_backward(np.array([[4.0]]), p=0.25)]
        [[[4.0]], [[3.0]]]

    Reference:
        Huang, Sun, Liu, Sedra, Weinberger 2016, arXiv:1603.09382, equations 2 and 5.
    """
    return dY, (1 - p if b is None else b) * dY
