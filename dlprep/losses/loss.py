"""The class that every loss shares: settings around a function."""

import functools
import math
import numbers

import keras
from keras import ops
from keras.src.backend import get_keras_mask
from keras.src.losses.loss import reduce_weighted_values

from dlprep.losses.pairs import aligned, blanked, tensor
from dlprep.stand_in import StandIn

# What `locals()` has beside the arguments.
NO_SETTINGS = {"self", "__class__"}


class FunctionLoss(keras.losses.Loss, metaclass=StandIn):
    """A loss class that holds the settings of a loss function.

    Rows that are masked or have no weight count neither in the value nor in the gradient, whatever
    they hold (Keras multiplies them by zero, which leaves a NaN one), and a weight for each row
    holds for all of the row's losses (Keras's broadcasts along the last axis).

    Args:
        fn: Called as `fn(y_true, y_pred, **settings)`; returns one value per row.
        arguments: What the subclass's constructor was called with, its `locals()`: `name`,
            `reduction`, `dtype`, and the function's further arguments, each of which becomes an
            attribute and a config entry.
    """

    # Others are compared with a row that does not count: it stays, if its numbers are usable.
    compares_rows = False

    def __init__(self, fn, arguments):
        base = {name: arguments[name] for name in ("name", "reduction", "dtype")}
        settings = {name: x for name, x in arguments.items() if name not in {*base, *NO_SETTINGS}}
        check(**settings)
        super().__init__(**base)
        self.fn = fn
        self._fn_kwargs = settings
        self._given = settings if base["dtype"] is None else {**settings, "dtype": self.dtype}
        vars(self).update(settings)

    def __call__(self, y_true, y_pred, sample_weight=None):
        mask, weight = get_keras_mask(y_pred), sample_weight
        with keras.name_scope(self.name):
            y_true, y_pred = (ops.cast(tensor(y), self.dtype) for y in (y_true, y_pred))
            if weight is not None:
                weight = ops.cast(tensor(weight), self.dtype)
                y_true, y_pred = self._blanked(ops.not_equal(weight, 0.0), y_true, y_pred)
            if mask is not None:
                y_true, y_pred = self._blanked(mask, y_true, y_pred)
            values = self.call(y_true, y_pred)
            masks = [m for m in (mask, get_keras_mask(values)) if m is not None]
            mask = functools.reduce(ops.logical_and, masks) if masks else None
            weight = None if weight is None else aligned(weight, values)
            return reduce_weighted_values(values, weight, mask, self.reduction, self.dtype)

    def _blanked(self, counts, *pair):
        axis = getattr(self, "axis", -1)
        return [blanked(y, counts, axis, self.compares_rows) for y in pair]

    def call(self, y_true, y_pred):
        return self.fn(y_true, y_pred, **self._fn_kwargs)

    def get_config(self):
        return {**super().get_config(), **self._given}


OPTIONAL = ("axis", "ignore_class")
# Of every setting: what it must be, and whether a number is.
RULES = {
    **dict.fromkeys(("alpha", "beta", "gamma", "margin"), ("at least 0", lambda x: x >= 0)),
    **dict.fromkeys(("delta", "temperature"), ("greater than 0", lambda x: x > 0)),
    **dict.fromkeys(("label_smoothing", "share"), ("in [0, 1]", lambda x: 0 <= x <= 1)),
    **dict.fromkeys(OPTIONAL, ("an integer", lambda x: isinstance(x, numbers.Integral))),
    "q": ("in the interval (0, 1)", lambda x: 0 < x < 1),
}
FLAG = ("True or False", None)


def check(rule=None, **settings):
    """Raise `ValueError` for settings that break their rule; tensors are not looked into.

    Args:
        rule: The key of the rule; `None` for the setting's own name.
        **settings: Numbers, or lists of them.
    """
    for name, value in settings.items():
        if value is None and name in OPTIONAL or _is_tensor(value):
            continue
        wanted, holds = RULES.get(rule or name, FLAG)
        for entry in value if isinstance(value, list | tuple) else [value]:
            known = _is_number(entry) if holds else entry in (True, False)
            if not (known and (holds is None or holds(entry))):
                raise ValueError(f"{name} must be {wanted}, received {value!r}")


def _is_tensor(x):
    return hasattr(x, "shape") and not isinstance(x, numbers.Real)


def _is_number(x):
    return isinstance(x, numbers.Real) and not isinstance(x, bool) and math.isfinite(x)
