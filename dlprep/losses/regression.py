"""Losses of real-valued targets, by how steeply they punish a large residual."""

import keras
from keras import ops

from dlprep.losses.loss import FunctionLoss
from dlprep.losses.pairs import pair


def mean_squared_error(y_true, y_pred):
    r"""Average the squared residuals of every row.

    $$\ell(y, \hat y) = \frac{1}{d} \sum_{i=1}^{d} (y_i - \hat y_i)^2$$

    The negative log-likelihood of a Gaussian with fixed variance, up to scale and shift; its
    minimiser is the conditional mean. The gradient $2(\hat y - y)/d$ grows with the residual, so
    one outlier can rule a batch. Shapes that differ broadcast, as in Keras.

    Args:
        y_true: Targets, shape `(..., d)`.
        y_pred: Predictions of the same shape; a last axis of length 1 may be missing in either.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: The shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> float(losses.mean_squared_error([[0.0, 1.0]], [[1.0, 3.0]])[0])
        2.5

    Reference:
        Goodfellow, Bengio, Courville 2016, Deep Learning, equation 5.4.
    """
    y_true, y_pred, dtype = pair(y_true, y_pred, broadcast=True)
    return ops.cast(ops.mean(ops.square(y_pred - y_true), axis=-1), dtype)


@keras.saving.register_keras_serializable(package="dlprep.losses")
class MeanSquaredError(FunctionLoss):
    """Mean of squared residuals; `mean_squared_error` has the equation.

    Args:
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: At the call, if the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> float(losses.MeanSquaredError()([[0.0, 1.0]], [[1.0, 3.0]]))
        2.5

    Reference:
        `dlprep.losses.mean_squared_error`
    """

    def __init__(self, reduction="sum_over_batch_size", name="mean_squared_error", dtype=None):
        super().__init__(mean_squared_error, locals())


def mean_absolute_error(y_true, y_pred):
    r"""Average the absolute residuals of every row.

    $$\ell(y, \hat y) = \frac{1}{d} \sum_{i=1}^{d} |y_i - \hat y_i|$$

    Its minimiser is the conditional median. The gradient has the same size for every residual:
    robust to outliers, but restless near the minimum.

    Args:
        y_true: Targets, shape `(..., d)`.
        y_pred: Predictions of that shape.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: The shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> float(losses.mean_absolute_error([[0.0, 1.0]], [[1.0, 3.0]])[0])
        1.5

    Reference:
        Goodfellow, Bengio, Courville 2016, Deep Learning, section 6.2.1.2.
    """
    y_true, y_pred, dtype = pair(y_true, y_pred, broadcast=True)
    return ops.cast(ops.mean(ops.abs(y_pred - y_true), axis=-1), dtype)


@keras.saving.register_keras_serializable(package="dlprep.losses")
class MeanAbsoluteError(FunctionLoss):
    """Mean of absolute residuals; `mean_absolute_error` has the equation.

    Args:
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: At the call, if the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.MeanAbsoluteError()([[0.0, 1.0]], [[1.0, 3.0]])), 4)
        1.5

    Reference:
        `dlprep.losses.mean_absolute_error`
    """

    def __init__(self, reduction="sum_over_batch_size", name="mean_absolute_error", dtype=None):
        super().__init__(mean_absolute_error, locals())
