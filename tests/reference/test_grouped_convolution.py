import numpy as np
import pytest
from reference.finite_differences import assert_gradients

from dlprep.reference import grouped_convolution as grouped
from dlprep.reference.convolution import convolution
from dlprep.reference.padding import margins, pad, pad_backward
from dlprep.reference.transposed_convolution import (
    transposed_convolution,
    transposed_convolution_backward,
)

rng = np.random.default_rng(0)
X = rng.normal(size=(2, 5, 4, 4))
WINDOWS = pytest.mark.parametrize("stride, dilation", [(1, 1), (2, 1), (1, 2)])


def check(forward, backward, arrays):
    """Compare the gradients with respect to all arrays; the last one is the bias."""
    dZ = rng.normal(size=forward(*arrays).shape)
    assert_gradients(lambda *a: np.sum(dZ * forward(*a)), arrays, backward(dZ, *arrays[:-1]))


@WINDOWS
def test_grouped_gradients_equal_finite_differences(stride, dilation):
    options = {"groups": 2, "stride": stride, "dilation": dilation}
    check(
        lambda *a: grouped.grouped_convolution(*a, **options),
        lambda *a: grouped.grouped_convolution_backward(*a, **options),
        (X, rng.normal(size=(2, 2, 2, 6)), rng.normal(size=6)),
    )


@WINDOWS
def test_depthwise_gradients_equal_finite_differences(stride, dilation):
    check(
        lambda *a: grouped.depthwise_convolution(*a, stride, dilation),
        lambda *a: grouped.depthwise_convolution_backward(*a, stride, dilation),
        (X, rng.normal(size=(2, 2, 4, 3)), rng.normal(size=12)),
    )


@WINDOWS
def test_separable_gradients_equal_finite_differences(stride, dilation):
    check(
        lambda *a: grouped.separable_convolution(*a, stride, dilation),
        lambda *a: grouped.separable_convolution_backward(*a, stride, dilation),
        (X, rng.normal(size=(2, 2, 4, 2)), rng.normal(size=(8, 3)), rng.normal(size=3)),
    )


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_transposed_gradients_equal_finite_differences(stride):
    check(
        lambda *a: transposed_convolution(*a, stride),
        lambda *a: transposed_convolution_backward(*a, stride),
        (X, rng.normal(size=(2, 3, 3, 4)), rng.normal(size=3)),
    )


def test_padding_gradient_equals_finite_differences():
    dY = rng.normal(size=pad(X, (1, 2), (0, 3)).shape)
    gradient = pad_backward(dY, (1, 2), (0, 3))
    assert_gradients(lambda X: np.sum(dY * pad(X, (1, 2), (0, 3))), (X,), (gradient,))


def test_as_many_groups_as_channels_are_depthwise():
    W, b = rng.normal(size=(2, 3, 4, 3)), rng.normal(size=12)
    expected = grouped.grouped_convolution(X, W.reshape(2, 3, 1, 12), b, groups=4)
    np.testing.assert_allclose(grouped.depthwise_convolution(X, W, b), expected)


def test_separable_convolution_is_a_full_one_of_low_rank():
    D, P, b = rng.normal(size=(2, 3, 4, 1)), rng.normal(size=(4, 5)), rng.normal(size=5)
    expected = convolution(X, D * P, b)
    np.testing.assert_allclose(grouped.separable_convolution(X, D, P, b), expected)


@pytest.mark.parametrize("n", [5, 6, 7])
@pytest.mark.parametrize("size, stride, dilation", [(3, 1, 1), (4, 2, 1), (3, 3, 1), (3, 1, 2)])
def test_padding_keeps_the_length_divided_by_the_stride(n, size, stride, dilation):
    row = pad(np.ones((1, 1, n, 1)), (0, 0), margins(n, size, stride, dilation))
    Z = convolution(row, np.ones((1, size, 1, 1)), 0, stride, dilation)
    assert Z.shape[2] == -(-n // stride)
