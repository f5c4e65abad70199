"""The reference's schedules at points known by hand."""

import numpy as np
import pytest

from dlprep.reference import schedules as rules


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        (rules.exponential([0, 5, 10], 1.0, 10, 0.25), [1.0, 0.5, 0.25]),
        (rules.steps_down([0, 9, 10, 19, 20], 1.0, 10, 0.5), [1.0, 1.0, 0.5, 0.5, 0.25]),
        (rules.inverse_time([0, 1, 9], 1.0, 1, 1.0), [1.0, 0.5, 0.1]),
        (rules.square_root([0, 3, 99], 1.0), [1.0, 0.5, 0.1]),
        (rules.piecewise([0, 3, 4, 9, 10], [3, 9], [1.0, 0.5, 0.1]), [1.0, 1.0, 0.5, 0.5, 0.1]),
        (rules.polynomial([0, 5, 10, 11], 1.0, 10, 0.2, 2.0), [1.0, 0.4, 0.2, 0.2]),
        (rules.cosine([0, 5, 10, 11], 1.0, 10, 0.2), [1.0, 0.6, 0.2, 0.2]),
        (rules.cosine_restarts([0, 2, 4, 8, 12], 1.0, 4, 2.0, 0.5), [1.0, 0.5, 0.5, 0.25, 0.25]),
        (rules.warmup_cosine([0, 3, 4, 9, 14], 1.0, 14, 4), [0.25, 1.0, 1.0, 0.5, 0.0]),
        (rules.inverse_square_root([0, 3, 15], 1, 4), [0.125, 0.5, 0.25]),
        (rules.one_cycle([0, 3, 10], 1.0, 10, 0.3, 25.0, 10.0), [0.04, 1.0, 0.004]),
    ],
)
def test_rates_by_hand(rates, expected):
    np.testing.assert_allclose(rates, expected, atol=1e-12)
