r"""How far a predicted distribution, or rate, is from the observed one."""

import keras
from keras import ops

from dlprep.losses.loss import FunctionLoss, check
from dlprep.losses.pairs import pair

# The largest slope where the equation's grows without bound, so that half precision holds it.
STEEPEST = 1e3


def kl_divergence(y_true, y_pred):
    r"""Measure how much a predicted distribution wastes on the true one.

    $$D(y \,\|\, p) = \sum_c y_c \log \frac{y_c}{p_c}$$

    Cross-entropy less the entropy of the labels: the same gradient, but zero at its minimum $p =
    y$. Both are clipped to $[\epsilon, 1]$; neither is normalised. Not symmetric.

    Args:
        y_true: Distribution, shape `(..., C)`.
        y_pred: Predicted distribution of that shape.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: The shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.kl_divergence([[1.0, 0.0]], [[0.5, 0.5]])[0]), 4)
        0.6931

    Reference:
        Kullback, Leibler 1951, On Information and Sufficiency, equation 2.4.
    """
    y_true, y_pred, dtype = pair(y_true, y_pred, broadcast=True)
    y_true = ops.clip(y_true, keras.backend.epsilon(), 1.0)
    y_pred = ops.clip(y_pred, keras.backend.epsilon(), 1.0)
    return ops.cast(ops.sum(y_true * (ops.log(y_true) - ops.log(y_pred)), axis=-1), dtype)


def poisson(y_true, y_pred):
    r"""Take the negative log-likelihood of counts, up to a constant.

    $$\ell(y, \lambda) = \frac{1}{d} \sum_i \big( \lambda_i - y_i \log(\lambda_i + \epsilon) \big)$$

    The minimum lies at $\lambda = y$ and is not zero. A rate must not be negative: end the model
    with an exponential or a softplus. At a rate of zero the logarithm's slope is taken to be 1000
    ($1 / \epsilon$ in Keras).

    Args:
        y_true: Counts, shape `(..., d)`.
        y_pred: Predicted rates of that shape.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: The shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> float(losses.poisson([[0.0]], [[2.0]])[0])
        2.0

    Reference:
        McCullagh, Nelder 1989, Generalized Linear Models, section 6.2.
    """
    y_true, y_pred, dtype = pair(y_true, y_pred, broadcast=True)
    epsilon = keras.backend.epsilon()
    log = calmed(ops.log(y_pred + epsilon), ops.where(y_pred < epsilon, STEEPEST * epsilon, 1.0))
    loss = y_pred - y_true * log
    return ops.cast(ops.mean(loss, axis=-1), dtype)


def cosine_similarity(y_true, y_pred, axis=-1):
    r"""Compare directions: minus the cosine of the angle.

    $$\ell(y, \hat y) = -\frac{y \cdot \hat y}{\|y\| \, \|\hat y\|}$$

    From -1 (the same direction) to 1 (opposite). Length plays no part; a zero vector gives 0. The
    gradient is as long as one over the prediction's length, but at most 1000, and none at zero
    (Keras's has the length $10^7$ there).

    Args:
        y_true: Targets, shape `(..., d)`.
        y_pred: Predictions of that shape.
        axis: The axis along which the vectors lie.

    Returns:
        `y_pred`'s shape without `axis`.

    Raises:
        ValueError: A setting is out of its range, or the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> float(losses.cosine_similarity([[0.0, 2.0]], [[0.0, 5.0]])[0])
        -1.0

    Reference:
        https://keras.io/api/losses/regression_losses/#cosinesimilarity-class
    """
    check(axis=axis)
    y_true, y_pred, dtype = pair(y_true, y_pred, broadcast=True)
    return ops.cast(-ops.sum(unit(y_true, axis) * unit(y_pred, axis), axis=axis), dtype)


def unit(x, axis=-1):
    """Return vectors of length one; the zero vector stays, and has no gradient."""
    square = ops.sum(ops.square(x), axis=axis, keepdims=True)
    length = ops.sqrt(ops.stop_gradient(square))
    return calmed(x * ops.rsqrt(ops.maximum(square, 1e-24)), ops.minimum(STEEPEST * length, 1.0))


def calmed(y, share):
    """Pass a share of the gradient on, and the whole value."""
    if keras.backend.is_keras_tensor(y):
        return y
    return _calmed(y, ops.cast(ops.stop_gradient(share), y.dtype))


@ops.custom_gradient
def _calmed(y, share):
    def gradient(*arguments, upstream=None):
        # PyTorch hands it over by name, the other two by position.
        upstream = arguments[0] if upstream is None else upstream
        return share * upstream, ops.zeros_like(share)

    return y, gradient


@keras.saving.register_keras_serializable(package="dlprep.losses")
class KLDivergence(FunctionLoss):
    """Divergence of a predicted distribution from the true one; `kl_divergence` has the equation.

    Args:
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: At the call, if the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.KLDivergence()([[1.0, 0.0]], [[0.5, 0.5]])), 4)
        0.6931

    Reference:
        `dlprep.losses.kl_divergence`
    """

    def __init__(self, reduction="sum_over_batch_size", name="kl_divergence", dtype=None):
        super().__init__(kl_divergence, locals())


@keras.saving.register_keras_serializable(package="dlprep.losses")
class Poisson(FunctionLoss):
    """Negative log-likelihood of counts; `poisson` has the equation.

    Args:
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: At the call, if the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.Poisson()([[0.0]], [[2.0]])), 4)
        2.0

    Reference:
        `dlprep.losses.poisson`
    """

    def __init__(self, reduction="sum_over_batch_size", name="poisson", dtype=None):
        super().__init__(poisson, locals())


@keras.saving.register_keras_serializable(package="dlprep.losses")
class CosineSimilarity(FunctionLoss):
    """Minus the cosine between vectors; `cosine_similarity` has the equation.

    Args:
        axis: The axis along which the vectors lie.
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: A setting is out of its range, or at the call, if the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.CosineSimilarity()([[0.0, 2.0]], [[0.0, 5.0]])), 4)
        -1.0

    Reference:
        `dlprep.losses.cosine_similarity`
    """

    def __init__(
        self, axis=-1, reduction="sum_over_batch_size", name="cosine_similarity", dtype=None
    ):
        super().__init__(cosine_similarity, locals())
