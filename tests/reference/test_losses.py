import numpy as np
import pytest
from reference.finite_differences import assert_gradients

from dlprep.reference import losses

RNG = np.random.default_rng(0)
Z = RNG.normal(size=(4, 3))
INDEX = np.array([0, 2, 1, 1])
TARGETS = {
    "binary_crossentropy": (RNG.integers(0, 2, (4, 3)).astype(float), {"label_smoothing": 0.2}),
    "categorical_crossentropy": (np.eye(3)[INDEX], {"label_smoothing": 0.2}),
    "mean_squared_error": (RNG.normal(size=(4, 3)), {}),
    "sparse_categorical_crossentropy": (INDEX, {}),
}


@pytest.mark.parametrize("name", TARGETS)
def test_gradients_equal_finite_differences(name):
    function, (y, settings) = getattr(losses, name), TARGETS[name]
    loss, gradient = function(y, Z, **settings)
    assert loss.shape == (4,)
    assert_gradients(lambda z: np.sum(function(y, z, **settings)[0]), [Z], [gradient])


def test_values_by_hand():
    loss, _ = losses.mean_squared_error(np.array([[1.0, 2.0]]), np.array([[2.0, 5.0]]))
    assert loss == pytest.approx(5.0)
    loss, _ = losses.binary_crossentropy(np.array([[1.0, 0.0]]), np.log([[3.0, 3.0]]))
    assert loss == pytest.approx((np.log(4 / 3) + np.log(4)) / 2)
    loss, _ = losses.sparse_categorical_crossentropy(np.array([1]), np.log([[1.0, 3.0]]))
    assert loss == pytest.approx(np.log(4 / 3))


def test_uniform_smoothing_pulls_towards_one_half():
    loss, gradient = losses.binary_crossentropy(np.array([[1.0]]), np.array([[0.0]]), 1.0)
    assert loss == pytest.approx(np.log(2))
    assert gradient == pytest.approx(0.0)
