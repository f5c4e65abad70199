import numpy as np
import pytest
from reference.finite_differences import assert_gradients

from dlprep.reference.gru import gru, gru_backward
from dlprep.reference.recurrent import (
    lstm,
    lstm_backward,
    sigmoid,
    simple_rnn,
    simple_rnn_backward,
)
from dlprep.reference.stacked_recurrent import (
    bidirectional_rnn,
    bidirectional_rnn_backward,
    stacked_rnn,
    stacked_rnn_backward,
)

rng = np.random.default_rng(0)
M, T, FEATURES, UNITS = 2, 4, 3, 2
X = rng.normal(size=(M, T, FEATURES))
H_0, C_0, DH = (rng.normal(size=shape) for shape in [(M, UNITS), (M, UNITS), (M, T, UNITS)])
MASKED = pytest.mark.parametrize("mask", [None, np.array([[0, 1, 0, 1], [1, 1, 0, 0]])])


def weights(gates):
    return rng.normal(size=(gates * UNITS, FEATURES)), rng.normal(size=(gates * UNITS, UNITS))


def test_sigmoid_is_exact_far_out():
    np.testing.assert_allclose(sigmoid(np.array([-30.0, 0, 30])), [9.4e-14, 0.5, 1], rtol=1e-2)
    assert sigmoid(-1e4) == 0


@MASKED
def test_simple_rnn_gradients_equal_finite_differences(mask):
    arrays = (X, H_0, *weights(1), rng.normal(size=UNITS))
    gradients = simple_rnn_backward(DH, X, simple_rnn(*arrays, mask), *arrays[1:4], mask)
    assert_gradients(lambda *a: np.sum(DH * simple_rnn(*a, mask)), arrays, gradients)


@MASKED
def test_lstm_gradients_equal_finite_differences(mask):
    W_x, W_h = weights(4)
    arrays = (X, H_0, C_0, W_x, W_h, rng.normal(size=4 * UNITS))
    H, cache = lstm(*arrays, mask)
    gradients = lstm_backward(DH, X, H, H_0, W_x, W_h, cache, mask)
    assert_gradients(lambda *a: np.sum(DH * lstm(*a, mask)[0]), arrays, gradients)


@MASKED
@pytest.mark.parametrize("reset_after", [True, False])
def test_gru_gradients_equal_finite_differences(reset_after, mask):
    W_x, W_h = weights(3)
    arrays = (X, H_0, W_x, W_h, rng.normal(size=3 * UNITS), rng.normal(size=3 * UNITS))
    _, cache = gru(*arrays, reset_after, mask)
    gradients = gru_backward(DH, X, W_x, W_h, cache, mask)
    assert_gradients(lambda *a: np.sum(DH * gru(*a, reset_after, mask)[0]), arrays, gradients)


def test_masked_steps_might_as_well_not_be_there():
    mask, kept = np.array([[0, 1, 0, 1]] * M), [1, 3]
    W_x, W_h = weights(4)
    rest = (H_0, C_0, W_x, W_h, rng.normal(size=4 * UNITS))
    H, _ = lstm(X, *rest, mask)
    np.testing.assert_allclose(H[:, kept], lstm(X[:, kept], *rest)[0])
    np.testing.assert_array_equal(H[:, [0, 2]], np.stack([H_0, H[:, 1]], 1))


def test_gradients_of_both_directions_equal_finite_differences():
    forward, backward = ((*weights(1), rng.normal(size=UNITS)) for _ in range(2))
    _, cache = bidirectional_rnn(X, forward, backward)
    dY = rng.normal(size=(M, T, 2 * UNITS))
    dX, *rest = bidirectional_rnn_backward(dY, X, forward, backward, cache)
    assert_gradients(
        lambda X, *w: np.sum(dY * bidirectional_rnn(X, w[:3], w[3:])[0]),
        (X, *forward, *backward),
        (dX, *rest[0], *rest[1]),
    )


def test_the_backward_half_has_seen_the_end_only():
    forward = (*weights(1), np.zeros(UNITS))
    other = X.copy()
    other[:, 0] += 1
    before, after = (bidirectional_rnn(x, forward, forward)[0] for x in (X, other))
    changed = np.any(before != after, axis=0)
    assert changed[:, :UNITS].all()
    assert changed[0, UNITS:].all() and not changed[1:, UNITS:].any()


def test_gradients_of_a_stack_equal_finite_differences():
    low = (*weights(1), rng.normal(size=UNITS))
    high = (rng.normal(size=(3, UNITS)), rng.normal(size=(3, 3)), rng.normal(size=3))
    dH = rng.normal(size=(M, T, 3))
    dX, rest = stacked_rnn_backward(dH, X, [low, high], stacked_rnn(X, [low, high]))
    assert_gradients(
        lambda X, *w: np.sum(dH * stacked_rnn(X, [w[:3], w[3:]])[-1]),
        (X, *low, *high),
        (dX, *rest[0], *rest[1]),
    )


def test_open_forget_gate_keeps_the_cell_state():
    b = np.repeat([-100.0, 100, 0, 0], UNITS)
    _, (_, cells) = lstm(X, H_0, C_0, np.zeros((8, 3)), np.zeros((8, 2)), b)
    np.testing.assert_array_equal(cells[-1], C_0)


def test_open_update_gate_keeps_the_state():
    b = np.repeat([100.0, 0, 0], UNITS)
    H, _ = gru(X, H_0, np.zeros((6, 3)), np.zeros((6, 2)), b, np.zeros(6))
    np.testing.assert_allclose(H[:, -1], H_0)


def test_repeated_contraction_makes_the_gradient_vanish():
    """With weights of norm 0.5 the first step's share shrinks by at least half per step."""
    long = np.zeros((1, 20, 1))
    W_xh, W_hh, h_0 = np.ones((1, 1)), np.full((1, 1), 0.5), np.ones((1, 1))
    H = simple_rnn(long, h_0, W_xh, W_hh, np.zeros(1))
    dH = np.zeros_like(H)
    dH[:, -1] = 1
    _, dh_0, *_ = simple_rnn_backward(dH, long, H, h_0, W_xh, W_hh)
    assert 0 < dh_0[0, 0] <= 0.5**20
