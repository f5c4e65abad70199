"""The loop over blocks of steps goes where the loop over single steps leads."""

import keras
import numpy as np
import pytest
from components.arrays import assert_close
from keras import ops

from dlprep import layers
from dlprep.layers import time_loop

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="the loop over blocks is TensorFlow's"
)
CELLS = {
    "SimpleRNN": lambda **options: layers.SimpleRNN(4, **options),
    "GRU": lambda **options: layers.GRU(4, dropout=0.4, recurrent_dropout=0.3, seed=1, **options),
    "LSTM": lambda **options: layers.LSTM(4, **options),
    "stack": lambda **options: layers.RNN([layers.GRUCell(3), layers.LSTMCell(4)], **options),
}
OPTIONS = {
    "last": {},
    "sequences": {"return_sequences": True},
    "backwards": {"return_sequences": True, "go_backwards": True, "return_state": True},
    "zeros": {"return_sequences": True, "zero_output_for_mask": True, "return_state": True},
    "last of zeros": {"zero_output_for_mask": True},
}


def training(make, length, masked, options, known=True):
    """Return a function of outputs and states in training, and the gradients of their sum.

    Unless the length is `known`, a graph made of the function does not know it.
    """
    import tensorflow as tf

    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(length)
    x = tf.constant(rng.normal(size=(3, length, 2)), "float32")
    mask = tf.constant(rng.random((3, length)) < 0.6) if masked else None
    layer = make(**options)
    layer.build(x.shape)

    def train():
        given = x if known else tf.raw_ops.PlaceholderWithDefault(input=x, shape=(3, None, 2))
        with tf.GradientTape() as tape:
            tape.watch(given)
            outputs = keras.tree.flatten(layer(given, mask=mask, training=True))
            total = sum(ops.sum(output * ops.cos(output)) for output in outputs)
        sources = [given, *(w.value for w in layer.trainable_weights)]
        return [*outputs, *tape.gradient(total, sources)]

    return train


def check_blocks(monkeypatch, make, length, masked, options, steps=None):
    given = training(make, length, masked, options)()
    monkeypatch.setattr(time_loop, "pays", lambda options: False)
    expected = training(make, length, masked, {**options, **(steps or {})})()
    for ours, theirs in zip(given, expected, strict=True):
        assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("name", CELLS)
def test_blocks_are_the_single_steps(name, options, masked, monkeypatch):
    # Keras's loop refuses nested states beside a mask: written out it takes them.
    steps = {"unroll": name == "stack" and masked}
    check_blocks(monkeypatch, CELLS[name], 19, masked, OPTIONS[options], steps)


@pytest.mark.parametrize("length", [1, 2, 16, 17, 20])
def test_every_length_is_read_to_its_end(length, monkeypatch):
    check_blocks(monkeypatch, CELLS["SimpleRNN"], length, True, OPTIONS["backwards"])


def test_in_a_graph_blocks_are_the_single_steps():
    import tensorflow as tf

    case = (CELLS["LSTM"], 19, True, OPTIONS["zeros"])
    for ours, theirs in zip(tf.function(training(*case))(), training(*case)(), strict=True):
        assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("name", ["SimpleRNN", "GRU", "LSTM"])
def test_a_length_known_when_it_runs_changes_nothing(name, masked):
    import tensorflow as tf

    case = (CELLS[name], 19, masked, OPTIONS["backwards"])
    given = tf.function(training(*case, known=False))()
    for ours, theirs in zip(given, training(*case)(), strict=True):
        assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


def test_short_sequences_need_no_loop():
    import tensorflow as tf

    def loops(length):
        train = tf.function(training(CELLS["SimpleRNN"], length, False, {}))
        return [op for op in train.get_concrete_function().graph.get_operations()
                if "While" in op.type]  # fmt: skip

    assert not loops(16)
    assert loops(17)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_xla_takes_the_steps_one_by_one(jit_compile):
    import tensorflow as tf

    sizes = []

    class Watched(layers.SimpleRNN):
        def build(self, input_shape):
            super().build(input_shape)
            project = self.cell.project

            def watched(inputs, *rest):
                sizes.append(inputs.shape[0])
                return project(inputs, *rest)

            self.cell.project = watched

    train = training(lambda: Watched(3), 20, False, {})
    tf.function(train, jit_compile=jit_compile)()
    assert set(sizes) == {1 if jit_compile else time_loop.BLOCK}
