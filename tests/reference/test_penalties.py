import numpy as np
import pytest
from reference.finite_differences import assert_gradients

from dlprep.reference import penalties

W = np.random.default_rng(0).normal(size=(3, 4))


@pytest.mark.parametrize("name", ["l1", "l2"])
def test_gradients_equal_finite_differences(name):
    function = getattr(penalties, name)
    assert_gradients(lambda W: function(W, 0.3)[0], [W], [function(W, 0.3)[1]])


def test_gradients_of_the_mixed_ones_equal_finite_differences():
    assert_gradients(
        lambda W: penalties.l1_l2(W, 0.3, 0.2)[0], [W], [penalties.l1_l2(W, 0.3, 0.2)[1]]
    )
    assert_gradients(
        lambda W: penalties.orthogonal(W, 0.3)[0], [W], [penalties.orthogonal(W, 0.3)[1]]
    )


def test_values_by_hand():
    pair = np.array([[1.0, 0.0], [3.0, 3.0]])
    assert penalties.orthogonal(pair, 2.0)[0] == pytest.approx(2.0 * np.sqrt(0.5))
    assert penalties.l1(np.array([3.0, -4.0]), 0.5)[0] == pytest.approx(3.5)
    assert penalties.l2(np.array([3.0, -4.0]), 0.5)[0] == pytest.approx(12.5)
