"""The loop along the time axis leads where the cell leads, called step by step from Python."""

import sys

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close

from dlprep import layers
from dlprep.layers import conv_lstm, gru, lstm, simple_rnn

DROPS = {"dropout": 0.4, "recurrent_dropout": 0.3, "seed": 1}
LAYERS = {
    "SimpleRNN": lambda **options: layers.SimpleRNN(4, **options),
    "GRU": lambda **options: layers.GRU(4, **options),
    "GRU with dropout": lambda **options: layers.GRU(4, **DROPS, **options),
    "LSTM": lambda **options: layers.LSTM(4, **options),
    "RNN": lambda **options: layers.RNN(layers.LSTMCell(4), **options),
    "stack": lambda **options: layers.RNN([layers.GRUCell(3), layers.LSTMCell(4)], **options),
    "ConvLSTM2D": lambda **options: layers.ConvLSTM2D(2, 2, **options),
}
OPTIONS = {
    "last": {},
    "sequences": {"return_sequences": True},
    "backwards": {"return_sequences": True, "go_backwards": True},
    "zeros": {"return_sequences": True, "zero_output_for_mask": True},
    "last of zeros backwards": {"zero_output_for_mask": True, "go_backwards": True},
    "unrolled": {"return_sequences": True, "unroll": True},
}
BATCH, LENGTH = 3, 7
MASK = np.array([[1, 1, 0, 0, 1, 1, 0], [0, 1, 1, 1, 1, 0, 1], [0] * 7], bool)


def made(name, seed=0, **options):
    """Return the layer with random weights, and a sequence."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(BATCH, LENGTH, *((4, 4, 1) if name == "ConvLSTM2D" else (2,))))
    layer = LAYERS[name](**options, return_state=True)
    layer.build(x.shape)
    for weight in layer.weights:
        weight.assign(rng.normal(size=weight.shape))
    return layer, x.astype("float32")


def step_by_step(layer, x, mask, training):
    """Return the outputs and the last states of the layer's cell, called from Python."""
    states = layer.get_initial_state(BATCH)
    if hasattr(layer.cell, "get_dropout_mask"):
        layer.cell.get_dropout_mask(x[:, 0]), layer.cell.get_recurrent_dropout_mask(states[0])
    outputs, last = [], 0.0
    for t in range(LENGTH)[:: -1 if layer.go_backwards else 1]:
        output, new = layer.cell(x[:, t], states, training=training)
        output, new = array(output), keras.tree.map_structure(array, new)
        keep = mask[:, t].reshape(-1, *[1] * (output.ndim - 1))
        states = keras.tree.map_structure(
            lambda new, old, keep=keep: np.where(keep, new, array(old)), new, states
        )
        last = np.where(keep, output, 0.0 if layer.zero_output_for_mask else last)
        outputs.append(last)
    return np.stack(outputs, 1) if layer.return_sequences else last, states


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("name", LAYERS)
def test_the_loop_is_the_cell_step_by_step(name, options, masked):
    (layer, x), (twin, _) = (made(name, **OPTIONS[options]) for _ in range(2))
    mask = MASK if masked else np.ones_like(MASK)
    output, *states = layer(x, mask=MASK if masked else None, training=True)
    expected, last = step_by_step(twin, x, mask, training=True)
    assert_close(output, expected, rtol=1e-5, atol=1e-5)
    for ours, theirs in zip(keras.tree.flatten(states), keras.tree.flatten(last), strict=True):
        assert_close(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("length", [1, LENGTH])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_an_open_length_changes_nothing(name, masked, length):
    layer, x = made(name, return_sequences=True, go_backwards=True)
    x, mask = x[:, :length], MASK[:, :length]
    inputs = [keras.Input((None, *x.shape[2:])), keras.Input((None,), dtype="bool")]
    outputs = layer(inputs[0], mask=inputs[1] if masked else None)
    given = keras.Model(inputs, outputs).predict_on_batch([x, mask])
    expected = layer(x, mask=mask if masked else None)
    for ours, theirs in zip(*map(keras.tree.flatten, (given, list(expected))), strict=True):
        assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("module", "equation", "name"),
    [
        (lstm, "lstm_step", "LSTM"),
        (gru, "gru_step", "GRU"),
        (simple_rnn, "simple_rnn_step", "SimpleRNN"),
        (conv_lstm, "conv_lstm_step", "ConvLSTM2D"),
    ],
)
def test_five_frames_lead_from_a_layer_to_its_equation(module, equation, name, monkeypatch):
    """Who reads an exception's traceback, or steps through the code, passes five functions."""
    stacks, real = [], getattr(module, equation)

    def watched(*arguments):
        frame, stack = sys._getframe(1), [equation]
        while frame:
            own = "/dlprep/layers/" in frame.f_code.co_filename
            stack += [frame.f_code.co_name] if own else []
            frame = frame.f_back
        stacks.append(stack[::-1])
        return real(*arguments)

    layer, x = made(name)
    monkeypatch.setattr(module, equation, watched)
    layer(x)
    assert stacks[-1] == ["call", "inner_loop", "time_loop", "call", equation]
