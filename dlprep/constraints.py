"""Constraints: projections of the weights after every update."""

import math
import numbers

import keras
from keras import ops

from dlprep.drop_in import hand_on
from dlprep.stand_in import StandIn

__all__ = ["MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm", "rescale"]


def rescale(weights, low, high, axis=0, rate=1.0):
    r"""Bring the norm of every vector into an interval, without turning it.

    $$w \leftarrow
    w \, \frac{r \operatorname{clip}(\|w\|, a, b) + (1 - r) \|w\|}{\epsilon + \|w\|}$$

    Args:
        weights: Tensor of any shape; the vectors lie along `axis`.
        low: $a$, the least norm.
        high: $b$, the greatest norm.
        axis: The axis, or axes, of a vector.
        rate: $r$ in [0, 1]: 1 goes all the way, smaller values only a part of it.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> from dlprep import constraints
        >>> round(float(constraints.rescale([3.0, 4.0], 0.0, 1.0)[1]), 4)
        0.8

    Reference:
        https://keras.io/api/layers/constraints/
    """
    weights = ops.convert_to_tensor(weights)
    dtype = keras.backend.result_type(weights.dtype, float)
    wide = ops.cast(weights, keras.backend.result_type(dtype, "float32"))
    # The floor gives the norm a gradient at zero: none, as its value is the least.
    norm = ops.sqrt(ops.maximum(ops.sum(ops.square(wide), axis=axis, keepdims=True), 1e-30))
    wanted = rate * ops.clip(norm, low, high) + (1.0 - rate) * norm
    return ops.cast(wide * (wanted / (keras.backend.epsilon() + norm)), dtype)


class Projection(keras.constraints.Constraint, metaclass=StandIn):
    """Base of the projections: `get_config` returns the arguments, kept under their own names."""

    def get_config(self):
        return {name: getattr(self, name) for name in type(self).arguments()}


@keras.saving.register_keras_serializable(package="dlprep.constraints")
class MaxNorm(Projection):
    r"""Keep the norm of the weights into every unit below a bound.

    $$w \leftarrow w \, \frac{\min(\|w\|, c)}{\epsilon + \|w\|}$$

    Lets a large learning rate explore without the weights blowing up; common beside dropout.

    Args:
        max_value: $c$, the greatest norm.
        axis: Axis (or axes) along which the norm is taken: 0 for the weights into one unit of a
            dense kernel, `[0, 1, 2]` for one filter of a convolution.

    Raises:
        ValueError: `max_value` is negative or not a number.

    Example:
        >>> from dlprep import constraints
        >>> round(float(constraints.MaxNorm(1.0)([3.0, 4.0])[1]), 4)
        0.8

    Reference:
        Srivastava et al. 2014, Dropout, section 5.1.
    """

    def __init__(self, max_value=2, axis=0):
        check_norms(0.0, max_value)
        self.max_value = max_value
        self.axis = axis

    def __call__(self, w):
        return rescale(w, 0.0, self.max_value, self.axis)


@keras.saving.register_keras_serializable(package="dlprep.constraints")
class MinMaxNorm(Projection):
    r"""Keep the norm of the weights into every unit within an interval.

    $$w \leftarrow
    w \, \frac{r \operatorname{clip}(\|w\|, a, b) + (1 - r) \|w\|}{\epsilon + \|w\|}$$

    Args:
        min_value: $a$, the least norm.
        max_value: $b$, the greatest norm.
        rate: $r$: 1 goes all the way at every update, smaller values only a part of it.
        axis: Axis (or axes) along which the norm is taken: 0 for the weights into one unit of a
            dense kernel, `[0, 1, 2]` for one filter of a convolution.

    Raises:
        ValueError: Not `0 <= min_value <= max_value`, or `rate` is outside [0, 1].

    Example:
        >>> from dlprep import constraints
        >>> round(float(constraints.MinMaxNorm(10.0, 20.0)([3.0, 4.0])[1]), 4)
        8.0

    Reference:
        https://keras.io/api/layers/constraints/
    """

    def __init__(self, min_value=0.0, max_value=1.0, rate=1.0, axis=0):
        check_norms(min_value, max_value, rate)
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate
        self.axis = axis

    def __call__(self, w):
        return rescale(w, self.min_value, self.max_value, self.axis, self.rate)


@keras.saving.register_keras_serializable(package="dlprep.constraints")
class NonNeg(Projection):
    r"""Set negative weights to zero.

    $$w \leftarrow \max(0, w)$$

    A unit of such weights and a rising activation is monotonic in its inputs.

    Example:
        >>> from dlprep import constraints
        >>> float(constraints.NonNeg()([-1.0, 2.0])[0])
        0.0

    Reference:
        https://keras.io/api/layers/constraints/
    """

    def __call__(self, w):
        w = ops.convert_to_tensor(w)
        # Asked as "negative?", a NaN stays to be seen.
        return ops.where(w < 0, ops.zeros_like(w), w)


@keras.saving.register_keras_serializable(package="dlprep.constraints")
class UnitNorm(Projection):
    r"""Give the weights into every unit the norm one.

    $$w \leftarrow \frac{w}{\epsilon + \|w\|}$$

    Args:
        axis: Axis (or axes) along which the norm is taken: 0 for the weights into one unit of a
            dense kernel, `[0, 1, 2]` for one filter of a convolution.

    Example:
        >>> from dlprep import constraints
        >>> round(float(constraints.UnitNorm()([3.0, 4.0])[1]), 4)
        0.8

    Reference:
        https://keras.io/api/layers/constraints/
    """

    def __init__(self, axis=0):
        self.axis = axis

    def __call__(self, w):
        return rescale(w, 1.0, 1.0, self.axis)


def check_norms(low, high, rate=1.0):
    """Raise `ValueError` unless norms between `low` and `high` can be had at that rate."""
    if not all(isinstance(value, numbers.Real) for value in (low, high, rate)) or not (
        0 <= low < math.inf and low <= high and 0 <= rate <= 1
    ):
        raise ValueError(
            "Expected numbers with 0 <= min_value <= max_value and 0 <= rate <= 1, received "
            f"min_value={low!r}, max_value={high!r}, rate={rate!r}"
        )


__getattr__, __dir__ = hand_on(__name__)
