"""Evaluate and save with the averaged weights, train on with the raw ones."""

import keras
from keras import ops

from dlprep.stand_in import StandIn


class SwapEMAWeights(keras.callbacks.Callback, metaclass=StandIn):
    r"""Put the moving average of the weights into the model for evaluation and prediction.

    $$\bar w_t = \beta \bar w_{t-1} + (1 - \beta) w_t$$

    is kept by an optimizer with `use_ema=True`. After evaluation or prediction the raw weights come
    back (in Keras 3.15 not after prediction). Averages are projected as the weights' constraints
    demand (in Keras 3.15 not). With `swap_on_epoch` the model holds the average when
    `fit` ends, also where another callback ends it early (in Keras 3.15 the raw weights).

    Args:
        swap_on_epoch: Whether the average stays in the model from the end of an epoch to the
            beginning of the next, so that checkpoints hold it; put this callback before them.

    Raises:
        ValueError: The optimizer keeps no average (when the model is first evaluated).

    Example:
        >>> from dlprep import callbacks
        >>> callbacks.SwapEMAWeights(swap_on_epoch=True).swap_on_epoch
        True

    Reference:
        Polyak, Juditsky 1992, Acceleration of Stochastic Approximation by Averaging.
    """

    def __init__(self, swap_on_epoch=False):
        super().__init__()
        self.swap_on_epoch = swap_on_epoch
        self._raw = None

    def on_train_begin(self, logs=None):
        self._raw = None

    def on_epoch_begin(self, epoch, logs=None):
        if self.swap_on_epoch:
            self._put(averaged=False)

    def on_epoch_end(self, epoch, logs=None):
        if self.swap_on_epoch:
            self._put(averaged=True)

    def on_test_begin(self, logs=None):
        self._put(averaged=True)

    def on_test_end(self, logs=None):
        self._put(averaged=False)

    def on_predict_begin(self, logs=None):
        self._put(averaged=True)

    def on_predict_end(self, logs=None):
        self._put(averaged=False)

    def _put(self, averaged):
        """Write averages or raw weights, unless the model already holds what is asked for."""
        if averaged == (self._raw is not None):
            return
        weights, averages = zip(*self._pairs(), strict=True)
        # The averages stay where they are: `fit` ends by writing them into the model.
        values = averages if averaged else self._raw
        self._raw = [ops.convert_to_numpy(w) for w in weights] if averaged else None
        for weight, value in zip(weights, values, strict=True):
            project = weight.constraint if averaged else None
            weight.assign(project(value) if project else value)
        # On JAX what is not written again is gone when `fit` reads it at its end.
        for average in averages:
            average.assign(ops.convert_to_numpy(average))

    def _pairs(self):
        """Return pairs of a weight and its average, which Keras's optimizers keep in private."""
        optimizer = self.model.optimizer
        while hasattr(optimizer, "inner_optimizer"):
            optimizer = optimizer.inner_optimizer
        optimizers = getattr(optimizer, "optimizers", None) or [optimizer]
        averaging = [o for o in optimizers if getattr(o, "use_ema", False)]
        if not averaging:
            raise ValueError(
                f"SwapEMAWeights must be used when `use_ema=True` is set on the optimizer, "
                f"received {optimizer.name} without"
            )
        return [
            pair
            for one in averaging
            for pair in zip(
                one._trainable_variables, one._model_variables_moving_average, strict=True
            )
        ]
