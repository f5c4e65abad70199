import numpy as np
import pytest
from reference.finite_differences import assert_gradients

from dlprep.reference import activations

Z = np.array([[-4.0, -1.3, -0.2], [0.1, 0.8, 3.0]])
WEIGHTS = np.random.default_rng(0).normal(size=Z.shape)
ELEMENTWISE = {
    "relu": {"negative_slope": 0.1, "max_value": 2.5, "threshold": 0.5},
    "sigmoid": {},
    "tanh": {},
}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_slopes_equal_finite_differences(name):
    function = getattr(activations, name)
    _, slope = function(Z, **ELEMENTWISE[name])
    assert_gradients(lambda Z: np.sum(function(Z, **ELEMENTWISE[name])[0]), [Z], [slope])


def test_softmax_backward_equals_finite_differences():
    gradient = activations.softmax_backward(WEIGHTS, activations.softmax(Z))
    assert_gradients(lambda Z: np.sum(WEIGHTS * activations.softmax(Z)), [Z], [gradient])


def test_values_by_hand():
    assert activations.sigmoid(np.log(3.0))[0] == pytest.approx(0.75)
    assert activations.tanh(np.log(3.0))[0] == pytest.approx(0.8)
    np.testing.assert_allclose(activations.softmax(np.log([1.0, 3.0])), [0.25, 0.75])
    np.testing.assert_array_equal(activations.relu([-2.0, 0.0, 2.0])[0], [0.0, 0.0, 2.0])
    np.testing.assert_array_equal(activations.relu([-2.0, 0.0, 2.0])[1], [0.0, 0.0, 1.0])


def test_nothing_overflows_far_out():
    with np.errstate(all="raise", under="ignore"):
        for function in (activations.sigmoid, activations.tanh):
            assert np.isfinite(function(np.array([-1e4, 1e4]))).all()
        assert np.isfinite(activations.softmax(np.array([-1e4, 1e4]))).all()
