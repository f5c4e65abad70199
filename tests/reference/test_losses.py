import numpy as np
import pytest
from reference.finite_differences import assert_gradients

from dlprep.reference import (
    divergences,
    embedding_losses,
    generative_losses,
    losses,
    margin_losses,
    regression_losses,
)

RNG = np.random.default_rng(0)
Z = RNG.normal(size=(4, 3))
INDEX = np.array([0, 2, 1, 1])
REAL, BINARY, ONE_HOT = RNG.normal(size=(4, 3)), RNG.integers(0, 2, (4, 3)) * 1.0, np.eye(3)[INDEX]
SHARES = np.exp(REAL) / np.exp(REAL).sum(-1, keepdims=True)
CODE = RNG.normal(size=(4, 4))
TAUGHT = np.concatenate([ONE_HOT, REAL], -1)
# function, targets, predictions, settings
CASES = [
    (divergences.cosine_similarity, REAL, Z, {}),
    (divergences.distillation_loss, TAUGHT, Z, {"temperature": 3.0, "alpha": 0.3}),
    (divergences.kl_divergence, SHARES, SHARES[::-1].copy(), {}),
    (divergences.poisson, BINARY, SHARES, {}),
    (embedding_losses.contrastive_loss, BINARY, np.abs(Z), {"margin": 1.5}),
    (embedding_losses.info_nce, REAL, Z, {"temperature": 0.5}),
    (embedding_losses.nt_xent, REAL, Z, {"temperature": 0.5}),
    (embedding_losses.triplet_loss, INDEX, Z, {"margin": 0.5}),
    (generative_losses.gaussian_kl, CODE[::-1], CODE, {}),
    (generative_losses.negative_elbo, BINARY, np.concatenate([Z, CODE], -1), {"beta": 0.7}),
    (generative_losses.non_saturating_gan, BINARY, Z, {}),
    (generative_losses.wasserstein_loss, 2 * BINARY - 1, Z, {}),
    (losses.binary_crossentropy, BINARY, Z, {"label_smoothing": 0.2}),
    (losses.categorical_crossentropy, ONE_HOT, Z, {"label_smoothing": 0.2}),
    (losses.mean_squared_error, REAL, Z, {}),
    (losses.sparse_categorical_crossentropy, INDEX, Z, {}),
    (margin_losses.categorical_hinge, ONE_HOT, Z, {}),
    (margin_losses.hinge, 2 * BINARY - 1, Z, {}),
    (margin_losses.perceptron_loss, 2 * BINARY - 1, Z, {}),
    (margin_losses.squared_hinge, 2 * BINARY - 1, Z, {}),
    (regression_losses.huber, REAL, Z, {"delta": 0.7}),
    (regression_losses.log_cosh, REAL, Z, {}),
    (regression_losses.mean_absolute_error, REAL, Z, {}),
]


@pytest.mark.parametrize(("function", "y", "predicted", "settings"), CASES)
def test_gradients_equal_finite_differences(function, y, predicted, settings):
    loss, gradient = function(y, predicted, **settings)
    assert loss.shape == (4,)
    assert_gradients(lambda z: np.sum(function(y, z, **settings)[0]), [predicted], [gradient])


@pytest.mark.parametrize(
    "function", [generative_losses.gradient_penalty, generative_losses.saturating_generator]
)
def test_gradients_without_targets_equal_finite_differences(function):
    assert_gradients(lambda z: np.sum(function(z)[0]), [Z], [function(Z)[1]])


def test_values_by_hand():
    loss, _ = losses.mean_squared_error(np.array([[1.0, 2.0]]), np.array([[2.0, 5.0]]))
    assert loss == pytest.approx(5.0)
    loss, _ = losses.binary_crossentropy(np.array([[1.0, 0.0]]), np.log([[3.0, 3.0]]))
    assert loss == pytest.approx((np.log(4 / 3) + np.log(4)) / 2)
    loss, _ = losses.sparse_categorical_crossentropy(np.array([1]), np.log([[1.0, 3.0]]))
    assert loss == pytest.approx(np.log(4 / 3))


def test_uniform_smoothing_pulls_towards_one_half():
    loss, gradient = losses.binary_crossentropy(np.array([[1.0]]), np.array([[0.0]]), 1.0)
    assert loss == pytest.approx(np.log(2))
    assert gradient == pytest.approx(0.0)
