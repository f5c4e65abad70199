"""The four cells of the confusion matrix as metrics."""

from keras import metrics, ops, saving

from dlprep.metrics.confusion import confusion_counts, decisions, threshold_list
from dlprep.metrics.mean import tensor
from dlprep.stand_in import StandIn

CELLS = ("true_positives", "false_positives", "true_negatives", "false_negatives")


class Thresholded(metrics.Metric, metaclass=StandIn):
    r"""Keep cells of the confusion matrix at one or several thresholds.

    $$ \mathrm{TP}(\tau), \ \mathrm{FP}(\tau), \ \mathrm{TN}(\tau), \ \mathrm{FN}(\tau) $$

    Args:
        cells: Names out of `CELLS` to keep; each becomes an attribute, a variable of
            shape `(thresholds,)`.
        thresholds: Threshold, list of thresholds, or None for `default`.
        default: Threshold where none is given.
        name: Name of the metric.
        dtype: Type of the counts.

    Example:
        >>> from dlprep.metrics import Precision
        >>> [float(t) for t in Precision(thresholds=[0.2, 0.8]).thresholds]
        [0.2, 0.8]

    Reference:
        Fawcett 2006, "An introduction to ROC analysis", figure 1.
    """

    def __init__(self, cells, thresholds=None, default=0.5, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.init_thresholds = thresholds
        self.thresholds = threshold_list(thresholds, default)
        self.cells = list(cells)
        for cell in cells:
            variable = self.add_variable((len(self.thresholds),), "zeros", self.dtype, name=cell)
            setattr(self, cell, variable)

    def count(self, y_true, y_pred, sample_weight=None, top_k=None, class_id=None):
        """Add a batch to the cells.

        Args:
            y_true: Labels 0 or 1.
            y_pred: Scores.
            sample_weight: Weights of the examples or of the single scores, or None.
            top_k: Only the largest scores of each row can be positive; None for all.
            class_id: Column to look at; None for all.
        """
        y_true, y_pred = (tensor(y, self.dtype) for y in (y_true, y_pred))
        parts = decisions(y_true, y_pred, sample_weight, top_k, class_id)
        flat = [ops.reshape(part, (-1,)) for part in parts]
        order = sorted(range(len(self.thresholds)), key=self.thresholds.__getitem__)
        ascending = ops.array([self.thresholds[i] for i in order], dtype=self.dtype)
        back = [order.index(i) for i in range(len(order))]
        counts = confusion_counts(flat[0], flat[1], ascending, flat[2])
        for cell, count in zip(CELLS, counts, strict=True):
            if cell in self.cells:
                getattr(self, cell).assign_add(ops.take(count, back, axis=0))

    def single(self, values):
        """Return the one value where there is one threshold, else all.

        Args:
            values: Tensor of shape `(thresholds,)`.

        Returns:
            A scalar or the tensor itself.
        """
        return values[0] if len(self.thresholds) == 1 else values

    def get_config(self):
        """Return the constructor arguments."""
        return {**super().get_config(), "thresholds": self.init_thresholds}


class Counts(Thresholded):
    r"""One cell of the confusion matrix, which a subclass names in `cell`.

    $$ \mathrm{TP}(\tau) = \sum_i w_i [p_i > \tau] [y_i = 1] $$

    Args:
        thresholds: Threshold or list of thresholds in $[0, 1]$; None for one half.
        name: Name of the metric.
        dtype: Type of the counts.

    Example:
        >>> from dlprep.metrics import TruePositives
        >>> float(TruePositives()([1, 1], [0.2, 0.7]))
        1.0

    Reference:
        Fawcett 2006, "An introduction to ROC analysis", figure 1.
    """

    cell = None

    def __init__(self, thresholds=None, name=None, dtype=None):
        super().__init__([self.cell], thresholds=thresholds, name=name, dtype=dtype)

    @property
    def accumulator(self):
        """The variable of the cell, by Keras's name."""
        return getattr(self, self.cell)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Count a batch.

        Args:
            y_true: Labels 0 or 1.
            y_pred: Scores, of the same shape.
            sample_weight: Weights of the examples or of the single scores, or None.
        """
        self.count(y_true, y_pred, sample_weight)

    def result(self):
        """Return the count, a scalar, or one per threshold."""
        return self.single(ops.convert_to_tensor(self.accumulator))


@saving.register_keras_serializable(package="dlprep.metrics")
class TruePositives(Counts):
    r"""Count positives called positive; see the function `confusion_counts`.

    $$ \mathrm{TP}(\tau) = \sum_i w_i [p_i > \tau] [y_i = 1] $$

    Args:
        thresholds: Threshold or list of thresholds $\tau$ in $[0, 1]$; None for one half.
        name: Name of the metric.
        dtype: Type of the counts.

    Raises:
        ValueError: If a threshold is not in $[0, 1]$, or labels and scores differ in shape.

    Example:
        >>> from dlprep.metrics import TruePositives
        >>> float(TruePositives()([0, 0, 1, 1], [0.2, 0.7, 0.4, 0.9]))
        1.0

    Reference:
        Fawcett 2006, "An introduction to ROC analysis", figure 1.
    """

    cell = "true_positives"


@saving.register_keras_serializable(package="dlprep.metrics")
class FalsePositives(Counts):
    r"""Count negatives called positive; see the function `confusion_counts`.

    $$ \mathrm{FP}(\tau) = \sum_i w_i [p_i > \tau] [y_i = 0] $$

    Args:
        thresholds: Threshold or list of thresholds $\tau$ in $[0, 1]$; None for one half.
        name: Name of the metric.
        dtype: Type of the counts.

    Raises:
        ValueError: If a threshold is not in $[0, 1]$, or labels and scores differ in shape.

    Example:
        >>> from dlprep.metrics import FalsePositives
        >>> float(FalsePositives()([0, 0, 1, 1], [0.2, 0.7, 0.4, 0.9]))
        1.0

    Reference:
        Fawcett 2006, "An introduction to ROC analysis", figure 1.
    """

    cell = "false_positives"


@saving.register_keras_serializable(package="dlprep.metrics")
class TrueNegatives(Counts):
    r"""Count negatives called negative; see the function `confusion_counts`.

    $$ \mathrm{TN}(\tau) = \sum_i w_i [p_i \le \tau] [y_i = 0] $$

    Args:
        thresholds: Threshold or list of thresholds $\tau$ in $[0, 1]$; None for one half.
        name: Name of the metric.
        dtype: Type of the counts.

    Raises:
        ValueError: If a threshold is not in $[0, 1]$, or labels and scores differ in shape.

    Example:
        >>> from dlprep.metrics import TrueNegatives
        >>> float(TrueNegatives()([0, 0, 1, 1], [0.2, 0.7, 0.4, 0.9]))
        1.0

    Reference:
        Fawcett 2006, "An introduction to ROC analysis", figure 1.
    """

    cell = "true_negatives"


@saving.register_keras_serializable(package="dlprep.metrics")
class FalseNegatives(Counts):
    r"""Count positives called negative; see the function `confusion_counts`.

    $$ \mathrm{FN}(\tau) = \sum_i w_i [p_i \le \tau] [y_i = 1] $$

    Args:
        thresholds: Threshold or list of thresholds $\tau$ in $[0, 1]$; None for one half.
        name: Name of the metric.
        dtype: Type of the counts.

    Raises:
        ValueError: If a threshold is not in $[0, 1]$, or labels and scores differ in shape.

    Example:
        >>> from dlprep.metrics import FalseNegatives
        >>> float(FalseNegatives()([0, 0, 1, 1], [0.2, 0.7, 0.4, 0.9]))
        1.0

    Reference:
        Fawcett 2006, "An introduction to ROC analysis", figure 1.
    """

    cell = "false_negatives"
