"""Layers behind trainable layers, compiled by XLA in `fit`: gradients must pass through them."""

import keras
import numpy as np
import pytest

from dlprep import layers

RECURRENT = {
    "GRU": lambda: layers.GRU(4),
    "LSTM": lambda: layers.LSTM(4, return_sequences=True),
    "SimpleRNN": lambda: layers.SimpleRNN(4, go_backwards=True),
    "RNN of a cell": lambda: layers.RNN(layers.GRUCell(4)),
    "Bidirectional": lambda: layers.Bidirectional(layers.LSTM(4)),
    "with dropout": lambda: layers.GRU(4, dropout=0.5, recurrent_dropout=0.5),
    "GRU behind LSTM": lambda: keras.Sequential(
        [layers.LSTM(4, return_sequences=True), layers.GRU(4)]
    ),
}


def train(before, layer, shape):
    """Fit one epoch under XLA; return how far the weights of the first layer moved."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input(shape), before, layer, layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse", jit_compile=True)
    start = [np.array(weight) for weight in before.get_weights()]
    rng = np.random.default_rng(0)
    x = rng.normal(size=(8, *shape)).astype("float32")
    history = model.fit(x, rng.normal(size=(8, 1)), batch_size=4, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    return [np.abs(w - s).max() for w, s in zip(before.get_weights(), start, strict=True)]


# Three steps are written out, seven are a loop.
@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("GRU", 7),
        ("LSTM", 3),
        *(pytest.param(name, 7, marks=pytest.mark.slow) for name in RECURRENT if name != "GRU"),
        *(pytest.param(name, 3, marks=pytest.mark.slow) for name in RECURRENT if name != "LSTM"),
    ],
)
def test_a_recurrent_layer_trains_behind_a_dense_one(name, steps):
    assert min(train(layers.Dense(5), RECURRENT[name](), (steps, 3))) > 0


@pytest.mark.slow
def test_a_convolutional_recurrence_trains_behind_a_convolution():
    before = keras.layers.TimeDistributed(layers.Conv2D(2, 2))
    assert min(train(before, layers.ConvLSTM2D(2, 2), (5, 5, 5, 1))) > 0
