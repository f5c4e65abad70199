"""Masked positions do not count, whatever they hold: not for values, not for any gradient."""

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close
from components.gradients import value_and_gradient
from components.test_hand_gradients import split
from keras import ops

from dlprep import layers
from dlprep.layers.dot_product_attention import masked_softmax

rng = np.random.default_rng(0)
# The last row is nothing but padding.
MASK = np.array([[1, 1, 0, 1, 0], [0, 1, 1, 1, 1], [0, 0, 0, 0, 0]], bool)
X = rng.normal(size=(3, 5, 6)).astype("float32")
FILLS = [np.nan, np.inf, -np.inf, 1e30]
PAIRS = MASK[:, :, None] & MASK[:, None]
CASES = {
    "MultiHeadAttention": (
        layers.MultiHeadAttention(2, 3),
        lambda layer, x: layer(x, x, query_mask=MASK, value_mask=MASK),
    ),
    "MultiHeadAttention, keys and a gate": (
        layers.MultiHeadAttention(2, 3, use_gate=True),
        lambda layer, x: layer(x, x, x, query_mask=MASK, key_mask=MASK, use_causal_mask=True),
    ),
    "MultiHeadAttention, pairs of integers": (
        layers.MultiHeadAttention(2, 3),
        lambda layer, x: layer(x, x, attention_mask=PAIRS.astype("int32")),
    ),
    "MultiHeadAttention, a mask for the heads": (
        layers.MultiHeadAttention(2, 3),
        lambda layer, x: layer(x, x, attention_mask=PAIRS[:, None]),
    ),
    "GroupQueryAttention": (
        layers.GroupQueryAttention(3, 4, 2),
        lambda layer, x: layer(x, x, query_mask=MASK, value_mask=MASK),
    ),
    "Attention": (
        layers.Attention(use_scale=True),
        lambda layer, x: layer([x, x], mask=[MASK, MASK]),
    ),
    "AdditiveAttention": (
        layers.AdditiveAttention(),
        lambda layer, x: layer([x, x, x], mask=[MASK.astype("int32"), MASK.astype("int32")]),
    ),
    "TransformerEncoder": (
        layers.TransformerEncoder(2, 7),
        lambda layer, x: layer(x, mask=MASK),
    ),
    "TransformerDecoder": (
        layers.TransformerDecoder(2, 7, normalize_first=False),
        lambda layer, x: layer(x, x, inputs_mask=MASK, memory_mask=MASK),
    ),
}


def outcome(name, fill):
    """Return the outputs that count, and the gradients for the inputs that do and all weights."""
    layer, call = CASES[name]
    if not layer.built:
        call(layer, X)
    x = np.where(MASK[..., None], X, fill).astype("float32")
    given = [x, *(array(weight) for weight in layer.trainable_weights)]
    mixed = np.random.default_rng(1).normal(size=x.shape).astype("float32")

    def weighted(flat):
        inputs, *weights = split(flat, given)
        state = list(zip(layer.trainable_variables, weights, strict=True))
        with keras.StatelessScope(state_mapping=state):
            return ops.where(MASK[..., None], call(layer, inputs) * mixed, 0)

    value, gradient = value_and_gradient(weighted, np.concatenate([a.ravel() for a in given]))
    inputs, *weights = split(gradient, given)
    return value, np.where(MASK[..., None], array(inputs), 0), *map(array, weights)


@pytest.mark.parametrize("name", CASES)
def test_masked_positions_count_as_zeros(name):
    expected = outcome(name, 0)
    for fill in FILLS:
        for given, wanted in zip(outcome(name, fill), expected, strict=True):
            assert_close(given, wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize("name", CASES)
def test_masked_positions_stay_hidden_in_half_precision(name, dtype):
    layer, call = CASES[name]
    call(layer, X)
    half = type(layer).from_config({**layer.get_config(), "dtype": dtype})
    for fill in FILLS:
        x = np.where(MASK[..., None], X, fill).astype("float32")
        assert np.isfinite(array(ops.cast(call(half, ops.cast(x, dtype)), "float32"))).all()


@pytest.mark.parametrize("low", [-1e4, -1e9, -1e29])
def test_no_score_is_below_that_of_a_masked_position(low):
    scores, mask = np.float32([[low, low, 0.0]]), np.array([[True, True, False]])
    assert_close(masked_softmax(ops.array(scores), ops.array(mask)), [[0.5, 0.5, 0.0]])


@pytest.mark.parametrize("kind", ["MultiHeadAttention", "GroupQueryAttention"])
def test_a_query_that_may_look_at_nothing_averages_as_in_keras(kind):
    arguments = {"MultiHeadAttention": (2, 3), "GroupQueryAttention": (3, 4, 2)}[kind]
    ours, theirs = (getattr(space, kind)(*arguments) for space in (layers, keras.layers))
    ours.build(X.shape, X.shape), theirs.build(X.shape, X.shape)
    theirs.set_weights(ours.get_weights())
    masks = {"attention_mask": PAIRS}
    assert_close(ours(X, X, **masks), theirs(X, X, **masks), rtol=1e-4, atol=1e-5)


TURN = layers.RotaryEmbedding()
CAUSAL = {
    "MultiHeadAttention": lambda: layers.MultiHeadAttention(2, 4, rotation=TURN),
    "GroupQueryAttention": lambda: layers.GroupQueryAttention(4, 6, 2, rotation=TURN),
    "Attention": lambda: layers.Attention(),
    "AdditiveAttention": lambda: layers.AdditiveAttention(),
}


@pytest.mark.parametrize("size", [1.0, 1e4])
@pytest.mark.parametrize("length", [0, 1, 5])
@pytest.mark.parametrize("kind", CAUSAL)
def test_causal_attention_of_any_length_and_saturated(kind, length, size):
    layer = CAUSAL[kind]()

    def call(x):
        inputs = [[x, x]] if kind in ("Attention", "AdditiveAttention") else [x, x]
        return layer(*inputs, use_causal_mask=True)

    x = size * X[:, :length]
    value, gradient = value_and_gradient(call, x)
    assert value.shape == x.shape
    assert np.isfinite(value).all() and np.isfinite(gradient).all()
    if length == 1 and "Head" not in kind and "Group" not in kind:
        assert_close(value, x)
