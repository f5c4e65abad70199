"""Optimizers under the names and signatures that Keras gives them, one per file.

The mathematics of each is a function of tensors that returns what to subtract and the new memory;
the class around it keeps the memory in variables.
"""

from dlprep.optimizers.adam import Adam
from dlprep.optimizers.adamw import AdamW
from dlprep.optimizers.rmsprop import RMSprop
from dlprep.optimizers.sgd import SGD

__all__ = ["Adam", "AdamW", "RMSprop", "SGD"]
