r"""Update rules from the papers, in NumPy float64 and the handbook's notation.

Every rule takes the parameters $\theta$, the gradient $g$ and its own memory, and returns the new
parameters and the new memory. Memory begins at zero, steps $t$ at one.
"""

from dlprep.reference.optimizers.adaptive import adadelta, adagrad, centered_rmsprop, rmsprop
from dlprep.reference.optimizers.descent import (
    averaged_momentum,
    exponentially_weighted_average,
    gradient_descent,
    momentum,
    nesterov,
)
from dlprep.reference.optimizers.moments import adam, adamax, adamw, amsgrad, nadam, radam

__all__ = [
    "adadelta",
    "adagrad",
    "adam",
    "adamax",
    "adamw",
    "amsgrad",
    "averaged_momentum",
    "centered_rmsprop",
    "exponentially_weighted_average",
    "gradient_descent",
    "momentum",
    "nadam",
    "nesterov",
    "radam",
    "rmsprop",
]
