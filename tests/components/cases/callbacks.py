"""The callbacks under the common checks: one row each."""

import numpy as np

# class name -> constructor arguments
CALLBACKS = {
    "ActivationStatistics": {"x": np.ones((4, 2))},
    "BiasVarianceDiagnosis": {"tolerance": 0.1},
    "EarlyStopping": {"patience": 1, "restore_best_weights": True},
    "GradientNorms": {"x": np.ones((4, 2)), "y": np.ones((4, 1))},
    "LearningRateFinder": {"steps": 4},
    "LearningRateScheduler": {"schedule": lambda epoch, rate: 0.9 * rate},
    "ReduceLROnPlateau": {"patience": 1},
    "SwapEMAWeights": {"swap_on_epoch": True},
    "TerminateOnNaN": {},
}
