"""How a layer starts: fresh weights are drawn as Keras draws them, from the same seed."""

import inspect

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close, assert_same
from components.cases.initializers import INITIALIZERS
from components.cases.layers import LAYERS
from components.test_layers import IN_KERAS, apply, build, draw

from dlprep import initializers, layers

SCALED = [
    name
    for name in INITIALIZERS
    if issubclass(getattr(initializers, name), initializers.VarianceScaling)
]


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


KERAS_LAYERS = {
    "Dense": lambda given: keras.layers.Dense(5, kernel_initializer=given),
    "EinsumDense": lambda given: keras.layers.EinsumDense(
        "abc,cde->abde", (None, 4, 5), kernel_initializer=given
    ),
    "Conv2D": lambda given: keras.layers.Conv2D(5, 3, kernel_initializer=given),
    "Embedding": lambda given: keras.layers.Embedding(9, 5, embeddings_initializer=given),
    "MultiHeadAttention": lambda given: keras.layers.MultiHeadAttention(
        3, 4, kernel_initializer=given
    ),
}
INPUTS = {"Conv2D": [(2, 7, 7, 6)], "MultiHeadAttention": [(2, 3, 6)] * 2}


@pytest.mark.parametrize("kind", KERAS_LAYERS)
@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_our_initializers_serve_the_layers_of_keras(initializer, kind):
    if initializer == "Identity" and kind not in ("Dense", "Embedding"):
        pytest.skip("an identity is a matrix")

    def weights(draws):
        keras.utils.set_random_seed(3)
        layer = KERAS_LAYERS[kind](getattr(draws, initializer)(**INITIALIZERS[initializer]))
        layer.build(*INPUTS.get(kind, [(2, 3, 6)]))
        return layer.get_weights()

    for ours, theirs in zip(weights(initializers), weights(keras.initializers), strict=True):
        # A factorisation may round differently, a draw may not.
        assert_close(ours, theirs, rtol=1e-5 if initializer == "Orthogonal" else 0, atol=1e-6)


def test_axes_that_the_user_names_stay():
    given = initializers.GlorotUniform(input_axes=[0, 1], output_axes=[2])
    layer = layers.MultiHeadAttention(8, 64, kernel_initializer=given)
    layer.build((1, 3, 512), (1, 3, 512))
    kernel = np.asarray(layer.get_weights()[0])
    np.testing.assert_allclose(np.std(kernel), np.sqrt(2 / (512 * 8 + 64)), rtol=0.02)


def glorot(inputs, outputs):
    return np.sqrt(2 / (inputs + outputs))


ONE, ZERO = (1, 0), (0, 0)
NORM = {"norm/gamma": ONE, "norm/beta": ZERO}
FEED_FORWARD = {"up/kernel": (0, glorot(200, 300)), "down/kernel": (0, glorot(300, 200))}
HEADS = {f"{part}/kernel": (0, glorot(200, 200)) for part in ("query", "key", "value", "output")}
BLOCK = {**HEADS, **FEED_FORWARD, **NORM, "bias": ZERO}
# Layers that Keras lacks: the layer, its inputs' shapes, and by the end of a weight's path its mean
# and its deviation.
SPREADS = {
    "Highway": (
        lambda: layers.Highway(),
        [(None, 200)],
        {"kernel": (0, glorot(200, 200)), "gate_bias": (-1, 0), "/bias": ZERO},
    ),
    "LoRADense": (
        lambda: layers.LoRADense(300, rank=100),
        [(None, 200)],
        {"kernel": (0, glorot(200, 300)), "bias": ZERO, "down": (0, np.sqrt(2 / 200)), "up": ZERO},
    ),
    "MixtureOfExperts": (
        lambda: layers.MixtureOfExperts(9, hidden=300),
        [(None, 200)],
        {"router": (0, glorot(200, 9)), "up": (0, glorot(200, 300)), "down": (0, glorot(200, 300))},
    ),
    "Perceptron": (lambda: layers.Perceptron(3), [(None, 200)], {"kernel": ZERO, "bias": ZERO}),
    "Residual": (
        lambda: layers.Residual(layers.Dense(300)),
        [(None, 200)],
        {"projection": (0, glorot(200, 300)), "kernel": (0, glorot(200, 300)), "bias": ZERO},
    ),
    "StochasticDepth": (
        lambda: layers.StochasticDepth(layers.Dense(300)),
        [(None, 200)],
        {"projection": (0, glorot(200, 300)), "kernel": (0, glorot(200, 300)), "bias": ZERO},
    ),
    "SwiGLU": (
        lambda: layers.SwiGLU(300),
        [(None, 200)],
        dict.fromkeys(("gate", "up", "down"), (0, glorot(200, 300))),
    ),
    "TransformerDecoder": (
        lambda: layers.TransformerDecoder(8, 300),
        [(None, 3, 200), (None, 4, 200)],
        BLOCK,
    ),
    "TransformerEncoder": (lambda: layers.TransformerEncoder(8, 300), [(None, 3, 200)], BLOCK),
}


# Arguments with which every matrix is one of 3 by 3, or a stack of such.
SQUARE = {
    "Highway": {},
    "LoRADense": {"units": 3, "rank": 3},
    "MixtureOfExperts": {"experts": 3, "hidden": 3},
    "SwiGLU": {"hidden": 3},
    "TransformerDecoder": {"num_heads": 1, "hidden": 3},
    "TransformerEncoder": {"num_heads": 1, "hidden": 3},
}


@pytest.mark.parametrize("name", SQUARE)
def test_no_two_matrices_of_a_layer_start_equal(name):
    options = [
        {option: initializers.GlorotUniform(seed=5)}
        for option in inspect.signature(getattr(layers, name)).parameters
        if option == "kernel_initializer"
    ]
    for given in ({}, *options):
        layer = getattr(layers, name)(**SQUARE[name], **given)
        layer.build(*[(None, 4, 3)] * (2 if name == "TransformerDecoder" else 1))
        drawn = [array(weight) for weight in layer.weights if len(weight.shape) > 1]
        matrices = np.concatenate([value.reshape(-1, 9) for value in drawn if value.size % 9 == 0])
        assert len(matrices) == len(np.unique(matrices, axis=0))


def test_every_layer_of_several_matrices_is_among_the_square_ones():
    several = [
        name
        for name, (make, shapes, _) in SPREADS.items()
        if sum(len(weight.shape) > 1 for weight in made(make, shapes).weights) > 1
    ]
    # Their matrices are a user's layer and one projection.
    assert {*several} - {"Residual", "StochasticDepth"} == {*SQUARE}


def made(make, shapes):
    """Build a layer."""
    layer = make()
    layer.build(*shapes)
    return layer


def test_every_layer_with_weights_is_compared():
    alone = [name for name in LAYERS if name not in IN_KERAS and fresh(name, layers)]
    # It learns its ranges from data, and draws nothing.
    assert {*alone} - {"MinMaxScaling"} <= {*SPREADS}


@pytest.mark.parametrize("name", SPREADS)
def test_what_keras_lacks_starts_as_its_formula_says(name):
    make, shapes, spreads = SPREADS[name]
    layer = make()
    layer.build(*shapes)
    for weight in layer.weights:
        (mean, deviation) = next(
            spreads[end] for end in spreads if weight.path.replace("attention_", "").endswith(end)
        )
        value = array(weight)
        # Five standard errors of the mean; the deviation of 1,800 numbers is known to 2%.
        error = 5 * deviation / np.sqrt(value.size)
        np.testing.assert_allclose(value.mean(), mean, atol=error, rtol=1e-6, err_msg=weight.path)
        np.testing.assert_allclose(value.std(), deviation, rtol=0.06, err_msg=weight.path)
