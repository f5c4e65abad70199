"""Layers at the edge: numbers far out, constant or tiny; sequences long, short or empty."""

import inspect

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close
from components.cases.layers import LAYERS
from components.gradients import value_and_gradient
from components.test_layers import apply, build, draw, randomize, shapes
from keras import ops

from dlprep import layers

# GaussianSampling reads the logarithm of a variance: e to 1e4 is no number.
FLOATS = [name for name in LAYERS if "high" not in LAYERS[name] and name != "GaussianSampling"]
STEPS = [name for name in LAYERS if len(shapes(name)[0]) > 1]
MASKED = [
    name
    for name in LAYERS
    if len(shapes(name)) == 1 and "mask" in inspect.signature(getattr(layers, name).call).parameters
]
FILLS = {
    "around 1e4": lambda x: 1e4 + x,
    "1e4": lambda x: np.full_like(x, 1e4),
    "up to 1e4": lambda x: 1e4 * np.sign(x),
    "zeros": np.zeros_like,
    "denormal": lambda x: 1e-40 * x,
}


def draw_like(tensor):
    return np.random.default_rng(2).normal(size=tuple(tensor.shape)).astype("float32")


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("name", FLOATS)
def test_value_and_gradient_are_finite(name, fill, training):
    layer, inputs = build(name), [FILLS[fill](x).astype("float32") for x in draw(name)]
    options = {"training": training} if layer._call_has_training_arg else {}
    # The sum of a distribution, or of what is centred, has no slope: its parts count differently.
    dY = draw_like(apply(name, layer, inputs, **options))
    randomize(layer)
    value, gradient = value_and_gradient(
        lambda x: ops.multiply(apply(name, layer, [x, *inputs[1:]], **options), dY), inputs[0]
    )
    assert np.isfinite(value).all()
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("name", FLOATS)
def test_integers_count_as_the_same_numbers(name, training):
    if (name, keras.backend.backend()) == ("MaxPooling1D", "torch"):
        pytest.skip("PyTorch pools no integers along one axis")
    inputs = [np.round(2 * x).astype("float32") for x in draw(name)]

    def outcome(dtype):
        keras.utils.set_random_seed(0)
        layer = build(name)
        options = {"training": training} if layer._call_has_training_arg else {}
        y = apply(name, layer, [ops.convert_to_tensor(x.astype(dtype)) for x in inputs], **options)
        kind = keras.backend.standardize_dtype(y.dtype)
        assert kind == (dtype if LAYERS[name].get("keeps_integers") else "float32")
        return array(y)

    assert_close(outcome("int32"), outcome("float32"), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", MASKED)
def test_masked_integers_count_as_the_same_numbers(name):
    layer, (x,) = build(name), np.round(2 * np.stack(draw(name)))
    mask = x > 0 if name == "Softmax" else np.arange(x.shape[1]) < np.arange(1, len(x) + 1)[:, None]
    given, expected = (
        array(layer(ops.cast(ops.array(x), dtype), mask=ops.array(mask)))
        for dtype in ("int32", "float32")
    )
    assert_close(given, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("length", [0, 1])
@pytest.mark.parametrize("name", STEPS)
def test_sequences_of_no_step_and_of_one(name, length):
    if length < LAYERS[name].get("fewest", 0):
        pytest.skip("too short, says the row")
    layer, inputs = build(name), draw(name)
    whole = array(apply(name, layer, inputs))
    short = [x[:, :length] for x in inputs]
    value = array(apply(name, layer, short))
    assert value.ndim == whole.ndim
    assert np.isfinite(value).all()
    if length and "high" not in LAYERS[name]:
        call = value_and_gradient(lambda x: apply(name, layer, [x, *short[1:]]), short[0])
        assert np.isfinite(call[1]).all()


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="others take some of them")
@pytest.mark.parametrize("name", [name for name in LAYERS if "fewest" in LAYERS[name]])
def test_what_is_too_short_is_refused_or_has_no_mean(name):
    layer, inputs = build(name), draw(name)
    apply(name, layer, inputs)
    try:
        value = array(apply(name, layer, [x[:, : LAYERS[name]["fewest"] - 1] for x in inputs]))
    except Exception:  # TensorFlow's or ours.
        return
    assert np.isnan(value).all()


@pytest.mark.parametrize("name", MASKED)
def test_rows_with_nothing_but_padding(name):
    layer, (x,) = build(name), draw(name)
    mask = np.zeros(x.shape if name == "Softmax" else x.shape[:2], bool)
    value, gradient = value_and_gradient(lambda x: layer(x, mask=ops.array(mask)), x)
    assert np.isfinite(value).all() and np.isfinite(gradient).all()


LONG = 70_000
HALF = np.full((1, LONG, 2), 2.0)


@pytest.mark.parametrize(
    "call, expected",
    [
        (lambda x: layers.GlobalAveragePooling1D(dtype="float16")(x), 2.0),
        (lambda x: layers.GlobalAveragePooling1D(dtype="float16")(x, mask=x[..., 0] > 0), 2.0),
        (lambda x: layers.AveragePooling1D(LONG, dtype="float16")(x), 2.0),
        (lambda x: layers.LayerNormalization(axis=1, dtype="float16")(x), 0.0),
        (lambda x: layers.GroupNormalization(1, dtype="float16")(x), 0.0),
        (lambda x: layers.BatchNormalization(dtype="float16")(x, training=True), 0.0),
        (lambda x: layers.RMSNormalization(axis=1, dtype="float16")(x), 1.0),
        (lambda x: layers.UnitNormalization(axis=1, dtype="float16")(x), LONG**-0.5),
        (lambda x: layers.Softmax(axis=1, dtype="float16")(x), 1 / LONG),
        (lambda x: layers.Attention(dtype="float16")([x[:, :1], x]), 2.0),
    ],
)
def test_float16_adds_up_more_than_it_can_hold(call, expected):
    """The sum is 140,000, or 280,000 of squares; float16 ends at 65,504."""
    given = ops.cast(call(ops.cast(ops.array(HALF), "float16")), "float32")
    # Two roundings to float16; below 6e-5 its numbers are 6e-8 apart.
    assert_close(given, np.full(given.shape, expected), rtol=2e-3, atol=3e-8)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("held", [np.nan, np.inf, 1e30])
@pytest.mark.parametrize("name", ["BatchNormalization", "GlobalAveragePooling1D"])
def test_masked_entries_may_hold_anything(name, held, training):
    (x,) = draw(name)
    mask = np.broadcast_to(np.arange(x.shape[1]) < 2, x.shape[:2])
    seen = mask[..., None]

    def outcome(x):
        layer = build(name)
        options = {"training": training} if layer._call_has_training_arg else {}
        layer.build(x.shape)
        randomize(layer)

        def masked(x):
            y = layer(x, mask=ops.array(mask), **options)
            return ops.where(ops.array(seen), y, 0 * y) if len(y.shape) == len(x.shape) else y

        return value_and_gradient(masked, x)

    (value, gradient), (expected, _) = outcome(np.where(seen, x, held)), outcome(x)
    assert np.isfinite(gradient).all()
    assert_close(value, expected, rtol=1e-5, atol=1e-6)


BEYOND = [
    layers.BatchNormalization(dtype="mixed_float16"),
    layers.GroupNormalization(2, dtype="mixed_float16"),
    layers.LayerNormalization(dtype="mixed_float16"),
    layers.MinMaxScaling(axis=None, high=1e-5, dtype="mixed_float16"),
    layers.Normalization(mean=1e5, variance=1e10, dtype="mixed_float16"),
    layers.RMSNormalization(dtype="mixed_float16"),
    layers.UnitNormalization(dtype="mixed_float16"),
]


@pytest.mark.parametrize("layer", BEYOND, ids=lambda layer: type(layer).__name__)
def test_statistics_take_inputs_that_float16_cannot_hold(layer):
    x = np.array([[1e5, -1e5, 2e5, 3.0], [7e4, -3e5, 1e6, 5.0]], "float32")
    options = {"training": True} if layer._call_has_training_arg else {}
    exact = type(layer).from_config({**layer.get_config(), "dtype": "float32"})
    given = array(ops.cast(layer(x, **options), "float32"))
    assert_close(given, exact(x, **options), rtol=2e-3, atol=1e-4)


@pytest.mark.parametrize("zero", [False, True])
@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "float16"])
@pytest.mark.parametrize("fill", ["zeros", "constant", "tiny"])
@pytest.mark.parametrize("name", [name for name in FLOATS if "Normalization" in name])
def test_gradients_of_normalization_are_bounded(name, fill, policy, zero):
    """One example alone, without any spread; weights as they are, or zero."""
    fills = {"zeros": np.zeros_like, "constant": np.ones_like, "tiny": lambda x: 1e-20 * x}
    layer, (x,) = build(name, dtype=policy), draw(name, 1)
    options = {"training": True} if layer._call_has_training_arg else {}
    layer(x, **options)
    randomize(layer)
    for weight in layer.trainable_weights if zero else []:
        weight.assign(0 * weight)
    _, gradient = value_and_gradient(
        lambda x: ops.cast(layer(x, **options), "float32"), fills[fill](x)
    )
    assert np.isfinite(gradient).all()
    assert np.abs(gradient).max() <= 1.1e6


def edges(name, policy, far, zero=False, namespace=layers):
    """Return the value, and the gradients for inputs and weights, of one row per edge."""
    fills = [np.zeros_like, np.ones_like, lambda x: 1e-20 * x, lambda x: far * np.sign(x)]
    fills += [lambda x: far + x, lambda x: x]
    layer = build(name, namespace, dtype=policy)
    inputs = [np.stack([f(row) for f, row in zip(fills, x, strict=True)]) for x in draw(name, 6)]
    options = {"training": True} if layer._call_has_training_arg else {}
    signs = np.random.default_rng(2).choice(
        [-1.0, 1.0], apply(name, layer, inputs, **options).shape
    )
    randomize(layer)
    weights = layer.trainable_weights
    arrays = [*inputs, *[(not zero) * array(weight.value) for weight in weights]]
    ends = np.cumsum([x.size for x in arrays])
    places = list(zip(arrays, ends, strict=True))

    def value(flat):
        parts = [ops.reshape(flat[end - x.size : end], x.shape) for x, end in places]
        given = [ops.cast(x, "float32") for x in parts[len(inputs) :]]
        with keras.StatelessScope(state_mapping=list(zip(weights, given, strict=True))):
            y = apply(name, layer, parts[: len(inputs)], **options)
        return ops.cast(y, "float32") * ops.array(signs, "float32")

    y, gradient = value_and_gradient(value, np.concatenate([x.ravel() for x in arrays]))
    return [y, *np.split(gradient, ends[:-1])]


@pytest.mark.parametrize("name", FLOATS)
def test_gradients_are_finite_at_every_edge(name):
    """Everywhere in float32 and bfloat16; in float16 wherever it can hold the exact result."""
    exact = edges(name, "float32", 1e4)
    for found in (
        exact,
        edges(name, "float32", 1e5, zero=True),
        edges(name, "mixed_bfloat16", 1e5),
    ):
        assert all(np.isfinite(part).all() for part in found)
    # At zero the steepest slope is that of `UnitNormalization`, 1 / sqrt(1e-12).
    assert np.abs(exact[1][: len(exact[1]) // 6]).max() <= 1.1e6, np.abs(
        exact[1][: len(exact[1]) // 6]
    ).max()
    # A loss scale then backs off.
    beyond = "beyond_half" in LAYERS[name]
    for namespace in (layers, keras.layers):
        if namespace is layers or (beyond and hasattr(keras.layers, name)):
            half = edges(name, "mixed_float16", 1e4, namespace=namespace)
            held = [
                np.isfinite(part[np.abs(wide) < 6e4]).all()
                for part, wide in zip(half, exact, strict=True)
            ]
            assert all(held) != beyond
