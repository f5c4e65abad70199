"""Multi-head attention whose query heads share keys and values in groups."""

import numpy as np

from dlprep.reference.attention import attention, attention_backward


def group_query_attention(X, Y, W_q, W_k, W_v, W_o, mask=None):
    r"""Attend in every query head to the keys and values of its group, and mix the heads.

    $$ O = \sum_n \mathrm{Attention}(X W^Q_n, Y W^K_{g(n)}, Y W^V_{g(n)})\, W^O_n, \quad
       g(n) = \lfloor n / r \rfloor $$

    Args:
        X: Inputs that ask, shape `(m, T, features)`.
        Y: Inputs that answer, shape `(m, S, features)`.
        W_q: Query projections, shape `(groups * r, features, d)`.
        W_k: Key projections, shape `(groups, features, d)`.
        W_v: Value projections, shape `(groups, features, v)`.
        W_o: Output projections, shape `(groups * r, v, outputs)`.
        mask: Booleans that broadcast to `(m, groups, r, T, S)`, or None.

    Returns:
        The output, shape `(m, T, outputs)`, and the cache for the backward pass.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.group_query_attention import group_query_attention
        >>> W_q, W, W_o = np.ones((4, 6, 3)), np.ones((2, 6, 3)), np.ones((4, 3, 6))
        >>> X, Y = np.ones((4, 5, 6)), np.ones((4, 7, 6))
        >>> group_query_attention(X, Y, W_q, W, W, W_o)[0].shape
        (4, 5, 6)

    Reference:
        Ainslie et al. 2023, arXiv:2305.13245, section 2.2.
    """
    Q = X[:, None, None] @ in_groups(W_q, len(W_k))
    K, V = ((Y[:, None] @ W)[:, :, None] for W in (W_k, W_v))
    heads, A = attention(Q, K, V, mask)
    return np.sum(heads @ in_groups(W_o, len(W_k)), axis=(1, 2)), (Q, K, V, heads, A)


def in_groups(W, groups):
    """Return the heads' matrices with an axis of groups before that of the heads in a group.

    Args:
        W: Matrices of the query heads, shape `(groups * r, ...)`.
        groups: Number of groups.

    Returns:
        Array of shape `(groups, r, ...)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.group_query_attention import in_groups
        >>> in_groups(np.ones((6, 4, 5)), 2).shape
        (2, 3, 4, 5)

    Reference:
        Ainslie et al. 2023, arXiv:2305.13245, figure 2.
    """
    return W.reshape(groups, -1, *W.shape[1:])


def group_query_attention_backward(dO, X, Y, W_q, W_k, W_v, W_o, cache):
    r"""Return the gradients of `group_query_attention`.

    $$ dK_g = \sum_{n : g(n) = g} dK_n, \quad dV_g = \sum_{n : g(n) = g} dV_n $$

    A group's keys and values collect the gradients of all its query heads.

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
        >>> from dlprep.reference.group_query_attention import group_query_attention as forward
        >>> from dlprep.reference.group_query_attention import group_query_attention_backward
        >>> W_q, W, W_o = np.ones((4, 6, 3)), np.ones((2, 6, 3)), np.ones((4, 3, 6))
        >>> X = np.ones((4, 5, 6))
        >>> O, cache = forward(X, X, W_q, W, W, W_o)
        >>> group_query_attention_backward(O, X, X, W_q, W, W, W_o, cache)[3].shape
        (2, 6, 3)

    Reference:
        Ainslie et al. 2023, arXiv:2305.13245, section 2.2, by the chain rule.
    """
    Q, K, V, heads, A = cache

    def turned(W):
        return np.swapaxes(W, -1, -2)

    W_q, W_o = (in_groups(W, len(W_k)) for W in (W_q, W_o))
    dO, asking, answering = dO[:, None, None], X[:, None, None], Y[:, None]
    dQ, dK, dV = attention_backward(dO @ turned(W_o), Q, K, V, A)
    dK, dV = dK.sum(2), dV.sum(2)
    dX = np.sum(dQ @ turned(W_q), (1, 2))
    dY = np.sum(dK @ turned(W_k) + dV @ turned(W_v), 1)
    dW_q, dW_o = (np.concatenate(np.sum(turned(x) @ d, 0)) for x, d in ((asking, dQ), (heads, dO)))
    return dX, dY, dW_q, *(np.sum(turned(answering) @ d, 0) for d in (dK, dV)), dW_o
