"""Bias or variance? The recipe that reads it off the training and the development error."""

import math

from dlprep.callbacks.monitor import MonitorCallback, check

ADVICE = {
    "bias": (
        "a bigger network",
        "longer training or a better optimizer",
        "another architecture",
    ),
    "variance": (
        "more data or augmentation",
        "regularization: L2, dropout, early stopping",
        "another architecture",
    ),
}


class BiasVarianceDiagnosis(MonitorCallback):
    r"""Split the error after every epoch into avoidable bias and variance.

    $$\text{bias} = E_\text{train} - E_\text{optimal}, \qquad
    \text{variance} = E_\text{dev} - E_\text{train}$$

    For a number that should rise, such as accuracy, both differences are turned round. The training
    number is Keras's: the mean over an epoch in which the weights still moved, with dropout at
    work.

    Args:
        monitor: Name of a logged number that also exists with the prefix `val_`.
        optimal: The best value possible: what people reach, or the Bayes error.
        tolerance: How large a difference is still small, in the number's own unit.
        mode: `"min"`, `"max"` or `"auto"`, which asks the metric.

    Attributes:
        bias: One difference per epoch.
        variance: Likewise.

    Raises:
        ValueError: The logs lack one of the two numbers (fit without validation data), with
            `mode="auto"` the metric does not say which way is better, `optimal` is not finite,
            `tolerance` negative, or a verdict is asked for before the first epoch has ended.

    Example:
        >>> from dlprep import callbacks
        >>> diagnosis = callbacks.BiasVarianceDiagnosis("error", tolerance=0.02, mode="min")
        >>> diagnosis.on_epoch_end(0, {"error": 0.01, "val_error": 0.11})
        >>> diagnosis.verdict()
        ['variance']

    Reference:
        Okoli, notes on deep learning, bias and variance; Ng 2018, Machine Learning Yearning,
        chapters 20 to 24.
    """

    def __init__(self, monitor="loss", optimal=0.0, tolerance=0.05, mode="auto"):
        super().__init__(monitor, mode, min_delta=0.0)
        check(math.isfinite(optimal), "`optimal` must be finite", optimal)
        check(tolerance >= 0, "`tolerance` must not be negative", tolerance)
        self.optimal = optimal
        self.tolerance = tolerance
        self.bias, self.variance = [], []

    def on_train_begin(self, logs=None):
        self.bias, self.variance = [], []

    def on_epoch_end(self, epoch, logs=None):
        names = (self.monitor, f"val_{self.monitor}")
        if not all(name in (logs or {}) for name in names):
            raise ValueError(
                f"BiasVarianceDiagnosis needs {names[0]!r} and {names[1]!r} in the logs, received "
                f"{sorted(logs or {})}: pass validation_data to fit"
            )
        train, dev = (float(logs[name]) for name in names)
        sign = 1.0 if self.improves(0.0, 1.0) else -1.0
        self.bias.append(sign * (train - self.optimal))
        self.variance.append(sign * (dev - train))

    def verdict(self):
        """Name what is too large by now: `"bias"`, `"variance"`, both, or nothing."""
        if not self.bias:
            raise ValueError("BiasVarianceDiagnosis has seen no epoch: fit first")
        latest = {"bias": self.bias[-1], "variance": self.variance[-1]}
        return [name for name, gap in latest.items() if gap > self.tolerance]

    def advice(self):
        """Return what to try, in the order of the recipe: bias first."""
        return [step for name in self.verdict() for step in ADVICE[name]]
