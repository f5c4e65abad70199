"""Precision and recall: how many of the called are right, how many of the right are called."""

from keras import ops, saving

from dlprep.metrics.checks import check_counts
from dlprep.metrics.counts import Thresholded

# The threshold that every score among the top k passes, and no other.
BELOW_ANY_SCORE = -1e10


def share(part, rest):
    r"""Return a part of a whole: $\frac{a}{a + b}$, zero for nothing of nothing.

    Args:
        part: Counts $a$, a tensor of any shape.
        rest: Counts $b$, of the same shape.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.precision_recall import share
        >>> [float(x) for x in share(ops.array([3.0, 0.0]), ops.array([1.0, 0.0]))]
        [0.75, 0.0]

    Reference:
        van Rijsbergen 1979, "Information retrieval", chapter 7.
    """
    return ops.divide_no_nan(part, ops.add(part, rest))


class ShareOfCalls(Thresholded):
    """True positives' share of them and another cell, at every threshold."""

    def __init__(self, others, thresholds, top_k, class_id, name, dtype):
        check_counts(1, top_k=top_k)
        check_counts(0, class_id=class_id)
        default = 0.5 if top_k is None else BELOW_ANY_SCORE
        super().__init__(["true_positives", others], thresholds, default, name, dtype)
        self.top_k = top_k
        self.class_id = class_id

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Count a batch.

        Args:
            y_true: Labels 0 or 1.
            y_pred: Scores, of the same shape.
            sample_weight: Weights of the examples or of the single scores, or None.
        """
        self.count(y_true, y_pred, sample_weight, self.top_k, self.class_id)

    def result(self):
        """Return the share, a scalar, or one per threshold."""
        return self.single(share(*(getattr(self, cell) for cell in self.cells)))

    def get_config(self):
        """Return the constructor arguments."""
        return {
            **super().get_config(),
            "top_k": self.top_k,
            "class_id": self.class_id,
        }


@saving.register_keras_serializable(package="dlprep.metrics")
class Precision(ShareOfCalls):
    r"""Share of those called positive that are; see the function `share`.

    $$ \frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FP}} $$

    Zero where nothing is called positive.

    Args:
        thresholds: Threshold or list of thresholds in $[0, 1]$; None for one half, or for none at
            all where `top_k` is given.
        top_k: Only the `top_k` largest scores of each row are positive; None for all.
        class_id: Class to look at; None for all together (micro average).
        name: Name of the metric.
        dtype: Type of the counts.

    Raises:
        ValueError: If a threshold is not in $[0, 1]$, if labels and scores differ in shape, or if
            `class_id` is given for scores without columns.

    Example:
        >>> from dlprep.metrics import Precision
        >>> float(Precision()([1, 1, 1, 0, 1], [0.9, 0.8, 0.7, 0.6, 0.1]))
        0.75

    Reference:
        van Rijsbergen 1979, "Information retrieval", chapter 7.
    """

    _direction = "up"

    def __init__(self, thresholds=None, top_k=None, class_id=None, name=None, dtype=None):
        super().__init__("false_positives", thresholds, top_k, class_id, name, dtype)


@saving.register_keras_serializable(package="dlprep.metrics")
class Recall(ShareOfCalls):
    r"""Share of the positives that are called so; see the function `share`.

    $$ \frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FN}} $$

    Zero where nothing is positive.

    Args:
        thresholds: Threshold or list of thresholds in $[0, 1]$; None for one half, or for none at
            all where `top_k` is given.
        top_k: Only the `top_k` largest scores of each row are positive; None for all.
        class_id: Class to look at; None for all together (micro average).
        name: Name of the metric.
        dtype: Type of the counts.

    Raises:
        ValueError: If a threshold is not in $[0, 1]$, if labels and scores differ in shape, or if
            `class_id` is given for scores without columns.

    Example:
        >>> from dlprep.metrics import Recall
        >>> float(Recall()([1, 1, 1, 0, 1], [0.9, 0.8, 0.7, 0.6, 0.1]))
        0.75

    Reference:
        van Rijsbergen 1979, "Information retrieval", chapter 7.
    """

    _direction = "up"

    def __init__(self, thresholds=None, top_k=None, class_id=None, name=None, dtype=None):
        super().__init__("false_negatives", thresholds, top_k, class_id, name, dtype)
