"""Attention whose scores come from a small network, forward and backward."""

import numpy as np

from dlprep.reference.attention import softmax, softmax_backward


def additive_attention(Q, K, V, a, mask=None):
    r"""Average the values, weighted by a network's score of each pair of query and key.

    $$ S_{ij} = \sum_c a_c \tanh(Q_{ic} + K_{jc}), \quad A = \mathrm{softmax}(S), \quad O = A V $$

    Args:
        Q: Queries, shape `(..., T, d)`.
        K: Keys, shape `(..., S, d)`.
        V: Values, shape `(..., S, v)`.
        a: Weights of the network's output, shape `(d,)`.
        mask: Booleans that broadcast to `(..., T, S)`, True where looking is allowed, or None.

    Returns:
        The output $O$, shape `(..., T, v)`, and the cache for the backward pass: the weights $A$,
        shape `(..., T, S)`, and the hidden units, shape `(..., T, S, d)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.additive_attention import additive_attention
        >>> Q, K, V = np.ones((2, 5, 4)), np.ones((2, 3, 4)), np.ones((2, 3, 6))
        >>> additive_attention(Q, K, V, np.ones(4))[0].shape
        (2, 5, 6)

    Reference:
        Bahdanau, Cho, Bengio 2014, arXiv:1409.0473, equation 6 and section A.1.2.
    """
    H = np.tanh(Q[..., :, None, :] + K[..., None, :, :])
    S = H @ a
    A = softmax(S if mask is None else np.where(mask, S, -np.inf))
    return A @ V, (A, H)


def additive_attention_backward(dO, V, a, cache):
    r"""Return the gradients of `additive_attention`.

    $$ dP_{ijc} = dS_{ij}\, a_c (1 - H_{ijc}^2), \quad dQ_{ic} = \sum_j dP_{ijc}, \quad
       dK_{jc} = \sum_i dP_{ijc}, \quad da_c = \sum_{ij} dS_{ij} H_{ijc} $$

    Args:
        dO: Gradient with respect to the output.
        V: Values of the forward pass.
        a: Weights of the network's output.
        cache: Second result of the forward pass: $A$ and the hidden units $H$.

    Returns:
        The gradients $(dQ, dK, dV, da)$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.additive_attention import additive_attention as forward
        >>> from dlprep.reference.additive_attention import additive_attention_backward
        >>> Q, K, V, a = np.ones((5, 4)), np.ones((3, 4)), np.ones((3, 6)), np.ones(4)
        >>> O, cache = forward(Q, K, V, a)
        >>> [g.shape for g in additive_attention_backward(O, V, a, cache)]
        [(5, 4), (3, 4), (3, 6), (4,)]

    Reference:
        Bahdanau, Cho, Bengio 2014, arXiv:1409.0473, section A.1.2, by the chain rule.
    """
    A, H = cache
    dV = np.swapaxes(A, -1, -2) @ dO
    dS = softmax_backward(dO @ np.swapaxes(V, -1, -2), A)[..., None]
    dP = dS * a * (1 - H**2)
    return dP.sum(-2), dP.sum(-3), dV, np.sum(dS * H, axis=tuple(range(H.ndim - 1)))
