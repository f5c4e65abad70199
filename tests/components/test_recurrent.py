"""Recurrent layers in numbers: against the reference, against Keras, and at the edges."""

import keras
import numpy as np
import pytest
from components.arrays import assert_close, assert_same
from keras import ops

from dlprep import layers
from dlprep.reference.gru import gru
from dlprep.reference.recurrent import lstm, simple_rnn

rng = np.random.default_rng(0)
M, T, FEATURES, UNITS = 3, 5, 4, 2
X = rng.normal(size=(M, T, FEATURES)).astype("float32")
KINDS = ["SimpleRNN", "LSTM", "GRU"]
MASK = np.array([[1, 1, 1, 0, 0], [1, 0, 1, 1, 0], [0, 0, 0, 0, 0]], bool)


def pair(kind, **options):
    """Make our layer and Keras's with the same random weights."""
    ours, theirs = (getattr(space, kind)(UNITS, **options) for space in (layers, keras.layers))
    ours.build(X.shape), theirs.build(X.shape)
    ours.set_weights([rng.normal(size=w.shape) for w in ours.weights])
    theirs.set_weights(ours.get_weights())
    return ours, theirs


def weights(gates):
    kernel = rng.normal(size=(FEATURES, gates * UNITS))
    return kernel, rng.normal(size=(UNITS, gates * UNITS)), rng.normal(size=gates * UNITS)


def run(layer, *arrays):
    layer.build(X.shape)
    layer.set_weights(arrays)
    return ops.convert_to_numpy(layer(X))


def test_simple_rnn_equals_the_reference():
    W, U, b = weights(1)
    expected = simple_rnn(X, np.zeros((M, UNITS)), W.T, U.T, b)
    given = run(layers.SimpleRNN(UNITS, return_sequences=True), W, U, b)
    assert_close(given, expected, rtol=1e-5, atol=1e-6)


def test_lstm_equals_the_reference():
    W, U, b = weights(4)
    zero = np.zeros((M, UNITS))
    expected, _ = lstm(X, zero, zero, W.T, U.T, b)
    given = run(layers.LSTM(UNITS, return_sequences=True), W, U, b)
    assert_close(given, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("reset_after", [True, False])
def test_gru_equals_the_reference(reset_after):
    W, U, b = weights(3)
    b_h = rng.normal(size=b.shape) if reset_after else 0 * b
    expected, _ = gru(X, np.zeros((M, UNITS)), W.T, U.T, b, b_h, reset_after)
    layer = layers.GRU(UNITS, return_sequences=True, reset_after=reset_after)
    given = run(layer, W, U, np.stack([b, b_h]) if reset_after else b)
    assert_close(given, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "options",
    [
        {"return_state": True},
        {"go_backwards": True, "return_sequences": True},
        {"unroll": True},
        {"zero_output_for_mask": True, "return_sequences": True},
    ],
)
def test_equals_keras_with_a_mask(kind, options):
    ours, theirs = pair(kind, **options)
    given, expected = ours(X, mask=MASK), theirs(X, mask=MASK)
    for a, b in zip(keras.tree.flatten(given), keras.tree.flatten(expected), strict=True):
        assert_close(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_stateful_batches_continue_and_reset(kind):
    whole, _ = pair(kind)
    parts = getattr(layers, kind)(UNITS, stateful=True)
    parts.build(X.shape)
    parts.set_weights(whole.get_weights())
    for _ in range(2):
        parts.reset_state()
        parts(X[:, :2])
        assert_close(parts(X[:, 2:]), whole(X), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_empty_sequence_gives_the_initial_state(kind):
    layer, _ = pair(kind, return_state=True)
    output, *states = layer(X[:, :0])
    assert tuple(output.shape) == (M, UNITS)
    for array in (output, *states):
        assert_same(array, np.zeros((M, UNITS)))


@pytest.mark.parametrize("kind", KINDS)
def test_one_step_is_the_cell(kind):
    layer, _ = pair(kind)
    states = layer.get_initial_state(M)
    output, _ = layer.cell(X[:, 0], states)
    assert_close(layer(X[:, :1]), output, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("kind", KINDS)
def test_initial_state_is_used(kind):
    ours, theirs = pair(kind)
    states = [np.float32(rng.normal(size=(M, UNITS))) for _ in ours.state_size]
    given, expected = ours(X, initial_state=states), theirs(X, initial_state=states)
    assert_close(given, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_dropout_mask_holds_for_all_steps(kind):
    """With an input of ones, a mask kept in time gives the same input share at each step."""
    layer = getattr(layers, kind)(50, dropout=0.5, recurrent_dropout=0.5, seed=1)
    ones = np.ones((1, 6, 20), "float32")
    layer(ones)
    layer.cell.get_dropout_mask(ones[:, 0])
    first, second = (layer.cell.project(ones[:, t], training=True) for t in (0, 3))
    assert_same(first, second)
    layer.cell.reset_dropout_mask()
    first, second = (ops.convert_to_numpy(layer(ones, training=True)) for _ in range(2))
    assert np.abs(first - second).max() > 1e-3
    assert layer.cell.input_mask is None


def test_two_directions_start_from_given_weights():
    source = layers.Bidirectional(layers.GRU(UNITS))
    expected = source(X)
    given = layers.Bidirectional(layers.GRU(UNITS), weights=source.get_weights())
    assert_same(given(X), expected)


def test_cell_alone_drops_units_too():
    cell = layers.SimpleRNNCell(3, dropout=0.5, seed=0)
    calls = [cell(np.ones((1, 9)), [np.zeros((1, 3))], training=True)[0] for _ in range(2)]
    assert np.any(ops.convert_to_numpy(calls[0]) != ops.convert_to_numpy(calls[1]))


@pytest.mark.parametrize("part", ["input", "state"])
@pytest.mark.parametrize(
    "kind, options",
    [("SimpleRNN", {}), ("LSTM", {}), ("GRU", {}), ("GRU", {"reset_after": False})],
)
def test_what_is_dropped_whole_has_no_say(kind, options, part):
    rates = {"dropout": 0.5, "recurrent_dropout": 0.2, "seed": 0}
    cell, other = (getattr(layers, f"{kind}Cell")(UNITS, **options, **r) for r in (rates, {}))
    cell.build((M, FEATURES)), other.build((M, FEATURES))
    cell.set_weights([rng.normal(size=w.shape) for w in cell.weights])
    other.set_weights(cell.get_weights())
    states = [np.float32(rng.normal(size=(M, UNITS))) for _ in cell.get_initial_state(M)]
    kernel = {"input": other.kernel, "state": other.recurrent_kernel}[part]
    kernel.assign(0 * kernel)
    for name, size in (("input", FEATURES), ("state", UNITS)):
        # What is kept is divided by its own share.
        keep = {"input": 0.5, "state": 0.8}[name]
        setattr(cell, f"{name}_mask", np.full((M, size), name != part))
        weight = {"input": other.kernel, "state": other.recurrent_kernel}[name]
        weight.assign(weight / keep)
    given, expected = cell(X[:, 0], states, training=True), other(X[:, 0], states)
    for a, b in zip(keras.tree.flatten(given), keras.tree.flatten(expected), strict=True):
        assert_close(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("options", [{"dtype": "float16"}, {"trainable": False}])
@pytest.mark.parametrize("kind", [*KINDS, "ConvLSTM2D"])
def test_the_cell_has_the_type_and_the_fate_of_its_layer(kind, options):
    layer = getattr(layers, kind)(2, **({"kernel_size": 1} if "Conv" in kind else {}), **options)
    layer.build((2, 3, 4, 4, 1) if "Conv" in kind else X.shape)
    expected = (options.get("dtype", "float32"), options.get("trainable", True))
    assert {(weight.dtype, weight.trainable) for weight in layer.cell.weights} == {expected}
    assert layer.cell.compute_dtype == expected[0]


@pytest.mark.parametrize("kind", ["SimpleRNNCell", "GRUCell"])
def test_a_state_that_comes_alone_goes_back_alone(kind):
    cell, state = getattr(layers, kind)(UNITS), np.ones((M, UNITS), "float32")
    output, alone = cell(X[:, 0], ops.array(state))
    _, (listed,) = cell(X[:, 0], [state])
    assert_same(alone, output), assert_same(listed, output)


def test_forget_bias_starts_at_one():
    layer = layers.LSTM(2)
    layer.build(X.shape)
    assert_same(layer.cell.bias, [0, 0, 1, 1, 0, 0, 0, 0])


def test_stacked_cells_are_layers_one_after_the_other():
    first, second = layers.SimpleRNN(3, return_sequences=True), layers.SimpleRNN(2)
    expected = second(first(X))
    stacked = layers.RNN([first.cell, second.cell])
    assert_close(stacked(X), expected, rtol=1e-5, atol=1e-7)
    assert stacked.compute_output_shape(X.shape) == expected.shape


def test_stacked_cells_draw_masks_for_each_cell():
    cells = [layers.LSTMCell(3, dropout=0.5), layers.GRUCell(2, dropout=0.5, recurrent_dropout=0.5)]
    layer = layers.RNN(layers.StackedRNNCells(cells))
    assert tuple(layer(X, training=True).shape) == (M, 2)
    assert cells[0].input_mask is None and cells[1].state_mask is None


def test_cells_run_in_the_rnn_of_keras_and_the_other_way_round():
    cell = layers.LSTMCell(UNITS)
    assert_close(keras.layers.RNN(cell)(X), layers.RNN(cell)(X), rtol=1e-5)
    cell = keras.layers.GRUCell(UNITS)
    assert_close(layers.RNN(cell)(X), keras.layers.RNN(cell)(X), rtol=1e-5)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: layers.RNN(object()), "call"),
        (lambda: layers.LSTM(0), "positive integer"),
        (lambda: layers.GRU(2, use_cudnn="yes"), "use_cudnn"),
        (lambda: layers.GRU(2, use_cudnn=True)(X), "cuDNN"),
        (lambda: layers.LSTM(2, unroll=True).call(keras.Input((None, 3))), "unroll"),
        (lambda: layers.LSTM(2, stateful=True)(keras.Input((4, 3))), "batch size"),
        (lambda: layers.StackedRNNCells([object()]), "call"),
    ],
)
def test_wrong_arguments_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
