"""Metrics in NumPy float64, over all examples at once."""

import numpy as np


def accuracy(y_true, y_pred, weight=None):
    r"""Return the share of predictions that equal their labels.

    $$ \frac{\sum_i w_i [y_i = \hat y_i]}{\sum_i w_i} $$

    Args:
        y_true: Labels, shape `(n,)`.
        y_pred: Predicted labels, of the same shape.
        weight: Weights $w_i$, or None for ones.

    Returns:
        A float.

    Example:
        >>> from dlprep.reference.metrics import accuracy
        >>> float(accuracy([1, 2, 3, 4], [0, 2, 3, 4]))
        0.75

    Reference:
        scikit-learn, `sklearn.metrics.accuracy_score`.
    """
    return np.average(np.equal(y_true, y_pred), weights=weight)


def top_k_accuracy(y_true, scores, k, weight=None):
    r"""Return the share of labels that fewer than $k$ classes score above.

    $$ \frac{1}{\sum_i w_i} \sum_i w_i \Big[\sum_c [p_{ic} > p_{i y_i}] < k\Big] $$

    Args:
        y_true: Class numbers, shape `(n,)`.
        scores: Scores, shape `(n, classes)`.
        k: How many classes count.
        weight: Weights, or None for ones.

    Returns:
        A float.

    Example:
        >>> from dlprep.reference.metrics import top_k_accuracy
        >>> float(top_k_accuracy([2, 1], [[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]], k=2))
        0.5

    Reference:
        scikit-learn, `sklearn.metrics.top_k_accuracy_score`.
    """
    scores = np.asarray(scores)
    own = np.take_along_axis(scores, np.asarray(y_true)[:, None], 1)
    return np.average((scores > own).sum(1) < k, weights=weight)


def confusion(y_true, y_called, weight=None):
    r"""Count the four cells of the confusion matrix of two classes.

    $$ \mathrm{TP} = \sum_i w_i [\hat y_i = 1] [y_i = 1], \ \dots $$

    Args:
        y_true: Labels 0 or 1, shape `(n,)`.
        y_called: Decisions 0 or 1, of the same shape.
        weight: Weights, or None for ones.

    Returns:
        True positives, false positives, true negatives and false negatives.

    Example:
        >>> from dlprep.reference.metrics import confusion
        >>> [float(n) for n in confusion([1, 1, 0, 0, 0], [1, 0, 1, 0, 0])]
        [1.0, 1.0, 2.0, 1.0]

    Reference:
        scikit-learn, `sklearn.metrics.confusion_matrix`.
    """
    true, called = np.asarray(y_true, bool), np.asarray(y_called, bool)
    weight = np.ones(true.shape) if weight is None else np.asarray(weight)
    cells = (true & called, ~true & called, ~true & ~called, true & ~called)
    return tuple(np.sum(weight[cell]) for cell in cells)


def precision(tp, fp):
    r"""Return the share of the called that are positive: $\frac{TP}{TP + FP}$.

    Args:
        tp: True positives.
        fp: False positives.

    Returns:
        A float, zero where nothing is called.

    Example:
        >>> from dlprep.reference.metrics import precision
        >>> precision(3, 1)
        0.75

    Reference:
        scikit-learn, `sklearn.metrics.precision_score`.
    """
    return tp / (tp + fp) if tp + fp else 0.0


def recall(tp, fn):
    r"""Return the share of the positives that are called: $\frac{TP}{TP + FN}$.

    Args:
        tp: True positives.
        fn: False negatives.

    Returns:
        A float, zero where nothing is positive.

    Example:
        >>> from dlprep.reference.metrics import recall
        >>> recall(3, 1)
        0.75

    Reference:
        scikit-learn, `sklearn.metrics.recall_score`.
    """
    return precision(tp, fn)


def f_score(tp, fp, fn, beta=1.0):
    r"""Return the harmonic mean of precision and recall, recall weighing $\beta^2$ times as much.

    $$ F_\beta = (1 + \beta^2) \frac{P R}{\beta^2 P + R} $$

    Args:
        tp: True positives.
        fp: False positives.
        fn: False negatives.
        beta: Weight of recall.

    Returns:
        A float, zero where precision and recall are.

    Example:
        >>> from dlprep.reference.metrics import f_score
        >>> f_score(3, 1, 1)
        0.75

    Reference:
        scikit-learn, `sklearn.metrics.fbeta_score`.
    """
    p, r = precision(tp, fp), recall(tp, fn)
    return (1 + beta**2) * p * r / (beta**2 * p + r) if p + r else 0.0


def roc_auc(y_true, scores, weight=None):
    r"""Return the chance that a positive scores above a negative, ties counting half.

    $$ P(p_+ > p_-) + \tfrac{1}{2} P(p_+ = p_-) $$

    Args:
        y_true: Labels 0 or 1, shape `(n,)`.
        scores: Scores, of the same shape.
        weight: Weights, or None for ones.

    Returns:
        A float, the area under the ROC curve.

    Example:
        >>> from dlprep.reference.metrics import roc_auc
        >>> float(roc_auc([0, 0, 1, 1], [0.1, 0.6, 0.4, 0.9]))
        0.75

    Reference:
        Hanley, McNeil 1982, "The meaning and use of the area under a ROC curve".
    """
    true, scores = np.asarray(y_true, bool), np.asarray(scores)
    weight = np.ones(true.shape) if weight is None else np.asarray(weight)
    ahead = scores[true][:, None] - scores[~true]
    pairs = weight[true][:, None] * weight[~true]
    return np.sum(pairs * np.heaviside(ahead, 0.5)) / np.sum(pairs)


def r2_score(y_true, y_pred, weight=None):
    r"""Return the share of the labels' variance that predictions explain.

    $$ R^2 = 1 - \frac{\sum_i w_i (y_i - \hat y_i)^2}{\sum_i w_i (y_i - \bar y)^2} $$

    Args:
        y_true: Labels, shape `(n,)`.
        y_pred: Predictions, of the same shape.
        weight: Weights, or None for ones.

    Returns:
        A float.

    Example:
        >>> from dlprep.reference.metrics import r2_score
        >>> float(r2_score([1.0, 3.0], [1.0, 2.0]))
        0.5

    Reference:
        scikit-learn, `sklearn.metrics.r2_score`.
    """
    y_true, y_pred = np.asarray(y_true, "float64"), np.asarray(y_pred, "float64")
    spread = (y_true - np.average(y_true, weights=weight)) ** 2
    error = (y_true - y_pred) ** 2
    return 1 - np.average(error, weights=weight) / np.average(spread, weights=weight)


def perplexity(y_true, probabilities):
    r"""Return the exponential of the mean surprisal of the labels.

    $$ \exp\Big(-\frac{1}{n} \sum_i \ln p_{i y_i}\Big) $$

    Args:
        y_true: Class numbers, shape `(n,)`.
        probabilities: Probabilities, shape `(n, classes)`.

    Returns:
        A float.

    Example:
        >>> from dlprep.reference.metrics import perplexity
        >>> round(float(perplexity([0, 1], [[0.25, 0.75], [0.75, 0.25]])), 4)
        4.0

    Reference:
        Jelinek, Mercer, Bahl, Baker 1977.
    """
    own = np.asarray(probabilities)[np.arange(len(y_true)), y_true]
    return np.exp(-np.mean(np.log(own)))


def expected_calibration_error(y_true, probabilities, bins=15):
    r"""Return the mean gap between confidence and accuracy over bins of confidence.

    $$ \mathrm{ECE} = \sum_m \frac{|B_m|}{n}
       \left| \operatorname{acc}(B_m) - \operatorname{conf}(B_m) \right| $$

    Args:
        y_true: Class numbers, shape `(n,)`.
        probabilities: Probabilities, shape `(n, classes)`.
        bins: Number of bins of equal width, open below and closed above.

    Returns:
        A float.

    Example:
        >>> from dlprep.reference.metrics import expected_calibration_error
        >>> float(expected_calibration_error([1, 0], [[0.25, 0.75], [0.25, 0.75]]))
        0.25

    Reference:
        Guo, Pleiss, Sun, Weinberger 2017, arXiv:1706.04599, equation 3.
    """
    probabilities = np.asarray(probabilities)
    confidence, correct = probabilities.max(1), probabilities.argmax(1) == y_true
    error = 0.0
    for m in range(bins):
        inside = (confidence > m / bins) & (confidence <= (m + 1) / bins)
        if inside.any():
            error += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return error
