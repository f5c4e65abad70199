"""The reference's update rules against numbers by hand, identities, and one another."""

import inspect
from math import sqrt

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


def adadelta_steps():
    """Under rho = epsilon = 1/2 the mean squares of the gradients are 4.5, 2.75 and 3.375."""
    first = 3 * sqrt(0.5 / 5.0)
    second = -1 * sqrt((0.5 * first**2 + 0.5) / 3.25)
    third = 2 * sqrt((0.25 * first**2 + 0.5 * second**2 + 0.5) / 3.875)
    return first, second, third


def nadam_steps():
    """Under a decay of one half the momentum of the steps is 6/16, 7/16, 15/32 and 31/64."""
    ahead = [1 - 6 / 16, 1 - 42 / 256, 1 - 630 / 8192, 1 - 19530 / 524288]
    first = 7 / 16 * 1.5 / ahead[1] + 10 / 16 * 3 / ahead[0]
    second = 15 / 32 * 0.25 / ahead[2] + 9 / 16 * -1 / ahead[1]
    third = 31 / 64 * 1.125 / ahead[3] + 17 / 32 * 2 / ahead[2]
    return first / sqrt(9), second / sqrt(11 / 3), third / sqrt(27 / 7)


HALVES = {"beta_1": 0.5, "beta_2": 0.5}
# Under the gradients 3, -1 and 2 and beta = 1/2 the mean gradient is 1.5, 0.25 and 1.125, the mean
# square 4.5, 2.75 and 3.375, and the sum of the weights in both 1/2, 3/4 and 7/8.
BY_HAND = {
    "adagrad": ({"epsilon": 0.0}, (3 / sqrt(9), -1 / sqrt(10), 2 / sqrt(14))),
    "adadelta": ({"rho": 0.5, "epsilon": 0.5}, adadelta_steps()),
    "adamax": (
        {"beta_1": 0.5, "beta_2": 0.9},
        (1.5 / 0.5 / 3, 0.25 / 0.75 / 2.7, 1.125 / 0.875 / 2.43),
    ),
    "nadam": ({**HALVES, "epsilon": 0.0, "decay": 0.5}, nadam_steps()),
    "amsgrad": (
        {**HALVES, "epsilon": 0.0, "correct": False},
        (1.5 / sqrt(4.5), 0.25 / sqrt(4.5), 1.125 / sqrt(4.5)),
    ),
    "amsgrad corrected": (
        {**HALVES, "epsilon": 0.0},
        (3 / sqrt(9), 1 / 3 / sqrt(6), 9 / 7 / sqrt(36 / 7)),
    ),
    "radam at first": ({"beta_1": 0.5, "beta_2": 0.8}, (3, 1 / 3, 9 / 7)),
}


@pytest.mark.parametrize("case", BY_HAND)
def test_three_steps_by_hand(case):
    options, steps = BY_HAND[case]
    rule = getattr(rules, case.split()[0])
    known = list(inspect.signature(rule).parameters)
    rate = "alpha" if "alpha" in known else "eta"
    theta, memory = 1.0, [0.0] * (known.index("t" if "t" in known else "eta") - 2)
    for t, (g, step) in enumerate(zip((3.0, -1.0, 2.0), steps, strict=True), 1):
        number = {"t": t} if "t" in known else {}
        new, *memory = rule(theta, g, *memory, **number, **{rate: 0.1}, **options)
        assert theta - new == pytest.approx(0.1 * step)
        theta = new


def test_radam_by_hand_once_the_mean_square_counts():
    # 0.8^6 = 0.262144 and rho_inf = 9; rho_6 is then 4.7367.
    rho = 9 - 12 * 0.262144 / 0.737856
    r = sqrt((rho - 4) * (rho - 2) * 9 / (5 * 7 * rho))
    options = {"alpha": 0.1, "beta_1": 0.5, "beta_2": 0.8}
    theta, m, v = rules.radam(1.0, 2.0, 1.0, 4.0, t=6, **options)
    assert (m, v) == pytest.approx((1.5, 4.0))
    assert theta == pytest.approx(1 - 0.1 * r * (1.5 / (63 / 64)) / sqrt(4.0 / 0.737856))
