"""Callbacks: what watches and steers `model.fit`."""

from dlprep.callbacks.activation_statistics import ActivationStatistics
from dlprep.callbacks.bias_variance import BiasVarianceDiagnosis
from dlprep.callbacks.early_stopping import EarlyStopping
from dlprep.callbacks.gradient_norms import GradientNorms
from dlprep.callbacks.learning_rate import LearningRateScheduler, ReduceLROnPlateau
from dlprep.callbacks.learning_rate_finder import LearningRateFinder
from dlprep.callbacks.swap_ema_weights import SwapEMAWeights
from dlprep.callbacks.terminate_on_nan import TerminateOnNaN
from dlprep.drop_in import hand_on

__all__ = [
    "ActivationStatistics",
    "BiasVarianceDiagnosis",
    "EarlyStopping",
    "GradientNorms",
    "LearningRateFinder",
    "LearningRateScheduler",
    "ReduceLROnPlateau",
    "SwapEMAWeights",
    "TerminateOnNaN",
]

__getattr__, __dir__ = hand_on(__name__)
