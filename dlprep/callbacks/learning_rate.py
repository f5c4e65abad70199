"""Change the learning rate from epoch to epoch: by plan, or when progress stalls."""

import inspect

import keras
import numpy as np

from dlprep.callbacks.monitor import (
    MonitorCallback,
    check,
    inner_optimizers,
    learning_rate,
    log_learning_rates,
    say,
)
from dlprep.stand_in import StandIn


class LearningRateScheduler(keras.callbacks.Callback, metaclass=StandIn):
    r"""Ask a function for the learning rate at the beginning of every epoch.

    $$\eta_t = f(t, \eta_{t-1}) \quad \text{or} \quad \eta_t = f(t)$$

    Args:
        schedule: A function of the epoch (from 0) and, if it takes a second argument, the current
            learning rate; it returns the new one as a float.
        verbose: 1 to say what was set, 0 to be silent.

    Raises:
        ValueError: The function returned something other than a float.

    Example:
        >>> from dlprep import callbacks
        >>> halve = callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
        >>> halve.schedule(0, 0.5)
        0.25

    Reference:
        https://keras.io/api/callbacks/learning_rate_scheduler/
    """

    def __init__(self, schedule, verbose=0):
        super().__init__()
        self.schedule = schedule
        self.verbose = verbose

    def on_epoch_begin(self, epoch, logs=None):
        for optimizer in inner_optimizers(self.model):
            rate = self._next(epoch, learning_rate(optimizer))
            optimizer.learning_rate = rate
            if self.verbose:
                say(
                    f"\nEpoch {epoch + 1}: LearningRateScheduler setting learning rate to {rate} "
                    f"({optimizer.name})."
                )

    def on_epoch_end(self, epoch, logs=None):
        if logs is not None:
            log_learning_rates(self.model, logs)

    def _next(self, epoch, rate):
        rate = self.schedule(epoch, rate) if self._takes_two() else self.schedule(epoch)
        if not isinstance(rate, float | np.floating):
            raise ValueError(
                f"The output of the `schedule` function should be a float, received {rate!r}"
            )
        return float(rate)

    def _takes_two(self):
        try:
            inspect.signature(self.schedule).bind(0, 0.0)
        except TypeError:
            return False
        return True


class ReduceLROnPlateau(MonitorCallback):
    r"""Lower the learning rate when a number has not improved for some epochs.

    $$\eta \leftarrow \max(\eta_{\min}, \gamma \eta)$$

    Args:
        monitor: Name of the number in the logs.
        factor: $\gamma < 1$.
        patience: Epochs without improvement before the rate is lowered.
        verbose: 1 to say when it is lowered, 0 to be silent.
        mode: `"min"`, `"max"` or `"auto"`, which asks the metric.
        min_delta: A change has to be greater to count as an improvement.
        cooldown: Epochs after a reduction in which patience is not counted.
        min_lr: $\eta_{\min}$.
        **kwargs: Ignored, as in Keras.

    Raises:
        ValueError: `factor` is not in [0, 1), a count or `min_lr` is negative, or `min_delta` or
            `min_lr` not finite; or, with `mode="auto"`, the metric does not say which way is
            better.

    Example:
        >>> from dlprep import callbacks
        >>> callbacks.ReduceLROnPlateau(factor=0.5).factor
        0.5

    Reference:
        https://keras.io/api/callbacks/reduce_lr_on_plateau/
    """

    def __init__(
        self,
        monitor="val_loss",
        factor=0.1,
        patience=10,
        verbose=0,
        mode="auto",
        min_delta=0.0001,
        cooldown=0,
        min_lr=0.0,
        **kwargs,
    ):
        super().__init__(monitor, mode, min_delta)
        if factor >= 1.0:
            raise ValueError(
                f"ReduceLROnPlateau does not support a factor >= 1.0, received factor={factor}"
            )
        check(factor >= 0.0, "`factor` must not be negative", factor)
        check(patience >= 0, "`patience` must not be negative", patience)
        check(cooldown >= 0, "`cooldown` must not be negative", cooldown)
        check(0.0 <= min_lr < np.inf, "`min_lr` must be finite and not negative", min_lr)
        self.factor = factor
        self.patience = patience
        self.verbose = verbose
        self.cooldown = cooldown
        self.min_lr = min_lr
        self._reset()

    def on_train_begin(self, logs=None):
        self._reset()

    def on_epoch_end(self, epoch, logs=None):
        logs = {} if logs is None else logs
        log_learning_rates(self.model, logs)
        current = self.get_monitor_value(logs)
        if current is None:
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self.improves(current, self.best):
            self.best, self.wait = current, 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience and self._reduce(epoch):
                self.cooldown_counter, self.wait = self.cooldown, 0

    def in_cooldown(self):
        """Say whether a reduction was made only a few epochs ago."""
        return self.cooldown_counter > 0

    def _reduce(self, epoch):
        """Lower every rate that is not at its floor; say whether there was one."""
        rates = {optimizer: learning_rate(optimizer) for optimizer in self._above_floor()}
        for optimizer, rate in rates.items():
            optimizer.learning_rate = lowered = max(self.min_lr, self.factor * rate)
            if self.verbose:
                say(
                    f"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {lowered} "
                    f"({optimizer.name})."
                )
        return bool(rates)

    def _above_floor(self):
        floor = np.float32(self.min_lr)
        return [o for o in inner_optimizers(self.model) if learning_rate(o) > floor]

    def _reset(self):
        self.best = None
        self.cooldown_counter = 0
        self.wait = 0
