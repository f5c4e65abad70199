"""The gradients derived by hand in the reference are those of the layers, for every weight."""

from typing import NamedTuple

import keras
import numpy as np
import pytest
from components import layer_oracles as oracles
from components.arrays import array, assert_close
from components.gradients import value_and_gradient

from dlprep import layers

SEED = 7


class Case(NamedTuple):
    """A layer, the shape of its input, and what it must compute."""

    layer: keras.layers.Layer
    shape: tuple
    oracle: object
    options: dict = {}


def kept(shape, p):
    """Return the mask that a layer with the same seed draws."""
    draws = keras.random.uniform(shape, seed=keras.random.SeedGenerator(SEED))
    return keras.ops.convert_to_numpy(draws) >= p


ROWS, IMAGE, STEPS = (4, 3), (2, 6, 5, 4), (3, 5, 4)
WHOLE = {"return_sequences": True}
CASES = {
    "Dense": Case(layers.Dense(2), ROWS, oracles.dense),
    "Conv1D": Case(layers.Conv1D(2, 3), STEPS, oracles.sequence_convolution()),
    "Conv2D": Case(layers.Conv2D(3, (3, 2)), IMAGE, oracles.convolution()),
    "Conv2D, stride": Case(layers.Conv2D(3, 2, 2), IMAGE, oracles.convolution(2)),
    "Conv2D, dilation": Case(
        layers.Conv2D(3, 2, dilation_rate=2), IMAGE, oracles.convolution(1, 2)
    ),
    "MaxPooling1D": Case(layers.MaxPooling1D(3, 2), STEPS, oracles.sequence_pooling("max", 3, 2)),
    "MaxPooling2D": Case(layers.MaxPooling2D((2, 3), 1), IMAGE, oracles.pooling("max", (2, 3), 1)),
    "AveragePooling1D": Case(
        layers.AveragePooling1D(3, 2), STEPS, oracles.sequence_pooling("average", 3, 2)
    ),
    "AveragePooling2D": Case(
        layers.AveragePooling2D((2, 3), 2), IMAGE, oracles.pooling("average", (2, 3), 2)
    ),
    "BatchNormalization": Case(layers.BatchNormalization(), IMAGE, oracles.batch_normalization),
    "LayerNormalization": Case(layers.LayerNormalization(), STEPS, oracles.layer_normalization),
    "RMSNormalization": Case(layers.RMSNormalization(), STEPS, oracles.rms_normalization),
    "Dropout": Case(
        layers.Dropout(0.4, seed=SEED), ROWS, oracles.inverted_dropout(0.4, kept(ROWS, 0.4))
    ),
    "SimpleRNN": Case(layers.SimpleRNN(2, **WHOLE), STEPS, oracles.simple_rnn),
    "LSTM": Case(layers.LSTM(2, **WHOLE), STEPS, oracles.lstm),
    "GRU": Case(layers.GRU(2, **WHOLE), STEPS, oracles.gru),
    "GRU, reset before": Case(layers.GRU(2, reset_after=False, **WHOLE), STEPS, oracles.gru),
    "SwiGLU": Case(layers.SwiGLU(5), ROWS, oracles.swiglu),
    "MixtureOfExperts": Case(layers.MixtureOfExperts(5, 2, top=2), ROWS, oracles.mixture(2)),
    "LoRADense": Case(layers.LoRADense(5, rank=2, alpha=3.0), ROWS, oracles.low_rank(1.5)),
    "Residual": Case(layers.Residual(layers.Dense(2)), ROWS, oracles.residual),
    "Highway": Case(layers.Highway("tanh"), ROWS, oracles.highway),
    "RotaryEmbedding": Case(layers.RotaryEmbedding(), STEPS, oracles.rotate),
}


def run(layer, x, weights, options):
    """Call a layer in training with these weights in place of its own."""
    state = zip(layer.trainable_variables, weights, strict=True)
    with keras.StatelessScope(state_mapping=list(state)):
        return layer(x, training=True, **options)


@pytest.mark.parametrize("name", CASES)
def test_value_and_gradients_equal_the_reference(name):
    rng = np.random.default_rng(0)
    layer, shape, oracle, options = CASES[name]
    layer.build(shape)
    layer.set_weights([rng.normal(size=weight.shape) for weight in layer.weights])
    given = [rng.normal(size=shape), *map(array, layer.trainable_weights)]
    given = [tensor.astype("float32") for tensor in given]
    frozen = [array(weight) for weight in layer.non_trainable_weights]
    expected, backward = oracle(*(np.float64(tensor) for tensor in (*given, *frozen)))
    dY = rng.normal(size=expected.shape).astype("float32")

    for position, gradient in enumerate(backward(np.float64(dY))):

        def weighted(tensor, position=position):
            x, *weights = (*given[:position], tensor, *given[position + 1 :])
            return keras.ops.multiply(run(layer, x, weights, options), dY)

        value, ours = value_and_gradient(weighted, given[position])
        assert_close(value, dY * expected, rtol=1e-5, atol=1e-5)
        assert_close(ours, gradient, rtol=1e-5, atol=1e-5)
    assert position == len(layer.trainable_weights)
