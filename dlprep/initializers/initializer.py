"""The base of the initializers: every argument under its own name, and back into the config."""

import math
import numbers

import keras

from dlprep.stand_in import StandIn


def store(initializer, **arguments):
    """Keep each argument under its own name.

    Args:
        initializer: The initializer under construction.
        **arguments: The constructor's arguments by name.

    Raises:
        ValueError: A number is not finite, or `stddev` is negative.
    """
    for name, value in arguments.items():
        low = 0 if name == "stddev" else -math.inf
        if isinstance(value, numbers.Real) and not (math.isfinite(value) and value >= low):
            allowed = "finite and at least 0" if low == 0 else "finite"
            raise ValueError(f"`{name}` has to be {allowed}, received {value!r}")
        setattr(initializer, name, value)


class Initializer(keras.initializers.Initializer, metaclass=StandIn):
    """Base of the initializers: `get_config` returns the arguments, kept as they came."""

    def get_config(self):
        return {name: getattr(self, name) for name in type(self).arguments()}
