import numpy as np
from reference.finite_differences import assert_gradients

from dlprep.reference.dense import dense, dense_backward

rng = np.random.default_rng(0)
A, W, b = rng.normal(size=(3, 5)), rng.normal(size=(2, 3)), rng.normal(size=(2, 1))


def test_each_example_is_a_column():
    expected = [[sum(W[u] * A[:, i]) + b[u, 0] for i in range(5)] for u in range(2)]
    np.testing.assert_allclose(dense(A, W, b), expected)


def test_gradients_equal_finite_differences():
    dZ = rng.normal(size=(2, 5))
    gradients = dense_backward(dZ, A, W)
    assert_gradients(lambda A, W, b: np.sum(dZ * dense(A, W, b)), (A, W, b), gradients)
