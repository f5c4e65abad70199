"""Every option of every layer does what Keras's does, and would be missed."""

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close
from components.cases.layer_options import WEIGHTS, defaults, options_of, rows
from components.cases.layers import LAYERS
from components.oracles.options import OUTPUTS, STARTS
from components.test_layers import IN_KERAS, arguments, randomize

from dlprep import layers

RECURRENT = ("GRU", "GRUCell", "LSTM", "LSTMCell", "ConvLSTM2D")
DIFFERENT = {
    # Keras stores it and never applies it.
    ("SimpleRNN", "activity_regularizer"),
    # Keras lays the scale along the last axis whatever the axis.
    ("RMSNormalization", "axis"),
    # Keras draws one mask for every gate.
    *((name, "recurrent_dropout") for name in RECURRENT),
    ("ConvLSTM2D", "dropout"),
}
# The options in which layers' rows differ, each with the row.
OPTIONS = [
    pytest.param(name, row, id="-".join([name, *options_of(row)]))
    for name in LAYERS
    for row in rows(name)
]


def draw(name, row):
    """Draw one array per input, of the row's shape or of the layer's."""
    rng = np.random.default_rng(0)
    shapes = row.shape or LAYERS[name]["shape"]
    shapes = shapes if isinstance(shapes, list) else [shapes]
    if high := LAYERS[name].get("high"):
        return [rng.integers(0, high, (4, *shape)).astype("int32") for shape in shapes]
    return [rng.normal(size=(4, *shape)).astype("float32") for shape in shapes]


SEEN = {}


def observe(name, row, namespace, without=None):
    """Return what can be seen of a layer, once for all tests that ask."""
    options = {} if callable(row.options) and without else row.options
    if not callable(options):
        options = {key: value for key, value in options.items() if key != without}
    key = (
        namespace.__name__,
        name,
        str((options, row.shape, row.call, without in arguments(name))),
    )
    if key not in SEEN:
        SEEN[key] = look(name, row._replace(options=options), namespace, without)
    return SEEN[key]


def look(name, row, namespace, without):
    """Return what can be seen: weights, outputs, penalties and what constraints do."""
    keras.utils.set_random_seed(0)
    options = {**arguments(name, namespace), **options_of(row, namespace)}
    if without in options:
        options[without] = defaults(name)[without]
    layer = getattr(namespace, name)(**options)
    called = keras.layers.RNN(layer) if LAYERS[name].get("cell") else layer
    inputs = draw(name, row)
    inputs = inputs if LAYERS[name].get("unpack") or len(inputs) == 1 else [inputs]
    called(*inputs, **row.call)
    seen = [array(weight) for weight in layer.weights]
    randomize(layer)
    training = [{"training": True}] if layer._call_has_training_arg else []
    for more in ({}, {}, *training):
        seen += map(array, keras.tree.flatten(called(*inputs, **row.call, **more)))
    seen += sorted(float(array(penalty)) for penalty in layer.losses)
    seen += map(array, layer.weights)
    bound = [weight for weight in layer.weights if getattr(weight, "constraint", None)]
    return [*seen, *(array(weight.constraint(weight.value)) for weight in bound)]


def equal(given, expected):
    """Say whether two observations agree."""
    if [np.shape(a) for a in given] != [np.shape(a) for a in expected]:
        return False
    pairs = zip(given, expected, strict=True)
    return all(np.allclose(*pair, rtol=1e-4, atol=1e-5) for pair in pairs)


@pytest.mark.slow
@pytest.mark.turns(3)
@pytest.mark.parametrize(("name", "row"), OPTIONS)
def test_an_option_that_is_ignored_would_be_seen(name, row):
    for option, value in () if row.together else options_of(row).items():
        default = defaults(name).get(option, value)
        if value is not default and value != default:
            without, seen = (observe(name, row, layers, o) for o in (option, None))
            assert not equal(without, seen), option


@pytest.mark.slow
@pytest.mark.turns(2)
@pytest.mark.parametrize(("name", "row"), [p for p in OPTIONS if p.values[0] in IN_KERAS])
def test_an_option_does_what_it_does_in_keras(name, row):
    given, expected = (observe(name, row, space) for space in (layers, keras.layers))
    assert equal(given, expected) == DIFFERENT.isdisjoint((name, o) for o in options_of(row))


def row_of(name, option):
    """Return the layer's first row with the option."""
    return next(row for row in rows(name) if option in options_of(row))


def made(name, option):
    """Make a layer that Keras lacks with the row of the option, call it and return both."""
    row = row_of(name, option)
    layer, inputs = getattr(layers, name)(**{**arguments(name), **options_of(row)}), draw(name, row)
    layer(*inputs)
    return layer, inputs


@pytest.mark.parametrize(("name", "option"), OUTPUTS)
def test_an_option_that_keras_lacks_equals_the_reference(name, option):
    layer, inputs = made(name, option)
    randomize(layer)
    weights = [*layer.trainable_weights, *layer.non_trainable_weights]
    exact = [array(value).astype("float64") for value in (*inputs, *weights)]
    assert_close(layer(*inputs), OUTPUTS[name, option](*exact), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("name", "option"), STARTS)
def test_an_initializer_starts_the_weights_of_its_name(name, option):
    layer, _ = made(name, option)
    start = WEIGHTS[option]["config"]["value"]
    assert {w.name for w in layer.weights if np.allclose(array(w), start)} == STARTS[name, option]


def test_every_initializer_that_keras_lacks_is_among_them():
    alone = [name for name in LAYERS if name not in IN_KERAS]
    taken = {(name, o) for name in alone for o in defaults(name) if o.endswith("_initializer")}
    assert taken == STARTS.keys()


def test_the_penalty_of_a_highway_counts_both_its_kernels():
    layer, _ = made("Highway", "kernel_regularizer")
    factor = WEIGHTS["kernel_regularizer"]["config"]["l1"]
    total = sum(np.abs(array(kernel)).sum() for kernel in (layer.kernel, layer.gate_kernel))
    assert_close(sum(layer.losses), factor * total, rtol=1e-5)


def test_the_gate_of_a_highway_starts_at_its_bias():
    layer, _ = made("Highway", "transform_bias")
    assert_close(layer.gate_bias, np.full(5, 0.7), rtol=1e-6)


def test_the_balance_of_experts_weighs_their_loss():
    keras.utils.set_random_seed(0)
    layer, (x,) = made("MixtureOfExperts", "balance")
    layer(x, training=True)
    (heavy,) = layer.losses
    layer.balance = 1.0
    layer(x, training=True)
    assert_close(heavy, 0.3 * array(layer.losses[0]), rtol=1e-5)
