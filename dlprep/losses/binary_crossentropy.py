"""Cross-entropy of yes/no labels."""

import keras
from keras import ops

from dlprep.losses.loss import FunctionLoss, check
from dlprep.losses.pairs import clipped, of_labels, pair, prefer_logits, smoothed


def binary_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    r"""Average the negative log-likelihood of independent yes/no labels.

    $$\ell(y, p) = -\frac{1}{d} \sum_{i=1}^{d} \big[ y_i \log p_i + (1 - y_i) \log (1 - p_i) \big]$$

    From logits $z$, with $\log \sigma(z) = -\operatorname{softplus}(-z)$, this is
    $y \operatorname{softplus}(-z) + (1 - y) \operatorname{softplus}(z)$: no probability is formed,
    nothing overflows, and the gradient $(\sigma(z) - y)/d$ never vanishes on a wrong answer. From
    probabilities they are clipped to $[\epsilon, 1 - \epsilon]$, where the gradient is zero.

    Args:
        y_true: Labels in $[0, 1]$, shape `(..., d)`; any other makes the value NaN, so that it
            cannot go unseen (Keras takes it).
        y_pred: Probabilities or logits of the same shape.
        from_logits: Whether `y_pred` holds logits.
        label_smoothing: $s \in [0, 1]$; labels become $y (1 - s) + s / 2$.
        axis: The axis (or axes) averaged over.

    Returns:
        `y_pred`'s shape without `axis`.

    Raises:
        ValueError: A setting is out of its range, or `y_true` and `y_pred` differ in shape.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.binary_crossentropy([[1.0]], [[0.0]], from_logits=True)[0]), 4)
        0.6931

    Reference:
        Goodfellow, Bengio, Courville 2016, Deep Learning, section 6.2.2.2.
    """
    check(from_logits=from_logits, label_smoothing=label_smoothing, axis=axis)
    y_pred, from_logits = prefer_logits(y_pred, from_logits)
    y_true, y_pred, dtype = pair(y_true, y_pred)
    loss = surprisals(smoothed(y_true, label_smoothing, 2), y_pred, from_logits)
    return ops.cast(of_labels(y_true, ops.mean(loss, axis=axis), axis), dtype)


def surprisals(y_true, y_pred, from_logits):
    """Return the cross-entropy of every entry."""
    if from_logits:
        return _from_logits(y_true, y_pred)
    p = clipped(y_pred)
    return -y_true * ops.log(p) - (1.0 - y_true) * ops.log(1.0 - p)


def _from_logits(y_true, logits):
    # max(z, 0) - y z + log(1 + exp(-|z|)): no probability is formed.
    # A select would take longer, and max and abs have slopes at zero that do not add up to 1/2.
    positive = ops.cast(logits >= 0, logits.dtype)
    line = (positive - y_true) * logits
    return line + ops.log1p(ops.exp((1.0 - 2.0 * positive) * logits))


@keras.saving.register_keras_serializable(package="dlprep.losses")
class BinaryCrossentropy(FunctionLoss):
    """Cross-entropy of yes/no labels; `binary_crossentropy` has the equation.

    Args:
        from_logits: Whether predictions are logits.
        label_smoothing: Share of every label that moves to 1/2, in [0, 1].
        axis: The axis averaged over.
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: A setting is out of its range, or at the call, if `y_true` and `y_pred` differ
            in shape.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.BinaryCrossentropy(from_logits=True)([[1.0]], [[0.0]])), 4)
        0.6931

    Reference:
        `dlprep.losses.binary_crossentropy`
    """

    def __init__(
        self,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction="sum_over_batch_size",
        name="binary_crossentropy",
        dtype=None,
    ):
        super().__init__(binary_crossentropy, locals())
