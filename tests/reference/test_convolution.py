import numpy as np
import pytest
from reference.finite_differences import assert_gradients

from dlprep.reference.convolution import (
    average_pooling,
    average_pooling_backward,
    col2im,
    convolution,
    convolution_backward,
    im2col,
    max_pooling,
    max_pooling_backward,
)

rng = np.random.default_rng(0)
X, W, b = rng.normal(size=(2, 6, 5, 2)), rng.normal(size=(3, 2, 2, 3)), rng.normal(size=3)


def test_convolution_equals_loops():
    Z = convolution(X, W, b, stride=2)
    for i, j in np.ndindex(Z.shape[1:3]):
        window = X[1, 2 * i : 2 * i + 3, 2 * j : 2 * j + 2]
        expected = [np.sum(window * W[..., f]) + b[f] for f in range(3)]
        np.testing.assert_allclose(Z[1, i, j], expected)


@pytest.mark.parametrize("stride, dilation", [(1, 1), (2, 1), (1, 2)])
def test_convolution_gradients_equal_finite_differences(stride, dilation):
    Z = convolution(X, W, b, stride, dilation)
    dZ = rng.normal(size=Z.shape)
    gradients = convolution_backward(dZ, X, W, stride, dilation)
    assert_gradients(
        lambda *a: np.sum(dZ * convolution(*a, stride, dilation)), (X, W, b), gradients
    )


def test_col2im_is_the_transpose_of_im2col():
    P = im2col(X, (3, 2), stride=2)
    other = rng.normal(size=P.shape)
    assert np.sum(P * other) == pytest.approx(np.sum(X * col2im(other, X.shape, stride=2)))


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize(
    "pooling, backward",
    [(max_pooling, max_pooling_backward), (average_pooling, average_pooling_backward)],
)
def test_pooling_gradient_equals_finite_differences(pooling, backward, stride):
    dY = rng.normal(size=pooling(X, (2, 3), stride).shape)
    gradient = backward(dY, X, (2, 3), stride)
    assert_gradients(lambda X: np.sum(dY * pooling(X, (2, 3), stride)), (X,), (gradient,))


def test_equal_entries_give_the_whole_gradient_to_one():
    gradient = max_pooling_backward(np.ones((1, 1, 1, 1)), np.ones((1, 2, 2, 1)), (2, 2), 2)
    assert sorted(gradient.ravel()) == [0, 0, 0, 1]
