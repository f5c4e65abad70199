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
from dlprep.reference.attention import attention
from dlprep.reference.normalization import layer_normalization

rng = np.random.default_rng(0)
X = rng.normal(size=(2, 5, 6)).astype("float32")
MEMORY = rng.normal(size=(2, 3, 6)).astype("float32")
PADDING = np.array([[True, True, False, True, False], [True] * 5])
LEFT_PADDING = np.array([[False, False, True, True, True], [True] * 5])
MEMORY_PADDING = np.array([[True, False, True], [False, True, True]])
PAIRS = np.eye(5, dtype=bool)[None] | (rng.random((2, 5, 5)) < 0.5) | (np.arange(5) == 0)


def as_float64(weights):
    return [ops.convert_to_numpy(weight).astype(float) for weight in weights]


def test_waves_equal_the_reference():
    given = layers.SinusoidalPositionEncoding()(np.zeros((1, 50, 6)))
    expected = reference_position.sinusoidal_positions(50, 6)
    assert_close(given[0], expected, rtol=1e-5, atol=2e-6)


def test_a_sequence_without_positions_gets_no_waves():
    assert layers.SinusoidalPositionEncoding()(X[:, :0]).shape == X[:, :0].shape


def test_rotation_equals_the_reference():
    expected = reference_position.rotate(X.astype(float))
    assert_close(layers.RotaryEmbedding()(X), expected, rtol=1e-5, atol=1e-6)


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


def test_the_router_chooses_in_full_precision():
    layer = layers.MixtureOfExperts(2, hidden=3, top=1, dtype="mixed_float16")
    layer.build((None, 4))
    # 1.0001 is no number of half precision, and in a tie the first would win.
    layer.router.assign(np.array([[1.0, 1.0001]] * 4))
    up, down = (np.zeros(weight.shape) for weight in (layer.up, layer.down))
    up[1], down[1] = 1, 1
    layer.up.assign(up), layer.down.assign(down)
    assert float(array(layer(np.ones((1, 4))))[0, 0]) == 12


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


def as_function(layer):
    """Return a normalisation layer as a function in NumPy."""
    gamma, beta = as_float64(layer.weights)
    return lambda x: layer_normalization(x, gamma, beta, 1e-6)[0]


def in_heads(layer, x, y, mask=None):
    """Recompute multi-head attention with biases; an axis of heads is missing in the mask."""
    W_q, b_q, W_k, b_k, W_v, b_v, W_o, b_o = as_float64(layer.weights)
    Q = np.einsum("mtf,fhd->mhtd", x, W_q) + b_q[:, None]
    K, V = (np.einsum("msf,fhd->mhsd", y, W) + b[:, None] for W, b in ((W_k, b_k), (W_v, b_v)))
    heads, _ = attention(Q, K, V, None if mask is None else mask[:, None])
    return np.einsum("mhtd,hdf->mtf", heads, W_o) + b_o


def recomputed(layer, inputs, branches):
    """Recompute a block of these branches and the feed-forward one from its weights."""

    def feed_forward(x):
        (W_1, b_1), (W_2, b_2) = as_float64(layer.up.weights), as_float64(layer.down.weights)
        return np.maximum(x @ W_1 + b_1, 0) @ W_2 + b_2

    y = inputs.astype(float)
    for branch, norm in (*branches, (feed_forward, layer.feed_forward_norm)):
        normalized = as_function(norm)
        y = y + branch(normalized(y)) if layer.normalize_first else normalized(y + branch(y))
    return y


def with_random_weights(layer, *shapes):
    layer.build(*shapes)
    layer.set_weights([rng.normal(size=weight.shape) for weight in layer.weights])
    return layer


@pytest.mark.parametrize("first", [True, False])
def test_encoder_is_attention_and_feed_forward_with_shortcuts(first):
    layer = with_random_weights(
        layers.TransformerEncoder(2, hidden=7, normalize_first=first), X.shape
    )
    seen = PADDING[:, None] & PAIRS

    def attend(x):
        return in_heads(layer.attention, x, x, seen)

    expected = recomputed(layer, X, [(attend, layer.attention_norm)])
    given = layer(X, mask=PADDING, attention_mask=PAIRS)
    assert_close(given, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("memory", [None, MEMORY], ids=["alone", "memory"])
@pytest.mark.parametrize("first", [True, False], ids=["pre", "post"])
def test_decoder_looks_back_and_at_the_memory(first, memory):
    layer = layers.TransformerDecoder(2, hidden=7, normalize_first=first)
    shapes = [X.shape] if memory is None else [X.shape, MEMORY.shape]
    with_random_weights(layer, *shapes)
    seen = PADDING[:, None] & np.tri(5, dtype=bool)

    def attend(x):
        return in_heads(layer.attention, x, x, seen)

    def attend_memory(x):
        return in_heads(layer.cross, x, MEMORY, MEMORY_PADDING[:, None])

    branches = [(attend, layer.attention_norm)]
    if memory is not None:
        branches.append((attend_memory, layer.cross_norm))
    given = layer(X, memory, inputs_mask=PADDING, memory_mask=MEMORY_PADDING)
    assert_close(given, recomputed(layer, X, branches), rtol=1e-5, atol=1e-5)


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


@pytest.mark.parametrize("sizes", [[1] * 5, [3, 2], [5]])
@pytest.mark.parametrize("automatic", [False, True])
def test_padding_before_a_prompt_stays_unseen_in_the_cache(automatic, sizes):
    layer = layers.TransformerDecoder(2, hidden=7)
    whole = ops.convert_to_numpy(layer(X, MEMORY, inputs_mask=LEFT_PADDING))
    cache, start = layer.empty_cache(2, 7), 0
    for size in sizes:
        part = slice(start, start + size)
        x, masks = X[:, part], {"inputs_mask": LEFT_PADDING[:, part]}
        if automatic:
            x, masks = keras.layers.Masking()(x * LEFT_PADDING[:, part, None]), {}
        step, cache = layer(x, MEMORY, cache=cache, start=start, **masks)
        real = LEFT_PADDING[:, part]
        assert_close(array(step)[real], whole[:, part][real], rtol=1e-4, atol=1e-5)
        start += size


def test_decoder_with_a_cache_drops_the_same_in_training():
    layer = layers.TransformerDecoder(2, hidden=7, dropout=0.5)
    calm = array(layer(X))
    seeds = [owner.seed_generator.state for owner in (layer.attention, layer.drop)]
    before = [array(seed) for seed in seeds]
    whole = array(layer(X, training=True))
    for seed, value in zip(seeds, before, strict=True):
        seed.assign(value)
    given, _ = layer(X, cache=layer.empty_cache(2, 5), training=True)
    assert_close(given, whole, rtol=1e-4, atol=1e-5)
    assert np.abs(calm - whole).max() > 0.1


@pytest.mark.parametrize("start", [ops.convert_to_tensor(3), np.int64(3)], ids=["tensor", "numpy"])
def test_start_may_be_a_tensor(start):
    layer = layers.TransformerDecoder(2, hidden=7)
    whole = array(layer(X))
    _, cache = layer(X[:, :3], cache=layer.empty_cache(2, 5))
    given, _ = layer(X[:, 3:], cache=cache, start=start)
    assert_close(given, whole[:, 3:], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("start", [3, 4, -1])
def test_a_full_cache_is_told(start):
    layer = layers.TransformerDecoder(2, hidden=7)
    layer.build(X.shape)
    with pytest.raises(ValueError, match="cache holds 4 positions"):
        layer(X[:, :2], cache=layer.empty_cache(2, 4), start=start)


def test_a_functional_model_hands_the_cache_on():
    layer = layers.TransformerDecoder(2, hidden=7)
    layer.build(X.shape)
    cache = layer.empty_cache(2, 4)
    inputs = keras.Input((1, 6)), *(keras.Input(c.shape[1:], dtype=c.dtype) for c in cache)
    output, (pairs, visible) = layer(inputs[0], cache=inputs[1:], start=2)
    model = keras.Model(inputs, [output, pairs, visible])
    assert [tuple(x.shape) for x in model.outputs] == [(None, 1, 6), (None, 2, 4, 2, 3), (None, 4)]
    expected = layer(X[:, :1], cache=cache, start=2)
    given = model([ops.array(X[:, :1]), *cache])
    assert_close(given[0], expected[0])
    assert_close(given[1], expected[1][0])


def test_a_memory_that_comes_late_is_refused():
    layer = layers.TransformerDecoder(2, hidden=7)
    layer(X)
    with pytest.raises(ValueError, match="built without `memory`"):
        layer(X, MEMORY)


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
        (lambda: layers.TransformerEncoder(2, hidden=7, dropout=2.0), "dropout=2.0"),
        (lambda: layers.TransformerDecoder(2, hidden=7, dropout=-1), "dropout=-1"),
        (lambda: layers.TransformerEncoder(2, hidden=7)(X[0]), "2 axes"),
        (lambda: layers.TransformerDecoder(2, hidden=7)(X[0]), "2 axes"),
        (lambda: layers.TransformerDecoder(2, hidden=7).empty_cache(2, 5), "Build or call"),
        (lambda: layers.MixtureOfExperts(2, hidden=3, top=3), "top=3"),
        (
            lambda: layers.MixtureOfExperts(2, hidden=3, balance=-1),
            "`balance` must not be negative",
        ),
        (lambda: layers.SwiGLU(0), "hidden"),
    ],
)
def test_wrong_arguments_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
