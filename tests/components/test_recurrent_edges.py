"""Recurrent layers at the edges: what masked steps hold, saturated gates, nothing, one step."""

import keras
import numpy as np
import pytest
from components.arrays import assert_close

from dlprep import layers

rng = np.random.default_rng(0)
BATCH, LENGTH, UNITS = 4, 5, 3
# Padding, holes, a row of nothing, a row of everything.
MASK = np.array([[1, 1, 1, 0, 0], [0, 1, 0, 1, 1], [0] * 5, [1] * 5], bool)
LAYERS = {
    "SimpleRNN": lambda space, **options: space.SimpleRNN(UNITS, **options),
    "GRU": lambda space, **options: space.GRU(UNITS, **options),
    "GRU reset before": lambda space, **options: space.GRU(UNITS, reset_after=False, **options),
    "LSTM": lambda space, **options: space.LSTM(UNITS, **options),
    "RNN": lambda space, **options: space.RNN(space.GRUCell(UNITS), **options),
    "Bidirectional": lambda space, **options: space.Bidirectional(
        space.LSTM(UNITS, **options), dtype=options.get("dtype")
    ),
    "ConvLSTM2D": lambda space, **options: space.ConvLSTM2D(UNITS, 2, **options),
}
OPTIONS = {
    "last": {},
    "sequences": {"return_sequences": True},
    "backwards": {"return_sequences": True, "go_backwards": True},
    "unrolled": {"return_sequences": True, "unroll": True},
}


def case(name, scale=1.0):
    """Return a sequence for the layer."""
    shape = (3, 3, 1) if name == "ConvLSTM2D" else (2,)
    return scale * rng.normal(size=(BATCH, LENGTH, *shape)).astype("float32")


def step(name, x, mask=None, space=layers, scale=1.0, **options):
    """Return the output, and all weights after a step of training, behind a Dense layer."""
    keras.utils.set_random_seed(3)
    inputs = keras.Input(x.shape[1:]), keras.Input((None,), dtype="bool")
    before = keras.layers.Dense(x.shape[-1])
    layer = LAYERS[name](space, **options)
    y = layer(before(inputs[0]), **({} if mask is None else {"mask": inputs[1]}))
    # An operation drops the mask: the loss counts masked steps too.
    model = keras.Model(inputs, keras.ops.multiply(y, 2.0))
    model.set_weights([scale * w for w in model.get_weights()])
    model.compile(keras.optimizers.SGD(0.1), "mse", run_eagerly=keras.backend.backend() != "jax")
    arrays = [x, np.ones(x.shape[:2], bool) if mask is None else mask]
    output = keras.ops.convert_to_numpy(model(arrays))
    model.train_on_batch(arrays, np.ones_like(output))
    return [output, *model.get_weights()]


def assert_alike(given, expected):
    """Compare two results of `step`."""
    for ours, theirs in zip(given, expected, strict=True):
        assert np.isfinite(ours).all()
        assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e30])
@pytest.mark.parametrize("name", LAYERS)
def test_what_masked_steps_hold_does_not_matter(name, value):
    x = case(name)
    zeroed, filled = x.copy(), x.copy()
    zeroed[~MASK], filled[~MASK] = 0.0, value
    options = {"return_sequences": True}
    layer = LAYERS[name](layers, **options)
    assert_close(layer(filled, mask=MASK), layer(zeroed, mask=MASK))
    for given in (filled, zeroed):
        assert np.isfinite(np.asarray(keras.ops.convert_to_numpy(layer(given, mask=MASK)))).all()


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="the tape is TensorFlow's")
@pytest.mark.parametrize("value", [np.nan, np.inf, 1e30])
@pytest.mark.parametrize("name", LAYERS)
def test_no_gradient_meets_what_masked_steps_hold(name, value):
    import tensorflow as tf

    x = case(name)
    layer = LAYERS[name](layers, return_sequences=True)

    def gradients(fill):
        given = tf.constant(np.where(MASK.reshape(*MASK.shape, *[1] * (x.ndim - 2)), x, fill))
        with tf.GradientTape() as tape:
            tape.watch(given)
            total = keras.ops.sum(layer(given, mask=MASK) ** 2)
        return tape.gradient(total, [given, *(w.value for w in layer.trainable_weights)])

    assert_alike([g.numpy() for g in gradients(np.float32(value))], gradients(np.float32(0)))


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("name", LAYERS)
def test_training_with_a_mask_is_that_of_keras(name, options):
    if name in ("Bidirectional", "ConvLSTM2D") and options in ("backwards", "unrolled"):
        pytest.skip("one direction is backwards anyway; Keras does not write this one out")
    x = case(name)
    given, expected = (step(name, x, MASK, s, **OPTIONS[options]) for s in (layers, keras.layers))
    assert_alike(given, expected)


@pytest.mark.slow
@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize(
    ("edge", "scale", "weights"), [("saturated", 100.0, 100.0), ("zero", 0.0, 1.0)]
)
def test_training_at_an_edge_is_that_of_keras(name, edge, scale, weights):
    x = case(name, scale)
    options = {"scale": weights, "return_sequences": True}
    assert_alike(*(step(name, x, space=space, **options) for space in (layers, keras.layers)))


@pytest.mark.parametrize("name", LAYERS)
def test_one_step_trains_as_in_keras(name):
    x = case(name)[:, :1]
    assert_alike(*(step(name, x, MASK[:, :1], space) for space in (layers, keras.layers)))


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("name", LAYERS)
def test_half_precision_with_a_mask_stays_near_single(name, policy):
    x = case(name)
    options = {"return_sequences": True}
    single = LAYERS[name](layers, **options)
    single(x)
    half = LAYERS[name](layers, dtype=policy, **options)
    half.build(x.shape)
    half.set_weights(single.get_weights())
    given = half(x, mask=MASK)
    assert keras.backend.standardize_dtype(given.dtype) == policy.removeprefix("mixed_")
    expected = single(x, mask=MASK)
    assert_close(keras.ops.cast(given, "float32"), expected, rtol=0.03, atol=0.02)
