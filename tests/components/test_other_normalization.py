"""Group, root-mean-square, unit and spectral normalisation in numbers."""

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close
from components.cases.layers import LAYERS
from components.test_layers import apply, build, draw
from keras import ops

from dlprep import layers
from dlprep.layers.spectral_normalization import spectral_norm
from dlprep.reference import normalization as reference

rng = np.random.default_rng(0)
IMAGES = rng.normal(3, 2, size=(2, 4, 5, 6)).astype("float32")


def test_groups_are_standardised_by_themselves():
    y = ops.convert_to_numpy(layers.GroupNormalization(groups=3, epsilon=0)(IMAGES))
    parts = y.reshape(2, 20, 3, 2)
    assert_close(parts.mean((1, 3)), 0, atol=1e-5)
    assert_close(parts.std((1, 3)), 1, rtol=1e-5)


def test_one_group_is_layer_normalization_over_everything():
    group = layers.GroupNormalization(groups=1)(IMAGES)
    whole = layers.LayerNormalization(axis=[1, 2, 3])(IMAGES)
    assert_close(group, whole, rtol=1e-4, atol=1e-5)


def test_minus_one_takes_a_group_per_channel_and_keeps_the_config():
    layer = layers.GroupNormalization(groups=-1, epsilon=0)
    y = ops.convert_to_numpy(layer(IMAGES))
    assert_close(y.mean((1, 2)), 0, atol=1e-5)
    assert layer.get_config()["groups"] == -1


def test_channel_axis_can_come_first():
    first = np.moveaxis(IMAGES, -1, 1)
    y = layers.GroupNormalization(groups=3, axis=1)(first)
    expected = layers.GroupNormalization(groups=3)(IMAGES)
    assert_close(np.moveaxis(array(y), 1, -1), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("groups, message", [(4, "multiple"), (7, "more than"), (0, "groups")])
def test_groups_must_divide_the_channels(groups, message):
    with pytest.raises(ValueError, match=message):
        layers.GroupNormalization(groups=groups)(IMAGES)


def test_rms_normalization_equals_the_reference():
    layer = layers.RMSNormalization()
    layer.build(IMAGES.shape)
    gamma = rng.normal(size=6)
    layer.scale.assign(gamma)
    expected, _ = reference.rms_normalization(IMAGES.astype(float), gamma)
    assert_close(layer(IMAGES), expected, rtol=1e-5)


@pytest.mark.parametrize("layer", ["RMSNormalization", "UnitNormalization"])
def test_half_precision_squares_do_not_overflow(layer):
    y = getattr(layers, layer)(dtype="float16")(np.array([[3000.0, 4000.0]]))
    y = ops.convert_to_numpy(y).astype(float)
    assert y[0, 0] / y[0, 1] == pytest.approx(0.75, rel=2e-3)


@pytest.mark.skipif(keras.backend.backend() == "jax", reason="JAX knows no float64 unless told")
@pytest.mark.parametrize("name", [name for name in LAYERS if "Normal" in name or "Scal" in name])
def test_a_layer_in_float64_loses_no_digit_of_what_comes_in_float32(name):
    results = []
    for dtype in ("float32", "float64"):
        keras.utils.set_random_seed(0)
        layer, inputs = build(name, dtype="float64"), [ops.cast(x, dtype) for x in draw(name)]
        options = {"training": True} if layer._call_has_training_arg else {}
        results.append(apply(name, layer, inputs, **options))
    assert keras.backend.standardize_dtype(results[0].dtype) == "float64"
    assert_close(*results, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    "layer",
    [
        layers.BatchNormalization(epsilon=3.0),
        layers.GroupNormalization(groups=1, epsilon=3.0),
        layers.LayerNormalization(epsilon=3.0),
        layers.RMSNormalization(epsilon=3.0),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_epsilon_is_added_to_the_variance(layer):
    x = np.array([[-1.0, 1.0], [1.0, -1.0]])
    options = {"training": True} if layer._call_has_training_arg else {}
    assert_close(layer(x, **options), x / 2, rtol=1e-6)


def test_unit_normalization_leaves_zeros_alone():
    y = layers.UnitNormalization()(np.array([[0.0, 0.0], [3.0, 4.0]]))
    assert_close(y, [[0, 0], [0.6, 0.8]], rtol=1e-6)


def test_power_iteration_finds_the_largest_singular_value():
    left, right = (np.linalg.qr(rng.normal(size=(5, 5)))[0] for _ in range(2))
    W = left @ np.diag([5.0, 3.0, 2.0, 1.0, 0.5]) @ right
    sigma, _ = spectral_norm(ops.array(W, "float32"), ops.ones((1, 5)), iterations=30)
    assert float(sigma) == pytest.approx(5, rel=1e-5)


def test_training_brings_the_spectral_norm_to_one():
    keras.utils.set_random_seed(0)
    inner = layers.Conv2D(5, 3)
    layer = layers.SpectralNormalization(inner, power_iterations=10)
    for _ in range(20):
        layer(IMAGES, training=True)
    kernel = ops.convert_to_numpy(inner.kernel).reshape(-1, 5)
    assert np.linalg.svd(kernel)[1][0] == pytest.approx(1, rel=1e-3)


def test_spectral_normalization_leaves_inference_and_zeros_alone():
    inner = layers.Dense(2, kernel_initializer="zeros")
    layer = layers.SpectralNormalization(inner)
    assert np.isfinite(ops.convert_to_numpy(layer(np.ones((1, 3)), training=True))).all()
    inner.kernel.assign(np.full((3, 2), 9.0))
    layer(np.ones((1, 3)), training=False)
    assert array(inner.kernel)[0, 0] == 9
    # Zeros have told nothing of a direction: the search goes on from where it was.
    layer(np.ones((1, 3)), training=True)
    assert_close(inner.kernel, np.full((3, 2), 6**-0.5), rtol=1e-5)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: layers.SpectralNormalization(layers.Dense(2), 0), "power_iterations"),
        (lambda: layers.SpectralNormalization("dense"), "valid Keras layer"),
        (lambda: layers.SpectralNormalization(layers.ReLU())(np.ones((1, 3))), "kernel"),
    ],
)
def test_spectral_normalization_names_what_is_wrong(make, message):
    with pytest.raises(ValueError, match=message):
        make()
