"""Every metric against Keras, against the reference, and across its own life."""

import inspect
import json
import re

import keras
import numpy as np
import pytest
from components.cases.metrics import CASES, METRICS, data, measure, weights

from dlprep import metrics
from dlprep.reference import metrics as rules

every = pytest.mark.parametrize(("name", "options", "kind"), CASES)


# What Keras lacks, and the function of the reference that it is compared with below.
OURS_ALONE = {"ExpectedCalibrationError": "expected_calibration_error", "Perplexity": "perplexity"}


def test_every_metric_has_an_oracle():
    unknown = {name for name in metrics.__all__ if not hasattr(keras.metrics, name)}
    assert unknown == OURS_ALONE.keys()
    assert all(hasattr(rules, oracle) for oracle in OURS_ALONE.values())


def test_every_public_metric_has_a_row():
    classes = [name for name in metrics.__all__ if inspect.isclass(getattr(metrics, name))]
    assert sorted(METRICS) == classes


@every
@pytest.mark.parametrize("weighted", [False, True])
def test_signature_config_and_result_equal_those_of_keras(name, options, kind, weighted):
    theirs = getattr(keras.metrics, name, None)
    if theirs is None:
        pytest.skip("Keras has no such metric")
    if (keras.backend.backend(), name, options) == ("torch", "TopKCategoricalAccuracy", {}):
        pytest.skip("Keras asks PyTorch for five of fewer classes")
    ours = getattr(metrics, name)
    assert inspect.signature(ours) == inspect.signature(theirs)
    weight = weights() if weighted else None
    pair = [cls(**options) for cls in (ours, theirs)]
    actual, expected = (measure(metric, data(kind), weight) for metric in pair)
    # Keras adds 1e-7 to denominators of F-scores.
    np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-6)
    assert pair[0].get_config().keys() == pair[1].get_config().keys()


@every
def test_the_config_survives_json_and_a_reset_forgets(name, options, kind):
    metric = getattr(metrics, name)(**options)
    first = measure(metric, data(kind))
    config = json.loads(json.dumps(metric.get_config()))
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    assert type(metric).from_config(config).get_config() == metric.get_config()
    metric.reset_state()
    assert not any(keras.ops.convert_to_numpy(v).any() for v in metric.variables)
    for repeated in (metric, again):
        np.testing.assert_allclose(measure(repeated, data(kind)), first, rtol=1e-6)


@every
def test_batches_of_any_size_give_the_same_result(name, options, kind):
    results = [measure(getattr(metrics, name)(**options), data(kind), batch=b) for b in (7, 60)]
    np.testing.assert_allclose(*results, rtol=1e-4, atol=1e-6)


@every
def test_the_stateless_calls_give_the_same_result(name, options, kind):
    metric = getattr(metrics, name)(**options)
    expected = measure(metric, data(kind), batch=60)
    zeros = [keras.ops.zeros(v.shape, v.dtype) for v in metric.variables]
    state = metric.stateless_update_state(zeros, *data(kind))
    result = keras.ops.convert_to_numpy(metric.stateless_result(state))
    np.testing.assert_allclose(result, expected, rtol=1e-6)


def result(metric, kind, weight=None):
    return measure(metric, data(kind), weight)


def test_accuracies_equal_the_reference():
    y, scores = data("classes")
    expected = rules.accuracy(y, scores.argmax(1), weights())
    for name, kind in (("SparseCategoricalAccuracy", "classes"), ("CategoricalAccuracy", "onehot")):
        actual = result(getattr(metrics, name)(), kind, weights())
        np.testing.assert_allclose(actual, expected, rtol=1e-5)
    actual = result(metrics.TopKCategoricalAccuracy(k=2), "onehot", weights())
    np.testing.assert_allclose(actual, rules.top_k_accuracy(y, scores, 2, weights()), rtol=1e-5)
    y, scores = data("scores")
    np.testing.assert_allclose(
        result(metrics.BinaryAccuracy(), "scores", weights()),
        rules.accuracy(y, scores > 0.5, weights()),
        rtol=1e-5,
    )


def test_counts_precision_recall_and_f_equal_the_reference():
    y, scores = data("scores")
    tp, fp, tn, fn = rules.confusion(y, scores > 0.5, weights())
    names = ("TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives")
    for name, expected in zip(names, (tp, fp, tn, fn), strict=True):
        actual = result(getattr(metrics, name)(), "scores", weights())
        np.testing.assert_allclose(actual, expected, rtol=1e-5)
    for name, expected in (
        ("Precision", rules.precision(tp, fp)),
        ("Recall", rules.recall(tp, fn)),
    ):
        actual = result(getattr(metrics, name)(), "scores", weights())
        np.testing.assert_allclose(actual, expected, rtol=1e-5)
    metric = metrics.FBetaScore(beta=2.0, threshold=0.5)
    metric.update_state(y[:, None], scores[:, None], sample_weight=weights())
    expected = rules.f_score(tp, fp, fn, 2.0)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(metric.result()), [expected], rtol=1e-5)


@pytest.mark.parametrize("thresholds", [[0.5, 1.0, 0.0, 0.25], [0.75], [0.125, 0.25]])
def test_counts_equal_the_reference_at_every_threshold(thresholds):
    y, scores = data("tied")
    cells = np.transpose([rules.confusion(y, scores > t, weights()) for t in thresholds])
    names = ("TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives")
    for name, expected in zip(names, cells, strict=True):
        actual = result(getattr(metrics, name)(thresholds), "tied", weights())
        np.testing.assert_allclose(actual, expected if len(thresholds) > 1 else expected[0], 1e-5)
    tp, fp, _, fn = cells
    for name, rest in (("Precision", fp), ("Recall", fn)):
        actual = result(getattr(metrics, name)(thresholds), "tied", weights())
        expected = [rules.precision(*pair) for pair in zip(tp, rest, strict=True)]
        np.testing.assert_allclose(np.atleast_1d(actual), expected, rtol=1e-5)


@pytest.mark.parametrize("beta, threshold", [(0.5, 0.25), (1.0, 0.5), (3.0, 0.75)])
def test_f_scores_and_their_averages_equal_the_reference(beta, threshold):
    y, scores = data("tied columns")
    columns = [rules.confusion(y[:, c], scores[:, c] > threshold, weights()) for c in range(3)]
    single = [rules.f_score(tp, fp, fn, beta) for tp, fp, _, fn in columns]
    tp, fp, _, fn = np.sum(columns, 0)
    positives = [weights() @ y[:, c] for c in range(3)]
    for average, expected in {
        None: single,
        "macro": np.mean(single),
        "weighted": np.average(single, weights=positives),
        "micro": rules.f_score(tp, fp, fn, beta),
    }.items():
        metric = metrics.FBetaScore(average, beta, threshold)
        np.testing.assert_allclose(result(metric, "tied columns", weights()), expected, rtol=1e-5)


@pytest.mark.parametrize("top_k", [1, 2])
@pytest.mark.parametrize("class_id", [None, 0, 2])
def test_precision_and_recall_of_the_largest_equal_the_reference(top_k, class_id):
    y, scores = data("columns")
    called = np.argsort(np.argsort(-scores)) < top_k
    columns = slice(None) if class_id is None else [class_id]
    weight = np.broadcast_to(weights()[:, None], y.shape)[:, columns]
    tp, fp, _, fn = rules.confusion(y[:, columns], called[:, columns], weight)
    for name, rest in (("Precision", fp), ("Recall", fn)):
        metric = getattr(metrics, name)(top_k=top_k, class_id=class_id)
        actual = result(metric, "columns", weights())
        np.testing.assert_allclose(actual, rules.precision(tp, rest), rtol=1e-5)


def test_the_area_under_the_roc_curve_equals_the_chance_of_the_right_order():
    y, scores = data("scores")
    metric = metrics.AUC(thresholds=np.unique(scores).tolist())
    expected = rules.roc_auc(y, scores, weights())
    np.testing.assert_allclose(measure(metric, (y, scores), weights()), expected, rtol=1e-5)


def test_the_score_at_a_threshold_is_below_it():
    metric = metrics.TruePositives(thresholds=[0.0, 0.5, 1.0])
    metric.update_state([1, 1, 1], [0.0, 0.5, 1.0])
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(metric.result()), [2, 1, 0])


def test_r2_equals_the_reference():
    y, p = data("numbers")
    expected = [rules.r2_score(y[:, i], p[:, i], weights()) for i in range(3)]
    actual = result(metrics.R2Score(class_aggregation=None), "numbers", weights())
    np.testing.assert_allclose(actual, expected, rtol=1e-5)


def test_perplexity_equals_the_reference_with_and_without_padding():
    y, p = data("classes")
    np.testing.assert_allclose(
        result(metrics.Perplexity(), "classes"), rules.perplexity(y, p), 1e-5
    )
    np.testing.assert_allclose(
        result(metrics.Perplexity(mask_token_id=0), "classes"),
        rules.perplexity(y[y != 0], p[y != 0]),
        rtol=1e-5,
    )
    logits = np.log(p) + 100.0
    actual = measure(metrics.Perplexity(from_logits=True), (y, logits))
    # Logits near 100 carry seven digits, their differences five.
    np.testing.assert_allclose(actual, rules.perplexity(y, p), rtol=1e-4)


def test_perplexity_of_sequences_counts_tokens_and_survives_extreme_logits():
    metric = metrics.Perplexity(from_logits=True, mask_token_id=-1)
    logits = np.array([[[1e4, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, -1e4]]], "float32")
    metric.update_state([[0, 1], [-1, 0]], logits)
    expected = np.exp(np.log(2) / 3)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(metric.result()), expected, rtol=1e-5)


def test_calibration_error_equals_the_reference():
    y, p = data("classes")
    expected = rules.expected_calibration_error(y, p, 10)
    actual = result(metrics.ExpectedCalibrationError(10), "classes")
    np.testing.assert_allclose(actual, expected, rtol=1e-5)
    actual = result(metrics.ExpectedCalibrationError(10, from_logits=True), "logits of classes")
    np.testing.assert_allclose(actual, expected, rtol=1e-5)


def test_a_confidence_on_the_edge_of_two_bins_belongs_to_the_lower():
    metric = metrics.ExpectedCalibrationError(num_bins=2)
    metric.update_state([0, 1], [[0.5, 0.25, 0.25], [0.75, 0.25, 0.0]])
    expected = 0.5 * 0.5 + 0.5 * 0.75
    assert float(keras.ops.convert_to_numpy(metric.result())) == pytest.approx(expected)


def test_calibration_error_of_one_column_is_that_of_two():
    y, p = data("scores")
    one = measure(metrics.ExpectedCalibrationError(), (y, p[:, None]))
    two = measure(metrics.ExpectedCalibrationError(), (y, np.stack([1 - p, p], 1)))
    np.testing.assert_allclose(one, two, rtol=1e-6)


def test_metrics_run_in_a_compiled_evaluation():
    x = np.random.default_rng(0).normal(size=(20, 4)).astype("float32")
    y = (x[:, :1] > 0).astype("float32")
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    names = ("AUC", "BinaryAccuracy", "Precision", "Recall", "F1Score", "R2Score")
    names += ("RootMeanSquaredError", "ExpectedCalibrationError", "TruePositives")
    ours = [getattr(metrics, name)(name=name) for name in names]
    model.compile(
        "sgd", "binary_crossentropy", metrics=ours, weighted_metrics=[metrics.AUC(name="w")]
    )
    history = model.fit(x, y, sample_weight=np.ones(20), epochs=1, batch_size=10, verbose=0).history
    assert {*names, "w"} <= set(history)
    assert all(np.isfinite(history[name]).all() for name in names)


def test_boolean_predictions_count_as_zero_and_one():
    assert float(metrics.BinaryAccuracy()([True, False, True], [True, False, False])) == (
        pytest.approx(2 / 3)
    )


@pytest.mark.parametrize(
    "name, y_true, y_pred",
    [
        ("AUC", (3,), (4,)),
        ("AUC", (1,), (4,)),
        ("AUC", (4, 1), (4, 3)),
        ("Precision", (3,), (4,)),
        ("Recall", (4, 3), (4, 1)),
        ("Perplexity", (2,), (1, 2)),
        ("Perplexity", (1,), (2, 2)),
        ("ExpectedCalibrationError", (2,), (1, 2)),
        ("ExpectedCalibrationError", (1, 1), (2, 2)),
    ],
)
def test_labels_that_do_not_fit_the_predictions_are_refused(name, y_true, y_pred):
    with pytest.raises(ValueError, match=rf"y_true.*{re.escape(str(y_pred))}"):
        getattr(metrics, name)().update_state(np.ones(y_true), np.ones(y_pred, "float32"))


@pytest.mark.parametrize("predictions, score", [([2.0, 2.0], np.nan), ([2.0, 3.0], 0.0)])
def test_labels_that_do_not_vary_score_zero_or_nan_as_in_keras(predictions, score):
    pair = np.float32([[2.0], [2.0]]), np.float32(predictions)[:, None]
    for namespace in (metrics, keras.metrics):
        np.testing.assert_array_equal(measure(namespace.R2Score(), pair), score)
