import numpy as np
import pytest
from reference.finite_differences import assert_gradients

from dlprep.reference.adversarial import gan, wasserstein_gan
from dlprep.reference.autoencoder import (
    least_error,
    linear_autoencoder,
    linear_autoencoder_backward,
)
from dlprep.reference.variational_autoencoder import (
    variational_autoencoder,
    variational_autoencoder_backward,
)

rng = np.random.default_rng(0)
X, Z = rng.normal(1, 1, size=(6, 3)), rng.normal(size=(6, 2))
PLAYERS = [rng.normal(size=shape) for shape in [(2, 3), (3,), (3, 1), (1,)]]


def test_autoencoder_gradients_equal_finite_differences():
    E, D = rng.normal(size=(3, 2)), rng.normal(size=(2, 3))
    gradients = linear_autoencoder_backward(X, E, D)
    assert_gradients(lambda E, D: linear_autoencoder(X, E, D), (E, D), gradients)


def test_principal_components_reach_the_least_error():
    V = np.linalg.svd(X)[2][:2].T
    assert linear_autoencoder(X, V, V.T) == pytest.approx(least_error(X, 2))
    other = np.linalg.qr(rng.normal(size=(3, 2)))[0]
    assert linear_autoencoder(X, other, other.T) > least_error(X, 2)


def test_variational_autoencoder_gradients_equal_finite_differences():
    X, epsilon = rng.uniform(size=(6, 3)), rng.normal(size=(6, 2))
    arrays = [rng.normal(size=shape) for shape in [(3, 4), 4, (2, 3), 3]]
    _, cache = variational_autoencoder(X, epsilon, *arrays, beta=0.5)
    gradients = variational_autoencoder_backward(X, epsilon, arrays[2], cache, beta=0.5)
    assert_gradients(
        lambda *a: variational_autoencoder(X, epsilon, *a, beta=0.5)[0], arrays, gradients
    )


def test_a_code_that_says_nothing_costs_the_entropy_of_fair_coins():
    zeros = [np.zeros(shape) for shape in [(6, 2), (3, 4), 4, (2, 3), 3]]
    J, _ = variational_autoencoder(rng.uniform(size=(6, 3)), *zeros)
    assert pytest.approx(3 * np.log(2)) == J


@pytest.mark.parametrize("game", [gan, wasserstein_gan])
def test_each_player_gets_the_gradient_of_its_own_loss(game):
    A, c, w, b = PLAYERS
    dA, dc, dw, db = game(X, Z, *PLAYERS)[1]
    assert_gradients(lambda A, c: game(X, Z, A, c, w, b)[0][0], (A, c), (dA, dc))
    assert_gradients(lambda w, b: game(X, Z, A, c, w, b)[0][1], (w, b), (dw, db))


def test_nobody_moves_where_the_generated_rows_are_the_real_ones():
    A, c, w, b = PLAYERS
    _, (dA, _, dw, _) = gan(Z @ A + c, Z, A, c, 0 * w, 0 * b)
    np.testing.assert_allclose(np.append(dA, dw), 0, atol=1e-12)
