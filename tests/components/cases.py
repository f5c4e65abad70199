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

# class name -> constructor arguments
OPTIMIZERS = {}

# class name -> dict(kwargs=…, shape=…): see test_layers.py
LAYERS = {}

# class name -> constructor arguments
CALLBACKS = {}
