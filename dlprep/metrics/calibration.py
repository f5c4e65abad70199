"""Metrics of probabilities: how surprised a language model is, how honest a classifier."""

import math

from keras import metrics, ops, saving
from keras.src.backend import get_keras_mask

from dlprep.metrics.accuracy import class_numbers
from dlprep.metrics.checks import check_counts, check_flags
from dlprep.metrics.mean import (
    MeanOfPairs,
    broadcast_weight,
    fits,
    masked_weight,
    tensor,
    unless_nan,
    weighted,
)


def surprisal(y_true, y_pred, from_logits=False):
    r"""Return the negative log-probability of the label.

    $$ s_i = -\ln p_{i y_i} $$

    With logits $z$ it is $\ln \sum_c e^{z_{ic}} - z_{i y_i}$, without forming the probability.

    Args:
        y_true: Class numbers, shape `(...)` or `(..., 1)`.
        y_pred: Probabilities or logits, shape `(..., classes)`.
        from_logits: Whether `y_pred` are logits.

    Returns:
        Tensor of shape `(...)`, in nats.

    Raises:
        ValueError: If there is not one label for each row of `y_pred`.

    Example:
        >>> from dlprep.metrics.calibration import surprisal
        >>> round(float(surprisal([1], [[0.5, 0.5]])[0]), 4)
        0.6931

    Reference:
        Shannon 1948, "A mathematical theory of communication", section 6.
    """
    y_pred = tensor(y_pred, "float32")
    labels = row_labels(y_true, y_pred)
    places = ops.expand_dims(ops.cast(labels, "int32"), -1)
    classes = ops.cast(ops.shape(y_pred)[-1], labels.dtype)
    known = ops.logical_and(labels >= 0, labels < classes)
    if from_logits:
        log_probability = ops.log_softmax(y_pred, -1)
    else:
        log_probability = ops.log(ops.maximum(y_pred, 1e-37))
    own = ops.take_along_axis(log_probability, ops.where(known[..., None], places, 0), -1)
    return unless_nan(ops.where(known, -ops.squeeze(own, -1), float("nan")), y_pred)


def row_labels(y_true, y_pred):
    """Return one class number for each row of scores.

    Args:
        y_true: Class numbers, shape `(...)` or `(..., 1)`.
        y_pred: Scores, shape `(..., classes)`.

    Returns:
        Integer tensor of shape `(...)`.

    Raises:
        ValueError: If there are more labels than rows, or fewer.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.calibration import row_labels
        >>> tuple(row_labels([[1], [0]], ops.ones((2, 3))).shape)
        (2,)
    """
    labels = class_numbers(y_true, y_pred)
    if not fits(labels.shape, y_pred.shape[:-1]):
        raise ValueError(
            "There must be one label for each row of scores: `y_true` of shape (...) for `y_pred` "
            f"of shape (..., classes). Received: y_true.shape={tuple(labels.shape)}, "
            f"y_pred.shape={tuple(y_pred.shape)}"
        )
    return labels


def bin_sums(confidence, correct, weight, bins):
    r"""Sum weight, confidence and correctness by bins of confidence.

    $$ B_m = \Big\{i : \frac{m - 1}{M} < c_i \le \frac{m}{M}\Big\} $$

    Args:
        confidence: Probabilities $c_i$ of the predicted class, shape `(n,)`.
        correct: One where the prediction is right, zero elsewhere, of the same shape.
        weight: Weights, of the same shape.
        bins: Number of bins $M$.

    Returns:
        Three tensors of shape `(bins,)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.calibration import bin_sums
        >>> weight, _, right = bin_sums(ops.array([0.4, 0.9]), ops.ones(2), ops.ones(2), 2)
        >>> [float(w) for w in weight]
        [1.0, 1.0]

    Reference:
        Guo, Pleiss, Sun, Weinberger 2017, "On calibration of modern neural networks",
        arXiv:1706.04599, section 2.
    """
    place = ops.ceil(ops.nan_to_num(confidence) * bins) - 1
    number = ops.cast(ops.clip(place, 0, bins - 1), "int32")
    terms = (weight, weighted(confidence, weight), weighted(correct, weight))
    return [ops.segment_sum(term, number, num_segments=bins) for term in terms]


def calibration_error(weight, confidence, correct):
    r"""Return the mean gap between confidence and accuracy over bins.

    $$ \mathrm{ECE} = \sum_m \frac{|B_m|}{n}
       \left| \operatorname{acc}(B_m) - \operatorname{conf}(B_m) \right| $$

    Args:
        weight: Weight $|B_m|$ of each bin, shape `(bins,)`.
        confidence: Sum of the confidences of each bin, of the same shape.
        correct: Sum of the right predictions of each bin, of the same shape.

    Returns:
        A scalar, zero for no predictions.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.calibration import calibration_error
        >>> float(calibration_error(ops.array([2.0]), ops.array([1.5]), ops.array([1.0])))
        0.25

    Reference:
        Guo et al. 2017, arXiv:1706.04599, equation 3.
    """
    return ops.divide_no_nan(ops.sum(ops.absolute(correct - confidence)), ops.sum(weight))


@saving.register_keras_serializable(package="dlprep.metrics")
class Perplexity(MeanOfPairs):
    r"""Exponential of the mean surprisal of the labels; see the function `surprisal`.

    $$ \mathrm{PPL} = \exp\Big(\frac{1}{n} \sum_i -\ln p_{i y_i}\Big) $$

    A model that chooses evenly among $k$ words has perplexity $k$. The mean is over tokens of all
    batches, and comes before the exponential.

    Args:
        from_logits: Whether predictions are logits.
        mask_token_id: Label whose positions do not count, padding for example; None for none.
        name: Name of the metric.
        dtype: Type of the sums.

    Raises:
        ValueError: When updated, if there is not one label for each row of predictions.

    Example:
        >>> from dlprep.metrics import Perplexity
        >>> round(float(Perplexity()([0, 1], [[0.25, 0.75], [0.75, 0.25]])), 4)
        4.0

    Reference:
        Jelinek, Mercer, Bahl, Baker 1977, "Perplexity: a measure of the difficulty of speech
        recognition tasks".
    """

    _direction = "down"

    def __init__(self, from_logits=False, mask_token_id=None, name="perplexity", dtype=None):
        check_flags(from_logits=from_logits)
        check_counts(-math.inf, mask_token_id=mask_token_id)
        super().__init__(surprisal, name, dtype, from_logits=from_logits)
        self.mask_token_id = mask_token_id

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add a batch of labels and predictions.

        Args:
            y_true: Class numbers, shape `(...)`.
            y_pred: Probabilities or logits, shape `(..., classes)`.
            sample_weight: Weights of the examples or positions, or None.
        """
        if self.mask_token_id is not None:
            y_pred = tensor(y_pred)
            y_true = class_numbers(y_true, y_pred)
            counts = ops.not_equal(y_true, self.mask_token_id)
            sample_weight = masked_weight(sample_weight, counts, self.dtype)
            # The padding label may be no class, -1 for example.
            y_true = ops.where(counts, y_true, ops.zeros_like(y_true))
        super().update_state(y_true, y_pred, sample_weight)

    def result(self):
        """Return the perplexity of all batches since the last reset, a scalar."""
        return ops.exp(super().result())

    def get_config(self):
        """Return the constructor arguments."""
        return {**super().get_config(), "mask_token_id": self.mask_token_id}


@saving.register_keras_serializable(package="dlprep.metrics")
class ExpectedCalibrationError(metrics.Metric):
    r"""Mean gap between confidence and accuracy; see `bin_sums` and `calibration_error`.

    $$ \mathrm{ECE} = \sum_m \frac{|B_m|}{n}
       \left| \operatorname{acc}(B_m) - \operatorname{conf}(B_m) \right| $$

    The confidence is the largest probability of a row. One column holds the probability of class
    one, and the confidence is then that of the more probable class.

    Args:
        num_bins: Number of bins $M$ of equal width, at least 1.
        from_logits: Whether predictions are logits.
        name: Name of the metric.
        dtype: Type of the sums.

    Raises:
        ValueError: If `num_bins` is less than one, or when updated, if there is not one label for
            each row of predictions.

    Example:
        >>> from dlprep.metrics import ExpectedCalibrationError
        >>> scores = [[0.25, 0.75], [0.25, 0.75]]
        >>> float(ExpectedCalibrationError()([1, 0], scores))
        0.25

    Reference:
        Guo et al. 2017, arXiv:1706.04599, equation 3; Naeini, Cooper, Hauskrecht 2015.
    """

    _direction = "down"

    def __init__(
        self, num_bins=15, from_logits=False, name="expected_calibration_error", dtype=None
    ):
        super().__init__(name=name, dtype=dtype)
        check_counts(1, num_bins=num_bins)
        check_flags(from_logits=from_logits)
        self.num_bins = num_bins
        self.from_logits = from_logits
        names = ("weight", "confidence", "correct")
        self._bins = [self.add_variable((num_bins,), "zeros", self.dtype, name=n) for n in names]

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add a batch of labels and predictions to the bins.

        Args:
            y_true: Class numbers, shape `(...)` or `(..., 1)`.
            y_pred: Probabilities or logits, shape `(..., classes)`.
            sample_weight: Weights of the examples, or None.
        """
        scores = self._probabilities(tensor(y_pred, self.dtype))
        confidence = ops.max(scores, -1)
        labels, called = row_labels(y_true, scores), ops.argmax(scores, -1)
        right = ops.equal(ops.cast(labels, self.dtype), ops.cast(called, self.dtype))
        right = unless_nan(ops.cast(right, self.dtype), labels, scores)
        weight = masked_weight(sample_weight, get_keras_mask(y_pred), self.dtype)
        parts = (confidence, right, broadcast_weight(weight, confidence))
        flat = (ops.reshape(part, (-1,)) for part in parts)
        for variable, total in zip(self._bins, bin_sums(*flat, self.num_bins), strict=True):
            variable.assign_add(total)

    def _probabilities(self, scores):
        single = scores.shape[-1] == 1
        if self.from_logits:
            scores = ops.sigmoid(scores) if single else ops.softmax(scores, -1)
        return ops.concatenate([1 - scores, scores], -1) if single else scores

    def result(self):
        """Return the error of all batches since the last reset, a scalar."""
        return calibration_error(*self._bins)

    def get_config(self):
        """Return the constructor arguments."""
        own = {"num_bins": self.num_bins, "from_logits": self.from_logits}
        return {**super().get_config(), **own}
