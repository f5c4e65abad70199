"""The options of the layers: each away from its default, on top of the layer's row in `layers.py`.

An option of `COMMON` makes a row of its own for every layer that takes it and has no other row
with it; what needs company, or a value of its own, has a row in `ROWS`.
"""

import inspect
from typing import NamedTuple

import numpy as np
from components.cases.layers import LAYERS

from dlprep import layers
from dlprep.layers.position import RotaryEmbedding


class Row(NamedTuple):
    """Arguments (a function of the namespace where layers are arguments), shape and call.

    Together: one cannot be left out.
    """

    options: dict
    shape: object = None
    call: dict = {}
    together: bool = False


KINDS = ("kernel", "recurrent", "bias", "depthwise", "pointwise", "embeddings", "gamma", "beta")
KINDS += ("alpha", "moving_mean", "moving_variance", "projection")
# Those of one end make one row, in which all differ.
WEIGHTS = {
    **{f"{kind}_constraint": "unit_norm" for kind in KINDS},
    **{
        f"{kind}_regularizer": {"class_name": "L1", "config": {"l1": 0.1 + 0.01 * number}}
        for number, kind in enumerate((*KINDS, "activity"))
    },
    **{
        f"{kind}_initializer": {"class_name": "Constant", "config": {"value": 0.1 + number / 20}}
        for number, kind in enumerate(KINDS)
    },
}
COMMON = {
    "activation": "softplus",
    "axis": 1,
    "center": False,
    "epsilon": 0.3,
    "go_backwards": True,
    "keepdims": True,
    "padding": "same",
    "recurrent_activation": "softsign",
    "return_state": True,
    "scale": False,
    "stateful": True,
    "strides": 3,
    "unit_forget_bias": False,
    "use_bias": False,
    "use_gate": True,
}
DROPPED = {"dropout": 0.4, "seed": 3}
RECURRENT = [Row(DROPPED), Row({"recurrent_dropout": 0.4, "seed": 3})]
WINDOW = {"strides": (1, 1), "dilation_rate": (2, 2)}
MASK = np.array([[1, 1, 0, 0], [0, 1, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1]], bool)
ROTATION = RotaryEmbedding(sequence_axis=1, name="turn")
ROWS = {
    "AdditiveAttention": [Row({"use_scale": False}), Row({"dropout": 0.4})],
    "AlphaDropout": [Row({"noise_shape": (4, 1)})],
    "Attention": [Row({"score_mode": "concat"}), Row(DROPPED)],
    "AveragePooling1D": [Row({"padding": "same", "pool_size": 4})],
    "BatchNormalization": [
        Row({"momentum": 0.6}),
        Row({"renorm": True}),
        Row({"renorm": True, "renorm_momentum": 0.6}),
        Row({"renorm": True, "renorm_clipping": {"rmax": 1.1, "rmin": 0.9, "dmax": 0.1}}),
    ],
    "Bidirectional": [
        Row({"merge_mode": "mul"}),
        Row(lambda layers: {"backward_layer": backwards(layers)}),
    ],
    "CategoryEncoding": [Row({"output_mode": "count"})],
    "Conv1D": [
        Row({"strides": 2, "dilation_rate": 1}),
        Row({"groups": 3, "filters": 6}),
    ],
    "Conv2D": [Row(WINDOW)],
    "Conv2DTranspose": [Row({**WINDOW, "output_padding": None})],
    "ConvLSTM2D": [*RECURRENT, Row({"strides": 1, "dilation_rate": 2})],
    "DepthwiseConv2D": [Row({"strides": 2}), Row(WINDOW)],
    "Dropout": [Row({"noise_shape": (4, 1)})],
    "GRU": [*RECURRENT, Row({"reset_after": False})],
    "GRUCell": RECURRENT,
    "GroupNormalization": [Row({"axis": 1}, shape=(4, 3, 6))],
    "GroupQueryAttention": [
        Row(DROPPED),
        Row({"sliding_window": 2}, call={"use_causal_mask": True}),
    ],
    "LSTM": RECURRENT,
    "LSTMCell": RECURRENT,
    "LeakyReLU": [Row({"negative_slope": 0.1})],
    "MultiHeadAttention": [
        Row(DROPPED),
        Row({"attention_axes": (2,)}, shape=[(3, 2, 5), (3, 6, 7)]),
        Row({"output_shape": 3}),
        Row({"sliding_window": 2}, call={"use_causal_mask": True}),
        Row({"value_dim": 4}),
    ],
    "Normalization": [
        Row({"invert": True}),
        Row(
            {"axis": 1, "mean": [1.0, 2.0, 3.0], "variance": [0.5, 2.0, 9.0]},
            shape=(3, 3),
            together=True,
        ),
    ],
    "RMSNormalization": [Row({"axis": 1}, shape=(5, 5))],
    "RNN": [
        Row({"zero_output_for_mask": True, "return_sequences": True}, call={"mask": MASK}),
    ],
    "ReLU": [Row({"threshold": 0.5})],
    "SeparableConv2D": [Row({"strides": 2}), Row(WINDOW)],
    "SimpleRNN": RECURRENT,
    "SimpleRNNCell": RECURRENT,
    # What Keras lacks.
    "Highway": [Row({"transform_bias": 0.7})],
    "MinMaxScaling": [Row({"axis": 1}), Row({"high": 3.0}), Row({"axis": None})],
    "MixtureOfExperts": [Row({"balance": 0.3}), Row({"top": 1})],
    "RotaryEmbedding": [Row({"base": 100.0})],
    "SinusoidalPositionEncoding": [Row({"base": 100.0})],
    "TransformerDecoder": [
        Row({"dropout": 0.4}),
        Row({"normalize_first": False}),
        Row({"rotation": ROTATION, "num_heads": 3}),
    ],
    "TransformerEncoder": [
        Row({"dropout": 0.4}),
        Row({"normalize_first": False}),
        Row({"rotation": ROTATION, "num_heads": 3}),
    ],
}


ENDS = ("_initializer", "_regularizer", "_constraint")
# What a frozen layer holds for the one it becomes.
OTHER = {
    ("LoRADense", option)
    for option in ("kernel_regularizer", "bias_regularizer", "kernel_constraint", "bias_constraint")
}


def backwards(namespace):
    return namespace.SimpleRNN(3, return_sequences=True, go_backwards=True)


def options_of(row, namespace=layers):
    """Return the row's options."""
    return row.options(namespace) if callable(row.options) else row.options


def defaults(name):
    """Return the layer's options with their defaults."""
    parameters = inspect.signature(getattr(layers, name)).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def rows(name):
    """Return all rows of a layer's options."""
    own = ROWS.get(name, [])
    kwargs = LAYERS[name].get("kwargs", {})
    known = set(kwargs(layers) if callable(kwargs) else kwargs).union(*map(options_of, own))
    left = [
        option for option in defaults(name) if option not in known and (name, option) not in OTHER
    ]
    common = [Row({option: COMMON[option]}) for option in left if option in COMMON]
    ends = [{o: WEIGHTS[o] for o in left if o in WEIGHTS and o.endswith(end)} for end in ENDS]
    return [*own, *common, *map(Row, filter(None, ends))]
