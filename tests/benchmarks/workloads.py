"""What the benchmark against Keras runs: every layer, loss and optimizer that Keras has too.

A layer: name -> (function from the namespace to constructor arguments, one list of input shapes
per size). A shape without the batch would hide how time grows, so the batch is written out.
"""

IMAGE = [[(16, 14, 14, 16)], [(32, 28, 28, 32)]]
SEQUENCE = [[(16, 32, 32)], [(32, 64, 128)]]
FLAT = [[(32, 64)], [(256, 1024)]]
SERIES = [[(16, 16, 16)], [(32, 48, 64)], [(64, 100, 128)]]
PAIR = [[(8, 32, 64)] * 2, [(16, 64, 128)] * 2]


def fixed(**arguments):
    """Return a function that gives these arguments for either namespace."""
    return lambda namespace: arguments


LAYERS = {
    "Activation": (fixed(activation="relu"), SEQUENCE),
    "AdditiveAttention": (fixed(), PAIR),
    "AlphaDropout": (fixed(rate=0.5), FLAT),
    "Attention": (fixed(use_scale=True), PAIR),
    "AveragePooling1D": (fixed(pool_size=2), SEQUENCE),
    "AveragePooling2D": (fixed(pool_size=2), IMAGE),
    "BatchNormalization": (fixed(), FLAT + IMAGE),
    "Bidirectional": (lambda layers: {"layer": layers.LSTM(32)}, SERIES),
    "CategoryEncoding": (fixed(num_tokens=64), [[(64, 16)], [(512, 64)]]),
    "Conv1D": (fixed(filters=32, kernel_size=3), SEQUENCE),
    "Conv2D": (fixed(filters=32, kernel_size=3), IMAGE),
    "Conv2DTranspose": (fixed(filters=16, kernel_size=3, strides=2), IMAGE),
    "ConvLSTM2D": (fixed(filters=8, kernel_size=3), [[(4, 6, 12, 12, 4)], [(8, 10, 20, 20, 8)]]),
    "Dense": (fixed(units=128, activation="relu"), FLAT),
    "DepthwiseConv2D": (fixed(kernel_size=3), IMAGE),
    "Dropout": (fixed(rate=0.5), FLAT),
    "ELU": (fixed(), FLAT),
    "Embedding": (fixed(input_dim=64, output_dim=64), [[(64, 16)], [(512, 64)]]),
    "Flatten": (fixed(), IMAGE),
    "GRU": (fixed(units=64, return_sequences=True), SERIES),
    "GRUCell": (fixed(units=64), SERIES),
    "GaussianDropout": (fixed(rate=0.5), FLAT),
    "GaussianNoise": (fixed(stddev=0.5), FLAT),
    "GlobalAveragePooling1D": (fixed(), SEQUENCE),
    "GlobalAveragePooling2D": (fixed(), IMAGE),
    "GlobalMaxPooling1D": (fixed(), SEQUENCE),
    "GlobalMaxPooling2D": (fixed(), IMAGE),
    "GroupNormalization": (fixed(groups=8), IMAGE),
    "GroupQueryAttention": (
        fixed(head_dim=16, num_query_heads=4, num_key_value_heads=2),
        PAIR,
    ),
    "LSTM": (fixed(units=64, return_sequences=True), SERIES),
    "LSTMCell": (fixed(units=64), SERIES),
    "LayerNormalization": (fixed(), FLAT + SEQUENCE),
    "LeakyReLU": (fixed(), FLAT),
    "MaxPooling1D": (fixed(), SEQUENCE),
    "MaxPooling2D": (fixed(), IMAGE),
    "MultiHeadAttention": (fixed(num_heads=4, key_dim=16), PAIR),
    "Normalization": (fixed(mean=2.0, variance=4.0), FLAT),
    "PReLU": (fixed(), FLAT),
    "RMSNormalization": (fixed(), FLAT + SEQUENCE),
    "RNN": (lambda layers: {"cell": layers.SimpleRNNCell(64)}, SERIES),
    "ReLU": (fixed(), FLAT),
    "SeparableConv2D": (fixed(filters=32, kernel_size=3), IMAGE),
    "SimpleRNN": (fixed(units=64), SERIES),
    "SimpleRNNCell": (fixed(units=64), SERIES),
    "Softmax": (fixed(), FLAT),
    "SpatialDropout1D": (fixed(rate=0.5), SEQUENCE),
    "SpatialDropout2D": (fixed(rate=0.5), IMAGE),
    "SpectralNormalization": (lambda layers: {"layer": layers.Dense(128)}, FLAT),
    "StackedRNNCells": (
        lambda layers: {"cells": [layers.GRUCell(32), layers.LSTMCell(32)]},
        SERIES,
    ),
    "UnitNormalization": (fixed(), FLAT + SEQUENCE),
}
CELLS = {"GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells"}
INTEGERS = {"CategoryEncoding", "Embedding"}
TWO_ARGUMENTS = {"MultiHeadAttention", "GroupQueryAttention"}

# loss name -> (constructor arguments, kind of labels, kind of predictions); sizes of all below
LOSSES = {
    "BinaryCrossentropy": ({"from_logits": True}, "binary", "real"),
    "BinaryFocalCrossentropy": ({"from_logits": True}, "binary", "real"),
    "CTC": ({}, "sequence", "steps"),
    "CategoricalCrossentropy": ({"from_logits": True}, "distribution", "real"),
    "CategoricalFocalCrossentropy": ({"from_logits": True}, "distribution", "real"),
    "CategoricalGeneralizedCrossEntropy": ({}, "class", "distribution"),
    "CategoricalHinge": ({}, "distribution", "real"),
    "Circle": ({}, "class", "direction"),
    "CosineSimilarity": ({}, "real", "real"),
    "Dice": ({}, "binary", "distribution"),
    "Hinge": ({}, "binary", "real"),
    "Huber": ({}, "real", "real"),
    "KLDivergence": ({}, "distribution", "distribution"),
    "LogCosh": ({}, "real", "real"),
    "MeanAbsoluteError": ({}, "real", "real"),
    "MeanAbsolutePercentageError": ({}, "real", "real"),
    "MeanSquaredError": ({}, "real", "real"),
    "MeanSquaredLogarithmicError": ({}, "distribution", "distribution"),
    "Poisson": ({}, "distribution", "distribution"),
    "SparseCategoricalCrossentropy": ({"from_logits": True}, "class", "real"),
    "SquaredHinge": ({}, "binary", "real"),
    "Tversky": ({}, "binary", "distribution"),
}
LOSS_SIZES = ((64, 10), (1024, 256))

# optimizer name -> constructor arguments; twenty matrices of each size
OPTIMIZERS = {
    "SGD": {"momentum": 0.9},
    "Adadelta": {},
    "Adafactor": {},
    "Adagrad": {},
    "Adam": {},
    "AdamW": {},
    "Adamax": {},
    "Ftrl": {},
    "Lamb": {},
    "Lion": {},
    "Muon": {},
    "Nadam": {},
    "RMSprop": {},
}
OPTIMIZER_SIZES = (32, 128, 512)
MATRICES = 20
