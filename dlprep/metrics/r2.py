"""The share of variance that real-valued predictions explain."""

from keras import metrics, ops, saving

from dlprep.metrics.checks import check_counts
from dlprep.metrics.mean import broadcast_weight, same_rank, tensor, weighted
from dlprep.stand_in import StandIn


def r2_score(residual, count, total, square):
    r"""Return the share of each output's variance that predictions explain.

    $$ R^2 = 1 - \frac{\sum_i w_i (y_i - \hat y_i)^2}{\sum_i w_i (y_i - \bar y)^2}, \qquad
       \sum_i w_i (y_i - \bar y)^2 = \sum_i w_i y_i^2 - \frac{(\sum_i w_i y_i)^2}{\sum_i w_i} $$

    Args:
        residual: Sums of the weighted squared errors, shape `(outputs,)`.
        count: Sums of the weights $\sum w$, of the same shape.
        total: Sums of the weighted labels $\sum w y$, of the same shape.
        square: Sums of the weighted squared labels $\sum w y^2$, of the same shape.

    Returns:
        The scores and the sums of squares about the mean. Where labels do not vary, a score is
        zero, and NaN if all of their predictions are exact: 0 / 0, as in Keras.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.r2 import r2_score
        >>> score, spread = r2_score(*(ops.array([x]) for x in (1.0, 2.0, 4.0, 10.0)))
        >>> float(score[0]), float(spread[0])
        (0.5, 2.0)

    Reference:
        scikit-learn, `sklearn.metrics.r2_score`.
    """
    spread = square - total * (total / count)
    scores = 1 - residual / spread
    return ops.where(ops.isinf(scores), ops.zeros_like(scores), scores), spread


@saving.register_keras_serializable(package="dlprep.metrics")
class R2Score(metrics.Metric, metaclass=StandIn):
    r"""Share of the labels' variance that predictions explain; see the function `r2_score`.

    $$ R^2 = 1 - \frac{\sum_i (y_i - \hat y_i)^2}{\sum_i (y_i - \bar y)^2} $$

    It is a difference of sums of squares: labels far from zero for their spread (mean over a
    thousand standard deviations) need `dtype="float64"`. Labels that do not vary score zero, but
    NaN where every prediction of them is exact (0 / 0, as in Keras).

    Args:
        class_aggregation: How outputs become one number: None for none, `"uniform_average"`, or
            `"variance_weighted_average"`.
        num_regressors: Number $p$ of inputs for the adjusted score
            $1 - (1 - R^2) \frac{n - 1}{n - p - 1}$; 0 does not adjust.
        name: Name of the metric.
        dtype: Type of the sums.

    Raises:
        ValueError: If an argument is out of range, or the inputs have not two axes.

    Example:
        >>> from dlprep.metrics import R2Score
        >>> float(R2Score()([[1.0], [3.0]], [[1.0], [2.0]]))
        0.5

    Reference:
        scikit-learn, `sklearn.metrics.r2_score`.
    """

    _direction = "up"

    def __init__(
        self, class_aggregation="uniform_average", num_regressors=0, name="r2_score", dtype=None
    ):
        super().__init__(name=name, dtype=dtype)
        choices = (None, "uniform_average", "variance_weighted_average")
        if class_aggregation not in choices:
            raise ValueError(
                f"Invalid value for argument `class_aggregation`. Expected one of {choices}. "
                f"Received: class_aggregation={class_aggregation}"
            )
        check_counts(0, num_regressors=num_regressors)
        self.class_aggregation = class_aggregation
        self.num_regressors = num_regressors
        self.num_samples = self.add_variable((), "zeros", self.dtype, name="num_samples")
        self._sums = []

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add a batch of labels and predictions.

        Args:
            y_true: Labels, shape `(batch, outputs)`.
            y_pred: Predictions, of the same shape.
            sample_weight: Weights of the examples or values, or None.
        """
        y_true, y_pred = (tensor(y, self.dtype) for y in (y_true, y_pred))
        y_true, y_pred = same_rank(y_true, y_pred)
        if not self._sums:
            self._build(y_true.shape, y_pred.shape)
        weight = broadcast_weight(sample_weight, y_true)
        terms = (ops.square(y_true - y_pred), ops.ones_like(y_true), y_true, ops.square(y_true))
        for variable, term in zip(self._sums, terms, strict=True):
            variable.assign_add(ops.sum(weighted(term, weight), axis=0))
        self.num_samples.assign_add(ops.cast(ops.size(y_true), self.dtype))

    def _build(self, *shapes):
        if any(len(shape) != 2 or shape[-1] is None for shape in shapes):
            raise ValueError(
                "R2Score expects 2D inputs with shape (batch_size, output_dim) and a known "
                f"output_dim. Received: y_true.shape={shapes[0]}, y_pred.shape={shapes[1]}"
            )
        names = ("residual", "count", "sum", "squared_sum")
        outputs = (shapes[1][-1],)
        self._sums = [self.add_variable(outputs, "zeros", self.dtype, name=name) for name in names]

    def result(self):
        """Return the score, a scalar, or one score per output without aggregation."""
        scores, spread = r2_score(*self._sums)
        if self.class_aggregation == "uniform_average":
            scores = ops.mean(scores)
        elif self.class_aggregation == "variance_weighted_average":
            scores = ops.sum(scores * spread) / ops.sum(spread)
        return self._adjusted(scores) if self.num_regressors else scores

    def _adjusted(self, scores):
        freedom = self.num_samples - self.num_regressors - 1
        factor = ops.divide_no_nan(self.num_samples - 1, freedom)
        # Too few samples to adjust: the score stays.
        return ops.where(freedom > 0, 1 - (1 - scores) * factor, scores)

    def get_config(self):
        """Return the constructor arguments."""
        return {
            **super().get_config(),
            "class_aggregation": self.class_aggregation,
            "num_regressors": self.num_regressors,
        }
