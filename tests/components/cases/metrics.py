"""The metrics under the common checks: one row each."""

# class name -> list of dict(kwargs=…, data=…): see test_metrics.py for the data
METRICS = {
    "AUC": [
        {"kwargs": {}, "data": "scores"},
        {"kwargs": {"curve": "PR"}, "data": "scores"},
        {"kwargs": {"curve": "PRGAIN", "summation_method": "majoring"}, "data": "scores"},
        {"kwargs": {"thresholds": [0.2, 0.5], "summation_method": "minoring"}, "data": "scores"},
        {"kwargs": {"multi_label": True, "label_weights": [1.0, 2.0, 3.0]}, "data": "columns"},
        {"kwargs": {"from_logits": True}, "data": "logits"},
    ],
    "Accuracy": [{"kwargs": {}, "data": "labels"}],
    "BinaryAccuracy": [{"kwargs": {"threshold": 0.4}, "data": "scores"}],
    "CategoricalAccuracy": [{"kwargs": {}, "data": "onehot"}],
    "ExpectedCalibrationError": [{"kwargs": {"num_bins": 10}, "data": "classes"}],
    "F1Score": [{"kwargs": {"average": "macro"}, "data": "onehot"}],
    "FBetaScore": [
        {"kwargs": {"beta": 2.0}, "data": "onehot"},
        {"kwargs": {"beta": 0.5, "average": "micro", "threshold": 0.4}, "data": "columns"},
        {"kwargs": {"average": "weighted", "threshold": 0.4}, "data": "columns"},
    ],
    "FalseNegatives": [{"kwargs": {"thresholds": [0.7, 0.3]}, "data": "scores"}],
    "FalsePositives": [{"kwargs": {}, "data": "scores"}],
    "Mean": [{"kwargs": {}, "data": "values"}],
    "MeanAbsoluteError": [{"kwargs": {}, "data": "numbers"}],
    "MeanSquaredError": [{"kwargs": {}, "data": "numbers"}],
    "Perplexity": [
        {"kwargs": {}, "data": "classes"},
        {"kwargs": {"mask_token_id": 0}, "data": "classes"},
    ],
    "Precision": [
        {"kwargs": {}, "data": "scores"},
        {"kwargs": {"thresholds": [0.3, 0.7]}, "data": "scores"},
        {"kwargs": {"top_k": 2, "class_id": 1}, "data": "columns"},
    ],
    "R2Score": [
        {"kwargs": {}, "data": "numbers"},
        {"kwargs": {"class_aggregation": None, "num_regressors": 2}, "data": "numbers"},
        {"kwargs": {"class_aggregation": "variance_weighted_average"}, "data": "numbers"},
    ],
    "Recall": [
        {"kwargs": {"thresholds": 0.4}, "data": "scores"},
        {"kwargs": {"top_k": 1}, "data": "onehot"},
    ],
    "RootMeanSquaredError": [{"kwargs": {}, "data": "numbers"}],
    "SparseCategoricalAccuracy": [{"kwargs": {}, "data": "classes"}],
    "TopKCategoricalAccuracy": [{"kwargs": {"k": 2}, "data": "onehot"}],
    "TrueNegatives": [{"kwargs": {}, "data": "scores"}],
    "TruePositives": [{"kwargs": {}, "data": "scores"}],
}
