"""Right and wrong decisions counted at thresholds: what precision, recall and AUC are made of."""

from collections.abc import Iterable
from numbers import Real

from keras import ops

from dlprep.metrics.mean import broadcast_weight, fits, same_rank, unless_nan, weighted


def confusion_counts(y_true, y_pred, thresholds, sample_weight=None):
    r"""Count decisions "positive if above the threshold" against labels, at every threshold.

    $$ \mathrm{TP}(\tau) = \sum_i w_i [p_i > \tau] [y_i = 1], \qquad
       \mathrm{FP}(\tau) = \sum_i w_i [p_i > \tau] [y_i = 0] $$

    and FN, TN likewise for $p_i \le \tau$. Every score is put once into the interval between two
    thresholds where it lies; sums over intervals are the counts. The cost does not grow with the
    product of scores and thresholds.

    Args:
        y_true: Labels, positive where not zero, shape `(examples, ...)`.
        y_pred: Scores, of the same shape; a NaN makes its column's counts NaN.
        thresholds: Thresholds $\tau$ in increasing order, shape `(t,)`.
        sample_weight: Weights of the same shape, or None for ones.

    Returns:
        TP, FP, TN and FN, each of shape `(t, ...)`, the first axis of the scores summed.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.confusion import confusion_counts
        >>> scores, thresholds = ops.array([0.1, 0.6, 0.9]), ops.array([0.5, 0.7])
        >>> [[float(n) for n in row] for row in confusion_counts([0, 1, 1], scores, thresholds)]
        [[2.0, 1.0], [0.0, 0.0], [1.0, 1.0], [0.0, 1.0]]

    Reference:
        Fawcett 2006, "An introduction to ROC analysis", algorithm 1.
    """
    scores = ops.where(ops.isnan(y_pred), ops.full_like(y_pred, -float("inf")), y_pred)
    interval = ops.searchsorted(thresholds, ops.reshape(scores, (-1,)))
    weight = ops.ones_like(y_pred) if sample_weight is None else sample_weight
    weight = weighted(unless_nan(ops.ones_like(y_pred), y_true, y_pred), weight)
    positive = ops.cast(ops.cast(y_true, "bool"), y_pred.dtype)
    true, false = (
        interval_sums(weight * label, interval, ops.shape(thresholds)[0] + 1)
        for label in (positive, 1 - positive)
    )
    # No threshold judges a NaN: it makes every count one.
    unknown = ops.sum(0.0 * weight, axis=0)
    return [cell + unknown for cell in (above(true), above(false), below(false), below(true))]


def interval_sums(values, interval, number):
    """Sum values over the first axis by interval.

    Args:
        values: Tensor of shape `(examples, ...)`.
        interval: Number of the interval of each value, in the values' order, flat.
        number: How many intervals there are.

    Returns:
        Tensor of shape `(number, ...)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.confusion import interval_sums
        >>> [float(x) for x in interval_sums(ops.array([1.0, 2.0, 4.0]), ops.array([0, 2, 0]), 3)]
        [5.0, 0.0, 2.0]

    Reference:
        Fawcett 2006, "An introduction to ROC analysis", algorithm 1.
    """
    columns = 1
    for length in values.shape[1:]:
        columns *= length
    column = ops.tile(ops.arange(columns), [ops.shape(values)[0]])
    place = ops.cast(interval, "int32") * columns + ops.cast(column, "int32")
    sums = ops.segment_sum(ops.reshape(values, (-1,)), place, num_segments=number * columns)
    return ops.reshape(sums, (number, *values.shape[1:]))


def above(sums):
    r"""Return what lies above each threshold: $a_i = \sum_{j > i} s_j$.

    Args:
        sums: Sums of the intervals, shape `(t + 1, ...)`.

    Returns:
        Tensor of shape `(t, ...)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.confusion import above
        >>> [float(x) for x in above(ops.array([5.0, 0.0, 2.0]))]
        [2.0, 2.0]

    Reference:
        Fawcett 2006, "An introduction to ROC analysis", algorithm 1.
    """
    return ops.flip(ops.cumsum(ops.flip(sums[1:], 0), 0), 0)


def below(sums):
    r"""Return what lies at or below each threshold: $b_i = \sum_{j \le i} s_j$.

    Args:
        sums: Sums of the intervals, shape `(t + 1, ...)`.

    Returns:
        Tensor of shape `(t, ...)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.confusion import below
        >>> [float(x) for x in below(ops.array([5.0, 0.0, 2.0]))]
        [5.0, 5.0]

    Reference:
        Fawcett 2006, "An introduction to ROC analysis", algorithm 1.
    """
    return ops.cumsum(sums[:-1], 0)


def decisions(y_true, y_pred, sample_weight=None, top_k=None, class_id=None):
    """Bring labels, scores and weights into one shape, for all classes or one.

    Args:
        y_true: Labels 0 or 1, shape `(batch, ...)`.
        y_pred: Scores, of the same shape.
        sample_weight: Weights of the examples or of the single scores, or None.
        top_k: Only the `top_k` largest scores of each row can be positive; None for all.
        class_id: Column to look at; None for all.

    Returns:
        Labels, scores and weights, all of one shape.

    Raises:
        ValueError: If labels and scores differ in shape, or `class_id` is given for scores without
            columns.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.confusion import decisions
        >>> scores = ops.array([[0.1, 0.9], [0.8, 0.2]])
        >>> [round(float(s), 4) for s in decisions(ops.eye(2), scores, class_id=1)[1][:, 0]]
        [0.9, 0.2]

    Reference:
        Keras 3, `keras.metrics.Precision`.
    """
    y_pred, y_true = same_rank(y_pred, y_true)
    if not fits(y_true.shape, y_pred.shape):
        raise ValueError(
            "`y_true` must have the shape of `y_pred`. Received: "
            f"y_true.shape={tuple(y_true.shape)}, y_pred.shape={tuple(y_pred.shape)}"
        )
    if top_k is not None:
        _, top = ops.top_k(y_pred, top_k)
        chosen = ops.sum(ops.one_hot(top, ops.shape(y_pred)[-1], dtype=y_pred.dtype), -2)
        kept = ops.logical_or(chosen > 0, ops.isnan(y_pred))
        y_pred = ops.where(kept, y_pred, ops.full_like(y_pred, -float("inf")))
    weight = broadcast_weight(sample_weight, y_pred)
    if class_id is not None:
        if len(y_pred.shape) == 1:
            raise ValueError(
                "When class_id is provided, y_pred must be a 2D array with shape "
                f"(num_samples, num_classes), found shape: {y_pred.shape}"
            )
        y_true, y_pred = y_true[..., class_id, None], y_pred[..., class_id, None]
        weight = weight[..., class_id, None]
    return y_true, y_pred, weight


def threshold_list(thresholds, default=0.5):
    """Return thresholds as a list, checked.

    Args:
        thresholds: A number, a list of numbers in `[0, 1]`, or None for the default.
        default: The threshold where none is given.

    Returns:
        List of numbers.

    Raises:
        ValueError: If a threshold is not in `[0, 1]`.

    Example:
        >>> from dlprep.metrics.confusion import threshold_list
        >>> threshold_list(0.3), threshold_list(None)
        ([0.3], [0.5])
    """
    if thresholds is None:
        return [default]
    given = list(thresholds) if isinstance(thresholds, Iterable) else [thresholds]
    wrong = [t for t in given if not (isinstance(t, Real) and 0 <= t <= 1)]
    if wrong or not given:
        raise ValueError(
            f"Threshold values must be in [0, 1]. Received: {wrong} in thresholds={thresholds!r}"
        )
    return given
