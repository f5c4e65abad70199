"""Stop when the validation loss no longer falls: regularization by time."""

from dlprep.callbacks.monitor import MonitorCallback, check, say


class EarlyStopping(MonitorCallback):
    r"""Stop training when a number has not improved for some epochs.

    $$\text{stop at the first } t \text{ with } t - t^* \ge p, \qquad
    t^* = \operatorname*{arg\,min}_{s \le t} L_s$$

    where $L$ is the monitored number and an improvement is one by more than `min_delta`. For a
    quadratic cost and plain gradient descent, stopping after $t$ steps with rate $\eta$ acts like
    an L2 penalty of strength about $1 / (t \eta)$. NaN never counts as an improvement.

    Args:
        monitor: Name of the number in the logs.
        min_delta: A change has to be greater to count as an improvement.
        patience: $p$, epochs without improvement before training stops.
        verbose: 1 to say when training stops, 0 to be silent.
        mode: `"min"`, `"max"` or `"auto"`, which asks the metric.
        baseline: The number has to beat this as well, or patience runs on; `None` for no such bar.
        restore_best_weights: Whether the model ends with the weights of $t^*$.
        start_from_epoch: Epochs to let pass before watching.

    Attributes:
        best: The best value so far.
        best_epoch: When it was reached, from 0.
        stopped_epoch: When training was stopped, 0 if it was not.

    Raises:
        ValueError: With `mode="auto"`, the metric does not say which way is better; or a count is
            negative, `min_delta` not finite or `baseline` NaN.

    Example:
        >>> from dlprep import callbacks
        >>> callbacks.EarlyStopping(patience=3).patience
        3

    Reference:
        Goodfellow, Bengio, Courville 2016, Deep Learning, section 7.8, algorithm 7.1.
    """

    def __init__(
        self,
        monitor="val_loss",
        min_delta=0,
        patience=0,
        verbose=0,
        mode="auto",
        baseline=None,
        restore_best_weights=False,
        start_from_epoch=0,
    ):
        super().__init__(monitor, mode, min_delta)
        check(patience >= 0, "`patience` must not be negative", patience)
        check(start_from_epoch >= 0, "`start_from_epoch` must not be negative", start_from_epoch)
        check(baseline is None or baseline == baseline, "`baseline` must be a number", baseline)
        self.patience = patience
        self.verbose = verbose
        self.baseline = baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch
        self._reset()

    def on_train_begin(self, logs=None):
        self._reset()

    def on_epoch_end(self, epoch, logs=None):
        current = self.get_monitor_value(logs)
        if current is None or epoch < self.start_from_epoch:
            return
        self.wait += 1
        if self.improves(current, self.best):
            self.best, self.best_epoch = current, epoch
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            if self.baseline is None or self.improves(current, self.baseline):
                self.wait = 0
        elif self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        if self.verbose and self.stopped_epoch:
            say(f"Epoch {self.stopped_epoch + 1}: early stopping")
        if self.restore_best_weights and self.best_weights is not None:
            if self.verbose:
                say(f"Restoring the weights of the best epoch: {self.best_epoch + 1}")
            self.model.set_weights(self.best_weights)

    def _reset(self):
        self.best = None
        self.best_epoch = 0
        self.best_weights = None
        self.stopped_epoch = 0
        self.wait = 0
