import numpy as np
from reference.finite_differences import assert_gradients

from dlprep.reference.additive_attention import additive_attention, additive_attention_backward
from dlprep.reference.attention import (
    attention,
    attention_backward,
    multi_head_attention,
    multi_head_attention_backward,
    softmax,
    softmax_backward,
)
from dlprep.reference.group_query_attention import (
    group_query_attention,
    group_query_attention_backward,
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


def test_softmax_gradient_equals_finite_differences():
    S, dA = rng.normal(size=(2, 3, 4))
    gradient = softmax_backward(dA, softmax(S))
    assert_gradients(lambda S: np.sum(dA * softmax(S)), (S,), (gradient,))
    np.testing.assert_allclose(gradient.sum(-1), 0, atol=1e-15)


def test_additive_attention_scores_pair_by_pair():
    a = rng.normal(size=4)
    output, (A, _) = additive_attention(Q, K, V, a, MASK)
    for m, i in np.ndindex(2, 3):
        scores = [sum(a * np.tanh(Q[m, i] + K[m, j])) for j in range(i + 1)]
        weights = np.exp(scores) / sum(np.exp(scores))
        np.testing.assert_allclose(A[m, i], [*weights, *[0] * (4 - i)])
        np.testing.assert_allclose(output[m, i], weights @ V[m, : i + 1])


def test_additive_gradients_equal_finite_differences():
    arrays = (Q, K, V, rng.normal(size=4))
    output, cache = additive_attention(*arrays, MASK)
    dO = rng.normal(size=output.shape)
    gradients = additive_attention_backward(dO, *arrays[2:], cache)
    assert_gradients(lambda *a: np.sum(dO * additive_attention(*a, MASK)[0]), arrays, gradients)


def grouped():
    """Draw two inputs and the projections of six query heads in two groups."""
    shapes = [(2, 3, 4), (2, 5, 4), (6, 4, 3), (2, 4, 3), (2, 4, 2), (6, 2, 4)]
    return [rng.normal(size=shape) for shape in shapes]


def test_a_group_shares_keys_and_values():
    X, Y, W_q, W_k, W_v, W_o = arrays = grouped()
    W_k, W_v = (np.stack([W[n // 3] for n in range(6)]) for W in (W_k, W_v))
    expected, _ = multi_head_attention(X, Y, W_q, W_k, W_v, W_o, MASK)
    np.testing.assert_allclose(group_query_attention(*arrays, MASK)[0], expected)


def test_group_query_gradients_equal_finite_differences():
    arrays = grouped()
    output, cache = group_query_attention(*arrays, MASK)
    dO = rng.normal(size=output.shape)
    gradients = group_query_attention_backward(dO, *arrays, cache)
    assert_gradients(
        lambda *a: np.sum(dO * group_query_attention(*a, mask=MASK)[0]), arrays, gradients
    )
