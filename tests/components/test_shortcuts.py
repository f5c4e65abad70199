"""Residual, highway and stochastic depth in numbers."""

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close, assert_same
from keras import ops

from dlprep.layers import Conv2D, Dense, Highway, Residual, StochasticDepth
from dlprep.layers.residual import strides_between
from dlprep.reference import shortcuts as reference

rng = np.random.default_rng(0)
X = rng.normal(size=(3, 4)).astype("float32")


def test_residual_without_projection_adds_its_input():
    inner = Dense(4)
    layer = Residual(inner)
    assert_close(layer(X), reference.residual(X, array(inner(X))), rtol=1e-5, atol=1e-6)
    assert layer.projection is None


def test_residual_projects_where_the_features_differ():
    inner = Dense(2)
    layer = Residual(inner)
    expected = reference.residual(X, array(inner(X)), array(layer_projection(layer)))
    assert_close(layer(X), expected, rtol=1e-5, atol=1e-6)


def layer_projection(layer):
    layer(X)
    return layer.projection


@pytest.mark.parametrize("size", [5, 6])
def test_strided_shortcut_is_a_convolution_of_width_one(size):
    image = rng.normal(size=(2, size, size, 3)).astype("float32")
    layer = Residual(Conv2D(4, 3, strides=2, padding="same", kernel_initializer="zeros"))
    given = layer(image)
    kernel = ops.reshape(layer.projection, (1, 1, 3, 4))
    expected = ops.conv(ops.array(image), kernel, strides=2)
    assert_close(given, expected, rtol=1e-5, atol=1e-6)


def test_an_axis_without_entries_is_carried():
    assert Residual(keras.layers.Activation("relu"))(np.ones((1, 0, 3))).shape == (1, 0, 3)
    with pytest.raises(ValueError, match="whole strides"):
        strides_between((1, 0, 3), (1, 4, 3))


def test_strides_that_do_not_exist():
    assert strides_between((None, 7, 2), (None, 7, 5)) is None
    assert strides_between((None, None, 2), (None, None, 5)) is None
    assert strides_between((None, 7, 2), (None, 3, 5)) == [3]
    for output in [(None, 5, 2), (None, 8, 2), (None, 2)]:
        with pytest.raises(ValueError, match="whole strides"):
            strides_between((None, 7, 2), output)


def test_deep_stack_of_silent_branches_is_the_identity():
    layers = [Residual(Dense(4, kernel_initializer="zeros")) for _ in range(30)]
    assert_same(keras.Sequential(layers)(X), X)


def test_highway_equals_the_reference():
    layer = Highway("tanh")
    layer.build(X.shape)
    W_h, W_t, b_h, b_t = (rng.normal(size=s) for s in [(4, 4), (4, 4), 4, 4])
    layer.kernel.assign(W_h), layer.gate_kernel.assign(W_t)
    layer.bias.assign(b_h), layer.gate_bias.assign(b_t)
    expected, _ = reference.highway(X.astype(float), W_h, b_h, W_t, b_t)
    assert_close(layer(X), expected, rtol=1e-5, atol=1e-6)


def test_halves_of_a_highway_start_apart_and_the_gate_nearly_closed():
    layer = Highway()
    layer.build(X.shape)
    assert np.any(array(layer.kernel != layer.gate_kernel))
    assert_same(layer.gate_bias, -np.ones(4))


def test_stochastic_depth_shrinks_in_inference():
    inner = Dense(4)
    layer = StochasticDepth(inner, 0.25)
    expected = reference.stochastic_depth(X, array(inner(X)), 0.25)
    assert_close(layer(X), expected, rtol=1e-5, atol=1e-6)


def test_stochastic_depth_drops_whole_rows_in_training():
    layer = StochasticDepth(Dense(2, kernel_initializer="ones"), 0.3, seed=1)
    y = array(layer(np.ones((10_000, 2)), training=True))
    assert set(np.unique(y)) == {1.0, 3.0}
    assert_same(y[:, 0], y[:, 1])
    # Standard error 0.0046.
    assert np.mean(y == 1) == pytest.approx(0.3, abs=0.02)


def test_rate_must_be_a_probability():
    with pytest.raises(ValueError, match="between 0 and 1"):
        StochasticDepth(Dense(2), rate=1.5)
