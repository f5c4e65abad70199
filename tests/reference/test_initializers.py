import numpy as np
import pytest

from dlprep.reference import initializers


def test_moments_of_a_cut_normal_by_integration():
    x = np.linspace(-2.0, 2.0, 200_001)
    density = np.exp(-(x**2) / 2)
    variance = np.sum(x**2 * density) / np.sum(density)
    assert initializers.truncated_normal(3.0)[1] == pytest.approx(9.0 * variance, rel=1e-4)


def test_scaled_uniform_and_normal_have_the_promised_variance():
    mean, variance, low, high = initializers.scaled(2.0, 50)
    assert (mean, variance) == (0.0, 0.04)
    assert initializers.uniform(low, high)[1] == pytest.approx(variance)
    *_, high = initializers.scaled(2.0, 50, "truncated_normal")
    assert initializers.truncated_normal(high / 2)[1] == pytest.approx(variance)
