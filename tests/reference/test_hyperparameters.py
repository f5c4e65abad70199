"""Where the draws fall, and how the search narrows."""

import numpy as np
import pytest

from dlprep.reference import hyperparameters as search


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_the_grid_has_every_combination_once():
    points = search.grid(alpha=[0.1, 0.01], units=[50, 100, 200])
    assert points[:2] == [{"alpha": 0.1, "units": 50}, {"alpha": 0.1, "units": 100}]
    assert len({tuple(point.values()) for point in points}) == 6


def test_each_decade_gets_its_share_on_a_log_scale_only(rng):
    logarithmic = search.log_uniform(1e-4, 1, rng, 4000)
    linear = search.uniform(1e-4, 1, rng, 4000)
    decades = np.histogram(np.log10(logarithmic), bins=[-4, -3, -2, -1, 0])[0] / 4000
    np.testing.assert_allclose(decades, 0.25, atol=0.03)
    assert np.mean(linear > 0.1) == pytest.approx(0.9, abs=0.02)


def test_decay_rates_are_spread_by_their_distance_from_one(rng):
    beta = search.near_one(0.9, 0.999, rng, 4000)
    assert beta.min() >= 0.9
    assert beta.max() <= 0.999
    assert np.mean(beta > 0.99) == pytest.approx(0.5, abs=0.03)


def test_random_points_try_more_values_of_the_one_that_matters_than_a_grid(rng):
    points = search.grid(alpha=[1, 2, 3], other=[1, 2, 3])
    found = search.random_search(
        lambda p: abs(p["alpha"] - 2.2),
        lambda r: {"alpha": r.uniform(1, 3), "other": r.uniform(1, 3)},
        len(points),
        rng,
    )
    assert len({p["alpha"] for p in points}) == 3
    assert len({p["alpha"] for _, p in found}) == 9
    assert found[0][0] == min(score for score, _ in found)


def test_the_search_narrows_around_the_best(rng):
    best, intervals = search.coarse_to_fine(lambda a: abs(np.log10(a) + 2), 1e-4, 1.0, rng)
    widths = [np.log10(high / low) for low, high in intervals]
    assert widths[0] == pytest.approx(4)
    assert widths[2] < widths[1] < widths[0]
    assert np.log10(best) == pytest.approx(-2, abs=0.1)
