import numpy as np
from reference.finite_differences import assert_gradients

from dlprep.reference.attention import (
    attention,
    attention_backward,
    multi_head_attention,
    multi_head_attention_backward,
)

rng = np.random.default_rng(0)
Q, K, V = (rng.normal(size=shape) for shape in [(2, 3, 4), (2, 5, 4), (2, 5, 6)])
MASK = np.tril(np.ones((3, 5), bool))


def test_equal_keys_average_the_values():
    output, _ = attention(Q, np.ones_like(K), V)
    np.testing.assert_allclose(output, np.broadcast_to(V.mean(1, keepdims=True), output.shape))


def test_long_keys_pick_one_value():
    output, _ = attention(100 * np.eye(3), np.eye(3), V[0, :3])
    np.testing.assert_allclose(output, V[0, :3])


def test_masked_positions_have_no_say():
    first, _ = attention(Q, K, V, MASK)
    second, _ = attention(Q, K, np.where(np.arange(5)[:, None] > 2, 99.0, V), MASK)
    np.testing.assert_array_equal(first, second)


def test_gradients_equal_finite_differences():
    dO = rng.normal(size=(2, 3, 6))
    gradients = attention_backward(dO, Q, K, V, attention(Q, K, V, MASK)[1])
    assert_gradients(lambda *a: np.sum(dO * attention(*a, MASK)[0]), (Q, K, V), gradients)


def test_multi_head_gradients_equal_finite_differences():
    shapes = [(2, 3, 4), (2, 5, 4), (2, 4, 3), (2, 4, 3), (2, 4, 2), (2, 2, 4)]
    arrays = [rng.normal(size=shape) for shape in shapes]
    output, cache = multi_head_attention(*arrays, mask=MASK)
    dO = rng.normal(size=output.shape)
    gradients = multi_head_attention_backward(dO, *arrays, cache)
    assert_gradients(
        lambda *a: np.sum(dO * multi_head_attention(*a, mask=MASK)[0]), arrays, gradients
    )
