"""How a layer starts: fresh weights are drawn as Keras draws them, from the same seed."""

import keras
import numpy as np
import pytest
from components.arrays import assert_same
from components.test_layers import IN_KERAS, apply, build, draw

from dlprep import initializers, layers

SCALED = ("GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform",
          "VarianceScaling")  # fmt: skip


def fresh(name, namespace):
    """Return the weights with which the layer of a row begins."""
    keras.utils.set_random_seed(3)
    layer = build(name, namespace)
    apply(name, layer, draw(name))
    return [keras.ops.convert_to_numpy(weight) for weight in layer.weights]


@pytest.mark.parametrize("name", IN_KERAS)
def test_fresh_weights_are_those_of_keras(name):
    ours, theirs = fresh(name, layers), fresh(name, keras.layers)
    for mine, other in zip(ours, theirs, strict=True):
        assert_same(mine, other)


def attention(namespace, kind, **options):
    """Return an attention layer of 8 heads of 64."""
    if kind == "MultiHeadAttention":
        return namespace.MultiHeadAttention(8, 64, **options)
    return namespace.GroupQueryAttention(64, 8, 2, **options)


@pytest.mark.parametrize("initializer", SCALED)
@pytest.mark.parametrize("kind", ["MultiHeadAttention", "GroupQueryAttention"])
def test_attention_scales_by_all_its_heads(kind, initializer):
    x = np.ones((1, 3, 512), "float32")

    def spreads(namespace, draws):
        given = getattr(draws, initializer)()
        layer = attention(namespace, kind, kernel_initializer=given)
        layer(x, x)
        return [float(np.std(kernel)) for kernel in layer.get_weights() if kernel.ndim == 3]

    ours, own_draws, theirs = (
        spreads(layers, initializers),
        spreads(layers, keras.initializers),
        spreads(keras.layers, keras.initializers),
    )
    np.testing.assert_allclose(ours, theirs, rtol=0.02)
    np.testing.assert_allclose(own_draws, theirs, rtol=0.02)


@pytest.mark.parametrize("initializer", SCALED)
def test_our_initializers_serve_the_layers_of_keras(initializer):
    def weights(draws):
        keras.utils.set_random_seed(3)
        given = getattr(draws, initializer)()
        layer = keras.layers.EinsumDense("abc,cde->abde", (None, 4, 5), kernel_initializer=given)
        layer.build((1, 3, 6))
        return layer.get_weights()[0]

    assert_same(weights(initializers), weights(keras.initializers))


def test_axes_that_the_user_names_stay():
    given = initializers.GlorotUniform(input_axes=[0, 1], output_axes=[2])
    layer = layers.MultiHeadAttention(8, 64, kernel_initializer=given)
    layer.build((1, 3, 512), (1, 3, 512))
    kernel = np.asarray(layer.get_weights()[0])
    np.testing.assert_allclose(np.std(kernel), np.sqrt(2 / (512 * 8 + 64)), rtol=0.02)


def test_transformer_blocks_start_with_the_deviation_of_the_formula():
    for block, inputs in (
        (layers.TransformerEncoder(8, 64), ((1, 3, 512),)),
        (layers.TransformerDecoder(8, 64), ((1, 3, 512), (1, 3, 512))),
    ):
        block.build(*inputs)
        kernels = [w for w in block.get_weights() if w.ndim == 3]
        assert kernels
        np.testing.assert_allclose([np.std(w) for w in kernels], np.sqrt(2 / 1024), rtol=0.02)
