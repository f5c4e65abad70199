import numpy as np
from reference.finite_differences import assert_gradients

from dlprep.reference.lora import lora, lora_backward
from dlprep.reference.sampling import reparameterize, reparameterize_backward
from dlprep.reference.scaling import (
    min_max_scaling,
    min_max_scaling_backward,
    standardize,
    standardize_backward,
)

rng = np.random.default_rng(0)


def test_low_rank_gradients_equal_finite_differences():
    X, W, A, B, dZ = (rng.normal(size=shape) for shape in [(3, 4), (4, 5), (4, 2), (2, 5), (3, 5)])
    gradients = lora_backward(dZ, X, W, A, B, 0.7)
    assert_gradients(lambda X, A, B: np.sum(dZ * lora(X, W, A, B, 0.7)), (X, A, B), gradients)


def test_first_step_moves_the_second_factor_only():
    X, W, A = (rng.normal(size=shape) for shape in [(3, 4), (4, 5), (4, 2)])
    _, dA, dB = lora_backward(np.ones((3, 5)), X, W, A, np.zeros((2, 5)))
    assert not np.any(dA)
    assert np.all(dB)


def test_sampling_gradients_equal_finite_differences():
    mu, log_variance, epsilon, dz = rng.normal(size=(4, 3, 2))
    gradients = reparameterize_backward(dz, log_variance, epsilon)
    assert_gradients(
        lambda mu, log: np.sum(dz * reparameterize(mu, log, epsilon)),
        (mu, log_variance),
        gradients,
    )


def test_draws_have_the_mean_and_variance_asked_for():
    z = reparameterize(2.0, np.log(9.0), rng.normal(size=100_000))
    # Standard errors: 0.0095 of the mean, 0.04 of the variance.
    assert abs(z.mean() - 2) < 0.05
    assert abs(z.var() - 9) < 0.2


def test_ends_of_the_range_meet_ends_of_the_interval():
    X = np.array([[2.0, 7.0], [10.0, 7.0]])
    scaled = min_max_scaling(X, X.min(0), X.max(0), -1.0, 1.0)
    np.testing.assert_array_equal(scaled, [[-1, -1], [1, -1]])


def test_standardised_features_have_mean_zero_and_variance_one():
    X = rng.normal(3, [1.0, 5.0, 0.0], size=(50, 3))
    scaled = standardize(X, X.mean(0), X.var(0))
    np.testing.assert_allclose(scaled.mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(0), [1, 1, 0])


def test_scaling_gradients_equal_finite_differences():
    X, dX = rng.normal(size=(2, 4, 3))
    mu, variance = np.zeros(3), np.array([0.5, 2.0, 0.0])
    assert_gradients(
        lambda X: np.sum(dX * standardize(X, mu, variance)),
        (X,),
        (standardize_backward(dX, variance),),
    )
    ends = (np.array([-1.0, 0.0, 2.0]), np.array([3.0, 0.5, 2.0]), -1.0, 1.0)
    assert_gradients(
        lambda X: np.sum(dX * min_max_scaling(X, *ends)),
        (X,),
        (min_max_scaling_backward(dX, *ends),),
    )
