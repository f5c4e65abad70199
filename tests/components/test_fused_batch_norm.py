"""One kernel normalises large examples, and does what the formula does."""

import keras
import numpy as np
import pytest
from components.arrays import assert_close

from dlprep import layers
from dlprep.layers import fused_batch_norm

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="the fast path is TensorFlow's"
)
SHAPES = [(6, 5), (4, 7, 5), (4, 3, 2, 5), (2, 3, 2, 2, 5)]


def outcome(shape, smallest, monkeypatch, training=True, mean=0.0, mask=None, **settings):
    """Return output, first and second gradients, and the moved statistics of a layer."""
    import tensorflow as tf

    monkeypatch.setattr(fused_batch_norm, "SMALLEST", smallest)
    rng = np.random.default_rng(0)
    layer = layers.BatchNormalization(**settings)
    layer.build(shape)
    for weight in layer.weights:
        weight.assign(rng.uniform(0.5, 2.0, weight.shape) + mean * weight.path.endswith("_mean"))
    x = tf.constant((rng.normal(size=shape) + mean).astype("float32"))
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, training=training, mask=mask)
            cubes = tf.reduce_sum((y - mean) ** 3)
        first = tape.gradient(cubes, [x, *(w.value for w in layer.trainable_weights)])
        size = tf.reduce_sum(first[0] ** 2)
    return [y, *first, outer.gradient(size, x), *layer.non_trainable_weights]


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_kernel_is_the_formula(shape, training, monkeypatch):
    plain = outcome(shape, np.inf, monkeypatch, training)
    fast = outcome(shape, 0, monkeypatch, training)
    assert len(fast) == len(plain) == 7
    for given, expected in zip(fast, plain, strict=True):
        assert_close(given, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("settings", [{"center": False}, {"scale": False}, {"epsilon": 2e-5}])
def test_settings_reach_the_kernel(settings, monkeypatch):
    plain = outcome((4, 3, 2, 5), np.inf, monkeypatch, **settings)
    for given, expected in zip(
        outcome((4, 3, 2, 5), 0, monkeypatch, **settings), plain, strict=True
    ):
        assert_close(given, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("training", [True, False])
def test_masked_entries_do_not_count_where_the_kernel_could_run(training, monkeypatch):
    mask = np.random.default_rng(1).random((4, 7)) < 0.6
    plain, fast = (
        outcome((4, 7, 5), smallest, monkeypatch, training, mask=mask) for smallest in (np.inf, 0)
    )
    for given, expected in zip(fast, plain, strict=True):
        assert_close(given, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("training", [True, False])
def test_values_around_a_large_mean_keep_their_digits(training, monkeypatch):
    plain = outcome((64, 3, 2, 5), np.inf, monkeypatch, training, mean=1e4)
    fast = outcome((64, 3, 2, 5), 0, monkeypatch, training, mean=1e4)
    assert_close(fast[0], plain[0], rtol=1e-5, atol=2e-3)
    assert_close(fast[-1], plain[-1], rtol=1e-3)


def test_only_what_the_kernel_can_take_goes_there(monkeypatch):
    monkeypatch.setattr(fused_batch_norm, "SMALLEST", 0)
    x = keras.ops.ones((2, 3, 4, 5))
    assert fused_batch_norm.kernel_takes(x, axis=-1, epsilon=1e-3)
    assert fused_batch_norm.kernel_takes(x, axis=3, epsilon=1e-3)
    assert not fused_batch_norm.kernel_takes(x, axis=1, epsilon=1e-3)
    assert not fused_batch_norm.kernel_takes(x, axis=-1, epsilon=1e-6)
    assert not fused_batch_norm.kernel_takes(keras.ops.cast(x, "float64"), axis=-1, epsilon=1e-3)
    monkeypatch.setattr(fused_batch_norm, "SMALLEST", 61)
    assert not fused_batch_norm.kernel_takes(x, axis=-1, epsilon=1e-3)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "mixed_float16"])
def test_half_precision_is_widened_for_the_kernel(dtype, training, monkeypatch):
    x = np.random.default_rng(0).normal(size=(4, 3, 2, 5))
    outputs = []
    for smallest in (0, np.inf):
        monkeypatch.setattr(fused_batch_norm, "SMALLEST", smallest)
        y = layers.BatchNormalization(dtype=dtype)(x, training=training)
        assert keras.backend.standardize_dtype(y.dtype) == dtype.removeprefix("mixed_")
        outputs.append(keras.ops.cast(y, "float32"))
    assert_close(*outputs, rtol=1e-2, atol=1e-2)
