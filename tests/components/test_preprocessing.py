"""Normalization, CategoryEncoding, Embedding and Flatten in numbers."""

import keras
import numpy as np
import pytest
from components.arrays import assert_close, assert_same
from keras import ops

from dlprep import layers
from dlprep.layers.normalization import merge_moments

rng = np.random.default_rng(0)
DATA = rng.normal(1e4, [1.0, 2.0, 3.0], size=(100, 3)).astype("float32")


def test_adapted_data_is_standard_even_around_a_large_mean():
    layer = layers.Normalization()
    layer.adapt(DATA)
    exact = DATA.astype(float)
    expected = (exact - exact.mean(0)) / exact.std(0)
    # A mean of 1e4 is stored in float32 with an error of up to 5e-4.
    assert_close(layer(DATA), expected, atol=1e-3)


def test_batches_give_what_the_whole_gives():
    whole, parts = layers.Normalization(), layers.Normalization()
    whole.adapt(DATA)
    parts.adapt([DATA[:10], DATA[10:17], DATA[17:]])
    for a, b in zip(whole.get_weights(), parts.get_weights(), strict=True):
        assert_close(a, b, rtol=1e-6)


@pytest.mark.parametrize("kind", [layers.Normalization, layers.MinMaxScaling])
def test_a_batch_without_rows_says_nothing(kind):
    full, holes, empty = kind(), kind(), DATA[:0]
    full.adapt(DATA)
    holes.adapt([empty, DATA[:60], empty, DATA[60:], empty])
    for a, b in zip(full.get_weights()[:2], holes.get_weights(), strict=False):
        assert_close(a, b, rtol=1e-6)
    for nothing in (empty, [empty, empty]):
        with pytest.raises(ValueError, match="at least one row"):
            kind().adapt(nothing)


def test_given_statistics_are_not_learned():
    def data():
        raise AssertionError("the data was read")
        yield

    layer = layers.Normalization(mean=[1.0, 2.0, 3.0], variance=1.0 * np.ones(3))
    with pytest.raises(ValueError, match="given both"):
        layer.adapt(data())


def test_merged_moments_are_those_of_the_union():
    a, b = rng.normal(size=7), rng.normal(5, 2, size=4)
    both = np.concatenate([a, b])
    merged = merge_moments((7, a.mean(), a.var()), (4, b.mean(), b.var()))
    assert_close(merged, (11, both.mean(), both.var()))


def test_inverse_goes_back():
    there = layers.Normalization(mean=[3.0, 4.0, 5.0], variance=[4.0, 9.0, 1.0])
    back = layers.Normalization(mean=[3.0, 4.0, 5.0], variance=[4.0, 9.0, 1.0], invert=True)
    assert_close(back(there(DATA)), DATA, rtol=1e-6)


def test_constant_feature_gives_zero():
    layer = layers.Normalization()
    layer.adapt(np.full((4, 1), 7.0))
    assert_same(layer(np.full((2, 1), 7.0)), np.zeros((2, 1)))


def test_axis_none_keeps_one_pair():
    layer = layers.Normalization(axis=None)
    layer.adapt(np.array([[1.0, 3.0], [5.0, 7.0]]))
    assert float(layer.adapt_mean) == 4
    assert float(layer.adapt_variance) == 5


def test_adapted_statistics_survive_saving(tmp_path):
    layer = layers.Normalization()
    layer.adapt(DATA)
    model = keras.Sequential([keras.Input((3,)), layer])
    model.save(tmp_path / "model.keras")
    revived = keras.saving.load_model(tmp_path / "model.keras")
    assert_same(revived(DATA), model(DATA))


@pytest.mark.parametrize(
    "given",
    [
        {"mean": 1.0},
        {"mean": [1.0], "variance": [1.0, 2.0]},
        {"mean": [[1.0]], "variance": [[1.0]]},
    ],
)
def test_statistics_must_fit_together(given):
    with pytest.raises(ValueError):
        layers.Normalization(**given)


def test_adapt_refuses_nothing_and_strangers():
    with pytest.raises(ValueError, match="empty"):
        layers.Normalization().adapt([])
    with pytest.raises(TypeError, match="shape"):
        layers.Normalization().adapt(["text"])
    with pytest.raises(TypeError, match="data type"):
        layers.Normalization().adapt(3)


@pytest.mark.parametrize(
    "mode, expected",
    [
        ("one_hot", [[[0, 1, 0], [0, 1, 0]], [[1, 0, 0], [0, 0, 1]]]),
        ("multi_hot", [[0, 1, 0], [1, 0, 1]]),
        ("count", [[0, 2, 0], [1, 0, 1]]),
    ],
)
def test_category_encoding(mode, expected):
    layer = layers.CategoryEncoding(3, output_mode=mode)
    assert_same(layer(np.array([[1, 1], [0, 2]])), expected)


@pytest.mark.skipif(keras.backend.backend() == "torch", reason="PyTorch has none in Keras")
@pytest.mark.parametrize("mode", ["one_hot", "multi_hot", "count"])
def test_a_sparse_category_encoding_is_the_dense_one_in_another_form(mode):
    tokens = np.array([[1, 2, 0]]) if mode != "one_hot" else np.array([1, 2, 0])
    dense, sparse, theirs = (
        space.CategoryEncoding(3, mode, sparse=sparse)(tokens)
        for space, sparse in ((layers, False), (layers, True), (keras.layers, True))
    )
    assert type(sparse) is type(theirs) is not type(dense)
    assert_same(keras.ops.convert_to_numpy(sparse), dense)


def test_counts_can_be_weighted():
    layer = layers.CategoryEncoding(3, output_mode="count")
    y = layer(np.array([[1, 1, 2]]), count_weights=np.array([[0.5, 2.0, 4.0]]))
    assert_close(y, [[0, 2.5, 4]])


@pytest.mark.parametrize("mode", ["one_hot", "multi_hot"])
def test_weights_that_nobody_would_read_are_refused(mode):
    with pytest.raises(ValueError, match=f"`count_weights`.*'{mode}'"):
        layers.CategoryEncoding(3, output_mode=mode)(np.array([[1]]), count_weights=np.ones((1, 1)))


def test_embedding_is_a_product_with_one_hot_rows():
    layer = layers.Embedding(5, 3)
    tokens = np.array([[1, 4], [0, 1]])
    layer.build()
    rows = np.eye(5)[tokens] @ ops.convert_to_numpy(layer.embeddings)
    assert_close(layer(tokens), rows, rtol=1e-6)


def test_embedding_masks_zero_and_starts_from_given_weights():
    table = rng.normal(size=(3, 2)).astype("float32")
    layer = layers.Embedding(3, 2, mask_zero=True, weights=table)
    assert_same(layer(np.array([2])), table[2:])
    assert_same(layer.compute_mask(np.array([0, 2])), [False, True])


@pytest.mark.parametrize("dtype", ["int32", "float32"])
def test_large_tokens_survive_half_precision(dtype):
    layer = layers.Embedding(5000, 1, dtype="mixed_float16")
    layer.build()
    layer.embeddings.assign(np.arange(5000.0)[:, None] % 2)
    assert_same(layer(np.array([4097, 4098], dtype))[:, 0], [1, 0])


def test_flatten_moves_the_channels_last():
    x = np.arange(24.0).reshape(1, 2, 3, 4)
    first = layers.Flatten(data_format="channels_first")(np.moveaxis(x, -1, 1))
    assert_same(first, layers.Flatten()(x))
    assert tuple(layers.Flatten()(np.ones((3,))).shape) == (3, 1)


def test_a_feature_space_knows_our_preprocessing():
    def encode(namespace):
        feature = keras.utils.FeatureSpace.feature
        one_hot = namespace.CategoryEncoding(num_tokens=4, output_mode="one_hot")
        given = namespace.Normalization(mean=2.0, variance=4.0)
        features = {
            "learned": feature("float32", namespace.Normalization(), "float"),
            "given": feature("float32", given, "float"),
            "kind": feature("int64", one_hot, "int"),
        }
        space = keras.utils.FeatureSpace(features, output_mode="concat")
        column = np.arange(8.0, dtype="float32")[:, None]
        data = {"learned": column, "given": column, "kind": (column % 4).astype("int64")}
        space.adapt(data)
        return space(data)

    if keras.backend.backend() != "tensorflow":
        pytest.skip("CategoryEncoding works in a tf.data pipeline of TensorFlow only")
    assert_close(encode(layers), encode(keras.layers), rtol=1e-6)
