r"""Gated recurrent unit forward over time and back through it.

The reset gate acts before the recurrent product, as in the paper, or after it, as in cuDNN and
Keras. Sequences are arrays of shape `(m, T, features)`; weights map columns.
"""

import numpy as np

from dlprep.reference.recurrent import sigmoid, step_mask


def gru(X, h_0, W_x, W_h, b_x, b_h, reset_after=True, mask=None):
    r"""Run a gated recurrent unit over a sequence; the gates stand in the order z, r, h.

    $$ (z_t, r_t) = \sigma(W_x x_t + b_x + W_h h_{t-1} + b_h) $$
    $$ \tilde h_t = \tanh(W_x x_t + b_x + r_t \odot (W_h h_{t-1} + b_h)) \text{ after, or }
       \tanh(W_x x_t + b_x + W_h (r_t \odot h_{t-1}) + b_h) \text{ before} $$
    $$ h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde h_t $$

    Args:
        X: Inputs, shape `(m, T, features)`.
        h_0: Initial state, shape `(m, units)`.
        W_x: Input weights, shape `(3 units, features)`.
        W_h: Recurrent weights, shape `(3 units, units)`.
        b_x: Bias of the input's share, shape `(3 units,)`.
        b_h: Bias of the state's share, shape `(3 units,)`.
        reset_after: Whether the reset gate acts after the recurrent product.
        mask: Zeros and ones of shape `(m, T)`, or None for ones; at zeros the state stays.

    Returns:
        States $h_1 \ldots h_T$, shape `(m, T, units)`, and the cache for the backward pass.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.gru import gru
        >>> weights = (np.ones((6, 3)), np.ones((6, 2)), np.zeros(6), np.zeros(6))
        >>> gru(np.ones((4, 5, 3)), np.zeros((4, 2)), *weights)[0].shape
        (4, 5, 2)

    Reference:
        Cho et al. 2014, arXiv:1406.1078, equations 5 to 8.
    """
    n = h_0.shape[1]
    H = np.zeros((*X.shape[:2], n))
    h, cache = h_0, []
    for t in range(X.shape[1]):
        x = X[:, t] @ W_x.T + b_x
        z, r = np.split(sigmoid(x[:, :-n] + h @ W_h[:-n].T + b_h[:-n]), 2, axis=1)
        inner = h @ W_h[-n:].T + b_h[-n:] if reset_after else (r * h) @ W_h[-n:].T + b_h[-n:]
        candidate = np.tanh(x[:, -n:] + (r * inner if reset_after else inner))
        cache.append((h, z, r, inner, candidate))
        kept = 1 - step_mask(mask, t) * (1 - z)
        h = H[:, t] = kept * h + (1 - kept) * candidate
    return H, (cache, reset_after)


def gru_backward(dH, X, W_x, W_h, cache, mask=None):
    r"""Send the gradient back through time.

    $$ dz_t = dh_t \odot (h_{t-1} - \tilde h_t), \quad d\tilde h_t = dh_t \odot (1 - z_t), \quad
       dh_{t-1} = dh_t \odot z_t + \ldots $$

    Args:
        dH: Gradient with respect to the states, shape `(m, T, units)`.
        X: Inputs of the forward pass.
        W_x: Input weights.
        W_h: Recurrent weights.
        cache: Second result of the forward pass.
        mask: Mask of the forward pass.

    Returns:
        Gradients with respect to `X`, `h_0`, `W_x`, `W_h`, `b_x` and `b_h`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.gru import gru, gru_backward
        >>> X, W_x, W_h = np.ones((4, 5, 3)), np.ones((6, 3)), np.ones((6, 2))
        >>> H, cache = gru(X, np.zeros((4, 2)), W_x, W_h, np.zeros(6), np.zeros(6))
        >>> [g.shape for g in gru_backward(H, X, W_x, W_h, cache)][2:]
        [(6, 3), (6, 2), (6,), (6,)]

    Reference:
        Werbos 1990, "Backpropagation through time", applied to Cho et al. 2014, equations 5 to 8.
    """
    steps, reset_after = cache
    n = W_h.shape[1]
    dX, dW_x, dW_h, db_x, db_h = (np.zeros_like(a) for a in (X, W_x, W_h, W_x[:, 0], W_x[:, 0]))
    dh = np.zeros((X.shape[0], n))
    for t in reversed(range(X.shape[1])):
        h, z, reset, inner, candidate = steps[t]
        dh, r = dh + dH[:, t], step_mask(mask, t)
        kept, dh = (1 - r) * dh, r * dh
        d_pre = dh * (1 - z) * (1 - candidate**2)
        d_inner = d_pre * reset if reset_after else d_pre
        # What the recurrent product of the candidate saw: the state, or the reset state.
        seen = h if reset_after else reset * h
        d_seen = d_inner @ W_h[-n:]
        dr = d_pre * inner if reset_after else d_seen * h
        gates = np.concatenate(
            [dh * (h - candidate) * z * (1 - z), dr * reset * (1 - reset)], axis=1
        )
        dW_h += np.concatenate([gates.T @ h, d_inner.T @ seen])
        db_h += np.concatenate([gates, d_inner], axis=1).sum(0)
        delta = np.concatenate([gates, d_pre], axis=1)
        dW_x += delta.T @ X[:, t]
        db_x += delta.sum(0)
        dX[:, t] = delta @ W_x
        dh = kept + dh * z + gates @ W_h[:-n] + (d_seen if reset_after else d_seen * reset)
    return dX, dh, dW_x, dW_h, db_x, db_h
