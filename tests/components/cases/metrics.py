"""The metrics under the common checks: one row each."""

import keras
import numpy as np
import pytest

# class name -> list of dict(kwargs=…, data=…): see test_metrics.py for the data
METRICS = {
    "AUC": [
        {"kwargs": {}, "data": "scores"},
        {"kwargs": {"curve": "PR"}, "data": "scores"},
        {"kwargs": {"curve": "PRGAIN", "summation_method": "majoring"}, "data": "scores"},
        {"kwargs": {"thresholds": [0.2, 0.5], "summation_method": "minoring"}, "data": "scores"},
        {"kwargs": {"multi_label": True, "label_weights": [1.0, 2.0, 3.0]}, "data": "columns"},
        {"kwargs": {"from_logits": True}, "data": "logits"},
        {"kwargs": {"curve": "PR", "summation_method": "minoring"}, "data": "scores"},
        {"kwargs": {"curve": "PR", "summation_method": "majoring"}, "data": "scores"},
        {"kwargs": {"curve": "PRGAIN"}, "data": "scores"},
        {"kwargs": {"thresholds": [0.75, 0.25, 0.5]}, "data": "tied"},
        {"kwargs": {"num_thresholds": 5, "summation_method": "majoring"}, "data": "scores"},
        {"kwargs": {"multi_label": True, "num_labels": 3, "curve": "PR"}, "data": "columns"},
        {"kwargs": {"label_weights": [1.0, 2.0, 3.0]}, "data": "columns"},
    ],
    "Accuracy": [{"kwargs": {}, "data": "labels"}],
    "BinaryAccuracy": [
        {"kwargs": {"threshold": 0.4}, "data": "scores"},
        {"kwargs": {}, "data": "tied"},
        {"kwargs": {"threshold": 0.75}, "data": "tied columns"},
        {"kwargs": {"threshold": 0.0}, "data": "tied"},
        {"kwargs": {"threshold": 1.0}, "data": "tied"},
    ],
    "CategoricalAccuracy": [{"kwargs": {}, "data": "onehot"}],
    "ExpectedCalibrationError": [
        {"kwargs": {"num_bins": 10}, "data": "classes"},
        {"kwargs": {"from_logits": True}, "data": "logits of classes"},
    ],
    "F1Score": [
        {"kwargs": {"average": "macro"}, "data": "onehot"},
        {"kwargs": {"average": "weighted"}, "data": "onehot"},
        {"kwargs": {"threshold": 0.5}, "data": "tied columns"},
    ],
    "FBetaScore": [
        {"kwargs": {"beta": 2.0}, "data": "onehot"},
        {"kwargs": {}, "data": "onehot logits"},
        {"kwargs": {"beta": 0.5, "average": "micro", "threshold": 0.4}, "data": "columns"},
        {"kwargs": {"average": "weighted", "threshold": 0.4}, "data": "columns"},
        {"kwargs": {"average": "micro", "beta": 3.0}, "data": "onehot"},
        {"kwargs": {"beta": 0.5, "threshold": 0.25}, "data": "tied columns"},
    ],
    "FalseNegatives": [
        {"kwargs": {"thresholds": [0.7, 0.3]}, "data": "scores"},
        {"kwargs": {"thresholds": [0.5, 1.0, 0.0, 0.25]}, "data": "tied"},
    ],
    "FalsePositives": [
        {"kwargs": {}, "data": "scores"},
        {"kwargs": {"thresholds": [0.5, 1.0, 0.0, 0.25]}, "data": "tied"},
    ],
    "Mean": [{"kwargs": {}, "data": "values"}, {"kwargs": {}, "data": "rows of values"}],
    "MeanAbsoluteError": [{"kwargs": {}, "data": "numbers"}],
    "MeanSquaredError": [{"kwargs": {}, "data": "numbers"}],
    "Perplexity": [
        {"kwargs": {}, "data": "classes"},
        {"kwargs": {"mask_token_id": 0}, "data": "classes"},
        {"kwargs": {"from_logits": True}, "data": "logits of classes"},
    ],
    "Precision": [
        {"kwargs": {}, "data": "scores"},
        {"kwargs": {"thresholds": [0.3, 0.7]}, "data": "scores"},
        {"kwargs": {"top_k": 2, "class_id": 1}, "data": "columns"},
        {"kwargs": {"thresholds": [0.5, 0.75, 0.25]}, "data": "tied"},
        {"kwargs": {"class_id": 2, "thresholds": 0.25}, "data": "tied columns"},
    ],
    "R2Score": [
        {"kwargs": {}, "data": "numbers"},
        {"kwargs": {"class_aggregation": None, "num_regressors": 2}, "data": "numbers"},
        {"kwargs": {"class_aggregation": "variance_weighted_average"}, "data": "numbers"},
    ],
    "Recall": [
        {"kwargs": {"thresholds": 0.4}, "data": "scores"},
        {"kwargs": {"top_k": 1}, "data": "onehot"},
        {"kwargs": {"thresholds": [0.5, 0.75, 0.25]}, "data": "tied"},
        {"kwargs": {"class_id": 0, "thresholds": 0.75}, "data": "tied columns"},
    ],
    "RootMeanSquaredError": [{"kwargs": {}, "data": "numbers"}],
    "SparseCategoricalAccuracy": [{"kwargs": {}, "data": "classes"}],
    "TopKCategoricalAccuracy": [
        {"kwargs": {"k": 2}, "data": "onehot"},
        {"kwargs": {"k": 1}, "data": "onehot"},
        {"kwargs": {}, "data": "onehot"},
    ],
    "TrueNegatives": [
        {"kwargs": {}, "data": "scores"},
        {"kwargs": {"thresholds": [0.5, 1.0, 0.0, 0.25]}, "data": "tied"},
    ],
    "TruePositives": [
        {"kwargs": {}, "data": "scores"},
        {"kwargs": {"thresholds": [0.5, 1.0, 0.0, 0.25]}, "data": "tied"},
    ],
}

# name -> (setting, value that cannot work): at least one of every setting
_THRESHOLDS = [("thresholds", bad) for bad in (-0.1, 1.1, [0.5, 2.0], float("nan"), "half")]
_F = [
    ("average", "median"),
    ("threshold", 0.0),
    ("threshold", 1.1),
    ("threshold", 1),
]
_CALLS = [*_THRESHOLDS, ("top_k", 0), ("top_k", 1.5), ("class_id", -1), ("class_id", 0.5)]
REFUSED = {
    "AUC": [
        *[("num_thresholds", bad) for bad in (1, 0, 2.5)],
        ("curve", "RPC"),
        ("summation_method", "middling"),
        *_THRESHOLDS,
        ("multi_label", "no"),
        ("num_labels", 3),
        ("label_weights", [1.0, -1.0]),
        ("from_logits", "no"),
    ],
    "Accuracy": [],
    "BinaryAccuracy": [("threshold", -0.1), ("threshold", 1.1), ("threshold", None)],
    "CategoricalAccuracy": [],
    "ExpectedCalibrationError": [("num_bins", 0), ("num_bins", 2.5), ("from_logits", "no")],
    "F1Score": _F,
    "FBetaScore": [*_F, ("beta", 0.0), ("beta", -1.0), ("beta", 2), ("beta", float("nan"))],
    "FalseNegatives": _THRESHOLDS,
    "FalsePositives": _THRESHOLDS,
    "Mean": [],
    "MeanAbsoluteError": [],
    "MeanSquaredError": [],
    "Perplexity": [("from_logits", "no"), ("mask_token_id", 0.5)],
    "Precision": _CALLS,
    "R2Score": [("class_aggregation", "median"), ("num_regressors", -1), ("num_regressors", 0.5)],
    "Recall": _CALLS,
    "RootMeanSquaredError": [],
    "SparseCategoricalAccuracy": [],
    "TopKCategoricalAccuracy": [("k", 0), ("k", 1.5), ("k", True)],
    "TrueNegatives": _THRESHOLDS,
    "TruePositives": _THRESHOLDS,
}
CASES = [
    pytest.param(name, row["kwargs"], row["data"], id=f"{name}-{number}")
    for name, rows in METRICS.items()
    for number, row in enumerate(rows)
]


def data(kind, n=60):
    """Return labels and predictions, or values alone, of one kind."""
    rng = np.random.default_rng(0)
    classes, bits = rng.integers(3, size=n), rng.integers(2, size=n)
    scores = rng.dirichlet(np.ones(3), size=n).astype("float32")
    # Off the grid of 200 thresholds, where rounding would decide.
    grid = ((rng.integers(199, size=n) + 0.5) / 199).astype("float32")
    numbers = rng.normal(size=(2, n, 3)).astype("float32")
    return {
        "labels": (classes, rng.integers(3, size=n)),
        "scores": (bits, np.clip(0.6 * grid + 0.4 * bits, 0, 1).astype("float32")),
        "logits": (bits, rng.normal(size=n).astype("float32")),
        "columns": (rng.integers(2, size=(n, 3)), scores),
        "onehot": (np.eye(3, dtype="float32")[classes], scores),
        "onehot logits": (np.eye(3, dtype="float32")[classes], np.log(scores)),
        "classes": (classes, scores),
        "logits of classes": (classes, np.log(scores) + 1.0),
        # Every fourth score meets a threshold exactly.
        "tied": (bits, (rng.integers(9, size=n) / 8).astype("float32")),
        "tied columns": (
            rng.integers(2, size=(n, 3)),
            (rng.integers(9, size=(n, 3)) / 8).astype("float32"),
        ),
        "rows of values": (numbers[0],),
        "numbers": (numbers[0], numbers[0] + 0.5 * numbers[1]),
        "values": (rng.normal(size=n).astype("float32"),),
    }[kind]


def weights(n=60):
    return np.random.default_rng(1).uniform(size=n).astype("float32")


def measure(metric, arrays, weight=None, batch=25):
    """Return the result after updating in batches of unequal size."""
    for start in range(0, len(arrays[0]), batch):
        part = [array[start : start + batch] for array in arrays]
        given = {} if weight is None else {"sample_weight": weight[start : start + batch]}
        metric.update_state(*part, **given)
    return keras.ops.convert_to_numpy(metric.result())
