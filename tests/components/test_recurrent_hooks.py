"""Keras's extension points of recurrent layers and cells, against Keras with the same classes."""

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close, assert_same
from keras import ops

from dlprep import layers

rng = np.random.default_rng(0)
X = rng.normal(size=(2, 5, 3)).astype("float32")
MASK = np.array([[1, 1, 0, 1, 0], [0, 0, 1, 1, 1]], bool)


class Sum(keras.layers.Layer):
    """A cell that adds up what it reads."""

    state_size = output_size = 4

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], 4), name="kernel")

    def call(self, inputs, states, training=False):
        total = states[0] + ops.matmul(inputs, self.kernel) + (1.0 if training else 0.0)
        return total, [total]


class Alone(Sum):
    """The new state comes without a list; the first one is of ones."""

    def call(self, inputs, states):
        total, _ = super().call(inputs, states)
        return total, total

    def get_initial_state(self, batch_size=None):
        return ops.ones((batch_size, 4))


class Wide(Sum):
    """The output is no state."""

    output_size = 8

    def call(self, inputs, states, training=False):
        total, states = super().call(inputs, states)
        return ops.concatenate([total, -total], axis=-1), states


class Nested(Sum):
    """A state inside a state."""

    state_size = [[4, 4], 4]

    def call(self, inputs, states):
        (total, twice), steps = states
        total = total + ops.matmul(inputs, self.kernel)
        return total + steps, [[total, twice + total], steps + 1]

    def get_initial_state(self, batch_size=None):
        zero = ops.zeros((batch_size, 4))
        return [[zero, zero], zero]


def doubled(base):
    """Return a class of cells whose outputs are twice those of the base."""

    class Doubled(base):
        def call(self, *arguments, **options):
            output, states = super().call(*arguments, **options)
            return 2 * output, states

    return Doubled


def replaced_cell(space):
    layer = space.GRU(4)
    layer.cell = doubled(space.GRUCell)(4)
    return layer(X)


def replaced_activation(space):
    layer = space.LSTM(4)
    layer(X)
    layer.cell.activation, layer.cell.recurrent_activation = ops.relu, ops.hard_sigmoid
    return layer(X)


def inner_loop(space):
    class Scaled(space.LSTM):
        def inner_loop(self, sequences, initial_state, mask, training=False):
            last, outputs, states = super().inner_loop(
                2 * sequences, initial_state, mask=mask, training=training
            )
            return last + 1, outputs, states

    return Scaled(3)(X)


def initial_state(space):
    class Ones(space.LSTM):
        def get_initial_state(self, batch_size):
            return [ops.ones((batch_size, 3))] * 2

    return Ones(3, return_state=True)(X)


def overridden_call(space):
    class Scaled(space.RNN):
        def call(self, sequences, initial_state=None, mask=None, training=False):
            return super().call(2 * sequences, initial_state, mask, training)

    return Scaled(space.GRUCell(3))(X)


def stateful(space):
    layer = space.LSTM(3, stateful=True, return_state=True)
    first, second = layer(X, mask=MASK), layer(X, mask=MASK)
    layer.reset_state()
    return first, second, layer(X), list(layer.states)


def stateful_both_ways(space):
    layer = space.Bidirectional(space.GRU(3, stateful=True))
    outputs = [layer(X), layer(X)]
    layer.reset_state()
    return *outputs, layer(X)


def penalties(space):
    options = {"kernel_regularizer": "l2", "recurrent_regularizer": "l1", "bias_regularizer": "l2"}
    layer = space.LSTM(3, activity_regularizer="l2", **options)
    inside = space.RNN(space.GRUCell(3, **options), activity_regularizer="l1")
    return layer(X), inside(X), *layer.losses, *inside.losses


def constraints(space):
    names = ("kernel", "recurrent", "bias")
    layer = space.GRU(3, **{f"{name}_constraint": "non_neg" for name in names})
    layer(X)
    return [w.constraint(w) for w in layer.weights]


def backward_layer(space):
    other = space.GRU(2, return_sequences=True, go_backwards=True)
    forward = space.LSTM(3, return_sequences=True)
    return space.Bidirectional(forward, backward_layer=other)(X, mask=MASK)


def merged(mode):
    def run(space):
        inner = space.LSTM(3, return_sequences=True, return_state=True)
        return space.Bidirectional(inner, merge_mode=mode)(X, mask=MASK)

    return run


def custom(cell, **call):
    options = {"return_sequences": True, "return_state": True}
    return lambda space: space.RNN(cell(), **options)(X, **call)


HOOKS = {
    "custom cell": custom(Sum),
    "custom cell in training": custom(Sum, training=True),
    "custom cell, masked": custom(Sum, mask=MASK),
    "state without a list": custom(Alone),
    "output of another size": custom(Wide),
    "nested states": custom(Nested),
    "subclass of a cell": lambda space: space.RNN(doubled(space.LSTMCell)(4))(X),
    "replaced cell": replaced_cell,
    "replaced activation": replaced_activation,
    "inner_loop": inner_loop,
    "get_initial_state": initial_state,
    "overridden call": overridden_call,
    "stateful": stateful,
    "stateful both ways": stateful_both_ways,
    "penalties": penalties,
    "constraints": constraints,
    "backward_layer": backward_layer,
    **{f"merge {mode}": merged(mode) for mode in ("sum", "mul", "ave", "concat", None)},
}


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_is_honoured_as_in_keras(name):
    results = []
    for space in (layers, keras.layers):
        keras.utils.set_random_seed(1)
        results.append([array(value) for value in keras.tree.flatten(HOOKS[name](space))])
    for ours, theirs in zip(*results, strict=True):
        assert_close(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("cell", [Wide, Nested])
def test_a_mask_stops_cells_that_keras_cannot_mask(cell):
    """The states of a row are those of the row without its masked steps."""
    layer = layers.RNN(cell(), return_state=True)
    masked = keras.tree.flatten(layer(X, mask=MASK))
    for row in range(2):
        alone = keras.tree.flatten(layer(X[row : row + 1, MASK[row]]))
        # Row 0 ends in a masked step: its output is the last one before.
        for ours, theirs in zip(masked, alone, strict=True):
            assert_close(ours[row : row + 1], theirs, rtol=1e-5, atol=1e-5)


def test_a_cell_need_not_be_a_layer():
    class Running:
        state_size = 3

        def __call__(self, inputs, states, training=False):
            return self.call(inputs, states, training)

        def call(self, inputs, states, training):
            total = inputs + states[0] + (1.0 if training else 0.0)
            return total, [total]

    layer = layers.RNN(Running())
    assert_close(layer(X), X.sum(1), rtol=1e-5, atol=1e-6)
    assert_close(layer(X, training=True), X.sum(1) + X.shape[1], rtol=1e-5, atol=1e-6)


def test_stacked_states_are_reset():
    layer = layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)], stateful=True)
    first = array(layer(X))
    assert np.abs(array(layer(X)) - first).max() > 1e-4
    layer.reset_state()
    assert_same(layer(X), first)


DROP = {"dropout": 0.5, "recurrent_dropout": 0.5, "seed": 3}
DROPPING = {
    "SimpleRNNCell": lambda: layers.SimpleRNNCell(4, **DROP),
    "LSTMCell": lambda: layers.LSTMCell(4, **DROP),
    "GRUCell": lambda: layers.GRUCell(4, **DROP),
    "a list": lambda: [layers.GRUCell(4, **DROP), layers.SimpleRNNCell(3, **DROP)],
    "our stack": lambda: layers.StackedRNNCells(
        [layers.SimpleRNNCell(3, **DROP), keras.layers.GRUCell(4, dropout=0.5, seed=1)]
    ),
    "Keras's stack": lambda: keras.layers.StackedRNNCells([layers.LSTMCell(4, **DROP)]),
}


@pytest.mark.parametrize("name", DROPPING)
def test_keras_keeps_the_masks_of_our_cells_for_all_steps(name):
    outputs = []
    for space in (layers, keras.layers):
        keras.utils.set_random_seed(1)
        layer = space.RNN(DROPPING[name](), return_sequences=True)
        first, second = layer(X, training=True), layer(X, training=True)
        assert np.abs(array(first) - array(second)).max() > 1e-3
        outputs.append(first)
    assert_close(*outputs, rtol=1e-5, atol=1e-6)


ONES = np.ones((2, 3), "float32")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.LSTM(3, dropout=1.5), "dropout=1.5"),
        (lambda: layers.GRUCell(3, recurrent_dropout=-0.1), "recurrent_dropout=-0.1"),
        (lambda: layers.SimpleRNN(2.5), "positive integer"),
        (lambda: layers.ConvLSTM2D(2, 2, dropout=2), "dropout=2"),
        (lambda: layers.RNN([]), "one cell at least"),
        (lambda: layers.LSTM(3)(X, initial_state=[ONES]), "2 states"),
        (lambda: layers.GRU(3)(X, initial_state=[ONES] * 2), "1 states"),
        (lambda: layers.GRU(3)(X, initial_state=[ONES[:1]]), r"\(2, 3\) is needed, not \(1, 3\)"),
        (lambda: layers.GRU(3)(X, initial_state=[ONES[..., None]]), r"not \(2, 3, 1\)"),
        (lambda: layers.GRU(4)(X, initial_state=[ONES]), r"\(2, 4\) is needed, not \(2, 3\)"),
        (lambda: layers.GRU(3)(X, mask=MASK[:, :3]), r"\(2, 5\), not \(2, 3\)"),
        (lambda: layers.GRU(3)(X, mask=MASK[:1]), r"\(2, 5\), not \(1, 5\)"),
        (lambda: layers.Bidirectional(layers.GRU(3), merge_mode="max"), "merge mode"),
        (lambda: layers.Bidirectional(layers.GRU(3))(X, initial_state=[ONES]), "both layers"),
    ],
)
def test_what_cannot_work_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
