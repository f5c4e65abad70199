import numpy as np
import pytest
from components.arrays import assert_same
from keras import ops

from dlprep import layers

ONES = np.ones((200, 1000), "float32")


def noisy(layer, x=ONES):
    return ops.convert_to_numpy(layer(x, training=True))


def test_gaussian_noise_has_its_deviation():
    y = noisy(layers.GaussianNoise(0.5, seed=0))
    assert y.mean() == pytest.approx(1, abs=0.005)
    assert y.std() == pytest.approx(0.5, abs=0.005)


def test_gaussian_dropout_has_the_moments_of_dropout():
    y = noisy(layers.GaussianDropout(0.2, seed=0))
    assert y.mean() == pytest.approx(1, abs=0.005)
    assert y.var() == pytest.approx(0.2 / 0.8, abs=0.005)


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_alpha_dropout_keeps_mean_and_variance(rate):
    x = np.random.default_rng(0).normal(size=ONES.shape).astype("float32")
    y = noisy(layers.AlphaDropout(rate, seed=0), x)
    assert y.mean() == pytest.approx(0, abs=0.02)
    assert y.var() == pytest.approx(1, abs=0.03)


def test_alpha_dropout_shares_its_mask_over_an_axis():
    y = noisy(layers.AlphaDropout(0.5, noise_shape=(None, 1), seed=0))
    assert (y == y[:, :1]).all()


@pytest.mark.parametrize("cls, shape", [("1D", (50, 9, 40)), ("2D", (50, 4, 5, 40))])
def test_spatial_dropout_drops_whole_maps(cls, shape):
    y = noisy(getattr(layers, f"SpatialDropout{cls}")(0.5, seed=0), np.ones(shape))
    maps = y.reshape(50, -1, 40)
    assert (maps.std(axis=1) == 0).all()
    assert (maps == 0).mean() == pytest.approx(0.5, abs=0.05)


def test_spatial_dropout_finds_the_channels_first():
    layer = layers.SpatialDropout2D(0.5, data_format="channels_first", seed=0)
    y = noisy(layer, np.ones((20, 30, 4, 5)))
    assert (y.reshape(20, 30, -1).std(axis=2) == 0).all()


@pytest.mark.parametrize(
    "layer",
    [
        layers.GaussianNoise(0.5),
        layers.GaussianDropout(0.5),
        layers.AlphaDropout(0.5),
        layers.SpatialDropout1D(0.5),
    ],
)
def test_inference_changes_nothing(layer):
    x = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")
    assert_same(layer(x, training=False), x)


def test_impossible_noise_is_refused():
    with pytest.raises(ValueError, match="stddev"):
        layers.GaussianNoise(-1)
    with pytest.raises(ValueError, match="rate"):
        layers.AlphaDropout(2)
    with pytest.raises(ValueError, match="infinite"):
        layers.GaussianDropout(1.0)(ONES, training=True)
