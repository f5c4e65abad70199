r"""Cross-entropies that turn down the examples a model already gets right."""

import keras
from keras import ops

from dlprep.losses.binary_crossentropy import surprisals
from dlprep.losses.categorical_crossentropy import log_probability, warn_of_one_class
from dlprep.losses.loss import FunctionLoss, check
from dlprep.losses.pairs import clipped, of_labels, pair, smoothed


def binary_focal_crossentropy(
    y_true,
    y_pred,
    apply_class_balancing=False,
    alpha=0.25,
    gamma=2.0,
    from_logits=False,
    label_smoothing=0.0,
    axis=-1,
):
    r"""Weigh every yes/no cross-entropy by how unsure the right answer is.

    $$\ell = -\frac1d \sum_i \alpha_t (1 - p_t)^\gamma \log p_t,
    \qquad p_t = y p + (1 - y)(1 - p), \quad \alpha_t = y \alpha + (1 - y)(1 - \alpha)$$

    At $p_t = 0.9$ and $\gamma = 2$ an example counts a hundredth. With $\gamma = 0$ it is plain
    cross-entropy. From logits the logarithm is a softplus, as in `binary_crossentropy`.

    Args:
        y_true: Labels in [0, 1], shape `(..., d)`; any other makes the value NaN.
        y_pred: Probabilities or logits of that shape.
        apply_class_balancing: Whether to use $\alpha_t$; otherwise it is 1.
        alpha: $\alpha$, weight of the class 1.
        gamma: $\gamma \ge 0$.
        from_logits: Whether `y_pred` holds logits.
        label_smoothing: $s$; labels become $y (1 - s) + s / 2$.
        axis: The axis (or axes) averaged over.

    Returns:
        `y_pred`'s shape without `axis`.

    Raises:
        ValueError: A setting is out of its range, or `y_true` and `y_pred` differ in shape.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.binary_focal_crossentropy([[1.0]], [[0.5]])[0]), 4)
        0.1733

    Reference:
        Lin et al. 2017, arXiv:1708.02002, equations 4 and 5.
    """
    check(apply_class_balancing=apply_class_balancing, from_logits=from_logits, gamma=gamma)
    check(label_smoothing=label_smoothing, axis=axis)
    check("share", alpha=alpha)
    y_true, y_pred, dtype = pair(y_true, y_pred)
    label, y_true = y_true, smoothed(y_true, label_smoothing, 2)
    p = ops.sigmoid(y_pred) if from_logits else clipped(y_pred)
    loss = surprisals(y_true, y_pred, from_logits)
    # 1 - p_t, multiplied out.
    loss = loss * _doubt(y_true + p * (1.0 - 2.0 * y_true), gamma)
    if apply_class_balancing:
        loss = loss * (y_true * alpha + (1.0 - y_true) * (1.0 - alpha))
    return ops.cast(of_labels(label, ops.mean(loss, axis=axis), axis), dtype)


def categorical_focal_crossentropy(
    y_true, y_pred, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1
):
    r"""Weigh every class's cross-entropy by how unsure the model is of it.

    $$\ell = -\sum_c \alpha (1 - p_c)^\gamma y_c \log p_c$$

    From logits $\log p$ and $1 - p$ come from log-softmax, without a probability in between.

    Args:
        y_true: One-hot labels, shape `(..., C)`.
        y_pred: Probabilities or logits of that shape.
        alpha: $\alpha$, a number or one per class.
        gamma: $\gamma \ge 0$.
        from_logits: Whether `y_pred` holds logits.
        label_smoothing: $s$; labels become $y (1 - s) + s / C$.
        axis: The axis of the classes.

    Returns:
        `y_pred`'s shape without `axis`.

    Raises:
        ValueError: A setting is out of its range, or the shapes differ.

    Example:
        >>> from dlprep import losses
        >>> loss = losses.categorical_focal_crossentropy([[0.0, 1.0]], [[0.5, 0.5]], alpha=1.0)
        >>> round(float(loss[0]), 4)
        0.1733

    Reference:
        Lin et al. 2017, arXiv:1708.02002, equation 5.
    """
    check(alpha=alpha, gamma=gamma, from_logits=from_logits)
    check(label_smoothing=label_smoothing, axis=axis)
    y_true, y_pred, dtype = pair(y_true, y_pred)
    warn_of_one_class("categorical_focal_crossentropy", y_pred, axis)
    y_true = smoothed(y_true, label_smoothing, ops.shape(y_true)[axis])
    log_p = log_probability(y_pred, from_logits, axis)
    loss = -y_true * log_p * _doubt(-ops.expm1(log_p), gamma)
    return ops.cast(ops.sum(ops.multiply(loss, alpha), axis=axis), dtype)


def _doubt(q, gamma):
    # Below 1 the power has no slope at zero: the floor keeps the gradient finite there.
    return ops.power(ops.maximum(q, 1e-30), gamma)


@keras.saving.register_keras_serializable(package="dlprep.losses")
class BinaryFocalCrossentropy(FunctionLoss):
    """Cross-entropy of yes/no labels, less of the easy ones.

    `binary_focal_crossentropy` has the equation.

    Args:
        apply_class_balancing: Whether `alpha` is used.
        alpha: Weight of the class 1 (of the class 0 it is one minus that).
        gamma: How strongly easy examples are turned down; 0 for not at all.
        from_logits: Whether predictions are logits.
        label_smoothing: Share of every label spread evenly, in [0, 1].
        axis: The axis averaged over.
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: A setting is out of its range, or at the call, if `y_true` and `y_pred` differ
            in shape.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.BinaryFocalCrossentropy()([[1.0]], [[0.5]])), 4)
        0.1733

    Reference:
        `dlprep.losses.binary_focal_crossentropy`
    """

    def __init__(
        self,
        apply_class_balancing=False,
        alpha=0.25,
        gamma=2.0,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction="sum_over_batch_size",
        name="binary_focal_crossentropy",
        dtype=None,
    ):
        check("share", alpha=alpha)
        super().__init__(binary_focal_crossentropy, locals())


@keras.saving.register_keras_serializable(package="dlprep.losses")
class CategoricalFocalCrossentropy(FunctionLoss):
    """Cross-entropy of one-hot labels, less of the easy ones.

    `categorical_focal_crossentropy` has the equation.

    Args:
        alpha: Weight, a number or one per class.
        gamma: How strongly easy examples are turned down; 0 for not at all.
        from_logits: Whether predictions are logits.
        label_smoothing: Share of every label spread evenly, in [0, 1].
        axis: The axis of the classes.
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: A setting is out of its range, or at the call, if the shapes differ.

    Example:
        >>> from dlprep import losses
        >>> loss = losses.CategoricalFocalCrossentropy(alpha=1.0)
        >>> round(float(loss([[0.0, 1.0]], [[0.5, 0.5]])), 4)
        0.1733

    Reference:
        `dlprep.losses.categorical_focal_crossentropy`
    """

    def __init__(
        self,
        alpha=0.25,
        gamma=2.0,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction="sum_over_batch_size",
        name="categorical_focal_crossentropy",
        dtype=None,
    ):
        super().__init__(categorical_focal_crossentropy, locals())
