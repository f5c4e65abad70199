"""Recurrent layers that hold others, beside Keras's: fresh weights, their paths, what is shown."""

import keras
import numpy as np
import pytest
from components.arrays import assert_same

from dlprep import layers

X = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")


def nested_layers(space):
    """Return layers whose cells lie inside others, by name."""
    cells = [space.LSTMCell(3, unit_forget_bias=False), space.GRUCell(2, reset_after=False)]
    return {
        "LSTM": space.LSTM(3, unit_forget_bias=False, bias_initializer="random_normal"),
        "LSTM forgets": space.LSTM(3, bias_initializer="random_normal", dropout=0.5),
        "GRU": space.GRU(3, reset_after=False, bias_initializer="random_normal"),
        "SimpleRNN": space.SimpleRNN(3, bias_initializer="random_normal"),
        "RNN": space.RNN(space.LSTMCell(3, bias_initializer="random_normal")),
        "stack": space.RNN(cells),
        "StackedRNNCells": space.RNN(
            space.StackedRNNCells([space.SimpleRNNCell(3), space.LSTMCell(2)])
        ),
        "Bidirectional": space.Bidirectional(space.LSTM(3)),
        "Bidirectional of cells": space.Bidirectional(space.RNN(space.GRUCell(3))),
        "two directions": space.Bidirectional(
            space.GRU(3), backward_layer=space.LSTM(2, go_backwards=True)
        ),
    }


@pytest.mark.parametrize("name", [*nested_layers(layers)])
def test_fresh_weights_and_their_paths_are_those_of_keras(name):
    weights = []
    for space in (layers, keras.layers):
        keras.backend.clear_session()
        keras.utils.set_random_seed(5)
        layer = nested_layers(space)[name]
        layer(X)
        weights.append(layer.weights)
    for ours, theirs in zip(*weights, strict=True):
        assert_same(ours, theirs)
        assert ours.path == theirs.path


@pytest.mark.parametrize("name", ["LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional"])
def test_what_keras_shows_is_shown(name):
    given, theirs = (nested_layers(space)[name] for space in (layers, keras.layers))
    given(X), theirs(X)
    for ours, other in ((given, theirs), *([(given.cell, theirs.cell)] if name == "RNN" else [])):
        shown = {n for n in dir(other) if not n.startswith("_")}
        assert not shown - set(dir(ours))
