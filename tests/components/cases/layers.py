"""The layers under the common checks: one row each."""

# class name -> kwargs (a function of the namespace where layers are arguments), shape of one
# example (a list for several inputs); high: integer inputs below it; unpack: inputs are separate
# arguments; cell: runs inside RNN; mixes: why rows of a batch may influence each other;
# more_in_config: arguments that Keras's config forgets; more: keyword arguments that Keras lacks;
# keeps_integers: what comes in goes out, such as tokens; fewest: the least length of the first
# axis, 0 unless given; sequence: kwargs for which a sequence of 4 numbers becomes one of 4;
# beyond_half: what float16 cannot hold inside; no_slope: why no gradient passes; more_masks: why
# masks pass where they end in Keras
LAYERS = {
    "Activation": {"kwargs": {"activation": "tanh"}, "shape": (3, 5)},
    "AdditiveAttention": {"shape": [(2, 3), (5, 3)], "sequence": {}},
    "AlphaDropout": {"kwargs": {"rate": 0.5, "seed": 1}, "shape": (6,)},
    "Attention": {
        "kwargs": {"use_scale": True},
        "shape": [(2, 3), (5, 3)],
        "sequence": {"use_scale": True},
    },
    "AveragePooling1D": {"kwargs": {"pool_size": 2}, "shape": (6, 3), "fewest": 2},
    "AveragePooling2D": {
        "kwargs": {"pool_size": (2, 3), "padding": "same"},
        "shape": (5, 6, 3),
        "fewest": 1,
    },
    "BatchNormalization": {"shape": (3, 5)},
    "Bidirectional": {
        "kwargs": lambda layers: {"layer": layers.GRU(3, return_sequences=True)},
        "shape": (4, 5),
        "sequence": lambda layers: {"layer": layers.LSTM(2, return_sequences=True)},
    },
    "CategoryEncoding": {
        "kwargs": {"num_tokens": 7},
        "shape": (4,),
        "high": 7,
        "more_in_config": ["sparse"],
    },
    "ClassicDropout": {"kwargs": {"rate": 0.5, "seed": 1}, "shape": (6,)},
    "Conv1D": {
        "kwargs": {"filters": 4, "kernel_size": 3, "padding": "causal", "dilation_rate": 2},
        "shape": (7, 3),
        "fewest": 1,
    },
    "Conv2D": {
        "kwargs": {"filters": 4, "kernel_size": (3, 2), "strides": (1, 2), "groups": 2},
        "shape": (6, 7, 2),
        "fewest": 3,
    },
    "Conv2DTranspose": {
        "kwargs": {"filters": 4, "kernel_size": 3, "strides": 2, "output_padding": 1},
        "shape": (4, 5, 3),
        "fewest": 1,
    },
    "ConvLSTM2D": {
        "kwargs": {"filters": 2, "kernel_size": 2, "strides": 2, "return_sequences": True},
        "shape": (3, 6, 5, 2),
    },
    "Dense": {"kwargs": {"units": 4, "activation": "tanh"}, "shape": (3, 5)},
    "DepthwiseConv2D": {
        "kwargs": {"kernel_size": (2, 3), "depth_multiplier": 2, "padding": "same"},
        "shape": (5, 6, 3),
        "fewest": 1,
    },
    "Dropout": {"kwargs": {"rate": 0.5, "seed": 1}, "shape": (6,)},
    "ELU": {"kwargs": {"alpha": 0.5}, "shape": (5,)},
    "Embedding": {"kwargs": {"input_dim": 7, "output_dim": 3}, "shape": (4,), "high": 7},
    "Flatten": {"shape": (3, 4, 2), "keeps_integers": True},
    "GRU": {
        "kwargs": {"units": 3, "return_sequences": True},
        "shape": (4, 5),
        "more_in_config": ["use_cudnn"],
        "sequence": {"units": 4, "return_sequences": True},
    },
    "GRUCell": {
        "kwargs": {"units": 3, "reset_after": False},
        "shape": (4, 5),
        "cell": True,
        "fewest": 1,
    },
    "GaussianDropout": {"kwargs": {"rate": 0.3, "seed": 1}, "shape": (6,)},
    "GaussianNoise": {"kwargs": {"stddev": 0.3, "seed": 1}, "shape": (6,)},
    "GaussianSampling": {
        "kwargs": {"seed": 1},
        "shape": [(6,), (6,)],
        "mixes": "every call draws its own noise",
    },
    "GlobalAveragePooling1D": {"shape": (5, 3), "fewest": 1},
    "GlobalAveragePooling2D": {"kwargs": {"keepdims": True}, "shape": (4, 5, 3), "fewest": 1},
    "GlobalMaxPooling1D": {
        "kwargs": {"keepdims": True},
        "shape": (5, 3),
        "keeps_integers": True,
        "fewest": 1,
    },
    "GlobalMaxPooling2D": {"shape": (4, 5, 3), "keeps_integers": True, "fewest": 1},
    "GroupNormalization": {"kwargs": {"groups": 2}, "shape": (3, 4, 6)},
    "GroupQueryAttention": {
        "kwargs": {"head_dim": 7, "num_query_heads": 6, "num_key_value_heads": 2},
        "shape": [(3, 5), (8, 5)],
        "unpack": True,
        "more": ["rotation"],
        "more_in_config": ["flash_attention"],
        "beyond_half": "products of the inputs, in Keras's layer too",
        "sequence": {"head_dim": 2, "num_query_heads": 2, "num_key_value_heads": 1},
    },
    "Highway": {"kwargs": {"activation": "tanh"}, "shape": (3, 5)},
    "LSTM": {
        "kwargs": {"units": 3, "return_sequences": True},
        "shape": (4, 5),
        "more_in_config": ["use_cudnn"],
        "sequence": {"units": 4, "return_sequences": True},
    },
    "LSTMCell": {"kwargs": {"units": 3}, "shape": (4, 5), "cell": True, "fewest": 1},
    "LayerNormalization": {"shape": (3, 5)},
    "LeakyReLU": {"shape": (5,)},
    "LoRADense": {"kwargs": {"units": 4, "rank": 2, "alpha": 3.0}, "shape": (3, 5)},
    "MaxPooling1D": {
        "kwargs": {"pool_size": 3, "strides": 2, "padding": "same"},
        "shape": (6, 3),
        "keeps_integers": True,
        "fewest": 1,
    },
    "MaxPooling2D": {
        "kwargs": {"pool_size": (3, 2), "strides": (1, 2)},
        "shape": (5, 6, 3),
        "keeps_integers": True,
        "fewest": 3,
    },
    "MinMaxScaling": {"kwargs": {"low": -1.0}, "shape": (3, 5)},
    "MixtureOfExperts": {
        "kwargs": {"experts": 3, "hidden": 7, "top": 2},
        "shape": (5, 6),
        "beyond_half": "products of the inputs, as in two of Keras's Dense",
    },
    "MultiHeadAttention": {
        "kwargs": {"num_heads": 2, "key_dim": 9},
        "shape": [(3, 5), (6, 7)],
        "unpack": True,
        "more": ["rotation"],
        "more_in_config": ["flash_attention"],
        "beyond_half": "products of the inputs, in Keras's layer too",
        "sequence": {"num_heads": 2, "key_dim": 2},
    },
    "Normalization": {"kwargs": {"mean": 2.0, "variance": 4.0}, "shape": (5,)},
    "PReLU": {"kwargs": {"shared_axes": [1]}, "shape": (4, 3)},
    "Perceptron": {
        "kwargs": {"units": 4},
        "shape": (3, 5),
        "no_slope": "the sign that it puts out has none",
    },
    "RMSNormalization": {
        "shape": (3, 5),
        "more_masks": "Keras's class ends them with a warning, its LayerNormalization does not",
    },
    "RNN": {
        "kwargs": lambda layers: {"cell": layers.SimpleRNNCell(3)},
        "shape": (4, 5),
        "sequence": lambda layers: {
            "cell": [layers.GRUCell(3), layers.LSTMCell(4)],
            "return_sequences": True,
        },
    },
    "ReLU": {"kwargs": {"max_value": 1.0, "negative_slope": 0.1}, "shape": (5,)},
    "Residual": {
        "kwargs": lambda layers: {"layer": layers.Conv2D(4, 3, strides=2, padding="same")},
        "shape": (5, 6, 3),
        "fewest": 1,
    },
    "RotaryEmbedding": {
        "kwargs": {"sequence_axis": 1, "pairs": "half_split"},
        "shape": (5, 3, 6),
    },
    "SeparableConv2D": {
        "kwargs": {"filters": 4, "kernel_size": (2, 3), "depth_multiplier": 2},
        "shape": (5, 6, 3),
        "fewest": 2,
    },
    "SimpleRNN": {
        "kwargs": {"units": 3, "go_backwards": True},
        "shape": (4, 5),
        "more_in_config": ["seed"],
        "sequence": {"units": 4, "return_sequences": True, "go_backwards": True},
    },
    "SimpleRNNCell": {"kwargs": {"units": 3}, "shape": (4, 5), "cell": True, "fewest": 1},
    "SinusoidalPositionEncoding": {"shape": (5, 6)},
    "Softmax": {"shape": (3, 5)},
    "SpatialDropout1D": {"kwargs": {"rate": 0.5, "seed": 1}, "shape": (6, 3)},
    "SpatialDropout2D": {"kwargs": {"rate": 0.5, "seed": 1}, "shape": (4, 5, 3)},
    "SpectralNormalization": {
        "kwargs": lambda layers: {"layer": layers.Dense(3), "power_iterations": 2},
        "shape": (5,),
    },
    "StackedRNNCells": {
        "kwargs": lambda layers: {"cells": [layers.LSTMCell(2), layers.GRUCell(3)]},
        "shape": (4, 5),
        "cell": True,
        "fewest": 1,
    },
    "StochasticDepth": {
        "kwargs": lambda layers: {"layer": layers.Dense(4), "rate": 0.3, "seed": 1},
        "shape": (3, 5),
    },
    "SwiGLU": {"kwargs": {"hidden": 7}, "shape": (5, 6)},
    "TransformerDecoder": {
        "kwargs": {"num_heads": 2, "hidden": 7, "activation": "gelu"},
        "shape": [(5, 6), (3, 6)],
        "unpack": True,
        "beyond_half": "products of the inputs, as in attention",
        "sequence": {"num_heads": 2, "hidden": 4},
    },
    "TransformerEncoder": {
        "kwargs": {"num_heads": 2, "hidden": 7},
        "shape": (5, 6),
        "sequence": {"num_heads": 2, "hidden": 4},
    },
    "UnitNormalization": {"shape": (3, 5)},
}
