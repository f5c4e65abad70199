"""Attention, additive attention and grouped-query attention in numbers."""

import keras
import numpy as np
import pytest
from components.arrays import assert_close, assert_same
from keras import ops

from dlprep import layers
from dlprep.reference.attention import softmax

rng = np.random.default_rng(0)
Q, V, K = (rng.normal(size=(2, n, 3)).astype("float32") for n in (4, 5, 5))
VALUE_MASK = np.array([[True, True, True, False, False], [True] * 5])
QUERY_MASK = np.array([[True, True, False, False], [True] * 4])


def test_dot_attention_is_unscaled():
    expected = softmax(Q.astype(float) @ np.swapaxes(K, 1, 2)) @ V
    assert_close(layers.Attention()([Q, V, K]), expected, rtol=1e-5, atol=1e-6)


def test_additive_attention_is_a_small_network():
    layer = layers.AdditiveAttention()
    layer.build([Q.shape, V.shape])
    a = rng.normal(size=3)
    layer.scale.assign(a)
    scores = np.sum(a * np.tanh(Q[:, :, None].astype(float) + K[:, None]), -1)
    assert_close(layer([Q, V, K]), softmax(scores) @ V, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["Attention", "AdditiveAttention"])
@pytest.mark.parametrize("causal", [False, True])
def test_masks_equal_those_of_keras(name, causal):
    ours, theirs = getattr(layers, name)(), getattr(keras.layers, name)()
    ours.build([Q.shape, V.shape]), theirs.build([Q.shape, V.shape])
    theirs.set_weights(ours.get_weights())
    options = {"mask": [QUERY_MASK, VALUE_MASK], "use_causal_mask": causal}
    options["return_attention_scores"] = True
    for given, expected in zip(ours([Q, V], **options), theirs([Q, V], **options), strict=True):
        assert_close(given, expected, rtol=1e-5, atol=1e-6)


def test_concat_scores_equal_those_of_keras():
    ours, theirs = (
        space.Attention(use_scale=True, score_mode="concat") for space in (layers, keras.layers)
    )
    ours.build([Q.shape, V.shape]), theirs.build([Q.shape, V.shape])
    for layer in (ours, theirs):
        layer.set_weights([np.array(0.7), np.array(1.3)])
    assert_close(ours([Q, V]), theirs([Q, V]), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("heads", [1, 2, 4])
def test_grouped_heads_are_multi_head_attention_with_copied_keys(heads):
    group = layers.GroupQueryAttention(3, num_query_heads=4, num_key_value_heads=heads)
    full = layers.MultiHeadAttention(4, 3)
    group.build(Q.shape, V.shape), full.build(Q.shape, V.shape)
    weights = [
        np.repeat(w, 4 // heads, axis=-2) if "/key/" in v.path or "/value/" in v.path else w
        for w, v in zip(group.get_weights(), group.weights, strict=True)
    ]
    full.set_weights(weights)
    given, expected = group(Q, V, use_causal_mask=True), full(Q, V, use_causal_mask=True)
    assert_close(given, expected, rtol=1e-5, atol=1e-6)


def test_a_subclass_may_score_and_average_itself():
    class Nearest(layers.Attention):
        def _calculate_scores(self, query, key):
            return -ops.sum(ops.square(query[:, :, None] - key[:, None]), axis=-1)

        def _apply_scores(self, scores, value, scores_mask=None, training=False):
            scores = ops.where(scores_mask, scores, -1e9)
            weights = ops.one_hot(ops.argmax(scores, axis=-1), scores.shape[-1])
            return ops.matmul(weights, value), weights

    distance = np.sum((Q[:, :, None] - K[:, None]) ** 2, -1) + 1e9 * ~VALUE_MASK[:, None]
    expected = np.stack([v[nearest] for v, nearest in zip(V, distance.argmin(-1), strict=True)])
    assert_close(Nearest()([Q, V, K], mask=[None, VALUE_MASK]), expected)


SHOWN = {
    "Attention": [Q, V],
    "AdditiveAttention": [Q, V],
    "Dense": Q,
    "Embedding": np.array([[1, 2]]),
    "GroupQueryAttention": (Q, V),
    "MultiHeadAttention": (Q, V),
    "Softmax": Q,
}
# LoRA and quantisation, which the docstrings refuse.
REFUSED = {"enable_lora", "variable_serialization_spec"}


@pytest.mark.parametrize("name", SHOWN)
def test_attributes_that_keras_shows(name):
    arguments = {"Dense": (5,), "Embedding": (7, 5), "GroupQueryAttention": (3, 4, 2)}
    arguments["MultiHeadAttention"] = (3, 4)

    def shown(namespace):
        layer = getattr(namespace, name)(*arguments.get(name, ()))
        layer(*SHOWN[name]) if isinstance(SHOWN[name], tuple) else layer(SHOWN[name])
        return {attribute for attribute in dir(layer) if not attribute.startswith("_")}

    assert shown(keras.layers) - shown(layers) <= REFUSED


def test_dropout_acts_in_training_only():
    layer = layers.Attention(dropout=0.5, seed=0)
    calm = ops.convert_to_numpy(layer([Q, V]))
    assert np.abs(calm - ops.convert_to_numpy(layer([Q, V], training=True))).max() > 1e-3
    assert_same(layer([Q, V]), calm)


def grouped(*shapes):
    """Call grouped-query attention on symbolic inputs of these shapes."""
    return layers.GroupQueryAttention(2, 4, 2)(*map(keras.Input, shapes))


def test_symbolic_grouped_attention_knows_its_shapes():
    assert grouped((4, 3), (5, 3), (5, 2)).shape == (None, 4, 3)
    layer = layers.GroupQueryAttention(2, 4, 2)
    inputs = {"query": keras.Input((4, 3)), "value": keras.Input((5, 3))}
    output, weights = layer(**inputs, return_attention_scores=True)
    assert (output.shape, weights.shape) == ((None, 4, 3), (None, 4, 4, 5))


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: layers.Attention(score_mode="other"), "score_mode"),
        (lambda: layers.Attention()(Q), "list"),
        (lambda: layers.Attention()([Q]), "length 2 or 3"),
        (lambda: layers.Attention()([Q, V], mask=QUERY_MASK), "mask must be a list"),
        (lambda: layers.GroupQueryAttention(2, 3, 2), "divisible"),
        (lambda: layers.Attention(dropout=1.5), "`dropout`"),
        (lambda: layers.AdditiveAttention(dropout=-0.5), "dropout=-0.5"),
        (lambda: layers.GroupQueryAttention(2, 4, 2, dropout=1.5), "dropout=1.5"),
        (lambda: layers.GroupQueryAttention(2, 4, 2)(Q[0], V[0]), "sequence"),
        (lambda: layers.GroupQueryAttention(2, 4, 2)(Q, V, K[:, 1:]), "must be equal"),
        (lambda: grouped((4, 3), (5, 2)), "query and value must be equal"),
        (lambda: grouped((4, 3), (5, 3), (6, 3)), "but the last must be equal"),
    ],
)
def test_wrong_arguments_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
