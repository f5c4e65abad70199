"""Cross-entropy of one-of-many labels, one-hot or as indices."""

import warnings

import keras
from keras import ops
from keras.src.backend import set_keras_mask

from dlprep.losses.loss import FunctionLoss, check
from dlprep.losses.pairs import (
    check_shapes,
    clipped,
    pair,
    prefer_logits,
    smoothed,
    tensor,
    widened,
)


def categorical_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    r"""Take the negative log-likelihood of one-hot (or soft) labels over classes.

    $$\ell(y, p) = -\sum_{c=1}^{C} y_c \log p_c,
    \qquad \log p_c = z_c - \log \textstyle\sum_k e^{z_k} \text{ from logits}$$

    The logits' gradient is $p - y$. Probabilities are first divided by their sum and clipped to
    $[\epsilon, 1 - \epsilon]$.

    Args:
        y_true: One-hot or soft labels, shape `(..., C)`.
        y_pred: Probabilities or logits of the same shape.
        from_logits: Whether `y_pred` holds logits.
        label_smoothing: $s \in [0, 1]$; labels become $y (1 - s) + s / C$.
        axis: The axis of the classes.

    Returns:
        `y_pred`'s shape without `axis`.

    Raises:
        ValueError: A setting is out of its range, or the shapes differ.

    Example:
        >>> from dlprep import losses
        >>> loss = losses.categorical_crossentropy([[0.0, 1.0]], [[0.5, 0.5]])
        >>> round(float(loss[0]), 4)
        0.6931

    Reference:
        Goodfellow, Bengio, Courville 2016, Deep Learning, section 6.2.2.3; label smoothing:
        Szegedy et al. 2016, arXiv:1512.00567, section 7.
    """
    check(from_logits=from_logits, label_smoothing=label_smoothing, axis=axis)
    y_pred, from_logits = prefer_logits(y_pred, from_logits)
    y_true, y_pred, dtype = pair(y_true, y_pred)
    warn_of_one_class("categorical_crossentropy", y_pred, axis)
    y_true = smoothed(y_true, label_smoothing, ops.shape(y_true)[axis])
    return ops.cast(-ops.sum(y_true * log_probability(y_pred, from_logits, axis), axis), dtype)


def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False, ignore_class=None, axis=-1):
    r"""Take the negative log-probability of the class whose index is given.

    $$\ell(c, p) = -\log p_c, \qquad
    \log p_c = z_c - \log \textstyle\sum_k e^{z_k} \text{ from logits}$$

    Rows labelled `ignore_class` give zero and are masked: means do not count them, whatever they
    predict. Any other label that is no class, $0 \dots C - 1$, gives NaN, so that it cannot go
    unseen. Every backend takes any `axis`.

    Args:
        y_true: Class indices, shape `(...)` or `(..., 1)`.
        y_pred: Probabilities or logits, shape `(..., C)`.
        from_logits: Whether `y_pred` holds logits.
        ignore_class: Index of the label to leave out, for example -1 or 255; `None` for none.
        axis: The axis of the classes.

    Returns:
        `y_pred`'s shape without `axis`.

    Raises:
        ValueError: A setting is out of its range, or `y_true` is not of `y_pred`'s shape without
            `axis`.

    Example:
        >>> from dlprep import losses
        >>> loss = losses.sparse_categorical_crossentropy([2], [[0.2, 0.3, 0.5]])
        >>> round(float(loss[0]), 4)
        0.6931

    Reference:
        https://keras.io/api/losses/probabilistic_losses/
    """
    check(from_logits=from_logits, ignore_class=ignore_class, axis=axis)
    y_pred, from_logits = prefer_logits(y_pred, from_logits)
    y_pred, dtype = widened(y_pred)
    y_pred = ops.moveaxis(y_pred, axis, -1)
    label = class_indices(y_true, y_pred, axis)
    if ignore_class is None:
        return ops.cast(_surprisal(label, y_pred, from_logits), dtype)
    counted = ops.not_equal(label, ignore_class)
    y_pred = ops.where(ops.expand_dims(counted, -1), y_pred, 1.0)
    loss = _surprisal(ops.where(counted, label, 0), y_pred, from_logits)
    loss = ops.cast(ops.where(counted, loss, 0.0), dtype)
    set_keras_mask(loss, counted)
    return loss


def _surprisal(label, y_pred, from_logits):
    classes = ops.arange(ops.shape(y_pred)[-1], dtype="int32")
    chosen = ops.equal(classes, ops.expand_dims(label, -1))
    log_p = ops.where(chosen, log_probability(y_pred, from_logits), 0.0)
    return ops.where(known_labels(label, y_pred), -ops.sum(log_p, axis=-1), float("nan"))


def log_probability(y_pred, from_logits, axis=-1):
    """Return log-probabilities over `axis` from logits or from (unnormalised) probabilities."""
    if from_logits:
        return ops.log_softmax(y_pred, axis=axis)
    total = ops.sum(y_pred, axis=axis, keepdims=True)
    return ops.log(clipped(y_pred / ops.where(ops.equal(total, 0.0), 1.0, total)))


def warn_of_one_class(name, y_pred, axis):
    """Warn where a softmax over `axis` could only say one."""
    if y_pred.shape[axis] == 1:
        warnings.warn(
            f"{name} expected y_pred.shape to be (batch_size, num_classes) with num_classes > 1, "
            f"received {tuple(y_pred.shape)}: for two classes in one unit use "
            "'binary_crossentropy'",
            SyntaxWarning,
            stacklevel=3,
        )


def class_indices(y_true, y_pred, axis=-1):
    """Return class indices of `y_pred`'s shape without its last axis, or raise `ValueError`."""
    label = whole(y_true)
    if len(label.shape) == len(y_pred.shape) and label.shape[axis] == 1:
        label = ops.squeeze(label, axis)
    elif len(label.shape) == len(y_pred.shape) and label.shape[axis] is None:
        label = ops.reshape(label, ops.shape(y_pred)[:-1])
    check_shapes(label, y_pred[..., 0])
    return label


def whole(label):
    """Return labels as integers, or as the lowest one where they are none: fractions, NaN."""
    label = tensor(label)
    if "int" in keras.backend.standardize_dtype(label.dtype):
        return ops.cast(label, "int32")
    label = ops.cast(label, keras.backend.result_type(label.dtype, "float32"))
    return ops.cast(ops.where(ops.equal(label, ops.floor(label)), label, -(2.0**31)), "int32")


def known_labels(label, y_pred):
    """Return which labels are classes of `y_pred`'s last axis."""
    return ops.logical_and(label >= 0, label < ops.shape(y_pred)[-1])


@keras.saving.register_keras_serializable(package="dlprep.losses")
class CategoricalCrossentropy(FunctionLoss):
    """Cross-entropy of one-hot labels; `categorical_crossentropy` has the equation.

    Args:
        from_logits: Whether predictions are logits.
        label_smoothing: Share of every label spread evenly over the classes, in [0, 1].
        axis: The axis of the classes.
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: A setting is out of its range, or at the call, if the shapes differ.

    Example:
        >>> from dlprep import losses
        >>> loss = losses.CategoricalCrossentropy(from_logits=True)
        >>> round(float(loss([[0.0, 1.0]], [[3.0, 3.0]])), 4)
        0.6931

    Reference:
        `dlprep.losses.categorical_crossentropy`
    """

    def __init__(
        self,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction="sum_over_batch_size",
        name="categorical_crossentropy",
        dtype=None,
    ):
        super().__init__(categorical_crossentropy, locals())


@keras.saving.register_keras_serializable(package="dlprep.losses")
class SparseCategoricalCrossentropy(FunctionLoss):
    """Cross-entropy of class indices; `sparse_categorical_crossentropy` has the equation.

    Args:
        from_logits: Whether predictions are logits.
        ignore_class: Index of the label to leave out; `None` for none.
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        axis: The axis of the classes.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: A setting is out of its range, or at the call, if labels are not of the
            predictions' shape without `axis`.

    Example:
        >>> from dlprep import losses
        >>> loss = losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)
        >>> round(float(loss([1, -1], [[3.0, 3.0], [0.0, 9.0]])), 4)
        0.6931

    Reference:
        `dlprep.losses.sparse_categorical_crossentropy`
    """

    def __init__(
        self,
        from_logits=False,
        ignore_class=None,
        reduction="sum_over_batch_size",
        axis=-1,
        name="sparse_categorical_crossentropy",
        dtype=None,
    ):
        super().__init__(sparse_categorical_crossentropy, locals())
