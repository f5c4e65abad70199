"""Options of layers that Keras lacks, by the formulas of the reference."""

from functools import partial

import numpy as np
from components.oracles import layers

from dlprep.reference import lora

FAR = {"base": 100.0}


def scaled(low, high):
    """Return the map to an interval from the ranges that the layer keeps."""
    return lambda x, least, most: low + (high - low) * (x - least) / (most - least)


def value(oracle):
    """Return an oracle without its gradient."""
    return lambda *arguments: oracle(*arguments)[0]


def in_rows(oracle):
    """Return an oracle for examples of several rows."""
    return lambda x, *weights: oracle(x.reshape(-1, x.shape[-1]), *weights).reshape(x.shape)


# (layer, option beside its row's) -> the output, from the input, the trainable weights and the rest
OUTPUTS = {
    ("LoRADense", "activation"): lambda *x: np.logaddexp(0, value(layers.low_rank(1.5))(*x)),
    ("LoRADense", "use_bias"): lambda x, A, B, W: lora.lora(x, W, A, B, 1.5),
    ("MinMaxScaling", "axis"): scaled(-1.0, 1.0),
    ("MinMaxScaling", "high"): scaled(-1.0, 3.0),
    ("MixtureOfExperts", "top"): in_rows(value(layers.mixture(1))),
    ("RotaryEmbedding", "base"): value(partial(layers.rotate_heads_by_halves, **FAR)),
    ("SinusoidalPositionEncoding", "base"): value(partial(layers.positions_added, **FAR)),
}
# (layer, option) -> names of the weights that start as it says
STARTS = {
    ("Highway", "bias_initializer"): {"bias"},
    ("Highway", "kernel_initializer"): {"kernel", "gate_kernel"},
    ("LoRADense", "bias_initializer"): {"bias"},
    ("LoRADense", "kernel_initializer"): {"kernel"},
    ("MixtureOfExperts", "kernel_initializer"): {"router", "up", "down"},
    ("Perceptron", "bias_initializer"): {"bias"},
    ("Perceptron", "kernel_initializer"): {"kernel"},
    ("Residual", "projection_initializer"): {"projection"},
    ("StochasticDepth", "projection_initializer"): {"projection"},
    ("SwiGLU", "kernel_initializer"): {"gate", "up", "down"},
}
