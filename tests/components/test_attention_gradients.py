"""Attention and its hand-derived gradients, for every input and weight, against the reference."""

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close
from components.gradients import value_and_gradient
from keras import ops

from dlprep import layers
from dlprep.layers.dot_product_attention import dot_product_attention
from dlprep.reference import additive_attention as additive
from dlprep.reference import attention as reference
from dlprep.reference import group_query_attention as grouped

rng = np.random.default_rng(0)
X, Y, Z = (rng.normal(size=(2, n, 6)) for n in (3, 5, 5))
MASK = np.array([[[1, 0, 1, 0, 0], [1, 1, 0, 0, 1], [0, 0, 0, 1, 1]]] * 2, bool)


def assert_gradients_equal(function, arrays, expected, gradients, dO):
    """Check `function(*arrays)` and the gradients of `sum(dO * output)` for every array."""
    arrays = [ops.array(a, "float32") for a in arrays]
    for position, gradient in enumerate(gradients):

        def weighted(tensor, position=position):
            return ops.multiply(
                function(*arrays[:position], tensor, *arrays[position + 1 :]), np.float32(dO)
            )

        value, given = value_and_gradient(weighted, array(arrays[position]))
        # Small numbers are differences of some near 40, which float32 keeps to 4e-6.
        assert_close(value, dO * expected, rtol=1e-5, atol=1e-5)
        assert_close(given, gradient, rtol=1e-5, atol=2e-5)
    assert position == len(arrays) - 1


def with_weights(layer, weights, *inputs, **options):
    """Call a layer with these weights in place of its own."""
    state = zip(layer.trainable_variables, weights, strict=True)
    with keras.StatelessScope(state_mapping=list(state)):
        return layer(*inputs, **options)


def test_dot_product_attention():
    arrays = X, Y, Z
    expected, A = reference.attention(*arrays, MASK)
    dO = rng.normal(size=expected.shape)
    assert_gradients_equal(
        lambda Q, K, V: dot_product_attention(Q, K, V, ops.array(MASK))[0],
        arrays,
        expected,
        reference.attention_backward(dO, *arrays, A),
        dO,
    )


def test_additive_attention():
    arrays = *(a[:, :, :3] for a in (X, Y)), Z, rng.normal(size=3)
    layer = layers.AdditiveAttention()
    layer.build([a.shape for a in (arrays[0], Z, arrays[1])])
    causal = np.tri(3, 5, dtype=bool)
    expected, cache = additive.additive_attention(*arrays, causal)
    dO = rng.normal(size=expected.shape)
    assert_gradients_equal(
        lambda Q, K, V, a: with_weights(layer, [a], [Q, V, K], use_causal_mask=True),
        arrays,
        expected,
        additive.additive_attention_backward(dO, arrays[2], arrays[3], cache),
        dO,
    )


def heads_first(weights):
    """Turn kernels of `(features, heads, size)` to one matrix per head, or back; the last is."""
    *into, out = weights
    return [*(np.swapaxes(W, 0, 1) for W in into), out]


@pytest.mark.parametrize(
    "layer, forward, backward",
    [
        (
            layers.MultiHeadAttention(4, 3, value_dim=2, use_bias=False),
            reference.multi_head_attention,
            reference.multi_head_attention_backward,
        ),
        (
            layers.GroupQueryAttention(3, 4, 2, use_bias=False),
            grouped.group_query_attention,
            grouped.group_query_attention_backward,
        ),
    ],
    ids=["multi-head", "grouped"],
)
def test_attention_in_heads(layer, forward, backward):
    layer.build(X.shape, Y.shape)
    weights = [rng.normal(size=weight.shape) for weight in layer.trainable_variables]
    between = (slice(None), *[None] * (1 if forward is reference.multi_head_attention else 2))
    arrays = X, Y, *heads_first(weights)
    expected, cache = forward(*arrays, mask=MASK[between])
    dO = rng.normal(size=expected.shape)
    dX, dY, *dW = backward(dO, *arrays, cache)
    assert_gradients_equal(
        lambda X, Y, *weights: with_weights(layer, weights, X, Y, attention_mask=ops.array(MASK)),
        [X, Y, *weights],
        expected,
        [dX, dY, *heads_first(dW)],
        dO,
    )
