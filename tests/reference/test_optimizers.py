"""The reference's update rules against numbers by hand, identities, and one another."""

import numpy as np
import pytest

from dlprep.reference import optimizers as rules


def test_the_average_forgets_by_the_factor_beta():
    averages = rules.exponentially_weighted_average([1.0, 0.0, 0.0], beta=0.9)
    np.testing.assert_allclose(averages, [0.1, 0.09, 0.081])


def test_the_corrected_average_of_a_constant_is_the_constant():
    values = np.full((5, 2), 7.0)
    corrected = rules.exponentially_weighted_average(values, 0.98, correct=True)
    np.testing.assert_allclose(corrected, values)
    assert rules.exponentially_weighted_average(values, 0.98)[0, 0] == pytest.approx(0.14)


def test_both_momentum_conventions_take_the_same_steps_at_converted_rates():
    gradients = np.random.default_rng(0).normal(size=(10, 3))
    first, v, second, a = np.ones(3), 0.0, np.ones(3), 0.0
    for g in gradients:
        first, v = rules.momentum(first, g, v, eta=0.02, gamma=0.9)
        second, a = rules.averaged_momentum(second, g, a, alpha=0.2, beta=0.9)
    np.testing.assert_allclose(first, second)
    np.testing.assert_allclose(v, 0.2 * a)


def test_nesterov_follows_the_look_ahead_form():
    def gradient(theta):
        return np.array([1.0, 10.0]) * theta

    own, velocity = np.ones(2), np.zeros(2)
    ahead, v = np.ones(2), np.zeros(2)
    for _ in range(5):
        velocity = 0.9 * velocity + 0.05 * gradient(own - 0.9 * velocity)
        own = own - velocity
        ahead, v = rules.nesterov(ahead, gradient(ahead), v, eta=0.05, gamma=0.9)
        np.testing.assert_allclose(ahead, own - 0.9 * velocity)


def test_rmsprop_by_hand():
    theta, v = rules.rmsprop(1.0, 3.0, 0.0, eta=0.1, beta=0.9, epsilon=0.1)
    assert (theta, v) == pytest.approx((0.7, 0.9))


def test_centered_rmsprop_divides_by_the_standard_deviation():
    _, n, a, delta = rules.centered_rmsprop(0.0, 3.0, 5.0, 2.0, 0.5, eta=1.0, rho=0.5, gamma=0.2)
    assert (n, a) == (7.0, 2.5)
    assert delta == pytest.approx(0.1 - 3.0 / np.sqrt(0.75), rel=1e-6)


def test_the_first_step_of_adam_is_the_learning_rate_whatever_the_gradient():
    for g in (1e-3, 1.0, 1e6):
        theta, _, _ = rules.adam(0.0, g, 0.0, 0.0, t=1, alpha=0.01)
        assert theta == pytest.approx(-0.01, rel=1e-4)


def test_adam_by_hand_on_the_second_step():
    theta, m, v = rules.adam(1.0, 2.0, 0.1, 0.001, t=2, alpha=0.1, epsilon=0.0)
    assert (m, v) == pytest.approx((0.29, 0.004999))
    assert theta == pytest.approx(1 - 0.1 * (0.29 / 0.19) / np.sqrt(0.004999 / 0.001999))


def test_adamw_decays_apart_from_the_gradient():
    g = np.array([1e-2, 1e2])
    plain, _, _ = rules.adam(np.ones(2), g, 0.0, 0.0, t=1, alpha=0.1)
    decayed, _, _ = rules.adamw(np.ones(2), g, 0.0, 0.0, t=1, alpha=0.1, weight_decay=0.5)
    np.testing.assert_allclose(plain - decayed, 0.05)
