"""Which layers meet the reference's hand-derived gradients, and how each is called."""

from typing import NamedTuple

import keras
import numpy as np
from components.arrays import array
from components.oracles import layers as oracles
from components.oracles import recurrent, windows

from dlprep import layers

SEED = 7
SEEDED = {"seed": SEED}


class Case(NamedTuple):
    """A layer, the shapes of its inputs, what it must compute, and how it is called."""

    layer: keras.layers.Layer
    shapes: list
    oracle: object
    call: object = keras.layers.Layer.__call__
    options: dict = {}


def kept(shape, p):
    """Return the mask that a layer with the same seed draws."""
    draws = keras.random.uniform(shape, seed=keras.random.SeedGenerator(SEED))
    return array(draws) >= p


def normal(shape):
    """Return the normal noise that a layer with the same seed draws."""
    return array(keras.random.normal(shape, seed=keras.random.SeedGenerator(SEED)))


def adapted(layer):
    layer.adapt(np.array([[-1.0, 0.0, 2.0], [3.0, 0.5, 2.0]]))
    return layer


def built(layer, shape):
    layer.build(shape)
    return layer


def from_states(layer, x, *states, **options):
    return layer(x, initial_state=list(states), **options)


def on_tokens(layer, **options):
    return layer(TOKENS, **options)


def on_weighted_tokens(layer, weights, **options):
    return layer(TOKENS, count_weights=weights, **options)


def on_pair(layer, *inputs, **options):
    return layer(list(inputs), **options)


ROWS, STEPS, IMAGE, STATE = (4, 3), (3, 5, 4), (2, 6, 5, 4), (3, 2)
TOKENS = np.array([[1, 3, 1], [0, 1, 1]])
MASK = np.array([[1, 1, 1, 0, 0], [0, 1, 0, 1, 0], [0, 0, 0, 0, 0]], bool)
MASKED, WHOLE = {"mask": MASK}, {"return_sequences": True}
SAME = {"padding": "same"}
CELLS = [layers.SimpleRNNCell(2), layers.SimpleRNNCell(3)]
CASES = {
    "Dense": Case(layers.Dense(2), [ROWS], oracles.dense),
    "Embedding": Case(layers.Embedding(5, 2), [], oracles.embedded(TOKENS), on_tokens),
    "CategoryEncoding": Case(
        layers.CategoryEncoding(5, "count"),
        [TOKENS.shape],
        oracles.counted(TOKENS, 5),
        on_weighted_tokens,
    ),
    "Normalization": Case(
        layers.Normalization(mean=[1.0, 2.0, 3.0], variance=[0.5, 2.0, 9.0]),
        [ROWS],
        oracles.standardized(np.array([1.0, 2.0, 3.0]), np.array([0.5, 2.0, 9.0])),
    ),
    "MinMaxScaling": Case(adapted(layers.MinMaxScaling()), [ROWS], oracles.min_max_scaling),
    "LeakyReLU": Case(layers.LeakyReLU(0.3), [ROWS], oracles.leaky_relu(0.3)),
    "PReLU": Case(layers.PReLU(), [ROWS], oracles.prelu),
    "Conv1D": Case(layers.Conv1D(2, 3), [STEPS], windows.in_time(windows.convolution())),
    "Conv1D, causal": Case(
        layers.Conv1D(2, 3, padding="causal", dilation_rate=2),
        [STEPS],
        windows.in_time(windows.padded(windows.convolution(1, 2), (1, 3), 1, 2, causal=True)),
    ),
    "Conv2D": Case(layers.Conv2D(3, (3, 2)), [IMAGE], windows.convolution()),
    "Conv2D, stride": Case(layers.Conv2D(3, 2, 2), [IMAGE], windows.convolution(2)),
    "Conv2D, dilation": Case(
        layers.Conv2D(3, 2, dilation_rate=2), [IMAGE], windows.convolution(1, 2)
    ),
    "Conv2D, padding": Case(
        layers.Conv2D(3, (4, 3), 2, **SAME),
        [IMAGE],
        windows.padded(windows.convolution(2), (4, 3), 2),
    ),
    "Conv2D, groups": Case(
        layers.Conv2D(6, (3, 2), groups=2), [IMAGE], windows.grouped_convolution(2)
    ),
    "DepthwiseConv2D": Case(
        layers.DepthwiseConv2D((3, 2), 2, depth_multiplier=2),
        [IMAGE],
        windows.depthwise_convolution(2),
    ),
    "DepthwiseConv2D, padding": Case(
        layers.DepthwiseConv2D(3, dilation_rate=2, **SAME),
        [IMAGE],
        windows.padded(windows.depthwise_convolution(1, 2), (3, 3), 1, 2),
    ),
    "SeparableConv2D": Case(
        layers.SeparableConv2D(3, (3, 2), 2, depth_multiplier=2),
        [IMAGE],
        windows.separable_convolution(2),
    ),
    "SeparableConv2D, padding": Case(
        layers.SeparableConv2D(3, 3, **SAME),
        [IMAGE],
        windows.padded(windows.separable_convolution(), (3, 3)),
    ),
    "Conv2DTranspose": Case(layers.Conv2DTranspose(3, 2), [IMAGE], windows.transposed(1)),
    "Conv2DTranspose, stride": Case(
        layers.Conv2DTranspose(3, (3, 2), 2), [IMAGE], windows.transposed(2)
    ),
    "MaxPooling1D": Case(
        layers.MaxPooling1D(3, 2), [STEPS], windows.in_time(windows.pooling("max", (1, 3), 2))
    ),
    "MaxPooling2D": Case(
        layers.MaxPooling2D((2, 3), 1), [IMAGE], windows.pooling("max", (2, 3), 1)
    ),
    "AveragePooling1D": Case(
        layers.AveragePooling1D(3, 2),
        [STEPS],
        windows.in_time(windows.pooling("average", (1, 3), 2)),
    ),
    "AveragePooling2D": Case(
        layers.AveragePooling2D((2, 3), 2), [IMAGE], windows.pooling("average", (2, 3), 2)
    ),
    "GlobalMaxPooling1D": Case(layers.GlobalMaxPooling1D(), [STEPS], windows.global_max_pooling),
    "GlobalMaxPooling2D": Case(layers.GlobalMaxPooling2D(), [IMAGE], windows.global_max_pooling),
    "GlobalAveragePooling1D": Case(
        layers.GlobalAveragePooling1D(),
        [STEPS],
        windows.global_average_pooling(MASK),
        options=MASKED,
    ),
    "GlobalAveragePooling2D": Case(
        layers.GlobalAveragePooling2D(), [IMAGE], windows.global_average_pooling()
    ),
    "BatchNormalization": Case(layers.BatchNormalization(), [IMAGE], oracles.batch_normalization),
    "BatchNormalization, one kernel": Case(
        layers.BatchNormalization(), [(2, 32, 32, 4)], oracles.batch_normalization
    ),
    "LayerNormalization": Case(layers.LayerNormalization(), [STEPS], oracles.layer_normalization),
    "GroupNormalization": Case(
        layers.GroupNormalization(2), [IMAGE], oracles.group_normalization(2)
    ),
    "RMSNormalization": Case(layers.RMSNormalization(), [STEPS], oracles.rms_normalization),
    "UnitNormalization": Case(
        layers.UnitNormalization((1, 2)), [STEPS], oracles.unit_normalization((1, 2))
    ),
    "SpectralNormalization": Case(
        layers.SpectralNormalization(layers.Dense(2), 2), [ROWS], oracles.spectral_dense(2)
    ),
    "Dropout": Case(
        layers.Dropout(0.4, **SEEDED),
        [ROWS],
        oracles.dropped("inverted_dropout", 0.4, kept(ROWS, 0.4)),
    ),
    "ClassicDropout": Case(
        layers.ClassicDropout(0.4, **SEEDED),
        [ROWS],
        oracles.dropped("classic_dropout", 0.4, kept(ROWS, 0.4)),
    ),
    "ClassicDropout, testing": Case(
        layers.ClassicDropout(0.4),
        [ROWS],
        oracles.dropped("classic_dropout", 0.4, None),
        options={"training": False},
    ),
    "SpatialDropout1D": Case(
        layers.SpatialDropout1D(0.4, **SEEDED),
        [STEPS],
        oracles.dropped("inverted_dropout", 0.4, kept((3, 1, 4), 0.4)),
    ),
    "SpatialDropout2D": Case(
        layers.SpatialDropout2D(0.4, **SEEDED),
        [IMAGE],
        oracles.dropped("inverted_dropout", 0.4, kept((2, 1, 1, 4), 0.4)),
    ),
    "AlphaDropout": Case(
        layers.AlphaDropout(0.4, **SEEDED),
        [ROWS],
        oracles.dropped("alpha_dropout", 0.4, kept(ROWS, 0.4)),
    ),
    "GaussianDropout": Case(
        layers.GaussianDropout(0.4, **SEEDED),
        [ROWS],
        oracles.dropped("gaussian_dropout", 0.4, normal(ROWS)),
    ),
    "GaussianNoise": Case(
        layers.GaussianNoise(0.4, **SEEDED), [ROWS], oracles.gaussian_noise(0.4, normal(ROWS))
    ),
    "GaussianSampling": Case(
        built(layers.GaussianSampling(**SEEDED), [ROWS, ROWS]),
        [ROWS, ROWS],
        oracles.reparameterized(normal(ROWS)),
        on_pair,
    ),
    "SimpleRNN": Case(
        layers.SimpleRNN(2, **WHOLE), [STEPS, STATE], recurrent.simple_rnn(), from_states
    ),
    "SimpleRNN, mask": Case(
        layers.SimpleRNN(2, **WHOLE), [STEPS], recurrent.simple_rnn(MASK), options=MASKED
    ),
    "LSTM": Case(layers.LSTM(2, **WHOLE), [STEPS, STATE, STATE], recurrent.lstm(), from_states),
    "LSTM, mask": Case(layers.LSTM(2, **WHOLE), [STEPS], recurrent.lstm(MASK), options=MASKED),
    "GRU": Case(layers.GRU(2, **WHOLE), [STEPS, STATE], recurrent.gru(), from_states),
    "GRU, mask": Case(layers.GRU(2, **WHOLE), [STEPS], recurrent.gru(MASK), options=MASKED),
    "GRU, reset before": Case(
        layers.GRU(2, reset_after=False, **WHOLE), [STEPS], recurrent.gru(MASK), options=MASKED
    ),
    "Bidirectional": Case(
        layers.Bidirectional(layers.SimpleRNN(2, **WHOLE)), [STEPS], recurrent.bidirectional
    ),
    "StackedRNNCells": Case(
        layers.RNN(layers.StackedRNNCells(CELLS), **WHOLE), [STEPS], recurrent.stack
    ),
    "SwiGLU": Case(layers.SwiGLU(5), [ROWS], oracles.swiglu),
    "MixtureOfExperts": Case(layers.MixtureOfExperts(5, 2, top=2), [ROWS], oracles.mixture(2)),
    "LoRADense": Case(layers.LoRADense(5, rank=2, alpha=3.0), [ROWS], oracles.low_rank(1.5)),
    "Residual": Case(layers.Residual(layers.Dense(2)), [ROWS], oracles.residual),
    "StochasticDepth": Case(
        layers.StochasticDepth(layers.Dense(3), 0.4, **SEEDED),
        [ROWS],
        oracles.stochastic_depth(0.4, kept((4, 1), 0.4)),
    ),
    "Highway": Case(layers.Highway("tanh"), [ROWS], oracles.highway),
    "RotaryEmbedding": Case(layers.RotaryEmbedding(), [STEPS], oracles.rotate),
    "RotaryEmbedding, halves": Case(
        layers.RotaryEmbedding(sequence_axis=1, pairs="half_split"),
        [(2, 5, 3, 6)],
        oracles.rotate_heads_by_halves,
    ),
    "SinusoidalPositionEncoding": Case(
        layers.SinusoidalPositionEncoding(), [STEPS], oracles.positions_added
    ),
}
