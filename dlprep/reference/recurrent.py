r"""Recurrent networks forward over time and back through it, with weights as the handbook has them.

Sequences are arrays of shape `(m, T, features)`; weights map columns, so that one step reads
$h_t = f(W_{xh} x_t + W_{hh} h_{t-1} + b_h)$. Keras keeps the transposed weights.
"""

import numpy as np


def sigmoid(z):
    r"""Return the logistic function, without overflow for large negative numbers.

    $$ \sigma(z) = \frac{1}{1 + e^{-z}} $$

    Args:
        z: Array of any shape.

    Returns:
        Array of the shape of `z`.

    Example:
        >>> from dlprep.reference.recurrent import sigmoid
        >>> float(sigmoid(0.0))
        0.5

    Reference:
        Handbook, chapter 2, activation functions.
    """
    return 0.5 * (1 + np.tanh(0.5 * z))


def step_mask(mask, t):
    r"""Return one step of a mask as a column, or 1 without a mask.

    $$ h_t \leftarrow r_t h_t + (1 - r_t) h_{t-1} $$

    Args:
        mask: Zeros and ones $r$ of shape `(m, T)`, or None.
        t: The step.

    Returns:
        Array of shape `(m, 1)`, or the number 1.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.recurrent import step_mask
        >>> step_mask(np.array([[1, 0], [1, 1]]), 1).tolist()
        [[0.0], [1.0]]

    Reference:
        Chollet 2021, "Deep Learning with Python", section 11.3.3, padding and masking.
    """
    return 1.0 if mask is None else np.asarray(mask, float)[:, t, None]


def simple_rnn(X, h_0, W_xh, W_hh, b_h, mask=None):
    r"""Run a plain recurrent network over a sequence.

    $$ h_t = \tanh(W_{xh} x_t + W_{hh} h_{t-1} + b_h) $$

    Args:
        X: Inputs, shape `(m, T, features)`.
        h_0: Initial state, shape `(m, units)`.
        W_xh: Input weights, shape `(units, features)`.
        W_hh: Recurrent weights, shape `(units, units)`.
        b_h: Bias, shape `(units,)`.
        mask: Zeros and ones of shape `(m, T)`, or None for ones; at zeros the state stays.

    Returns:
        States $h_1 \ldots h_T$, shape `(m, T, units)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.recurrent import simple_rnn
        >>> weights = (np.ones((4, 3)), np.eye(4), np.zeros(4))
        >>> simple_rnn(np.ones((2, 5, 3)), np.zeros((2, 4)), *weights).shape
        (2, 5, 4)

    Reference:
        Handbook, chapter 8, algorithm 1; Goodfellow, Bengio, Courville 2016, equation 10.8.
    """
    H = np.zeros((*X.shape[:2], h_0.shape[1]))
    h = h_0
    for t in range(X.shape[1]):
        r = step_mask(mask, t)
        h = H[:, t] = r * np.tanh(X[:, t] @ W_xh.T + h @ W_hh.T + b_h) + (1 - r) * h
    return H


def simple_rnn_backward(dH, X, H, h_0, W_xh, W_hh, mask=None):
    r"""Send the gradient back through time.

    The error at a step is what its own output asks for and what the next step hands back:

    $$ \delta_t = (dh_t + W_{hh}^T \delta_{t+1}) \odot (1 - h_t^2) $$
    $$ dW_{xh} = \sum_t \delta_t x_t^T, \quad dW_{hh} = \sum_t \delta_t h_{t-1}^T, \quad
       db_h = \sum_t \delta_t $$

    Args:
        dH: Gradient with respect to the states, shape `(m, T, units)`; zero where a state is not
            used.
        X: Inputs of the forward pass.
        H: States of the forward pass.
        h_0: Initial state of the forward pass.
        W_xh: Input weights.
        W_hh: Recurrent weights.
        mask: Mask of the forward pass.

    Returns:
        Gradients with respect to `X`, `h_0`, `W_xh`, `W_hh` and `b_h`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.recurrent import simple_rnn_backward
        >>> X, H, h_0 = np.ones((2, 5, 3)), np.zeros((2, 5, 4)), np.zeros((2, 4))
        >>> [g.shape for g in simple_rnn_backward(H, X, H, h_0, np.ones((4, 3)), np.eye(4))]
        [(2, 5, 3), (2, 4), (4, 3), (4, 4), (4,)]

    Reference:
        Werbos 1990, "Backpropagation through time"; Goodfellow, Bengio, Courville 2016, equations
        10.18 to 10.28.
    """
    dX, dW_xh, dW_hh = np.zeros_like(X), np.zeros_like(W_xh), np.zeros_like(W_hh)
    db_h, dh = np.zeros(W_hh.shape[0]), np.zeros_like(h_0)
    for t in reversed(range(X.shape[1])):
        before, r = H[:, t - 1] if t else h_0, step_mask(mask, t)
        dh = dH[:, t] + dh
        delta = r * dh * (1 - H[:, t] ** 2)
        dW_xh += delta.T @ X[:, t]
        dW_hh += delta.T @ before
        db_h += delta.sum(0)
        dX[:, t] = delta @ W_xh
        dh = delta @ W_hh + (1 - r) * dh
    return dX, dh, dW_xh, dW_hh, db_h


def lstm(X, h_0, c_0, W_x, W_h, b, mask=None):
    r"""Run a long short-term memory over a sequence; the gates stand in the order i, f, c, o.

    $$ c_t = f_t \odot c_{t-1} + i_t \odot \tilde c_t, \quad h_t = o_t \odot \tanh(c_t) $$
    $$ (i_t, f_t, o_t) = \sigma(\cdot), \quad \tilde c_t = \tanh(\cdot) \text{ of }
       W_x x_t + W_h h_{t-1} + b $$

    Args:
        X: Inputs, shape `(m, T, features)`.
        h_0: Initial output, shape `(m, units)`.
        c_0: Initial cell state, shape `(m, units)`.
        W_x: Input weights, shape `(4 units, features)`.
        W_h: Recurrent weights, shape `(4 units, units)`.
        b: Bias, shape `(4 units,)`.
        mask: Zeros and ones of shape `(m, T)`, or None for ones; at zeros the state stays.

    Returns:
        Outputs $h_1 \ldots h_T$, shape `(m, T, units)`, and the cache for the backward pass: lists
        of the gates and of the cell states $c_0 \ldots c_T$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.recurrent import lstm
        >>> weights = (np.ones((8, 3)), np.ones((8, 2)), np.zeros(8))
        >>> lstm(np.ones((4, 5, 3)), np.zeros((4, 2)), np.zeros((4, 2)), *weights)[0].shape
        (4, 5, 2)

    Reference:
        Gers, Schmidhuber, Cummins 2000, "Learning to forget", equations 1 to 8; handbook,
        chapter 8.
    """
    H = np.zeros((*X.shape[:2], h_0.shape[1]))
    h, gates, cells = h_0, [], [c_0]
    for t in range(X.shape[1]):
        i, f, c, o = np.split(X[:, t] @ W_x.T + h @ W_h.T + b, 4, axis=1)
        i, f, c, o = sigmoid(i), sigmoid(f), np.tanh(c), sigmoid(o)
        gates.append((i, f, c, o))
        r = step_mask(mask, t)
        cells.append(r * (f * cells[-1] + i * c) + (1 - r) * cells[-1])
        h = H[:, t] = r * o * np.tanh(cells[-1]) + (1 - r) * h
    return H, (gates, cells)


def lstm_backward(dH, X, H, h_0, W_x, W_h, cache, mask=None):
    r"""Send the gradient back through time along outputs and cell states.

    $$ dc_t \leftarrow dc_t + dh_t \odot o_t \odot (1 - \tanh^2 c_t), \quad
       dc_{t-1} = dc_t \odot f_t $$

    The last equation is why the memory keeps gradients: no matrix, only the forget gate.

    Args:
        dH: Gradient with respect to the outputs, shape `(m, T, units)`.
        X: Inputs of the forward pass.
        H: Outputs of the forward pass.
        h_0: Initial output of the forward pass.
        W_x: Input weights.
        W_h: Recurrent weights.
        cache: Second result of the forward pass.
        mask: Mask of the forward pass.

    Returns:
        Gradients with respect to `X`, `h_0`, `c_0`, `W_x`, `W_h` and `b`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.recurrent import lstm, lstm_backward
        >>> X, zero = np.ones((4, 5, 3)), np.zeros((4, 2))
        >>> W_x, W_h = np.ones((8, 3)), np.ones((8, 2))
        >>> H, cache = lstm(X, zero, zero, W_x, W_h, np.zeros(8))
        >>> [g.shape for g in lstm_backward(H, X, H, zero, W_x, W_h, cache)][3:]
        [(8, 3), (8, 2), (8,)]

    Reference:
        Graves, Schmidhuber 2005, "Framewise phoneme classification with bidirectional LSTM",
        appendix A.
    """
    gates, cells = cache
    dX, dW_x, dW_h, db = (np.zeros_like(a) for a in (X, W_x, W_h, W_x[:, 0]))
    dh, dc = np.zeros_like(h_0), np.zeros_like(h_0)
    for t in reversed(range(X.shape[1])):
        (i, f, c, o), r = gates[t], step_mask(mask, t)
        squashed = np.tanh(cells[t + 1])
        dh = dh + dH[:, t]
        kept_h, kept_c, dh = (1 - r) * dh, (1 - r) * dc, r * dh
        dc = r * dc + dh * o * (1 - squashed**2)
        di, df, do = dc * c * i * (1 - i), dc * cells[t] * f * (1 - f), dh * squashed * o * (1 - o)
        delta = np.concatenate([di, df, dc * i * (1 - c**2), do], axis=1)
        dW_x += delta.T @ X[:, t]
        dW_h += delta.T @ (H[:, t - 1] if t else h_0)
        db += delta.sum(0)
        dX[:, t], dh, dc = delta @ W_x, delta @ W_h + kept_h, dc * f + kept_c
    return dX, dh, dc, dW_x, dW_h, db
