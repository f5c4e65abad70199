import keras
import numpy as np
import pytest
from components.arrays import assert_close
from keras import ops

from dlprep import layers

X = np.array([[-3.0, -1.0, 0.0, 2.0, 9.0]], "float32")


def test_relu_cuts_caps_and_leaks():
    layer = layers.ReLU(max_value=6, negative_slope=0.5, threshold=1.0)
    assert_close(layer(X)[0], [-2, -1, -0.5, 2, 6])


def test_leaky_relu_keeps_a_share():
    assert_close(layers.LeakyReLU()(X)[0], [-0.9, -0.3, 0, 2, 9], rtol=1e-6)


def test_elu_bends_to_its_floor():
    expected = np.where(X > 0, X, 2 * np.expm1(X))
    assert_close(layers.ELU(alpha=2.0)(X), expected, rtol=1e-6)


def test_prelu_learns_one_slope_per_channel():
    layer = layers.PReLU(shared_axes=[1])
    layer.build((None, 4, 3))
    layer.alpha.assign([[0.1, 0.2, 0.3]])
    y = ops.convert_to_numpy(layer(-np.ones((1, 4, 3))))
    assert_close(y[0, 2], [-0.1, -0.2, -0.3], rtol=1e-6)


@pytest.mark.parametrize("axes", [None, 0, [0], [0, 1], [1, 2], (2,)])
def test_prelu_shares_the_axes_that_keras_shares(axes):
    ours = layers.PReLU(shared_axes=axes)
    theirs = keras.layers.PReLU(shared_axes=[0] if axes == 0 else axes)
    ours.build((None, 4, 3)), theirs.build((None, 4, 3))
    assert ours.alpha.shape == theirs.alpha.shape
    assert ours.input_spec.axes == theirs.input_spec.axes


def test_softmax_over_several_axes_sums_to_one():
    y = ops.convert_to_numpy(layers.Softmax(axis=[1, 2])(np.arange(24.0).reshape(2, 3, 4)))
    assert_close(y.sum((1, 2)), 1, rtol=1e-6)


def test_softmax_over_several_axes_with_a_mask():
    x, mask = np.ones((2, 3, 1)), np.array([[[1], [0], [1]], [[0], [0], [1]]], bool)
    y = ops.convert_to_numpy(layers.Softmax(axis=(1, 2))(x, mask=mask))
    np.testing.assert_allclose(y[..., 0], [[0.5, 0.0, 0.5], [0.0, 0.0, 1.0]], rtol=1e-6)


@pytest.mark.parametrize("axis", [-1, 2, (1, 3)])
def test_softmax_takes_more_axes_than_tensorflow(axis):
    """Its kernel takes five on a processor."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 3, 2, 3, 2, 2)).astype("float32")
    e = np.exp(x.astype("float64"))
    given = layers.Softmax(axis)(x)
    assert_close(given, e / e.sum(axis=axis, keepdims=True), rtol=1e-5)
    mask = rng.integers(2, size=x.shape).astype(bool)
    given, e = layers.Softmax(axis)(x, mask=mask), e * mask
    total = e.sum(axis=axis, keepdims=True)
    assert_close(given, e / np.where(total, total, 1), rtol=1e-5)


@pytest.mark.parametrize("dtype", ["int8", "int32", "int64", "uint8"])
def test_softmax_of_whole_numbers_under_a_mask(dtype):
    x, mask = np.array([[1, 2, 3]]), np.array([[True, True, False]])
    given = layers.Softmax()(x.astype(dtype), mask=mask)
    assert_close(given, keras.layers.Softmax()(x.astype("float32"), mask=mask), rtol=1e-6)


def test_softmax_gives_masked_positions_nothing_even_alone():
    mask = np.array([[True, True, False], [False, False, False]])
    y = ops.convert_to_numpy(layers.Softmax()(np.full((2, 3), 7.0), mask=mask))
    assert_close(y, [[0.5, 0.5, 0], [0, 0, 0]])


@pytest.mark.parametrize("shape", [(2, 4), (1, 2, 3)])
def test_softmax_refuses_masks_that_do_not_broadcast(shape):
    with pytest.raises(ValueError, match="mask"):
        layers.Softmax()(np.ones((2, 3)), mask=np.ones(shape, bool))


@pytest.mark.parametrize(
    "make",
    [
        lambda: layers.ReLU(max_value=-1),
        lambda: layers.ReLU(negative_slope=None),
        lambda: layers.ReLU(threshold=-1),
        lambda: layers.LeakyReLU(-0.1),
    ],
)
def test_negative_settings_are_refused(make):
    with pytest.raises(ValueError, match="cannot be"):
        make()


def test_old_name_of_the_slope_warns():
    with pytest.warns(UserWarning, match="negative_slope"):
        assert layers.LeakyReLU(alpha=0.1).negative_slope == 0.1


@pytest.mark.parametrize("axes", [[9], [-1], [1, 3], 3])
def test_prelu_shares_only_axes_that_there_are(axes):
    with pytest.raises(ValueError, match=r"shared_axes.*\(None, 4, 3\)"):
        layers.PReLU(shared_axes=axes).build((None, 4, 3))


def test_the_threshold_itself_is_cut():
    assert_close(layers.ReLU(threshold=1.0)(np.array([0.5, 1.0, 1.5])), [0, 0, 1.5])
