"""The learning-rate range test: one short run instead of many long ones."""

import math

import keras
from keras import ops

from dlprep.callbacks.monitor import check


class LearningRateFinder(keras.callbacks.Callback):
    r"""Raise the learning rate from batch to batch, record the loss, put everything back.

    $$\eta_t = \eta_0 \Big( \frac{\eta_{T-1}}{\eta_0} \Big)^{t / (T - 1)}, \qquad
    t = 0, \dots, T - 1$$

    Training stops after $T$ batches or when the smoothed loss is `diverged` times its minimum.
    Weights and the optimizer's state are then what they were, so that the model can be trained.
    The loss of a batch is worked out of the running mean that Keras logs, which takes batches of
    equal size for granted.

    Args:
        start: $\eta_0$, the first rate, positive.
        end: $\eta_{T-1}$, the last one, above the first.
        steps: $T$, over how many batches; give `fit` enough epochs for them.
        smoothing: Weight of the past in the moving average of the loss, in [0, 1).
        diverged: How far the loss may rise over its minimum, a factor above 1.

    Attributes:
        rates: The learning rates tried.
        losses: The smoothed loss after each.

    Raises:
        ValueError: An argument is out of its range; or, when `fit` begins, several steps are one
            execution.

    Example:
        >>> import keras, numpy as np
        >>> from dlprep import callbacks
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> finder = callbacks.LearningRateFinder(steps=20)
        >>> fitted = model.fit(np.ones((4, 1)), np.ones((4, 1)), epochs=20, verbose=0,
        ...                    callbacks=[finder])
        >>> 1e-6 < finder.suggestion() < 10.0
        True

    Reference:
        Smith 2017, arXiv:1506.01186, section 3.3.
    """

    def __init__(self, start=1e-6, end=10.0, steps=100, smoothing=0.9, diverged=4.0):
        super().__init__()
        check(0 < start < end < math.inf, "`start` and `end` must be 0 < start < end", start, end)
        check(isinstance(steps, int) and steps > 0, "`steps` must be a positive integer", steps)
        check(0 <= smoothing < 1, "`smoothing` must be in [0, 1)", smoothing)
        check(diverged > 1, "`diverged` must be above 1", diverged)
        self.start, self.end, self.steps = start, end, steps
        self.smoothing, self.diverged = smoothing, diverged
        self.rates, self.losses = [], []

    def on_train_begin(self, logs=None):
        together = self.model.steps_per_execution
        check(together == 1, "`compile` with `steps_per_execution=1` to see every step", together)
        self.rates, self.losses = [], []
        self._average, self._mean_before = 0.0, 0.0
        self.model.optimizer.build(self.model.trainable_variables)
        variables = [*self.model.variables, *self.model.optimizer.variables]
        self._kept = [(variable, ops.copy(variable)) for variable in variables]
        self.model.optimizer.learning_rate = self.rate(0)

    def on_train_batch_end(self, batch, logs=None):
        step = len(self.rates)
        self.rates.append(self.rate(step))
        self.losses.append(self._smoothed(batch, float(logs["loss"])))
        if step + 1 >= self.steps or self._has_diverged():
            self.model.stop_training = True
            return
        # On JAX the variables are out of date until they are asked for.
        getattr(self.model, "jax_state_sync", lambda: None)()
        self.model.optimizer.learning_rate = self.rate(step + 1)

    def on_train_end(self, logs=None):
        for variable, value in self._kept:
            variable.assign(value)

    def rate(self, step):
        """Return the learning rate of a step, from 0 to `steps - 1`."""
        return self.start * (self.end / self.start) ** (step / max(1, self.steps - 1))

    def suggestion(self):
        """Return the rate where the loss fell fastest over the logarithm of the rate.

        Returns:
            A learning rate, to be taken as an order of magnitude.

        Raises:
            ValueError: Fewer than two batches were seen.
        """
        if len(self.losses) < 2:
            raise ValueError("LearningRateFinder has seen fewer than two batches: fit first")
        falls = [
            after - before for before, after in zip(self.losses, self.losses[1:], strict=False)
        ]
        return self.rates[falls.index(min(falls))]

    def _smoothed(self, batch, mean):
        """Return the moving average of the batches' own losses, without the pull of its start."""
        own = mean * (batch + 1) - (self._mean_before * batch if batch else 0.0)
        self._mean_before = mean
        self._average = self.smoothing * self._average + (1.0 - self.smoothing) * own
        return self._average / (1.0 - self.smoothing ** (len(self.losses) + 1))

    def _has_diverged(self):
        loss, least = self.losses[-1], min(self.losses)
        return not math.isfinite(loss) or (least > 0 and loss > self.diverged * least)
