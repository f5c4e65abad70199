import numpy as np
import pytest
from components.arrays import assert_close, assert_same
from keras import ops

from dlprep import layers
from dlprep.layers import LayerNormalization
from dlprep.reference import normalization as reference

rng = np.random.default_rng(0)
X = rng.normal(3, 2, size=(4, 6)).astype("float32")


def test_equals_the_reference():
    layer = LayerNormalization(epsilon=1e-5)
    layer.build(X.shape)
    gamma, beta = rng.normal(size=6), rng.normal(size=6)
    layer.set_weights([gamma, beta])
    expected, _ = reference.layer_normalization(X.astype(float), gamma, beta, 1e-5)
    # Standardised values near 0 carry the absolute error of values near 1.
    assert_close(layer(X), expected, rtol=1e-5, atol=2e-6)


def test_small_variance_around_a_large_mean():
    x = (1e4 + np.array([[-1.0, 1, -1, 1]])).astype("float32")
    assert_close(LayerNormalization(epsilon=1e-6)(x)[0], [-1, 1, -1, 1], rtol=1e-5)


def test_constant_input_gives_beta():
    layer = LayerNormalization(beta_initializer="ones")
    assert_same(layer(np.full((2, 5), 1e4)), np.ones((2, 5)))


@pytest.mark.parametrize("policy", ["mixed_float16", "float16"])
def test_half_precision_squares_do_not_overflow(policy):
    x = np.array([[-1000.0, 1000.0]])
    y = ops.convert_to_numpy(LayerNormalization(dtype=policy)(x))
    assert_close(y, [[-1, 1]], rtol=1e-3)


def test_several_axes_share_their_statistics():
    x = rng.normal(size=(2, 3, 4)).astype("float32")
    layer = LayerNormalization(axis=[-1, 1], epsilon=0)
    y = ops.convert_to_numpy(layer(x))
    assert tuple(layer.gamma.shape) == (3, 4)
    assert_close(y.mean((1, 2)), 0, atol=1e-6)
    assert_close(y.std((1, 2)), 1, rtol=1e-5)


def test_config_is_the_same_after_build():
    layer = LayerNormalization(axis=[2, 1])
    before = layer.get_config()
    layer.build((2, 3, 4))
    assert layer.get_config() == before
    assert before["axis"] == [2, 1]


def test_last_axis_is_found_in_inputs_of_another_rank():
    layer = LayerNormalization(epsilon=0)
    layer.build((None, 6))
    y = ops.convert_to_numpy(layer(np.stack([X, X + 1])))
    assert_close(y.mean(-1), 0, atol=1e-6)


@pytest.mark.parametrize("axis", [2, -3, [1, 2]])
@pytest.mark.parametrize("name", ["LayerNormalization", "RMSNormalization", "UnitNormalization"])
def test_an_axis_that_the_input_has_not_is_refused(name, axis):
    with pytest.raises(ValueError, match=r"out of bounds.*\(4, 3\)"):
        getattr(layers, name)(axis=axis)(np.ones((4, 3)))
