"""Layers behind layers through `fit`: compiled by XLA, in a graph and eager, to the same weights.

The pairs that are drawn change every day; `DAY=2026-11-30 pytest …` repeats those of a day.
"""

import datetime
import functools
import inspect
import random

import keras
import numpy as np
import pytest
import turns
from components.cases.layers import LAYERS
from components.test_layers import apply, arguments, build, draw, shapes

from dlprep import layers

MODES = {
    "compiled": {"jit_compile": True},
    "graph": {"jit_compile": False},
    "eager": {"jit_compile": False, "run_eagerly": True},
}
DAY = turns.DAY or str(datetime.date.today())
# What draws in training draws otherwise under XLA.
RANDOM = {name for name in LAYERS if "seed" in arguments(name)}
INTEGERS = {name for name, row in LAYERS.items() if "high" in row}
FLAT = {name for name, row in LAYERS.items() if "no_slope" in row}
SEQUENCES = [name for name, row in LAYERS.items() if "sequence" in row]


def sequence(name, x):
    """Apply the layer of a row of `SEQUENCES`, which attends to its own input."""
    layer = getattr(layers, name)(**arguments(name, column="sequence"))
    return apply(name, layer, [x] * len(shapes(name)))


def test_every_layer_that_recurs_or_attends_says_how_it_keeps_a_sequence():
    signs = {"initial_state", "use_causal_mask", "attention_mask", "memory"}
    several = {
        name
        for name in LAYERS
        if len(shapes(name)[0]) == 2
        and signs & inspect.signature(getattr(layers, name).call).parameters.keys()
    }
    assert several == {*SEQUENCES}


def fit(make, arrays, **options):
    """Fit two steps; return the losses and the trainable weights, before and after."""
    keras.utils.set_random_seed(7)
    model = make()
    model.compile(keras.optimizers.SGD(0.1), "mse", **options)
    before = [np.array(weight) for weight in model.trainable_weights]
    y = np.random.default_rng(2).normal(size=(4, *model.output.shape[1:]))
    history = model.fit(arrays, y, batch_size=2, shuffle=False, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    return model.trainable_weights, before, [np.array(w) for w in model.trainable_weights]


def check(make, arrays, alike=True, modes=MODES):
    """Fit in the modes: all weights have to move, and to agree."""
    found = {}
    for mode in modes:
        weights, before, found[mode] = fit(make, arrays, **MODES[mode])
        for weight, old, new in zip(weights, before, found[mode], strict=True):
            # A bias of the keys adds the same to all scores of a query: softmax ignores it.
            moves = not weight.path.endswith("key/bias")
            assert np.isfinite(new).all(), (mode, weight.path)
            assert not moves or np.abs(new - old).max() > 0, (mode, weight.path)
    first, *rest = found.values()
    for other in rest if alike else ():
        for a, b in zip(first, other, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-5)


def head(x):
    """Put a Dense layer and one output behind a layer."""
    return layers.Dense(1)(layers.Flatten()(layers.Dense(3)(x)))


def between(name):
    """Return the model with the row's layer behind a Dense layer and before one."""
    integers = name in INTEGERS
    inputs = [keras.Input(shape, dtype="int32" if integers else None) for shape in shapes(name)]
    before = inputs if integers else [layers.Dense(x.shape[-1])(x) for x in inputs]
    return keras.Model(inputs, head(apply(name, build(name), before)))


def behind(first, seconds):
    """Return the model with every one of the second layers behind the first."""
    inputs = keras.Input((5, 4))
    middle = sequence(first, layers.Dense(4)(inputs))
    heads = [head(sequence(name, middle)) for name in seconds]
    return keras.Model([inputs], keras.layers.Add()(heads))


def pair(first, second):
    """Return the model with the second row's layer behind the first's, or None if it cannot be."""
    inputs = [keras.Input(shape) for shape in shapes(first)]
    x = apply(first, build(first), [layers.Dense(x.shape[-1])(x) for x in inputs])
    wanted = shapes(second)
    if {len(x.shape) - 1} != {len(shape) for shape in wanted}:
        return None
    # A layer of groups or pairs of channels cannot take every number of them.
    x = x if x.shape[-1] == wanted[0][-1] else layers.Dense(wanted[0][-1])(x)
    try:
        return keras.Model(inputs, head(apply(second, build(second), [x] * len(wanted))))
    except ValueError:
        return None


def drawn(number):
    """Return the pair of rows with that number of the day, and a function that makes its model."""
    names = [name for name in LAYERS if name not in INTEGERS | FLAT]
    chance = random.Random(f"{DAY} {number}")
    while True:
        names = chance.sample(names, len(names))
        if pair(*names[:2]):
            return *names[:2], functools.partial(pair, *names[:2])


@pytest.mark.slow
@pytest.mark.turns(3)
@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_trains_between_dense_ones(name):
    check(lambda: between(name), draw(name), alike=name not in RANDOM)


@pytest.mark.slow
@pytest.mark.turns(3)
@pytest.mark.parametrize("first", SEQUENCES)
def test_recurrence_and_attention_train_behind_each_other(first):
    x = np.random.default_rng(1).normal(size=(4, 5, 4)).astype("float32")
    # Between dense layers each of them is run in a graph and eagerly too.
    check(lambda: behind(first, SEQUENCES), [x], modes=["compiled"])


@pytest.mark.slow
@pytest.mark.parametrize("number", range(3))
def test_drawn_pairs_train(number):
    first, second, make = drawn(number)
    print(f"DAY={DAY}: {second} behind {first}")
    check(make, draw(first), alike=not RANDOM & {first, second})


@pytest.mark.parametrize("steps", [20, pytest.param(3, marks=pytest.mark.slow)])
def test_the_number_of_steps_changes_nothing(steps):
    """A short loop may be written out and a long one not."""
    x = np.random.default_rng(1).normal(size=(4, steps, 4)).astype("float32")

    def make():
        inputs = keras.Input(x.shape[1:])
        return keras.Model([inputs], layers.GRU(2)(layers.Dense(3)(inputs)))

    check(make, [x])


@pytest.mark.slow
def test_a_convolutional_recurrence_trains_behind_a_convolution():
    x = np.random.default_rng(1).normal(size=(4, 5, 5, 5, 1)).astype("float32")

    def make():
        inputs = keras.Input(x.shape[1:])
        middle = keras.layers.TimeDistributed(layers.Conv2D(2, 2))(inputs)
        return keras.Model([inputs], layers.ConvLSTM2D(2, 2)(middle))

    check(make, [x])
