import numpy as np
import pytest
from reference.finite_differences import assert_gradients

from dlprep.reference.global_pooling import (
    global_average_pooling,
    global_average_pooling_backward,
    global_max_pooling,
    global_max_pooling_backward,
)

rng = np.random.default_rng(0)
X, dY = rng.normal(size=(2, 3, 4, 2)), rng.normal(size=(2, 2))


def test_max_gradient_equals_finite_differences():
    gradient = global_max_pooling_backward(dY, X)
    assert_gradients(lambda X: np.sum(dY * global_max_pooling(X)), (X,), (gradient,))


@pytest.mark.parametrize("mask", [None, rng.uniform(size=(2, 3, 4)) > 0.4])
def test_average_gradient_equals_finite_differences(mask):
    gradient = global_average_pooling_backward(dY, X, mask)
    assert_gradients(lambda X: np.sum(dY * global_average_pooling(X, mask)), (X,), (gradient,))


def test_an_average_over_nothing_is_zero():
    nothing = np.zeros((2, 3, 4))
    np.testing.assert_array_equal(global_average_pooling(X, nothing), 0)
    np.testing.assert_array_equal(global_average_pooling_backward(dY, X, nothing), 0)
