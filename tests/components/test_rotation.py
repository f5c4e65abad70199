"""Rotations by the position, against complex numbers: alone, in attention and in transformers."""

import json

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close
from keras import ops

from dlprep import layers
from dlprep.reference.attention import attention

rng = np.random.default_rng(0)
X = rng.normal(size=(2, 5, 6)).astype("float32")
Y = rng.normal(size=(2, 7, 6)).astype("float32")
HEADS = rng.normal(size=(2, 5, 3, 6)).astype("float32")
PAIRS = ("interleaved", "half_split")


def turned(x, axis, pairs, start=0, base=10000.0):
    """Turn complex numbers made of pairs of components."""
    x = np.moveaxis(x.astype(float), axis, -2)
    half = x.shape[-1] // 2
    if pairs == "interleaved":
        first, second = slice(0, None, 2), slice(1, None, 2)
    else:
        first, second = slice(0, half), slice(half, None)
    angles = (start + np.arange(x.shape[-2]))[:, None] * base ** (-np.arange(half) / half)
    z = (x[..., first] + 1j * x[..., second]) * np.exp(1j * angles)
    y = np.empty_like(x)
    y[..., first], y[..., second] = z.real, z.imag
    return np.moveaxis(y, -2, axis)


@pytest.mark.parametrize("pairs", PAIRS)
@pytest.mark.parametrize("axis", [1, 2, -2, -3])
def test_rotation_is_a_product_of_complex_numbers(axis, pairs):
    layer = layers.RotaryEmbedding(100.0, sequence_axis=axis, pairs=pairs)
    assert_close(layer(HEADS), turned(HEADS, axis, pairs, 0, 100.0), rtol=1e-5, atol=1e-6)
    given = layer(HEADS, start=ops.convert_to_tensor(7))
    assert_close(given, turned(HEADS, axis, pairs, 7, 100.0), rtol=1e-5, atol=1e-5)


@pytest.mark.skipif(keras.backend.backend() == "jax", reason="JAX has no float64 by default")
def test_far_positions_are_exact_in_float64():
    far, start = HEADS.astype("float64"), 200_000
    for pairs in PAIRS:
        layer = layers.RotaryEmbedding(sequence_axis=1, pairs=pairs, dtype="float64")
        assert_close(layer(far, start=start), turned(far, 1, pairs, start), rtol=0, atol=1e-9)
    long = np.zeros((1, 2000, 6))
    waves = array(layers.SinusoidalPositionEncoding(dtype="float64")(long))[0]
    angles = np.arange(2000.0)[:, None] * 10000.0 ** (-np.arange(3) / 3)
    assert_close(waves[:, ::2], np.sin(angles), rtol=0, atol=1e-11)


@pytest.mark.parametrize("pairs", PAIRS)
def test_scores_depend_on_the_distance_alone(pairs):
    layer = layers.RotaryEmbedding(sequence_axis=1, pairs=pairs)

    def scores(query_start, key_start):
        pair = layer(HEADS, start=query_start), layer(HEADS[:, ::-1], start=key_start)
        return np.einsum("bthd,bshd->bhts", *map(array, pair))

    assert_close(scores(40, 33), scores(7, 0), rtol=1e-4, atol=1e-4)
    assert np.abs(scores(40, 34) - scores(7, 0)).max() > 0.1


@pytest.mark.parametrize("dtype, start", [("float16", 5001), ("bfloat16", 70001)])
def test_far_positions_stay_exact_in_half_precision(dtype, start):
    """Neither format can hold the position: they would round it."""
    ones = np.ones((1, 1, 2))
    y = ops.cast(layers.RotaryEmbedding(dtype=dtype)(ones, start=start), "float32")
    assert_close(
        y, turned(ones, 1, "interleaved", start), atol=2e-3 if dtype == "float16" else 2e-2
    )


def rotation(pairs):
    # Its own axis is not the one that attention has to turn along.
    return layers.RotaryEmbedding(50.0, sequence_axis=-2, pairs=pairs)


def weights_of(layer):
    return [array(weight).astype(float) for weight in layer.weights]


def randomized(layer, *shapes):
    layer.build(*shapes)
    layer.set_weights([rng.normal(size=weight.shape) for weight in layer.weights])
    return layer


@pytest.mark.parametrize("pairs", PAIRS)
def test_heads_turn_queries_and_keys_along_the_sequence(pairs):
    layer = layers.MultiHeadAttention(3, 4, value_dim=2, use_bias=False, rotation=rotation(pairs))
    W_q, W_k, W_v, W_o = weights_of(randomized(layer, X.shape, Y.shape))
    Q, K, V = (np.einsum("btf,fhd->bthd", x, W) for x, W in ((X, W_q), (Y, W_k), (Y, W_v)))
    Q, K = (turned(x, 1, pairs, base=50.0) for x in (Q, K))
    heads, A = attention(*(np.swapaxes(x, 1, 2) for x in (Q, K, V)))
    output, weights = layer(X, Y, return_attention_scores=True)
    assert_close(weights, A, rtol=1e-4, atol=1e-6)
    assert_close(output, np.einsum("bhtd,hdf->btf", heads, W_o), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("pairs", PAIRS)
def test_grouped_heads_turn_as_their_copies_do(pairs):
    group = layers.GroupQueryAttention(4, 6, 2, use_bias=False, rotation=rotation(pairs))
    full = layers.MultiHeadAttention(6, 4, use_bias=False, rotation=rotation(pairs))
    randomized(group, X.shape, Y.shape), full.build(X.shape, Y.shape)
    query, key, value, out = group.get_weights()
    full.set_weights([query, *(np.repeat(w, 3, axis=1) for w in (key, value)), out])
    assert_close(group(X, Y), full(X, Y), rtol=1e-4, atol=1e-5)


def test_attention_over_a_later_axis_turns_along_that_one():
    layer = layers.MultiHeadAttention(3, 4, attention_axes=2, rotation=rotation("half_split"))
    grid = rng.normal(size=(2, 3, 5, 6)).astype("float32")
    whole = layer(grid, grid)
    line = layers.MultiHeadAttention(3, 4, rotation=rotation("half_split"))
    line.build(grid[:, 1].shape, grid[:, 1].shape)
    line.set_weights(layer.get_weights())
    assert_close(whole[:, 1], line(grid[:, 1], grid[:, 1]), rtol=1e-4, atol=1e-5)


def test_an_encoder_with_a_rotation_knows_the_order():
    order = [1, 3, 0, 2, 4]

    def difference(**options):
        layer = randomized(layers.TransformerEncoder(2, hidden=7, **options), (None, 5, 8))
        x = rng.normal(size=(1, 5, 8)).astype("float32")
        return np.abs(array(layer(x))[:, order] - array(layer(x[:, order]))).max()

    assert difference() < 1e-3
    assert difference(rotation=rotation("interleaved")) > 0.1


def test_a_decoder_turns_itself_and_not_the_memory():
    x, memory = (rng.normal(size=(2, n, 8)).astype("float32") for n in (5, 7))
    layer = layers.TransformerDecoder(2, hidden=7, rotation=rotation("half_split"))
    whole = array(layer(x, memory))
    assert_close(layer(x, memory[:, [3, 1, 6, 0, 2, 5, 4]]), whole, rtol=1e-4, atol=1e-5)
    cache = layer.empty_cache(2, 9)
    for start, stop in ((0, 2), (2, 3), (3, 5)):
        step, cache = layer(x[:, start:stop], memory, cache=cache, start=start)
        assert_close(step, whole[:, start:stop], rtol=1e-4, atol=1e-5)


BLOCKS = {
    "MultiHeadAttention": (3, 4),
    "GroupQueryAttention": (4, 6, 2),
    "TransformerEncoder": (3, 7),
    "TransformerDecoder": (3, 7),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_the_rotation_is_saved(name, tmp_path):
    layer = getattr(layers, name)(*BLOCKS[name], rotation=rotation("half_split"))
    config = json.loads(json.dumps(layer.get_config()))
    assert type(layer).from_config(config).rotation.get_config() == layer.rotation.get_config()
    inputs = keras.Input((5, 6))
    outputs = layer(inputs, inputs) if "Attention" in name else layer(inputs)
    model = keras.Model(inputs, outputs)
    model.save(tmp_path / "model.keras")
    revived = keras.saving.load_model(tmp_path / "model.keras")
    assert_close(revived(X), model(X), rtol=1e-6)


ODD = np.ones((2, 4, 3))


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: layers.RotaryEmbedding()(ODD), "even size, not 3"),
        (lambda: layers.RotaryEmbedding()(keras.Input((4, 3))), "even size, not 3"),
        (lambda: layers.SinusoidalPositionEncoding()(keras.Input((4, 3))), "even size, not 3"),
        (lambda: layers.RotaryEmbedding(0), "`base` must be a positive number, not 0"),
        (lambda: layers.SinusoidalPositionEncoding(-2.0), "positive number, not -2.0"),
        (lambda: layers.RotaryEmbedding(float("nan")), "positive number, not nan"),
        (lambda: layers.RotaryEmbedding(pairs="halves"), "`pairs` must be .* not 'halves'"),
        (lambda: layers.RotaryEmbedding(sequence_axis=0)(X), "`sequence_axis` 0 is the batch"),
        (lambda: layers.RotaryEmbedding(sequence_axis=-3)(X), "`sequence_axis` -3 is the batch"),
        (lambda: layers.RotaryEmbedding(sequence_axis=-1)(X), "before the last one, but it is -1"),
        (lambda: layers.RotaryEmbedding(sequence_axis=2)(X), "before the last one, but it is 2"),
        (lambda: layers.RotaryEmbedding(sequence_axis=-4)(X), "before the last one, but it is -4"),
        (lambda: layers.MultiHeadAttention(2, 4, rotation="half_split"), "RotaryEmbedding or None"),
        (lambda: layers.MultiHeadAttention(2, 3, rotation=rotation(PAIRS[0]))(X, X), "even size"),
        (lambda: layers.GroupQueryAttention(4, 4, 2, rotation=True), "RotaryEmbedding or None"),
        (lambda: layers.TransformerEncoder(2, 7, rotation=10000.0), "RotaryEmbedding or None"),
        (lambda: layers.TransformerEncoder(2, 7, rotation=rotation(PAIRS[0]))(X), "even size"),
        (
            lambda: layers.MultiHeadAttention(
                2, 4, attention_axes=(1, 2), rotation=rotation(PAIRS[0])
            )(HEADS, HEADS),
            r"turns along one axis, not \(1, 2\)",
        ),
    ],
)
def test_what_cannot_turn_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
