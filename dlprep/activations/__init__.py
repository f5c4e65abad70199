"""Activations: functions of a tensor, by Keras's names."""

from dlprep.activations.exponential import celu, elu, exponential, selu
from dlprep.activations.gated import gelu, glu, hard_silu, mish, silu, swiglu
from dlprep.activations.rectifier import leaky_relu, linear, maxout, prelu, relu, relu6, threshold
from dlprep.activations.shrinkage import hard_shrink, soft_shrink, tanh_shrink
from dlprep.activations.sigmoid import (
    hard_sigmoid,
    hard_tanh,
    log_sigmoid,
    sigmoid,
    softsign,
    sparse_sigmoid,
    tanh,
)
from dlprep.activations.softmax import log_softmax, softmax, sparsemax
from dlprep.activations.softplus import softplus, sparse_plus, squareplus
from dlprep.activations.step import heaviside, sign
from dlprep.drop_in import hand_on

hard_swish = hard_silu
swish = silu

__all__ = [
    "celu",
    "elu",
    "exponential",
    "gelu",
    "glu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "heaviside",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "maxout",
    "mish",
    "prelu",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "sign",
    "silu",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "swiglu",
    "swish",
    "tanh",
    "tanh_shrink",
    "threshold",
]

__getattr__, __dir__ = hand_on(__name__)
