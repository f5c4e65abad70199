"""The class that every loss shares: settings around a function."""

import numbers

import keras


class FunctionLoss(keras.losses.Loss):
    """A loss class that holds the settings of a loss function.

    Args:
        function: called as `function(y_true, y_pred, **settings)`; returns one value per row.
        name: name of the loss in logs.
        reduction: `"sum_over_batch_size"`, `"sum"`, `"mean"`, `"mean_with_sample_weight"`,
            `"none"` or `None`.
        dtype: dtype of the computation; `None` for `keras.backend.floatx()`.
        **settings: the function's further arguments; each becomes an attribute and a config entry.
    """

    def __init__(self, function, name, reduction, dtype, **settings):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self._function = function
        self._settings = settings if dtype is None else {**settings, "dtype": self.dtype}
        for setting, value in settings.items():
            setattr(self, setting, value)

    def call(self, y_true, y_pred):
        settings = {name: value for name, value in self._settings.items() if name != "dtype"}
        return self._function(y_true, y_pred, **settings)

    def get_config(self):
        return {**super().get_config(), **self._settings}


def check_positive(**settings):
    """Raise `ValueError` for numbers that are not above zero; tensors are not looked into."""
    for name, value in settings.items():
        if isinstance(value, numbers.Real) and not value > 0:
            raise ValueError(f"{name} must be greater than 0, received {value}")


def check_not_negative(**settings):
    """Raise `ValueError` for numbers below zero; tensors are not looked into."""
    for name, value in settings.items():
        if isinstance(value, numbers.Real) and not value >= 0:
            raise ValueError(f"{name} must be at least 0, received {value}")
