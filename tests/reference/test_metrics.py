"""The reference's metrics against scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics as sklearn

from dlprep.reference import metrics


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    labels = rng.integers(2, size=200)
    scores = np.clip(np.round(0.3 * labels + 0.7 * rng.uniform(size=200), 2), 0, 1)
    return labels, scores, rng.uniform(size=200)


def test_accuracy_and_the_confusion_matrix(data):
    labels, scores, weight = data
    called = scores > 0.5
    expected = sklearn.accuracy_score(labels, called, sample_weight=weight)
    assert metrics.accuracy(labels, called, weight) == pytest.approx(expected)
    tp, fp, tn, fn = metrics.confusion(labels, called, weight)
    matrix = sklearn.confusion_matrix(labels, called, sample_weight=weight)
    np.testing.assert_allclose([[tn, fp], [fn, tp]], matrix)


@pytest.mark.parametrize("beta", [0.5, 1.0, 2.0])
def test_precision_recall_and_f(data, beta):
    labels, scores, _ = data
    tp, fp, _, fn = metrics.confusion(labels, scores > 0.5)
    p, r, f, _ = sklearn.precision_recall_fscore_support(
        labels, scores > 0.5, beta=beta, average="binary"
    )
    ours = metrics.precision(tp, fp), metrics.recall(tp, fn), metrics.f_score(tp, fp, fn, beta)
    assert ours == pytest.approx((p, r, f))


def test_scores_of_nothing_are_zero():
    assert metrics.precision(0, 0) == metrics.recall(0, 0) == metrics.f_score(0, 0, 0) == 0


def test_the_area_under_the_roc_curve_with_ties_and_weights(data):
    labels, scores, weight = data
    expected = sklearn.roc_auc_score(labels, scores, sample_weight=weight)
    assert metrics.roc_auc(labels, scores, weight) == pytest.approx(expected)


def test_r2(data):
    labels, scores, weight = data
    expected = sklearn.r2_score(labels, scores, sample_weight=weight)
    assert metrics.r2_score(labels, scores, weight) == pytest.approx(expected)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_top_k(k):
    rng = np.random.default_rng(1)
    labels, scores = rng.integers(4, size=50), rng.uniform(size=(50, 4))
    expected = sklearn.top_k_accuracy_score(labels, scores, k=k, labels=range(4))
    assert metrics.top_k_accuracy(labels, scores, k) == pytest.approx(expected)


def test_perplexity_is_the_exponential_of_the_log_loss():
    rng = np.random.default_rng(2)
    labels, p = rng.integers(3, size=40), rng.dirichlet(np.ones(3), size=40)
    expected = np.exp(sklearn.log_loss(labels, p, labels=range(3)))
    assert metrics.perplexity(labels, p) == pytest.approx(expected)
    assert metrics.perplexity([0, 5], np.full((2, 8), 1 / 8)) == pytest.approx(8)


def test_calibration_error_by_hand():
    p = np.array([[0.1, 0.9], [0.1, 0.9], [0.6, 0.4], [0.45, 0.55]])
    # Two at 0.9 of which one is right; two near 0.6 of which both are right.
    expected = 0.5 * 0.4 + 0.25 * 0.4 + 0.25 * 0.45
    assert metrics.expected_calibration_error([1, 0, 0, 1], p, bins=10) == pytest.approx(expected)
