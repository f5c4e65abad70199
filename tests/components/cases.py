"""One plain table per kind: name -> constructor arguments (and input shapes) for the common checks.

Every name of a kind's `__all__` has a row; the first test of each suite says so.
"""

import numpy as np

# function name -> arguments besides the input
ACTIVATIONS = {
    "leaky_relu": {"negative_slope": 0.1},
    "relu": {"negative_slope": 0.1, "max_value": 2.0, "threshold": 0.5},
    "sigmoid": {},
    "softmax": {"axis": 1},
    "tanh": {},
}

# class name -> constructor arguments
INITIALIZERS = {
    "GlorotNormal": {},
    "GlorotUniform": {},
    "HeNormal": {},
    "HeUniform": {},
    "LecunNormal": {},
    "LecunUniform": {},
    "VarianceScaling": {"scale": 3.0, "mode": "fan_out", "distribution": "untruncated_normal"},
}

# class name -> constructor arguments
REGULARIZERS = {
    "L1": {"l1": 0.3},
    "L2": {"l2": 0.3},
}

# class name -> kwargs; kinds of y_true and y_pred (see test_losses.py); best: kind of the
# predictions that reach the minimum; minimum, zero unless given
LOSSES = {
    "BinaryCrossentropy": {
        "kwargs": {"from_logits": True},
        "y_true": "binary",
        "y_pred": "logits",
        "best": "certain logits",
    },
    "CategoricalCrossentropy": {
        "kwargs": {"from_logits": True},
        "y_true": "one hot",
        "y_pred": "logits",
        "best": "certain logits",
    },
    "MeanSquaredError": {"y_true": "real", "y_pred": "real", "best": "y_true"},
    "SparseCategoricalCrossentropy": {
        "kwargs": {"from_logits": True, "ignore_class": 7},
        "y_true": "index",
        "y_pred": "logits",
        "best": "certain logits",
    },
}

# class name -> list of constructor arguments: every variant runs the common checks
OPTIMIZERS = {
    "Adam": [{"learning_rate": 0.1}, {"learning_rate": 0.1, "amsgrad": True}],
    "AdamW": [{"learning_rate": 0.1, "weight_decay": 0.01}],
    "RMSprop": [
        {"learning_rate": 0.1},
        {"learning_rate": 0.05, "momentum": 0.5},
        {"learning_rate": 0.05, "momentum": 0.5, "centered": True},
    ],
    "SGD": [
        {"learning_rate": 0.2},
        {"learning_rate": 0.02, "momentum": 0.9},
        {"learning_rate": 0.02, "momentum": 0.9, "nesterov": True},
    ],
}

# class name -> kwargs (a function of the namespace where layers are arguments), shape of one
# example (a list for several inputs); high: integer inputs below it; unpack: inputs are separate
# arguments; cell: runs inside RNN; mixes: why rows of a batch may influence each other
LAYERS = {
    "BatchNormalization": {"shape": (3, 5)},
    "Dense": {"kwargs": {"units": 4, "activation": "tanh"}, "shape": (3, 5)},
    "Dropout": {"kwargs": {"rate": 0.5, "seed": 1}, "shape": (6,)},
}

# class name -> constructor arguments
CALLBACKS = {
    "GradientNorms": {"x": np.ones((4, 2)), "y": np.ones((4, 1))},
}
