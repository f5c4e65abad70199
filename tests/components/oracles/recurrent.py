"""Recurrent layers by the formulas of the reference (see `layer_oracles`).

Initial states may follow the input; without them the layers start from zero. Keras keeps the
transposed weights.
"""

import numpy as np

from dlprep.reference import gru as gated
from dlprep.reference import recurrent
from dlprep.reference import stacked_recurrent as stacked


def simple_rnn(mask=None):
    def oracle(x, *arrays):
        *start, W, U, b = arrays
        (h_0,) = start or zeros(x, U, 1)
        H = recurrent.simple_rnn(x, h_0, W.T, U.T, b, mask)

        def backward(dH):
            given = recurrent.simple_rnn_backward(dH, x, H, h_0, W.T, U.T, mask)
            dX, dh, dW, dU, db = given
            return dX, *[dh][: len(start)], dW.T, dU.T, db

        return H, backward

    return oracle


def lstm(mask=None):
    def oracle(x, *arrays):
        *start, W, U, b = arrays
        h_0, c_0 = start or zeros(x, U, 2)
        H, cache = recurrent.lstm(x, h_0, c_0, W.T, U.T, b, mask)

        def backward(dH):
            given = recurrent.lstm_backward(dH, x, H, h_0, W.T, U.T, cache, mask)
            dX, dh, dc, dW, dU, db = given
            return dX, *[dh, dc][: len(start)], dW.T, dU.T, db

        return H, backward

    return oracle


def gru(mask=None):
    """Two rows of biases: the reset gate acts after the recurrent product; one row: before."""

    def oracle(x, *arrays):
        *start, W, U, b = arrays
        (h_0,) = start or zeros(x, U, 1)
        after = b.ndim == 2
        b_x, b_h = b if after else (b, 0 * b)
        H, cache = gated.gru(x, h_0, W.T, U.T, b_x, b_h, after, mask)

        def backward(dH):
            dX, dh, dW, dU, db_x, db_h = gated.gru_backward(dH, x, W.T, U.T, cache, mask)
            db = np.stack([db_x, db_h]) if after else db_x
            return dX, *[dh][: len(start)], dW.T, dU.T, db

        return H, backward

    return oracle


def bidirectional(x, *weights):
    forward, backward = transposed(weights)
    Y, cache = stacked.bidirectional_rnn(x, forward, backward)

    def back(dY):
        dX, *both = stacked.bidirectional_rnn_backward(dY, x, forward, backward, cache)
        return dX, *(g.T for own in both for g in own)

    return Y, back


def stack(x, *weights):
    layers = transposed(weights)
    states = stacked.stacked_rnn(x, layers)

    def backward(dH):
        dX, gradients = stacked.stacked_rnn_backward(dH, x, layers, states)
        return dX, *(g.T for own in gradients for g in own)

    return states[-1], backward


def zeros(x, U, count):
    return [np.zeros((len(x), len(U)))] * count


def transposed(weights):
    """Return triples of weights, one per network, as the reference has them."""
    return [tuple(w.T for w in weights[i : i + 3]) for i in range(0, len(weights), 3)]
