"""Errors and areas under curves equal those of scikit-learn."""

import numpy as np
from components.cases.metrics import data, measure, weights
from sklearn import metrics as sklearn

from dlprep import metrics


def test_errors_equal_those_of_scikit_learn():
    y, p = data("numbers")
    squared = sklearn.mean_squared_error(y, p, sample_weight=weights())
    absolute = sklearn.mean_absolute_error(y, p, sample_weight=weights())
    for name, expected in (
        ("MeanAbsoluteError", absolute),
        ("MeanSquaredError", squared),
        ("RootMeanSquaredError", np.sqrt(squared)),
    ):
        actual = measure(getattr(metrics, name)(), (y, p), weights())
        np.testing.assert_allclose(actual, expected, rtol=1e-5)


def test_areas_under_precision_and_recall_equal_those_of_scikit_learn():
    """The higher end of every strip is scikit-learn's average precision.

    Interpolated, precision is no straight line between two points: true positives grow evenly with
    the number of those called positive (Davis, Goadrich 2006).
    """
    y, scores = data("scores")
    precision, recall, cuts = sklearn.precision_recall_curve(y, scores, sample_weight=weights())
    precision[-1] = 0  # Of none called positive: Keras's 0, not scikit-learn's 1.
    strips = recall[:-1] - recall[1:]
    called = np.append((weights()[:, None] * (scores[:, None] >= cuts)).sum(0), 0)
    even = (np.arange(4000) + 0.5) / 4000
    counts = recall * (weights() * y).sum(), called
    right, of = (np.outer(z[1:], 1 - even) + np.outer(z[:-1], even) for z in counts)
    areas = {
        "minoring": strips @ np.minimum(precision[:-1], precision[1:]),
        "majoring": sklearn.average_precision_score(y, scores, sample_weight=weights()),
        "interpolation": strips @ (right / of).mean(1),
    }
    for method, expected in areas.items():
        metric = metrics.AUC(200, "PR", method, thresholds=np.unique(scores).tolist())
        np.testing.assert_allclose(measure(metric, (y, scores), weights()), expected, rtol=1e-5)


def test_weights_of_labels_and_of_examples_multiply():
    y, scores = data("columns")
    metric = metrics.AUC(label_weights=[1.0, 2.0, 3.0], thresholds=np.unique(scores).tolist())
    both = np.outer(weights(), [1.0, 2.0, 3.0])
    expected = sklearn.roc_auc_score(y.ravel(), scores.ravel(), sample_weight=both.ravel())
    np.testing.assert_allclose(measure(metric, (y, scores), weights()), expected, rtol=1e-5)
