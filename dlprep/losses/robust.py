r"""Losses that are quadratic near zero and linear far out: smooth, yet calm about outliers."""

import keras
from keras import ops

from dlprep.losses.loss import FunctionLoss, check
from dlprep.losses.pairs import pair


def huber(y_true, y_pred, delta=1.0):
    r"""Square small residuals, take large ones as they are.

    $$\ell(y, \hat y) = \frac{1}{d} \sum_i \begin{cases} \frac12 e_i^2 & |e_i| \le \delta \\
    \delta |e_i| - \frac12 \delta^2 & |e_i| > \delta \end{cases} \qquad e = \hat y - y$$

    The gradient is the residual, clipped to $[-\delta, \delta]$, over $d$.

    Args:
        y_true: Targets, shape `(..., d)`.
        y_pred: Predictions of that shape.
        delta: $\delta > 0$, where the parabola becomes a line.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: A setting is out of its range, or the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> float(losses.huber([[0.0]], [[3.0]])[0])
        2.5

    Reference:
        Huber 1964, Robust Estimation of a Location Parameter, section 4.
    """
    check(delta=delta)
    y_true, y_pred, dtype = pair(y_true, y_pred, broadcast=True)
    error = ops.abs(y_pred - y_true)
    inner = ops.minimum(error, delta)
    loss = 0.5 * ops.square(inner) + delta * (error - inner)
    return ops.cast(ops.mean(loss, axis=-1), dtype)


def log_cosh(y_true, y_pred):
    r"""Take the logarithm of the hyperbolic cosine of every residual.

    $$\ell(y, \hat y) = \frac{1}{d} \sum_i \log \cosh e_i,
    \qquad \log \cosh e = \log \big( 1 + \tfrac12 (1 - e^{-|e|})^2 e^{|e|} \big)$$

    About $e^2 / 2$ near zero and $|e| - \log 2$ far out; the gradient is $\tanh(e) / d$. The
    second form keeps the digits of small residuals; beyond 20 the loss grows by 1 per unit to the
    last digit, and is computed so, without overflow.

    Args:
        y_true: Targets, shape `(..., d)`.
        y_pred: Predictions of that shape.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: The shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.log_cosh([[0.0]], [[1.0]])[0]), 4)
        0.4338

    Reference:
        https://keras.io/api/losses/regression_losses/#logcosh-class
    """
    y_true, y_pred, dtype = pair(y_true, y_pred, broadcast=True)
    error = y_pred - y_true
    values = _log_cosh(error) if keras.backend.is_keras_tensor(error) else _with_slope(error)
    return ops.cast(ops.mean(values, axis=-1), dtype)


def _log_cosh(error):
    size = ops.abs(error)
    near = ops.minimum(size, 20.0)
    excess = 0.5 * ops.square(ops.expm1(-near)) * ops.exp(near)
    return ops.log1p(excess) + (size - near)


@ops.custom_gradient
def _with_slope(error):
    def gradient(*arguments, upstream=None):
        # PyTorch hands it over by name, the other two by position.
        upstream = arguments[0] if upstream is None else upstream
        return upstream * ops.tanh(error)

    return _log_cosh(error), gradient


@keras.saving.register_keras_serializable(package="dlprep.losses")
class Huber(FunctionLoss):
    """Squared small residuals, absolute large ones; `huber` has the equation.

    Args:
        delta: Residual at which the parabola becomes a line.
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: A setting is out of its range, or at the call, if the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.Huber()([[0.0]], [[3.0]])), 4)
        2.5

    Reference:
        `dlprep.losses.huber`
    """

    def __init__(self, delta=1.0, reduction="sum_over_batch_size", name="huber_loss", dtype=None):
        super().__init__(huber, locals())


@keras.saving.register_keras_serializable(package="dlprep.losses")
class LogCosh(FunctionLoss):
    """Logarithm of the hyperbolic cosine of residuals; `log_cosh` has the equation.

    Args:
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: At the call, if the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.LogCosh()([[0.0]], [[1.0]])), 4)
        0.4338

    Reference:
        `dlprep.losses.log_cosh`
    """

    def __init__(self, reduction="sum_over_batch_size", name="log_cosh", dtype=None):
        super().__init__(log_cosh, locals())
