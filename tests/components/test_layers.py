"""What every layer has to do, checked on each row of the table."""

import inspect
import json

import keras
import numpy as np
import pytest
from components.arrays import assert_close, assert_same
from components.cases.layers import LAYERS

from dlprep import layers

BATCH = 4
IN_KERAS = [name for name in LAYERS if hasattr(keras.layers, name)]


def arguments(name, namespace=layers, column="kwargs"):
    """Return the constructor arguments in a column of the row."""
    kwargs = LAYERS[name].get(column, {})
    return kwargs(namespace) if callable(kwargs) else kwargs


def build(name, namespace=layers, **options):
    """Make the layer of a row from `dlprep.layers` or `keras.layers`."""
    return getattr(namespace, name)(**arguments(name, namespace), **options)


def shapes(name):
    """Return the row's input shapes, without the batch, as a list."""
    shape = LAYERS[name]["shape"]
    return shape if isinstance(shape, list) else [shape]


def draw(name, batch=BATCH, seed=0):
    """Draw one array per input of the row."""
    rng = np.random.default_rng(seed)
    high = LAYERS[name].get("high")
    if high:
        return [rng.integers(0, high, (batch, *shape)).astype("int32") for shape in shapes(name)]
    return [rng.normal(size=(batch, *shape)).astype("float32") for shape in shapes(name)]


def apply(name, layer, inputs, **options):
    """Call the layer as the row says: on one input, a list of them, or one after the other."""
    if LAYERS[name].get("cell"):
        layer = keras.layers.RNN(layer, dtype=layer.dtype_policy)
    if LAYERS[name].get("unpack"):
        return layer(*inputs, **options)
    return layer(inputs if len(inputs) > 1 else inputs[0], **options)


def model(name, layer, dense=False):
    """Wrap the layer in a functional model with an open batch size, after weights if asked."""
    dtype = "int32" if LAYERS[name].get("high") else "float32"
    inputs = [keras.Input(shape, dtype=dtype) for shape in shapes(name)]
    before = (
        [keras.layers.Dense(x.shape[-1], use_bias=False)(x) for x in inputs] if dense else inputs
    )
    return keras.Model(inputs, apply(name, layer, before))


def call(name, layer, inputs, **options):
    """Call the layer and return a NumPy array."""
    return keras.ops.convert_to_numpy(apply(name, layer, inputs, **options))


def randomize(layer, seed=1):
    """Give every float weight a random value, so that zeros and ones hide nothing."""
    rng = np.random.default_rng(seed)
    for weight in layer.weights:
        if keras.backend.is_float_dtype(weight.dtype):
            weight.assign(rng.uniform(0.1, 0.9, weight.shape))


def text(config):
    """Return the config as JSON, without the shapes that Keras adds to built inner layers."""
    if isinstance(config, dict):
        config = {k: text(v) for k, v in config.items() if k != "build_config"}
    elif isinstance(config, list):
        config = [text(item) for item in config]
    return json.dumps(config, sort_keys=True)


def test_every_layer_has_a_row():
    assert sorted(LAYERS) == list(layers.__all__)


@pytest.mark.parametrize("name", LAYERS)
def test_config_survives_json_and_build(name):
    layer = build(name)
    before = layer.get_config()
    apply(name, layer, draw(name))
    assert text(layer.get_config()) == text(before)
    revived = type(layer).from_config(json.loads(json.dumps(before)))
    assert text(revived.get_config()) == text(before)


def numpy_numbers(value, back=False):
    """Return the numbers of a layer's arguments as NumPy's, or as Python's of the same value."""
    if type(value) in (list, tuple):
        return type(value)(numpy_numbers(item, back) for item in value)
    if type(value) not in (int, float):
        return value
    number = (np.int64 if type(value) is int else np.float32)(value)
    return number.item() if back else number


@pytest.mark.parametrize("name", LAYERS)
def test_numpy_numbers_are_taken_as_arguments_and_kept_as_pythons(name):
    signature = inspect.signature(getattr(layers, name).__init__).parameters.values()
    defaults = {p.name: p.default for p in signature if p.default is not p.empty}
    given = LAYERS[name].get("kwargs", {})
    given = {**defaults, **(given(layers) if callable(given) else given), "name": "one"}
    numpy, python = (
        getattr(layers, name)(**{key: numpy_numbers(value, back) for key, value in given.items()})
        for back in (False, True)
    )
    apply(name, numpy, draw(name))
    assert text(numpy.get_config()) == text(python.get_config())


@pytest.mark.parametrize("name", LAYERS)
def test_variables_are_taken_as_inputs(name):
    kinds = [np.asarray, lambda x: keras.Variable(x, dtype=x.dtype, trainable=False)]
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        kinds.append(tf.Variable)
    outputs = []
    for kind in kinds:
        keras.utils.set_random_seed(0)
        outputs.append(call(name, build(name), [kind(x) for x in draw(name)]))
    for output in outputs[1:]:
        assert_same(output, outputs[0])


# On an empty batch TensorFlow's convolutions return their input, and its largest entry is none.
@pytest.mark.parametrize("name", LAYERS)
def test_an_empty_batch_gives_an_empty_one(name):
    layer = build(name)
    expected = call(name, layer, draw(name)).shape[1:]
    assert call(name, layer, draw(name, batch=0)).shape == (0, *expected)


@pytest.mark.parametrize("name", LAYERS)
def test_symbolic_shape_is_the_real_one(name):
    layer = build(name)
    symbolic = model(name, layer).output.shape
    assert symbolic[0] is None
    assert (BATCH, *symbolic[1:]) == call(name, layer, draw(name)).shape


@pytest.mark.parametrize("name", [name for name in LAYERS if "mixes" not in LAYERS[name]])
def test_rows_do_not_mix(name):
    layer, inputs = build(name), draw(name)
    apply(name, layer, inputs)
    randomize(layer)
    together = call(name, layer, inputs)
    alone = [call(name, layer, [x[i : i + 1] for x in inputs]) for i in range(BATCH)]
    assert_close(np.concatenate(alone), together, rtol=1e-5, atol=1e-6)


# Half precision has 11 or 8 significant bits; a handful of roundings add up.
@pytest.mark.parametrize(("policy", "rtol"), [("mixed_float16", 5e-3), ("mixed_bfloat16", 4e-2)])
@pytest.mark.parametrize("name", LAYERS)
def test_mixed_precision_gives_the_numbers_of_full_precision(name, policy, rtol):
    layer, half, inputs = build(name), build(name, dtype=policy), draw(name)
    for one in (layer, half):
        apply(name, one, inputs)
        randomize(one)
    exact = np.asarray(call(name, layer, inputs), "float64")
    got = np.asarray(call(name, half, inputs), "float64")
    np.testing.assert_allclose(got, exact, rtol=rtol, atol=rtol * np.abs(exact).max())


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("name", LAYERS)
def test_mixed_precision_is_finite(name, policy):
    layer = build(name, dtype=policy)
    outputs = apply(name, layer, draw(name), training=True)
    assert keras.backend.standardize_dtype(outputs.dtype) == layer.compute_dtype
    assert np.isfinite(keras.ops.convert_to_numpy(keras.ops.cast(outputs, "float32"))).all()


@pytest.mark.parametrize("name", LAYERS)
def test_one_compiled_step_moves_every_trainable_weight(name):
    keras.utils.set_random_seed(0)
    layer = build(name)
    network, inputs = model(name, layer, dense="high" not in LAYERS[name]), draw(name)
    randomize(layer)
    # A bias of the keys adds the same to all scores of a query, and softmax ignores that.
    weights = [w for w in network.trainable_weights if not w.path.endswith("key/bias")]
    if not weights:
        pytest.skip("integers in and no weights: there is nothing to train")
    before = [keras.ops.convert_to_numpy(weight) for weight in weights]
    network.compile(keras.optimizers.SGD(0.5), "mse")
    target = np.random.default_rng(2).normal(size=(BATCH, *network.output.shape[1:]))
    network.train_on_batch(inputs, target)
    for old, new in zip(before, weights, strict=True):
        assert not np.allclose(old, new, rtol=0, atol=1e-7), new.path


@pytest.mark.parametrize("name", LAYERS)
def test_reloads_without_custom_objects(name, tmp_path):
    layer = build(name)
    network, inputs = model(name, layer), draw(name)
    randomize(layer)
    network.save(tmp_path / "model.keras")
    revived = keras.saving.load_model(tmp_path / "model.keras")
    expected = network.predict(inputs, verbose=0)
    assert_same(revived.predict(inputs, verbose=0), expected)


@pytest.mark.parametrize("name", IN_KERAS)
def test_signature_and_config_are_those_of_keras(name):
    ours, theirs = getattr(layers, name), getattr(keras.layers, name)
    more = LAYERS[name].get("more", [])
    for method in ("__init__", "call"):
        expected = inspect.signature(getattr(theirs, method)).parameters.values()
        given = inspect.signature(getattr(ours, method)).parameters.values()
        known = [parameter for parameter in given if parameter.name not in more]
        assert [str(parameter) for parameter in known] == [str(p) for p in expected]
        assert all(p.kind is p.KEYWORD_ONLY for p in given if p not in known)
    extra = {*LAYERS[name].get("more_in_config", ()), *more}
    theirs = build(name, keras.layers).get_config().keys()
    assert build(name).get_config().keys() == theirs | extra


@pytest.mark.parametrize("name", LAYERS)
def test_all_call_arguments_may_come_by_position_or_by_name(name):
    layer = build(name)
    parameters = inspect.signature(layer.call).parameters.values()
    first, *others = (p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD)
    signature = inspect.signature(layer.compute_output_spec)
    signature.bind(first, *others)
    signature.bind(first, **dict.fromkeys(others))


@pytest.mark.parametrize("name", LAYERS)
def test_masks_pass_where_they_pass_in_keras(name):
    # Two inputs in a list leave open whose mask would go on.
    expected = name != "GaussianSampling"
    if name in IN_KERAS:
        expected = build(name, keras.layers).supports_masking
    assert build(name).supports_masking == (expected or "more_masks" in LAYERS[name])
    assert not (expected and "more_masks" in LAYERS[name])


# Keras files weights by class name, and its class behind this public name is called otherwise.
SAME_CLASS_NAME = [name for name in IN_KERAS if getattr(keras.layers, name).__name__ == name]


@pytest.mark.parametrize("name", SAME_CLASS_NAME)
def test_weights_saved_from_keras_can_be_loaded(name, tmp_path):
    ours, theirs = build(name), build(name, keras.layers)
    source, network = model(name, theirs), model(name, ours)
    randomize(theirs)
    source.save_weights(tmp_path / "some.weights.h5")
    network.load_weights(tmp_path / "some.weights.h5")
    for given, expected in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        assert_same(given, expected)


@pytest.mark.parametrize("name", IN_KERAS)
def test_output_is_that_of_keras(name):
    ours, theirs, inputs = build(name), build(name, keras.layers), draw(name)
    apply(name, ours, inputs), apply(name, theirs, inputs)
    randomize(theirs)
    ours.set_weights(theirs.get_weights())
    expected = call(name, theirs, inputs)
    assert_close(call(name, ours, inputs), expected, rtol=1e-5, atol=1e-6)
