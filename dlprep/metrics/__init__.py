"""Metrics under the names and signatures that Keras gives them, and two that it has not."""

from dlprep.drop_in import hand_on
from dlprep.metrics.accuracy import (
    binary_accuracy,
    categorical_accuracy,
    sparse_categorical_accuracy,
    top_k_categorical_accuracy,
)
from dlprep.metrics.accuracy_metrics import (
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    TopKCategoricalAccuracy,
)
from dlprep.metrics.auc import AUC
from dlprep.metrics.calibration import ExpectedCalibrationError, Perplexity
from dlprep.metrics.counts import FalseNegatives, FalsePositives, TrueNegatives, TruePositives
from dlprep.metrics.f_score import F1Score, FBetaScore
from dlprep.metrics.mean import Mean
from dlprep.metrics.precision_recall import Precision, Recall
from dlprep.metrics.r2 import R2Score
from dlprep.metrics.regression import MeanAbsoluteError, MeanSquaredError, RootMeanSquaredError

__all__ = [
    "AUC",
    "Accuracy",
    "BinaryAccuracy",
    "CategoricalAccuracy",
    "ExpectedCalibrationError",
    "F1Score",
    "FBetaScore",
    "FalseNegatives",
    "FalsePositives",
    "Mean",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Perplexity",
    "Precision",
    "R2Score",
    "Recall",
    "RootMeanSquaredError",
    "SparseCategoricalAccuracy",
    "TopKCategoricalAccuracy",
    "TrueNegatives",
    "TruePositives",
    "binary_accuracy",
    "categorical_accuracy",
    "sparse_categorical_accuracy",
    "top_k_categorical_accuracy",
]

__getattr__, __dir__ = hand_on(__name__)
