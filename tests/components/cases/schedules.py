"""The schedules under the common checks: one row each."""

# class name -> list of constructor arguments; the reference of each is in test_schedules.py
SCHEDULES = {
    "Constant": [{"learning_rate": 0.3}],
    "CosineDecay": [
        {"initial_learning_rate": 0.3, "decay_steps": 20, "alpha": 0.1},
        {
            "initial_learning_rate": 0.1,
            "decay_steps": 20,
            "warmup_target": 0.3,
            "warmup_steps": 5,
        },
        {
            "initial_learning_rate": 0.4,
            "decay_steps": 16,
            "alpha": 0.5,
            "warmup_target": 0.2,
            "warmup_steps": 4,
        },
    ],
    "CosineDecayRestarts": [
        {"initial_learning_rate": 0.3, "first_decay_steps": 4},
        {"initial_learning_rate": 0.3, "first_decay_steps": 7, "t_mul": 1.0, "m_mul": 0.5},
        {"initial_learning_rate": 0.3, "first_decay_steps": 4, "t_mul": 3.0, "alpha": 0.1},
        {"initial_learning_rate": 0.3, "first_decay_steps": 3, "m_mul": 0.5, "alpha": 0.2},
    ],
    "ExponentialDecay": [
        {"initial_learning_rate": 0.3, "decay_steps": 7, "decay_rate": 0.5},
        {"initial_learning_rate": 0.3, "decay_steps": 7, "decay_rate": 0.5, "staircase": True},
    ],
    "InverseSquareRootDecay": [
        {"units": 16, "warmup_steps": 6},
        {"units": 16, "warmup_steps": 6, "scale": 3.0},
    ],
    "InverseTimeDecay": [
        {"initial_learning_rate": 0.3, "decay_steps": 7, "decay_rate": 0.5},
        {"initial_learning_rate": 0.3, "decay_steps": 7, "decay_rate": 0.5, "staircase": True},
    ],
    "OneCycle": [
        {"learning_rate": 0.3, "total_steps": 24, "rise": 0.25},
        {"learning_rate": 0.3, "total_steps": 20, "start_divisor": 3.0, "end_divisor": 5.0},
    ],
    "PiecewiseConstantDecay": [{"boundaries": [3, 9, 20], "values": [0.4, 0.3, 0.2, 0.1]}],
    "PolynomialDecay": [
        {"initial_learning_rate": 0.3, "decay_steps": 20, "power": 2.0},
        {"initial_learning_rate": 0.3, "decay_steps": 7, "end_learning_rate": 0.1, "cycle": True},
        {"initial_learning_rate": 0.1, "decay_steps": 8, "end_learning_rate": 0.3, "power": 0.5},
    ],
    "SquareRootDecay": [
        {"initial_learning_rate": 0.3, "decay_steps": 3},
        {"initial_learning_rate": 0.3, "decay_steps": 3, "staircase": True},
    ],
    "WarmupCosineDecay": [
        {"learning_rate": 0.3, "total_steps": 25, "warmup_steps": 5, "alpha": 0.1},
        {"learning_rate": 0.3, "total_steps": 25},
    ],
}
