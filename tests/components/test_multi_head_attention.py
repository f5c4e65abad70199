"""Attention in numbers: against the reference, against Keras, and under every kind of mask."""

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close, assert_same
from keras import ops

from dlprep import layers
from dlprep.layers import dot_product_attention as functions
from dlprep.reference import attention as reference

rng = np.random.default_rng(0)
M, T, S, FEATURES, HEADS, D = 2, 4, 5, 7, 3, 6
X = rng.normal(size=(M, T, FEATURES)).astype("float32")
Y = rng.normal(size=(M, S, FEATURES)).astype("float32")


def pair(**options):
    """Make our layer and Keras's with the same random weights."""
    ours, theirs = (
        space.MultiHeadAttention(HEADS, D, **options) for space in (layers, keras.layers)
    )
    ours.build(X.shape, Y.shape), theirs.build(X.shape, Y.shape)
    ours.set_weights([rng.normal(size=w.shape) for w in ours.weights])
    theirs.set_weights(ours.get_weights())
    return ours, theirs


def test_attention_equals_the_reference():
    Q, K, V = (rng.normal(size=shape) for shape in [(M, T, D), (M, S, D), (M, S, FEATURES)])
    mask = np.tril(np.ones((T, S), bool))
    arrays = map(np.float32, (Q, K, V))
    output, weights = functions.dot_product_attention(*map(ops.array, arrays), ops.array(mask))
    expected, A = reference.attention(Q, K, V, mask)
    assert_close(output, expected, rtol=1e-5, atol=1e-6)
    assert_close(weights, A, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("value_dim", [None, 4])
def test_layer_equals_the_reference(value_dim):
    layer, _ = pair(use_bias=False, value_dim=value_dim)
    W_q, W_k, W_v, W_o = (ops.convert_to_numpy(w).astype(float) for w in layer.weights)
    W_q, W_k, W_v = (np.swapaxes(W, 0, 1) for W in (W_q, W_k, W_v))
    expected, (*_, A) = reference.multi_head_attention(X, Y, W_q, W_k, W_v, W_o)
    output, weights = layer(X, Y, return_attention_scores=True)
    assert_close(output, expected, rtol=1e-5, atol=1e-5)
    assert_close(weights, A, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "options",
    [{}, {"use_gate": True}, {"sliding_window": 2}, {"output_shape": (2, 3)}],
)
@pytest.mark.parametrize("causal", [False, True])
def test_equals_keras(options, causal):
    ours, theirs = pair(**options)
    given, expected = (layer(X, Y, use_causal_mask=causal) for layer in (ours, theirs))
    assert_close(given, expected, rtol=1e-4, atol=1e-5)


def test_masks_of_embeddings_reach_the_weights_and_the_output():
    embed = keras.layers.Embedding(9, FEATURES, mask_zero=True)
    query, value = embed(np.array([[1, 2, 0], [3, 0, 0]])), embed(np.array([[4, 0], [5, 6]]))
    ours, theirs = pair()
    given, weights = ours(query, value, return_attention_scores=True)
    # Last, because Keras's layer takes the masks off its inputs.
    assert_close(given, theirs(query, value), rtol=1e-4, atol=1e-5)
    assert_same(weights[0, :, :2, 1], np.zeros((HEADS, 2)))


def test_row_that_may_look_at_nothing_is_finite_and_even():
    mask = ops.array([[False] * 4])
    for scores in (np.zeros((1, 4)), np.full((1, 4), -np.inf), np.array([[1e4, -1e4, 0, 1]])):
        weights = functions.masked_softmax(ops.array(scores, "float32"), mask)
        assert_close(weights, np.full((1, 4), 0.25))


def test_scores_of_minus_infinity_get_no_weight():
    weights = functions.masked_softmax(ops.array([[0.0, -np.inf]], "float32"))
    assert_same(weights, [[1, 0]])


def test_half_precision_softmax_stays_exact():
    scores = ops.array([[-2.0, 1.0, 3.0, 5.0]], "float16")
    expected = reference.softmax(np.array([[-2.0, 1, 3, 5]]))
    given = ops.convert_to_numpy(ops.cast(functions.masked_softmax(scores), "float32"))
    # One rounding to float16, nothing on the way.
    assert_close(given, expected, rtol=5e-4)


@pytest.mark.parametrize("axes", [(1, 2), (2,), (2, 1)])
def test_masks_of_several_axes_equal_those_of_keras(axes):
    grid = rng.normal(size=(2, 4, 3, FEATURES)).astype("float32")
    ours, theirs = (
        space.MultiHeadAttention(5, 6, attention_axes=axes) for space in (layers, keras.layers)
    )
    ours.build(grid.shape, grid.shape), theirs.build(grid.shape, grid.shape)
    theirs.set_weights(ours.get_weights())
    sizes = [grid.shape[axis] for axis in axes]
    free = [4] if axes == (2,) else []
    mask = rng.random((2, *free, *sizes, *sizes)) < 0.7
    mask[..., 0] = True
    given, expected = (layer(grid, grid, attention_mask=mask) for layer in (ours, theirs))
    assert_close(given, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind, arguments", [("Multi", (3, 6)), ("GroupedQuery", (6, 4, 2))])
def test_activity_is_penalised_as_in_keras(kind, arguments):
    name = {"Multi": "MultiHeadAttention", "GroupedQuery": "GroupQueryAttention"}[kind]

    def penalty(namespace):
        keras.utils.set_random_seed(0)
        layer = getattr(namespace, name)(*arguments, activity_regularizer="l2", use_gate=True)
        layer(X, X)
        return float(sum(map(array, layer.losses)))

    assert penalty(layers) == pytest.approx(penalty(keras.layers), rel=1e-5)


def test_a_subclass_may_compute_the_attention_itself():
    class Mean(layers.MultiHeadAttention):
        def _compute_attention(self, query, key, value, attention_mask=None, training=None):
            seen = ops.cast(attention_mask, value.dtype)[..., None, None]
            total = ops.sum(seen * value[:, None], axis=2)
            return total / ops.sum(seen, axis=2), None

    ours = Mean(HEADS, D)
    given = ours(X, Y, use_causal_mask=True)
    V = np.einsum("bsf,fhd->bshd", Y, array(ours.value_dense.kernel))
    average = np.cumsum(V, 1)[:, :T] / np.arange(1, T + 1)[:, None, None]
    expected = np.einsum("bthd,hdf->btf", average, array(ours.output_dense.kernel))
    assert_close(given, expected, rtol=1e-4, atol=1e-5)


def test_future_does_not_matter_under_the_causal_mask():
    layer, _ = pair()
    other = X.copy()
    other[:, 2:] += 10
    first, second = (layer(x, x, use_causal_mask=True) for x in (X, other))
    assert_close(first[:, :2], second[:, :2], rtol=1e-5, atol=1e-6)


def test_order_of_the_values_does_not_matter():
    layer, _ = pair()
    assert_close(layer(X, Y), layer(X, Y[:, [2, 0, 3, 4, 1]]), rtol=1e-4, atol=1e-5)


def test_attention_over_two_axes_equals_attention_over_their_product():
    grid = rng.normal(size=(2, 4, 3, FEATURES)).astype("float32")
    two, one = (layers.MultiHeadAttention(5, 6, attention_axes=a) for a in ((1, 2), None))
    output, weights = two(grid, grid, return_attention_scores=True)
    flat = grid.reshape(2, 12, FEATURES)
    one.build(flat.shape, flat.shape)
    one.set_weights(two.get_weights())
    assert_close(ops.reshape(output, flat.shape), one(flat, flat), rtol=1e-5, atol=1e-6)
    assert tuple(weights.shape) == (2, 5, 4, 3, 4, 3)


def test_attention_over_the_second_axis_leaves_the_first_alone():
    grid = rng.normal(size=(2, 4, 3, FEATURES)).astype("float32")
    layer = layers.MultiHeadAttention(5, 6, attention_axes=2)
    assert_close(layer(grid, grid)[:, :1], layer(grid[:, :1], grid[:, :1]), rtol=1e-5, atol=1e-6)


def test_as_many_queries_as_heads_are_queries_like_others():
    layer = layers.MultiHeadAttention(3, 1)
    layer.build((M, 4, FEATURES), X.shape)
    for weight in layer.weights:
        weight.assign(rng.normal(size=weight.shape))
    query = rng.normal(size=(M, 4, FEATURES)).astype("float32")
    assert_close(layer(query[:, :3], X), layer(query, X)[:, :3], rtol=1e-5, atol=1e-6)


def test_dropout_acts_on_the_weights_in_training_only():
    layer = layers.MultiHeadAttention(2, 3, dropout=0.5, seed=0)
    calm = ops.convert_to_numpy(layer(X, Y))
    assert_same(calm, layer(X, Y, training=False))
    assert np.abs(calm - ops.convert_to_numpy(layer(X, Y, training=True))).max() > 1e-3


@pytest.mark.parametrize("name", ["num_heads", "key_dim", "value_dim", "sliding_window"])
def test_sizes_must_be_positive_integers(name):
    with pytest.raises(ValueError, match=name):
        layers.MultiHeadAttention(**{"num_heads": 1, "key_dim": 1, name: 0})


@pytest.mark.parametrize("shape", [-1, (2, 0), "ab", (2, 3.0)])
def test_sizes_of_the_output_must_be_positive_integers(shape):
    with pytest.raises(ValueError, match="Invalid `output_shape`"):
        layers.MultiHeadAttention(1, 1, output_shape=shape)


@pytest.mark.parametrize("rate", [1.5, -0.5])
def test_dropout_must_be_a_probability(rate):
    with pytest.raises(ValueError, match=f"dropout={rate}"):
        layers.MultiHeadAttention(1, 1, dropout=rate)


@pytest.mark.parametrize("axes", [9, (1, 3), -4, 2, -1, (1, 1), (1, -2)])
def test_attended_axes_must_exist(axes):
    with pytest.raises(ValueError, match="attention_axes"):
        layers.MultiHeadAttention(1, 1, attention_axes=axes)(X, Y)


def test_axes_count_from_the_end_too():
    ours, _ = pair(attention_axes=-2)
    plain, _ = pair()
    plain.set_weights(ours.get_weights())
    assert_same(ours(X, Y), plain(X, Y))


@pytest.mark.parametrize("x", [X[0], keras.Input((FEATURES,))], ids=["array", "symbol"])
def test_rows_without_a_sequence_are_refused(x):
    with pytest.raises(ValueError, match="2 axes"):
        layers.MultiHeadAttention(1, 1)(x, x)


def test_flash_attention_refuses_what_it_cannot_do():
    with pytest.raises(ValueError, match="dropout"):
        layers.MultiHeadAttention(1, 1, flash_attention=True, dropout=0.5)
    layer = layers.MultiHeadAttention(1, 1, flash_attention=True)
    with pytest.raises(ValueError, match="scores"):
        layer(X, Y, return_attention_scores=True)
