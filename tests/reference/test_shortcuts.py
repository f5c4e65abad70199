import numpy as np
import pytest
from reference.finite_differences import assert_gradients

from dlprep.reference import shortcuts

rng = np.random.default_rng(0)
X, F, W, dY = (rng.normal(size=shape) for shape in [(3, 2), (3, 4), (2, 4), (3, 4)])


def test_projected_residual_gradients_equal_finite_differences():
    gradients = shortcuts.residual_backward(dY, X, W)
    assert_gradients(lambda *a: np.sum(dY * shortcuts.residual(*a)), (X, F, W), gradients)


def test_identity_residual_passes_the_gradient_on():
    dX, dF, dW = shortcuts.residual_backward(dY, F)
    np.testing.assert_array_equal(dX, dY)
    np.testing.assert_array_equal(dF, dY)
    assert dW is None


def test_highway_gradients_equal_finite_differences():
    arrays = [rng.normal(size=shape) for shape in [(3, 2), (2, 2), (2,), (2, 2), (2,)]]
    Y, cache = shortcuts.highway(*arrays)
    dY = rng.normal(size=Y.shape)
    gradients = shortcuts.highway_backward(dY, arrays[1], arrays[3], cache)
    assert_gradients(lambda *a: np.sum(dY * shortcuts.highway(*a)[0]), arrays, gradients)


@pytest.mark.parametrize("b", [None, np.array([[1.0], [0.0], [1.0]])])
def test_stochastic_depth_gradients_equal_finite_differences(b):
    dY = rng.normal(size=F.shape)
    gradients = shortcuts.stochastic_depth_backward(dY, 0.3, b)
    arrays = (rng.normal(size=F.shape), F)
    assert_gradients(
        lambda X, F: np.sum(dY * shortcuts.stochastic_depth(X, F, 0.3, b)), arrays, gradients
    )


def test_training_and_testing_agree_on_average():
    b = (rng.random((20_000, 1)) >= 0.3).astype(float)
    X = np.ones((20_000, 1))
    training = shortcuts.stochastic_depth(X, 2 * X, 0.3, b).mean()
    # Standard error of the mean: 2 * 0.46 / 141 = 0.0065.
    assert abs(training - shortcuts.stochastic_depth(1.0, 2.0, 0.3)) < 0.03
