"""One plain table per kind: name -> constructor arguments (and input shapes) for the common checks.

Every name of a kind's `__all__` has a row; the first test of each suite says so.
"""

# function name -> arguments besides the input
ACTIVATIONS = {}

# class name -> constructor arguments
INITIALIZERS = {}

# class name -> constructor arguments
REGULARIZERS = {}

# class name -> dict(kwargs=…, y_true=…, y_pred=…): see test_losses.py
LOSSES = {}

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
CALLBACKS = {}
