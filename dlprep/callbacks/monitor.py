"""What callbacks that watch one number share: whether up is good, and what counts as better."""

import logging
import math
import warnings

import keras
import numpy as np
from keras import ops

from dlprep.stand_in import StandIn


class MonitorCallback(keras.callbacks.Callback, metaclass=StandIn):
    """A callback that waits for a logged number to improve.

    Args:
        monitor: Name of the number in the epoch's logs.
        mode: `"min"`, `"max"`, or `"auto"` to ask the metric of that name.
        min_delta: The least change that counts; its sign plays no part.

    Raises:
        ValueError: `min_delta` is not finite.
    """

    def __init__(self, monitor, mode, min_delta):
        super().__init__()
        if mode not in ("auto", "min", "max"):
            warnings.warn(
                f"{type(self).__name__} mode '{mode}' is unknown, fallback to auto mode.",
                stacklevel=3,
            )
            mode = "auto"
        check(math.isfinite(min_delta), "`min_delta` must be finite", min_delta)
        self.monitor = monitor
        self.mode = mode
        self.min_delta = abs(min_delta)
        self.best = None
        self.monitor_op = None

    def get_monitor_value(self, logs):
        """Return the monitored number (the mean, if it is one per class), or `None` and warn."""
        self._choose_direction()
        value = (logs or {}).get(self.monitor)
        if value is None:
            warnings.warn(
                f"{type(self).__name__} watches `{self.monitor}`, which is not available. "
                f"Available metrics are: {', '.join(logs or {})}",
                stacklevel=3,
            )
            return None
        return float(np.mean(value))

    def improves(self, value, reference):
        """Say whether `value` beats `reference` by more than `min_delta`; NaN never does."""
        self._choose_direction()
        if math.isnan(value):
            return False
        if reference is None:
            return True
        sign = 1.0 if self.monitor_op is ops.greater else -1.0
        # Logs are float32: in more digits, rounding would decide about a change of `min_delta`.
        return bool(np.float32(sign * value - self.min_delta) > np.float32(sign * reference))

    def _choose_direction(self):
        if self.monitor_op is None:
            self.monitor_op = ops.greater if self._up_is_good() else ops.less

    def _up_is_good(self):
        if self.mode != "auto":
            return self.mode == "max"
        name = self.monitor.removeprefix("val_")
        for container in getattr(self.model, "metrics", ()):
            for metric in getattr(container, "metrics", [container]):
                # Keras's metrics know their direction, though not in public.
                if metric.name == name and hasattr(metric, "_direction"):
                    return metric._direction == "up"
        if name == "loss":
            return False
        raise ValueError(
            f"{type(self).__name__} received monitor={self.monitor}, but cannot tell whether that "
            f"metric should rise or fall: pass `mode='max'` or `mode='min'`"
        )


def check(holds, rule, *received):
    """Raise an error that says the rule and what came, unless it holds."""
    if not holds:
        raise ValueError(f"{rule}. Received: {', '.join(map(str, received))}")


def inner_optimizers(model):
    """Return the model's optimizers: usually one."""
    return getattr(model.optimizer, "optimizers", None) or [model.optimizer]


def learning_rate(optimizer):
    """Return an optimizer's learning rate as a float."""
    return float(ops.convert_to_numpy(optimizer.learning_rate))


def log_learning_rates(model, logs):
    """Add the learning rate, or one per optimizer, to the epoch's logs."""
    optimizers = inner_optimizers(model)
    for optimizer in optimizers:
        alone = optimizer is model.optimizer
        key = "learning_rate" if alone else f"learning_rate_{optimizer.name}"
        logs[key] = learning_rate(optimizer)


def say(message):
    """Print a message, or log it where Keras's interactive logging is off."""
    if keras.config.is_interactive_logging_enabled():
        print(message)
    else:
        logging.getLogger("dlprep").info(message)
