"""The area under the ROC or the precision-recall curve as a metric."""

from numbers import Integral

from keras import backend, metrics, ops, saving

from dlprep.metrics.checks import check_counts, check_flags
from dlprep.metrics.confusion import confusion_counts, decisions, threshold_list
from dlprep.metrics.counts import CELLS
from dlprep.metrics.curves import Curve, Summation, area, curve_points, precision_recall_area
from dlprep.metrics.mean import broadcast_weight, tensor
from dlprep.stand_in import StandIn


@saving.register_keras_serializable(package="dlprep.metrics")
class AUC(metrics.Metric, metaclass=StandIn):
    r"""Area under a curve over all thresholds; see `curve_points`, `area`, `precision_recall_area`.

    $$ \mathrm{AUC}_\mathrm{ROC} = \int_0^1 \mathrm{TPR} \, d\,\mathrm{FPR} = P(p_+ > p_-) $$

    The area under the ROC curve is the chance that a positive scores above a negative. Here it is a
    sum over a fixed grid of thresholds, exact only as far as scores differ by more than its mesh:
    with 200 thresholds and all scores below 0.005 it is one half.

    Args:
        num_thresholds: Number of thresholds, evenly spaced over $[0, 1]$, at least 2.
        curve: `"ROC"`, `"PR"`, or `"PRGAIN"`.
        summation_method: `"interpolation"`, `"majoring"` or `"minoring"`.
        name: Name of the metric.
        dtype: Type of the counts.
        thresholds: Inner thresholds of your own in place of the grid; 0 and 1 are added.
        multi_label: Whether columns are labels of their own, whose areas are averaged; otherwise
            all scores count alike.
        num_labels: Number of columns with `multi_label`; None to take it from the first batch.
        label_weights: Weights of the columns: in the average with `multi_label`, of the scores
            without.
        from_logits: Whether predictions are logits, to pass through a sigmoid.

    Raises:
        ValueError: If an argument is out of range or the inputs do not fit it, or if labels and
            predictions differ in shape.

    Example:
        >>> from dlprep.metrics import AUC
        >>> round(float(AUC()([0, 0, 1, 1], [0.1, 0.6, 0.4, 0.9])), 4)
        0.75

    Reference:
        Fawcett 2006, "An introduction to ROC analysis", section 7; Davis, Goadrich 2006.
    """

    _direction = "up"

    def __init__(
        self,
        num_thresholds=200,
        curve="ROC",
        summation_method="interpolation",
        name=None,
        dtype=None,
        thresholds=None,
        multi_label=False,
        num_labels=None,
        label_weights=None,
        from_logits=False,
    ):
        super().__init__(name=name, dtype=dtype)
        self._own_thresholds = thresholds is not None
        check_flags(multi_label=multi_label, from_logits=from_logits)
        check_counts(1, num_labels=num_labels)
        if not all(weight >= 0 for weight in label_weights or ()):
            raise ValueError(f"label_weights must not be negative, received {label_weights}")
        own = None if thresholds is None else sorted(threshold_list(thresholds))
        self._thresholds = grid(num_thresholds) if own is None else own
        self.curve = Curve.named(curve)
        self.summation_method = Summation.named(summation_method)
        self.multi_label = multi_label
        self.num_labels = num_labels
        self.label_weights = label_weights
        self._from_logits = from_logits
        self._built = False
        if num_labels and not multi_label:
            raise ValueError(
                "`num_labels` is needed only when `multi_label` is True. "
                f"Received: num_labels={num_labels}"
            )
        if num_labels or not multi_label:
            self._build((None, num_labels))

    @property
    def num_thresholds(self):
        """Number of thresholds, both ends included."""
        return len(self._thresholds) + 2

    @property
    def thresholds(self):
        """All thresholds; the ends lie just outside of the interval from 0 to 1."""
        return [-backend.epsilon(), *self._thresholds, 1 + backend.epsilon()]

    def _build(self, shape):
        if self.multi_label and len(shape) != 2:
            raise ValueError(
                "`y_pred` must have rank 2 when `multi_label=True`. "
                f"Found rank {len(shape)}. Full shape received for `y_pred`: {shape}"
            )
        shape = (self.num_thresholds, shape[1]) if self.multi_label else (self.num_thresholds,)
        for cell in CELLS:
            setattr(self, cell, self.add_variable(shape, "zeros", self.dtype, name=cell))
        self._built = True

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Count a batch at every threshold.

        Args:
            y_true: Labels 0 or 1.
            y_pred: Probabilities, or logits with `from_logits`, of the same shape.
            sample_weight: Weights of the examples or of the single scores, or None.
        """
        y_true, y_pred = (tensor(y, self.dtype) for y in (y_true, y_pred))
        if not self._built:
            self._build(y_pred.shape)
        scores = ops.sigmoid(y_pred) if self._from_logits else ops.clip(y_pred, 0.0, 1.0)
        parts = decisions(y_true, scores, self._weight(sample_weight, scores))
        if not self.multi_label:
            parts = [ops.reshape(part, (-1,)) for part in parts]
        thresholds = ops.array(self.thresholds, dtype=self.dtype)
        counts = confusion_counts(parts[0], parts[1], thresholds, parts[2])
        for cell, count in zip(CELLS, counts, strict=True):
            getattr(self, cell).assign_add(count)

    def _weight(self, sample_weight, scores):
        if self.multi_label or self.label_weights is None:
            return sample_weight
        labels = ops.broadcast_to(
            ops.array(self.label_weights, dtype=self.dtype), ops.shape(scores)
        )
        return broadcast_weight(sample_weight, scores) * labels

    def result(self):
        """Return the area, a scalar."""
        if self.curve is Curve.PR and self.summation_method is Summation.INTERPOLATION:
            return self.interpolate_pr_auc()
        points = curve_points(self.curve, *self._counts())
        return self._average(area(*points, self.summation_method))

    def interpolate_pr_auc(self):
        """Return the area under precision and recall, interpolated, whatever the curve."""
        tp, fp, _, fn = self._counts()
        return self._average(precision_recall_area(tp, fp, fn))

    def _counts(self):
        return [ops.convert_to_tensor(getattr(self, cell)) for cell in CELLS]

    def _average(self, areas):
        if not self.multi_label:
            return areas
        if self.label_weights is None:
            return ops.mean(areas)
        weights = ops.array(self.label_weights, dtype=self.dtype)
        return ops.divide_no_nan(ops.sum(areas * weights), ops.sum(weights))

    def get_config(self):
        """Return the constructor arguments."""
        config = {
            "num_thresholds": self.num_thresholds,
            "curve": self.curve.value,
            "summation_method": self.summation_method.value,
            "multi_label": self.multi_label,
            "num_labels": self.num_labels,
            "label_weights": self.label_weights,
            "from_logits": self._from_logits,
        }
        if self._own_thresholds:
            config["thresholds"] = list(self._thresholds)
        return {**super().get_config(), **config}


def grid(number):
    """Return the inner ones of evenly spaced thresholds.

    Args:
        number: How many thresholds there are from 0 to 1, both included.

    Returns:
        List of `number - 2` floats.

    Raises:
        ValueError: If there are fewer than two.

    Example:
        >>> from dlprep.metrics.auc import grid
        >>> grid(5)
        [0.25, 0.5, 0.75]
    """
    if not isinstance(number, Integral) or number <= 1:
        raise ValueError(
            f"Argument `num_thresholds` must be an integer > 1. Received: num_thresholds={number}"
        )
    return [i / (number - 1) for i in range(1, number - 1)]
