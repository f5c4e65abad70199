import numpy as np
import pytest
from reference.finite_differences import assert_gradients

from dlprep.reference import noise
from dlprep.reference.dropout import (
    classic_dropout,
    classic_dropout_backward,
    dropout_mask,
    inverted_dropout,
    inverted_dropout_backward,
    spatial_mask,
)

rng = np.random.default_rng(0)


def test_mask_keeps_the_share_one_minus_p():
    assert dropout_mask(rng, (100_000,), 0.3).mean() == pytest.approx(0.7, abs=0.01)


@pytest.mark.parametrize("dropout", [classic_dropout, inverted_dropout])
def test_training_and_testing_agree_on_average(dropout):
    a = np.full(100_000, 3.0)
    training = dropout(a, 0.3, dropout_mask(rng, a.shape, 0.3))
    assert training.mean() == pytest.approx(dropout(a, 0.3).mean(), rel=0.02)


def test_inverted_dropout_leaves_testing_alone_and_classic_does_not():
    a = np.array([2.0])
    assert inverted_dropout(a, 0.5) == 2.0
    assert classic_dropout(a, 0.5) == 1.0


def test_dropping_all_units_gives_zero():
    np.testing.assert_array_equal(inverted_dropout(np.ones(3), 1.0, np.zeros(3)), 0)


@pytest.mark.parametrize(
    "dropout, backward, draws",
    [
        (inverted_dropout, inverted_dropout_backward, np.array([1.0, 0, 1, 0])),
        (classic_dropout, classic_dropout_backward, np.array([1.0, 0, 1, 0])),
        (classic_dropout, classic_dropout_backward, None),
        (noise.alpha_dropout, noise.alpha_dropout_backward, np.array([1.0, 0, 1, 0])),
        (noise.gaussian_dropout, noise.gaussian_dropout_backward, rng.normal(size=4)),
        (noise.gaussian_noise, lambda dA, sigma, xi: dA, rng.normal(size=4)),
    ],
)
def test_gradient_equals_finite_differences(dropout, backward, draws):
    a, dA = rng.normal(size=(2, 4))
    gradient = backward(dA, 0.4, draws)
    assert_gradients(lambda a: np.sum(dA * dropout(a, 0.4, draws)), (a,), (gradient,))


def test_a_map_lives_or_dies_as_a_whole():
    a = np.ones((50, 4, 5, 40))
    maps = inverted_dropout(a, 0.5, spatial_mask(rng, a.shape, 0.5)).reshape(50, 20, 40)
    assert (maps == maps[:, :1]).all()
    assert (maps == 0).mean() == pytest.approx(0.5, abs=0.05)


def test_gaussian_dropout_has_the_moments_of_dropout():
    y = noise.gaussian_dropout(np.ones(200_000), 0.2, rng.normal(size=200_000))
    # Standard errors: 0.001 of the mean, 0.0008 of the variance.
    assert y.mean() == pytest.approx(1, abs=0.005)
    assert y.var() == pytest.approx(0.2 / 0.8, abs=0.005)


def test_alpha_dropout_keeps_mean_and_variance():
    a = rng.normal(size=200_000)
    y = noise.alpha_dropout(a, 0.3, dropout_mask(rng, a.shape, 0.3))
    assert y.mean() == pytest.approx(0, abs=0.01)
    assert y.var() == pytest.approx(1, abs=0.02)
