"""Transformer parts in numbers: positions, feed-forward layers, blocks and the cache."""

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close
from keras import ops

from dlprep import layers
from dlprep.layers.feed_forward import load_imbalance, route
from dlprep.reference import feed_forward as reference_feed_forward
from dlprep.reference import position as reference_position
from dlprep.reference.attention import multi_head_attention
from dlprep.reference.normalization import layer_normalization

rng = np.random.default_rng(0)
X = rng.normal(size=(2, 5, 6)).astype("float32")
MEMORY = rng.normal(size=(2, 3, 6)).astype("float32")


def as_float64(weights):
    return [ops.convert_to_numpy(weight).astype(float) for weight in weights]


def test_waves_equal_the_reference():
    given = layers.SinusoidalPositionEncoding()(np.zeros((1, 50, 6)))
    expected = reference_position.sinusoidal_positions(50, 6)
    assert_close(given[0], expected, rtol=1e-5, atol=2e-6)


def test_rotation_equals_the_reference():
    expected = reference_position.rotate(X.astype(float))
    assert_close(layers.RotaryEmbedding()(X), expected, rtol=1e-5, atol=1e-6)


def test_rotation_can_start_later():
    layer = layers.RotaryEmbedding()
    assert_close(layer(X[:, 2:], start=2), layer(X)[:, 2:], rtol=1e-5, atol=1e-6)


def test_far_positions_stay_exact_in_half_precision():
    ones = np.ones((1, 1, 2))
    y = layers.RotaryEmbedding(dtype="float16")(ones, start=5000)
    expected = reference_position.rotation(5000, 2) @ ones[0, 0]
    assert_close(y[0, 0], expected, atol=2e-3)


def test_odd_sizes_are_refused():
    with pytest.raises(ValueError, match="even"):
        layers.RotaryEmbedding()(np.ones((1, 2, 3)))


def test_swiglu_equals_the_reference():
    layer = layers.SwiGLU(5)
    layer.build(X.shape)
    expected, _ = reference_feed_forward.swiglu(
        X.reshape(-1, 6).astype(float), *as_float64(layer.weights)
    )
    assert_close(ops.reshape(layer(X), (-1, 6)), expected, rtol=1e-5, atol=1e-6)


def test_mixture_equals_the_reference():
    layer = layers.MixtureOfExperts(4, hidden=5, top=2)
    layer.build(X.shape)
    expected, _ = reference_feed_forward.mixture(
        X.reshape(-1, 6).astype(float), *as_float64(layer.weights), top=2
    )
    assert_close(ops.reshape(layer(X), (-1, 6)), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("initializer", ["glorot_uniform", keras.initializers.HeNormal(seed=0)])
def test_matrices_draw_apart_each_with_its_own_fans(initializer):
    gated = layers.SwiGLU(5, kernel_initializer=initializer)
    mixture = layers.MixtureOfExperts(8, hidden=64, kernel_initializer=initializer)
    gated.build((None, 6)), mixture.build((None, 64))
    first, second = (ops.convert_to_numpy(mixture.up)[expert] for expert in (0, 7))
    assert not np.allclose(ops.convert_to_numpy(gated.gate), ops.convert_to_numpy(gated.up))
    assert not np.allclose(first, second)
    # Glorot: 2 / (64 + 64); He: 2 / 64. Each a mean over 4096 entries.
    variance = 1 / 64 if initializer == "glorot_uniform" else 1 / 32
    assert np.var(first) == pytest.approx(variance, rel=0.1)


def test_equal_scores_do_not_let_more_experts_in():
    shares = ops.convert_to_numpy(route(ops.ones((3, 5)), top=2))
    assert ((shares > 0).sum(1) == 2).all()
    assert_close(shares.sum(1), 1, rtol=1e-6)


def test_even_use_is_the_least_imbalance():
    even = load_imbalance(ops.eye(4), ops.full((4, 4), 0.25))
    assert float(even) == pytest.approx(1)
    crowd = ops.array(np.eye(4)[[0, 0, 0, 0]], "float32")
    assert float(load_imbalance(crowd, 0.9 * crowd + 0.025)) > 3


def test_balancing_loss_counts_in_training_only():
    layer = layers.MixtureOfExperts(4, hidden=5)
    layer(X)
    assert layer.losses == []
    layer(X, training=True)
    assert 0.005 < float(array(layer.losses[0])) < 0.05


@pytest.mark.parametrize("first", [True, False])
def test_encoder_is_attention_and_feed_forward_with_shortcuts(first):
    layer = layers.TransformerEncoder(2, hidden=7, normalize_first=first)
    layer.build(X.shape)
    attention = as_float64(layer.attention.weights)
    W_q, W_k, W_v = (np.swapaxes(W, 0, 1) for W in attention[0:6:2])

    def norm(x):
        return layer_normalization(x, np.ones(6), np.zeros(6), 1e-6)[0]

    def attend(x):
        return multi_head_attention(x, x, W_q, W_k, W_v, attention[6])[0]

    def feed_forward(x):
        (W_1, b_1), (W_2, b_2) = as_float64(layer.up.weights), as_float64(layer.down.weights)
        return np.maximum(x @ W_1 + b_1, 0) @ W_2 + b_2

    expected = X.astype(float)
    for branch in (attend, feed_forward):
        before = norm(expected) if first else expected
        expected = expected + branch(before)
        expected = expected if first else norm(expected)
    assert_close(layer(X), expected, rtol=1e-4, atol=1e-5)


def test_padding_does_not_reach_other_positions():
    layer = layers.TransformerEncoder(2, hidden=7)
    mask = np.array([[True] * 3 + [False] * 2] * 2)
    other = X.copy()
    other[:, 3:] = 9
    first, second = (layer(x, mask=mask)[:, :3] for x in (X, other))
    assert_close(first, second, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("memory", [None, MEMORY])
def test_decoder_with_a_cache_gives_the_same_step_by_step(memory):
    layer = layers.TransformerDecoder(2, hidden=7)
    whole = ops.convert_to_numpy(layer(X, memory))
    cache = layer.empty_cache(2, 8)
    for t in range(5):
        step, cache = layer(X[:, t : t + 1], memory, cache=cache, start=t)
        assert_close(step[:, 0], whole[:, t], rtol=1e-4, atol=1e-5)


def test_decoder_does_not_see_the_future():
    layer = layers.TransformerDecoder(2, hidden=7)
    other = X.copy()
    other[:, 3:] += 5
    first, second = (layer(x, MEMORY)[:, :3] for x in (X, other))
    assert_close(first, second, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: layers.TransformerEncoder(4, hidden=7)(X), "divisor"),
        (lambda: layers.TransformerEncoder(0, hidden=7), "num_heads"),
        (lambda: layers.MixtureOfExperts(2, hidden=3, top=3), "top=3"),
        (lambda: layers.SwiGLU(0), "hidden"),
    ],
)
def test_wrong_arguments_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
