import numpy as np
import pytest
from reference.finite_differences import assert_gradients

from dlprep.reference.normalization import (
    batch_normalization,
    group_normalization,
    layer_normalization,
    normalization_backward,
    rms_normalization,
    rms_normalization_backward,
)
from dlprep.reference.unit_norm import (
    power_iteration,
    spectral_normalization,
    spectral_normalization_backward,
    unit_normalization,
    unit_normalization_backward,
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


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_group_gradients_equal_finite_differences(groups):
    X, gamma, beta = rng.normal(size=(2, 3, 2, 4)), rng.normal(size=4), rng.normal(size=4)
    dY = rng.normal(size=X.shape)
    gradients = normalization_backward(dY, group_normalization(X, groups, gamma, beta)[1])
    assert_gradients(
        lambda X, *weights: np.sum(dY * group_normalization(X, groups, *weights)[0]),
        (X, gamma, beta),
        gradients,
    )


def test_one_group_of_a_row_is_layer_normalization():
    rows = X[:, 0]
    np.testing.assert_allclose(
        group_normalization(rows, 1, gamma, beta)[0], layer_normalization(rows, gamma, beta)[0]
    )


@pytest.mark.parametrize("axes", [-1, (0, 2)])
def test_unit_gradient_equals_finite_differences(axes):
    dY = rng.normal(size=X.shape)
    gradient = unit_normalization_backward(dY, *unit_normalization(X, axes), axes)
    assert_gradients(lambda X: np.sum(dY * unit_normalization(X, axes)[0]), (X,), (gradient,))


def test_power_iteration_finds_the_largest_singular_value():
    W = rng.normal(size=(5, 3))
    W_bar, sigma = spectral_normalization(W, *power_iteration(W, np.ones(3), 100))
    assert sigma == pytest.approx(np.linalg.svd(W)[1][0])
    assert np.linalg.svd(W_bar)[1][0] == pytest.approx(1)


def test_spectral_gradient_equals_finite_differences():
    W, dW_bar = rng.normal(size=(2, 4, 3))
    vectors = power_iteration(W, np.ones(3), 2)
    gradient = spectral_normalization_backward(
        dW_bar, *spectral_normalization(W, *vectors), *vectors
    )
    assert_gradients(
        lambda W: np.sum(dW_bar * spectral_normalization(W, *vectors)[0]), (W,), (gradient,)
    )
