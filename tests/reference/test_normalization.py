import numpy as np
import pytest
from reference.finite_differences import assert_gradients

from dlprep.reference.normalization import (
    batch_normalization,
    layer_normalization,
    normalization_backward,
    rms_normalization,
    rms_normalization_backward,
)

rng = np.random.default_rng(0)
X, gamma, beta = rng.normal(3, 2, size=(4, 2, 3)), rng.normal(size=3), rng.normal(size=3)


@pytest.mark.parametrize(
    "normalization, axes", [(batch_normalization, (0, 1)), (layer_normalization, 2)]
)
def test_mean_is_beta_and_deviation_is_gamma(normalization, axes):
    Y, _ = normalization(X, np.full(3, 5.0), np.full(3, 7.0), epsilon=0)
    np.testing.assert_allclose(Y.mean(axes), 7)
    np.testing.assert_allclose(Y.std(axes), 5)


@pytest.mark.parametrize("normalization", [batch_normalization, layer_normalization])
def test_gradients_equal_finite_differences(normalization):
    dY = rng.normal(size=X.shape)
    gradients = normalization_backward(dY, normalization(X, gamma, beta)[1])
    assert_gradients(
        lambda *arrays: np.sum(dY * normalization(*arrays)[0]), (X, gamma, beta), gradients
    )


def test_gradient_is_orthogonal_to_shift_and_scale_of_the_input():
    Y, cache = layer_normalization(X, gamma, beta, epsilon=0)
    dX, _, _ = normalization_backward(rng.normal(size=X.shape), cache)
    np.testing.assert_allclose(dX.sum(-1), 0, atol=1e-12)
    np.testing.assert_allclose((dX * X).sum(-1), 0, atol=1e-12)


def test_rms_normalization_ignores_the_scale_of_the_input():
    np.testing.assert_allclose(
        rms_normalization(100 * X, gamma, 0)[0], rms_normalization(X, gamma, 0)[0]
    )


def test_rms_gradients_equal_finite_differences():
    dY = rng.normal(size=X.shape)
    gradients = rms_normalization_backward(dY, rms_normalization(X, gamma)[1])
    assert_gradients(
        lambda *arrays: np.sum(dY * rms_normalization(*arrays)[0]), (X, gamma), gradients
    )
