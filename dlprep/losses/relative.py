r"""Losses of positive targets that count residuals relative to their size."""

import keras
from keras import ops

from dlprep.losses.loss import FunctionLoss
from dlprep.losses.pairs import pair


def mean_absolute_percentage_error(y_true, y_pred):
    r"""Average the absolute residuals as percentages of the targets.

    $$\ell(y, \hat y) = \frac{100}{d} \sum_i \frac{|y_i - \hat y_i|}{\max(|y_i|, \epsilon)}$$

    A target near zero makes it explode, and too low a prediction costs at most 100. It is computed
    in float32 at least, but at a target of zero the slope, $10^9 / d$, is beyond float16:
    predictions of that type get an infinite gradient there. Keep the last layer in float32.

    Args:
        y_true: Targets, shape `(..., d)`.
        y_pred: Predictions of that shape.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: The shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> float(losses.mean_absolute_percentage_error([[2.0]], [[1.0]])[0])
        50.0

    Reference:
        Hyndman, Koehler 2006, Another Look at Measures of Forecast Accuracy, section 2.2.
    """
    y_true, y_pred, dtype = pair(y_true, y_pred, broadcast=True)
    scale = ops.maximum(ops.abs(y_true), keras.backend.epsilon())
    return ops.cast(100.0 * ops.mean(ops.abs(y_true - y_pred) / scale, axis=-1), dtype)


def mean_squared_logarithmic_error(y_true, y_pred):
    r"""Average the squared differences of logarithms.

    $$\ell(y, \hat y) = \frac{1}{d} \sum_i \big( \log(1 + y_i) - \log(1 + \hat y_i) \big)^2$$

    Negative values count as zero (with $\epsilon$ for safety): there the gradient is zero too.

    Args:
        y_true: Targets, shape `(..., d)`.
        y_pred: Predictions of that shape.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: The shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.mean_squared_logarithmic_error([[0.0]], [[1.0]])[0]), 4)
        0.4805

    Reference:
        https://keras.io/api/losses/regression_losses/#meansquaredlogarithmicerror-class
    """
    y_true, y_pred, dtype = pair(y_true, y_pred, broadcast=True)
    low = keras.backend.epsilon()
    difference = ops.log1p(ops.maximum(y_pred, low)) - ops.log1p(ops.maximum(y_true, low))
    return ops.cast(ops.mean(ops.square(difference), axis=-1), dtype)


@keras.saving.register_keras_serializable(package="dlprep.losses")
class MeanAbsolutePercentageError(FunctionLoss):
    """Mean of residuals as percentages; `mean_absolute_percentage_error` has the equation.

    Args:
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: At the call, if the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.MeanAbsolutePercentageError()([[2.0]], [[1.0]])), 4)
        50.0

    Reference:
        `dlprep.losses.mean_absolute_percentage_error`
    """

    def __init__(
        self, reduction="sum_over_batch_size", name="mean_absolute_percentage_error", dtype=None
    ):
        super().__init__(mean_absolute_percentage_error, locals())


@keras.saving.register_keras_serializable(package="dlprep.losses")
class MeanSquaredLogarithmicError(FunctionLoss):
    """Mean of squared differences of logarithms; `mean_squared_logarithmic_error` has the equation.

    Args:
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: At the call, if the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.MeanSquaredLogarithmicError()([[0.0]], [[1.0]])), 4)
        0.4805

    Reference:
        `dlprep.losses.mean_squared_logarithmic_error`
    """

    def __init__(
        self, reduction="sum_over_batch_size", name="mean_squared_logarithmic_error", dtype=None
    ):
        super().__init__(mean_squared_logarithmic_error, locals())
