"""Gated feed-forward layer and mixture of experts, forward and backward."""

import numpy as np

from dlprep.reference.attention import softmax
from dlprep.reference.recurrent import sigmoid


def swiglu(X, W_g, W_u, W_d):
    r"""Open a hidden layer by a gate of its own.

    $$ Y = (\mathrm{silu}(X W_g) \odot X W_u)\, W_d, \quad \mathrm{silu}(z) = z\, \sigma(z) $$

    Args:
        X: Inputs, shape `(m, d)`.
        W_g: Gate weights, shape `(d, hidden)`.
        W_u: Up weights, shape `(d, hidden)`.
        W_d: Down weights, shape `(hidden, d)`.

    Returns:
        Outputs, shape `(m, d)`, and the cache for the backward pass.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.feed_forward import swiglu
        >>> swiglu(np.ones((2, 3)), np.ones((3, 5)), np.ones((3, 5)), np.ones((5, 3)))[0].shape
        (2, 3)

    Reference:
        Shazeer 2020, arXiv:2002.05202, equation 6.
    """
    G, U = X @ W_g, X @ W_u
    return (G * sigmoid(G) * U) @ W_d, (G, U)


def swiglu_backward(dY, X, W_g, W_u, W_d, cache):
    r"""Return the gradients of `swiglu`.

    $$ \mathrm{silu}'(z) = \sigma(z) (1 + z (1 - \sigma(z))) $$

    Args:
        dY: Gradient with respect to the output.
        X: Inputs of the forward pass.
        W_g: Gate weights.
        W_u: Up weights.
        W_d: Down weights.
        cache: Second result of the forward pass.

    Returns:
        Gradients with respect to `X`, `W_g`, `W_u` and `W_d`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.feed_forward import swiglu, swiglu_backward
        >>> X, W, V = np.ones((2, 3)), np.ones((3, 5)), np.ones((5, 3))
        >>> [g.shape for g in swiglu_backward(X, X, W, W, V, swiglu(X, W, W, V)[1])]
        [(2, 3), (3, 5), (3, 5), (5, 3)]

    Reference:
        Shazeer 2020, arXiv:2002.05202, equation 6, by the chain rule.
    """
    G, U = cache
    s = sigmoid(G)
    dH = dY @ W_d.T
    dG, dU = dH * U * s * (1 + G * (1 - s)), dH * G * s
    return dG @ W_g.T + dU @ W_u.T, X.T @ dG, X.T @ dU, (G * s * U).T @ dY


def mixture(X, W_r, W_1, W_2, top):
    r"""Let the best experts of each row work and mix their answers.

    $$ y = \sum_{e \in \mathrm{top}} g_e\, \mathrm{relu}(x W_{1 e})\, W_{2 e}, \quad
       g = \mathrm{softmax} \text{ over the top of } x W_r $$

    Args:
        X: Inputs, shape `(m, d)`.
        W_r: Router weights, shape `(d, experts)`.
        W_1: Experts' first weights, shape `(experts, d, hidden)`.
        W_2: Experts' second weights, shape `(experts, hidden, d)`.
        top: Number of experts per row.

    Returns:
        Outputs, shape `(m, d)`, and the shares $g$, shape `(m, experts)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.feed_forward import mixture
        >>> X, W_r = np.ones((2, 3)), np.eye(3, 4)
        >>> mixture(X, W_r, np.ones((4, 3, 5)), np.ones((4, 5, 3)), top=2)[1].shape
        (2, 4)

    Reference:
        Shazeer et al. 2017, arXiv:1701.06538, equations 1, 3 and 5, without the noise.
    """
    S, Y = X @ W_r, np.zeros_like(X)
    shares = np.zeros_like(S)
    for i, scores in enumerate(S):
        best = np.argsort(-scores, kind="stable")[:top]
        shares[i, best] = softmax(scores[best])
        for e in best:
            Y[i] += shares[i, e] * (np.maximum(X[i] @ W_1[e], 0) @ W_2[e])
    return Y, shares


def mixture_backward(dY, X, W_r, W_1, W_2, shares):
    r"""Return the gradients of `mixture`; experts that did not work get none.

    $$ ds_e = g_e \Big( dg_e - \sum_f g_f\, dg_f \Big), \quad dg_e = dy \cdot F_e(x) $$

    Args:
        dY: Gradient with respect to the output.
        X: Inputs of the forward pass.
        W_r: Router weights.
        W_1: Experts' first weights.
        W_2: Experts' second weights.
        shares: Second result of the forward pass.

    Returns:
        Gradients with respect to `X`, `W_r`, `W_1` and `W_2`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.feed_forward import mixture, mixture_backward
        >>> X, W_r, W_1, W_2 = np.ones((2, 3)), np.eye(3, 4), np.ones((4, 3, 5)), np.ones((4, 5, 3))
        >>> Y, shares = mixture(X, W_r, W_1, W_2, top=2)
        >>> [g.shape for g in mixture_backward(Y, X, W_r, W_1, W_2, shares)]
        [(2, 3), (3, 4), (4, 3, 5), (4, 5, 3)]

    Reference:
        Shazeer et al. 2017, arXiv:1701.06538, equation 1, by the chain rule.
    """
    dX, dW_1, dW_2, dshares = (np.zeros_like(a) for a in (X, W_1, W_2, shares))
    for i, e in np.argwhere(shares > 0):
        hidden = np.maximum(X[i] @ W_1[e], 0)
        dshares[i, e] = dY[i] @ (hidden @ W_2[e])
        dhidden = shares[i, e] * (W_2[e] @ dY[i]) * (hidden > 0)
        dW_1[e] += np.outer(X[i], dhidden)
        dW_2[e] += shares[i, e] * np.outer(hidden, dY[i])
        dX[i] += W_1[e] @ dhidden
    dS = shares * (dshares - np.sum(shares * dshares, 1, keepdims=True))
    return dX + dS @ W_r.T, X.T @ dS, dW_1, dW_2


def load_imbalance(shares, P):
    r"""Measure how unevenly the experts are used; 1 is even.

    $$ L = E \sum_e f_e \bar P_e, \quad f_e = \frac{\text{choices of } e}{\text{choices}} $$

    Args:
        shares: Second result of `mixture`, shape `(m, experts)`; above 0 where an expert works.
        P: Softmax of all scores, of that shape.

    Returns:
        The loss, a number.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.feed_forward import load_imbalance
        >>> float(load_imbalance(np.array([[1.0, 0.0]]), np.array([[1.0, 0.0]])))
        2.0

    Reference:
        Fedus, Zoph, Shazeer 2021, arXiv:2101.03961, equations 4 to 6.
    """
    f = (shares > 0).sum(0) / (shares > 0).sum()
    return P.shape[1] * f @ P.mean(0)


def load_imbalance_backward(shares, P):
    r"""Return the gradient with respect to the scores; the choices count as constants.

    $$ dP_{i e} = \frac{E f_e}{m}, \quad
       ds_{i e} = P_{i e} \Big( dP_{i e} - \sum_k P_{i k}\, dP_{i k} \Big) $$

    Args:
        shares: Second result of `mixture`.
        P: Softmax of all scores.

    Returns:
        Array of the shape of `P`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.feed_forward import load_imbalance_backward
        >>> load_imbalance_backward(np.array([[1.0, 0.0]]), np.array([[0.5, 0.5]])).tolist()
        [[0.5, -0.5]]

    Reference:
        Fedus, Zoph, Shazeer 2021, arXiv:2101.03961, equations 4 to 6, by the chain rule.
    """
    f = (shares > 0).sum(0) / (shares > 0).sum()
    dP = P.shape[1] * f / len(P)
    return P * (dP - np.sum(P * dP, 1, keepdims=True))
