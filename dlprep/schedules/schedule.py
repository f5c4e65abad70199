"""What the schedules share: a scope, a config, a step in floating point, checks of arguments."""

import math
from numbers import Real

from keras import backend, name_scope, ops
from keras.optimizers.schedules import LearningRateSchedule

from dlprep.stand_in import StandIn


class Schedule(LearningRateSchedule, metaclass=StandIn):
    """A function `rate` of the step, made of constructor arguments that are kept unchanged."""

    arguments = ()

    def __call__(self, step):
        """Return the learning rate of a step.

        Args:
            step: Number of the step, zero at first, an integer or float scalar.

        Returns:
            A scalar float tensor.
        """
        with name_scope(self.name):
            return self.rate(step)

    def get_config(self):
        """Return the constructor arguments."""
        return {name: getattr(self, name) for name in (*self.arguments, "name")}


def float_step(step, learning_rate):
    """Return the step as a float of the learning rate's precision, float32 at least."""
    dtype = backend.result_type(ops.convert_to_tensor(learning_rate).dtype, "float32")
    return ops.cast(step, dtype)


def check_numbers(above=-math.inf, least=-math.inf, most=math.inf, **arguments):
    """Raise unless every argument is finite, above `above`, and from `least` to `most`."""
    bounds = [f"> {above}"] if above > -math.inf else []
    bounds += [f">= {least}"] if least > -math.inf else []
    bounds += [f"<= {most}"] if most < math.inf else []
    for name, value in arguments.items():
        if isinstance(value, str) or (
            isinstance(value, Real)
            and not (math.isfinite(value) and value > above and least <= value <= most)
        ):
            rule = " and ".join(["a finite number", *bounds])
            raise ValueError(f"Argument `{name}` must be {rule}. Received: {name}={value!r}")
