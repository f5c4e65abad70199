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

# class name -> further arguments, each on top of the row above
VARIANTS = {
    "EarlyStopping": [
        {"baseline": 4.5, "patience": 3},
        {"min_delta": 0.3},
        {"mode": "max"},
        {"monitor": "other"},
        {"start_from_epoch": 4},
        {"verbose": 1},
    ],
    "LearningRateScheduler": [{"verbose": 1}],
    "ReduceLROnPlateau": [
        {"cooldown": 2},
        {"factor": 0.5},
        {"min_delta": 0.3},
        {"min_lr": 0.05},
        {"mode": "max"},
        {"monitor": "other"},
        {"verbose": 1},
    ],
    "TerminateOnNaN": [{"raise_error": True}],
}
