import numpy as np
import pytest
from reference.finite_differences import assert_gradients

from dlprep.reference import penalties

W = np.random.default_rng(0).normal(size=(3, 4))


@pytest.mark.parametrize("name", ["l1", "l2"])
def test_gradients_equal_finite_differences(name):
    function = getattr(penalties, name)
    assert_gradients(lambda W: function(W, 0.3)[0], [W], [function(W, 0.3)[1]])


def test_values_by_hand():
    assert penalties.l1(np.array([3.0, -4.0]), 0.5)[0] == pytest.approx(3.5)
    assert penalties.l2(np.array([3.0, -4.0]), 0.5)[0] == pytest.approx(12.5)
