"""Scaled dot-product and multi-head attention, forward and backward."""

import numpy as np


def softmax(S):
    r"""Turn scores into weights over the last axis.

    $$ A_{ij} = \frac{e^{S_{ij}}}{\sum_k e^{S_{ik}}} $$

    Args:
        S: Scores, negative infinity where looking is not allowed.

    Returns:
        Array of the shape of `S` whose rows sum to one.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.attention import softmax
        >>> [float(a) for a in softmax(np.array([1000.0, 1000.0, -np.inf]))]
        [0.5, 0.5, 0.0]

    Reference:
        Goodfellow, Bengio, Courville 2016, "Deep Learning", equation 6.29.
    """
    E = np.exp(S - S.max(-1, keepdims=True))
    return E / E.sum(-1, keepdims=True)


def softmax_backward(dA, A):
    r"""Return the gradient with respect to the scores.

    $$ dS_{ij} = A_{ij} \Big( dA_{ij} - \sum_k A_{ik} dA_{ik} \Big) $$

    Args:
        dA: Gradient with respect to the weights.
        A: Weights that `softmax` returned; where they are 0 no gradient passes.

    Returns:
        Array of the shape of `A` whose rows sum to zero.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.attention import softmax_backward
        >>> [float(s) for s in softmax_backward(np.array([4.0, 0.0]), np.array([0.5, 0.5]))]
        [1.0, -1.0]

    Reference:
        Dao et al. 2022, arXiv:2205.14135, appendix B.2.
    """
    return A * (dA - np.sum(A * dA, -1, keepdims=True))


def attention(Q, K, V, mask=None):
    r"""Average the values, weighted by how well their keys match the query.

    $$ A = \mathrm{softmax}\left(\frac{Q K^T}{\sqrt d}\right), \quad O = A V $$

    Args:
        Q: Queries, shape `(..., T, d)`.
        K: Keys, shape `(..., S, d)`.
        V: Values, shape `(..., S, v)`.
        mask: Booleans that broadcast to `(..., T, S)`, True where looking is allowed, or None.

    Returns:
        The output $O$, shape `(..., T, v)`, and the weights $A$, shape `(..., T, S)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.attention import attention
        >>> O, A = attention(np.ones((2, 5, 4)), np.ones((2, 3, 4)), np.ones((2, 3, 6)))
        >>> O.shape, A.shape
        ((2, 5, 6), (2, 5, 3))

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, equation 1.
    """
    S = Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1])
    A = softmax(S if mask is None else np.where(mask, S, -np.inf))
    return A @ V, A


def attention_backward(dO, Q, K, V, A):
    r"""Return the gradients of `attention`.

    $$ dV = A^T dO, \quad dA = dO V^T, \quad
       dS_{ij} = A_{ij} \Big( dA_{ij} - \sum_k A_{ik} dA_{ik} \Big) $$
    $$ dQ = \frac{dS\, K}{\sqrt d}, \quad dK = \frac{dS^T Q}{\sqrt d} $$

    Args:
        dO: Gradient with respect to the output.
        Q: Queries of the forward pass.
        K: Keys of the forward pass.
        V: Values of the forward pass.
        A: Weights of the forward pass; masked positions are 0 in them and get no gradient.

    Returns:
        The triple $(dQ, dK, dV)$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.attention import attention, attention_backward
        >>> Q = K = V = np.eye(3)
        >>> O, A = attention(Q, K, V)
        >>> [g.shape for g in attention_backward(O, Q, K, V, A)]
        [(3, 3), (3, 3), (3, 3)]

    Reference:
        Dao et al. 2022, arXiv:2205.14135, appendix B.2.
    """
    dV = np.swapaxes(A, -1, -2) @ dO
    dA = dO @ np.swapaxes(V, -1, -2)
    dS = softmax_backward(dA, A) / np.sqrt(Q.shape[-1])
    return dS @ K, np.swapaxes(dS, -1, -2) @ Q, dV


def multi_head_attention(X, Y, W_q, W_k, W_v, W_o, mask=None):
    r"""Attend in every head by itself and mix the heads.

    $$ O = \sum_n \mathrm{Attention}(X W^Q_n, Y W^K_n, Y W^V_n)\, W^O_n $$

    Args:
        X: Inputs that ask, shape `(m, T, features)`.
        Y: Inputs that answer, shape `(m, S, features)`; the same as `X` for self-attention.
        W_q: Query projections, shape `(heads, features, d)`.
        W_k: Key projections, shape `(heads, features, d)`.
        W_v: Value projections, shape `(heads, features, v)`.
        W_o: Output projections, shape `(heads, v, outputs)`.
        mask: Booleans that broadcast to `(m, heads, T, S)`, or None.

    Returns:
        The output, shape `(m, T, outputs)`, and the cache for the backward pass.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.attention import multi_head_attention
        >>> W = np.ones((2, 6, 3))
        >>> X, Y = np.ones((4, 5, 6)), np.ones((4, 7, 6))
        >>> multi_head_attention(X, Y, W, W, W, np.ones((2, 3, 6)))[0].shape
        (4, 5, 6)

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2.
    """
    Q, K, V = X[:, None] @ W_q, Y[:, None] @ W_k, Y[:, None] @ W_v
    heads, A = attention(Q, K, V, mask)
    return np.sum(heads @ W_o, axis=1), (Q, K, V, heads, A)


def multi_head_attention_backward(dO, X, Y, W_q, W_k, W_v, W_o, cache):
    r"""Return the gradients of `multi_head_attention`.

    $$ dW^O_n = O_n^T dO, \quad dW^Q_n = X^T dQ_n, \quad dX = \sum_n dQ_n (W^Q_n)^T $$

    Args:
        dO: Gradient with respect to the output.
        X: Inputs that asked.
        Y: Inputs that answered; where they were `X`, add both gradients.
        W_q: Query projections.
        W_k: Key projections.
        W_v: Value projections.
        W_o: Output projections.
        cache: Second result of the forward pass.

    Returns:
        Gradients with respect to `X`, `Y`, `W_q`, `W_k`, `W_v` and `W_o`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.attention import multi_head_attention as forward
        >>> from dlprep.reference.attention import multi_head_attention_backward
        >>> X, W, W_o = np.ones((4, 5, 6)), np.ones((2, 6, 3)), np.ones((2, 3, 6))
        >>> O, cache = forward(X, X, W, W, W, W_o)
        >>> multi_head_attention_backward(O, X, X, W, W, W, W_o, cache)[5].shape
        (2, 3, 6)

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2, by the chain rule.
    """
    Q, K, V, heads, A = cache

    def turned(W):
        return np.swapaxes(W, -1, -2)

    dheads = dO[:, None] @ turned(W_o)
    dQ, dK, dV = attention_backward(dheads, Q, K, V, A)
    dX = np.sum(dQ @ turned(W_q), 1)
    dY = np.sum(dK @ turned(W_k) + dV @ turned(W_v), 1)
    into = [np.sum(turned(x[:, None]) @ d, 0) for x, d in ((X, dQ), (Y, dK), (Y, dV))]
    return dX, dY, *into, np.sum(turned(heads) @ dO[:, None], 0)
