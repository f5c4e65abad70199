"""F-scores: the weighted harmonic mean of precision and recall."""

from keras import metrics, ops, saving

from dlprep.metrics.mean import broadcast_weight, same_rank, tensor, unless_nan, weighted
from dlprep.stand_in import StandIn


def f_score(true_positives, false_positives, false_negatives, beta=1.0):
    r"""Return the harmonic mean of precision and recall, recall weighing $\beta^2$ times as much.

    $$ F_\beta = (1 + \beta^2) \frac{P R}{\beta^2 P + R}
       = \frac{(1 + \beta^2) \mathrm{TP}}
       {(1 + \beta^2) \mathrm{TP} + \beta^2 \mathrm{FN} + \mathrm{FP}} $$

    Args:
        true_positives: Counts, a tensor of any shape.
        false_positives: Counts, of the same shape.
        false_negatives: Counts, of the same shape.
        beta: Weight $\beta$ of recall.

    Returns:
        Tensor of the same shape, zero where nothing is positive and nothing called so.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.f_score import f_score
        >>> float(f_score(ops.array(3.0), ops.array(1.0), ops.array(1.0)))
        0.75

    Reference:
        van Rijsbergen 1979, "Information retrieval", chapter 7.
    """
    weight = beta**2
    top = ops.multiply(1 + weight, true_positives)
    return ops.divide_no_nan(top, top + ops.multiply(weight, false_negatives) + false_positives)


@saving.register_keras_serializable(package="dlprep.metrics")
class FBetaScore(metrics.Metric, metaclass=StandIn):
    r"""F-score of every class or averaged over classes; see the function `f_score`.

    $$ F_\beta = (1 + \beta^2) \frac{P R}{\beta^2 P + R} $$

    Args:
        average: None for one score per class, `"micro"` for one over all counts, `"macro"` for the
            mean over classes, `"weighted"` for their mean weighted by the number of labels.
        beta: Weight $\beta$ of recall, a positive float.
        threshold: Score above which a class is called; None calls the largest score of a row.
        name: Name of the metric.
        dtype: Type of the counts.

    Raises:
        ValueError: If an argument is out of range, or the inputs have not two axes.

    Example:
        >>> from dlprep.metrics import FBetaScore
        >>> metric = FBetaScore(average="micro", threshold=0.5)
        >>> float(metric([[1, 1, 1, 0, 1]], [[0.9, 0.8, 0.7, 0.6, 0.1]]))
        0.75

    Reference:
        van Rijsbergen 1979, "Information retrieval", chapter 7.
    """

    _direction = "up"

    def __init__(self, average=None, beta=1.0, threshold=None, name="fbeta_score", dtype=None):
        super().__init__(name=name, dtype=dtype)
        check_arguments(average, beta, threshold)
        self.average = average
        self.beta = beta
        self.threshold = threshold
        self.axis = None if average == "micro" else 0
        self._counts = []

    def _build(self, y_true_shape, y_pred_shape):
        shapes = f"y_pred.shape={tuple(y_pred_shape)} and y_true.shape={tuple(y_true_shape)}."
        wanted = "FBetaScore expects 2D inputs with shape (batch_size, output_dim)"
        if len(y_pred_shape) != 2 or len(y_true_shape) != 2:
            raise ValueError(f"{wanted}. Received input shapes: {shapes}")
        if y_pred_shape[-1] is None or y_true_shape[-1] is None:
            raise ValueError(
                f"{wanted}, with output_dim fully defined (not None). "
                f"Received input shapes: {shapes}"
            )
        shape = () if self.axis is None else (y_pred_shape[-1],)
        names = ("true_positives", "false_positives", "false_negatives", "labels")
        self._counts = [self.add_variable(shape, "zeros", self.dtype, name=name) for name in names]

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Count a batch.

        Args:
            y_true: Labels 0 or 1, shape `(batch, classes)`.
            y_pred: Scores, of the same shape.
            sample_weight: Weights of the examples, shape `(batch,)`, or None.
        """
        y_true, y_pred = (tensor(y, self.dtype) for y in (y_true, y_pred))
        y_true, y_pred = same_rank(y_true, y_pred)
        if not self._counts:
            self._build(y_true.shape, y_pred.shape)
        called = unless_nan(ops.cast(self._called(y_pred), self.dtype), y_pred)
        cells = (called * y_true, called * (1 - y_true), (1 - called) * y_true, y_true)
        weight = broadcast_weight(sample_weight, y_pred)
        for count, cell in zip(self._counts, cells, strict=True):
            count.assign_add(ops.sum(weighted(cell, weight), axis=self.axis))

    def _called(self, y_pred):
        if self.threshold is not None:
            return y_pred > self.threshold
        # The largest of a row with a NaN is NaN.
        largest = ops.max(y_pred, axis=-1, keepdims=True)
        # A row of zeros, as padding makes it, calls no class.
        return ops.logical_and(y_pred >= largest, ops.absolute(y_pred) > 1e-9)

    def result(self):
        """Return the score, a scalar, or one score per class without an average."""
        *cells, labels = self._counts
        scores = f_score(*cells, self.beta)
        if self.average == "weighted":
            return ops.divide_no_nan(ops.sum(scores * labels), ops.sum(labels))
        return scores if self.average is None else ops.mean(scores)

    def get_config(self):
        """Return the constructor arguments."""
        return {
            **super().get_config(),
            "average": self.average,
            "beta": self.beta,
            "threshold": self.threshold,
        }


def check_arguments(average, beta, threshold):
    """Raise if an argument of an F-score is out of range.

    Args:
        average: The average.
        beta: The weight of recall.
        threshold: The threshold.

    Raises:
        ValueError: If one is; the message names it.

    Example:
        >>> from dlprep.metrics.f_score import check_arguments
        >>> check_arguments("macro", 2.0, None)
    """
    if average not in (None, "micro", "macro", "weighted"):
        raise ValueError(
            "Invalid `average` argument value. Expected one of: "
            f"{{None, 'micro', 'macro', 'weighted'}}. Received: average={average}"
        )
    for name, value in (("beta", beta), ("threshold", threshold)):
        if not isinstance(value, float) and not (name == "threshold" and value is None):
            raise ValueError(
                f"Invalid `{name}` argument value. It should be a Python float. "
                f"Received: {name}={value} of type '{type(value)}'"
            )
    if not beta > 0:
        raise ValueError(f"Invalid `beta` argument value. It should be > 0. Received: beta={beta}")
    if threshold is not None and not 0 < threshold <= 1:
        raise ValueError(
            "Invalid `threshold` argument value. It should verify 0 < threshold <= 1. "
            f"Received: threshold={threshold}"
        )


@saving.register_keras_serializable(package="dlprep.metrics")
class F1Score(FBetaScore):
    r"""Harmonic mean of precision and recall; see the function `f_score`.

    $$ F_1 = \frac{2 P R}{P + R} $$

    Args:
        average: None for one score per class, `"micro"`, `"macro"` or `"weighted"`.
        threshold: Score above which a class is called; None calls the largest score of a row.
        name: Name of the metric.
        dtype: Type of the counts.

    Raises:
        ValueError: If an argument is out of range, or the inputs have not two axes.

    Example:
        >>> from dlprep.metrics import F1Score
        >>> labels, scores = [[1], [1], [1], [0], [1]], [[0.9], [0.8], [0.7], [0.6], [0.0]]
        >>> float(F1Score(threshold=0.5)(labels, scores)[0])
        0.75

    Reference:
        van Rijsbergen 1979, "Information retrieval", chapter 7.
    """

    def __init__(self, average=None, threshold=None, name="f1_score", dtype=None):
        super().__init__(average=average, threshold=threshold, name=name, dtype=dtype)

    def get_config(self):
        """Return the constructor arguments."""
        config = super().get_config()
        del config["beta"]
        return config
