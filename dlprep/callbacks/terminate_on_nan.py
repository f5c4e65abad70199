"""Stop as soon as the loss is no number: nothing after that can be trusted."""

import math

import keras

from dlprep.callbacks.monitor import say
from dlprep.stand_in import StandIn


class TerminateOnNaN(keras.callbacks.Callback, metaclass=StandIn):
    r"""Stop training when the loss is NaN or infinite.

    $$\text{stop at the first batch with } \neg\, ( |L| < \infty )$$

    Once a weight is NaN, every later loss is: the last checkpoint before is all that is left.

    Args:
        raise_error: Whether to raise an error, which also skips what other callbacks do at the end
            of training, instead of stopping in good order.

    Raises:
        RuntimeError: With `raise_error`, the loss was not finite.

    Example:
        >>> from dlprep import callbacks
        >>> callbacks.TerminateOnNaN(raise_error=True).raise_error
        True

    Reference:
        https://keras.io/api/callbacks/terminate_on_nan/
    """

    def __init__(self, raise_error: bool = False):
        super().__init__()
        self.raise_error = raise_error

    def on_batch_end(self, batch, logs=None):
        loss = (logs or {}).get("loss")
        if loss is None or math.isfinite(loss):
            return
        if self.raise_error:
            raise RuntimeError(
                f"NaN or Inf loss encountered at batch {batch}: {loss}. Look at the learning rate, "
                f"the data and gradient clipping"
            )
        say(f"Batch {batch}: Invalid loss, terminating training")
        self.model.stop_training = True
