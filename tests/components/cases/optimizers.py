"""The optimizers under the common checks: one row for each variant.

Each option of a class, beside Keras's own, is set in some row, away from its default and from the
row's other options; `test_optimizers.py` says which row is missing or changes nothing.
"""

AVERAGES = {"beta_1": 0.7, "beta_2": 0.5, "epsilon": 0.02}

# class name -> list of constructor arguments: every variant runs the common checks
OPTIMIZERS = {
    "AMSGrad": [{"learning_rate": 0.1}, {"learning_rate": 0.2, **AVERAGES}],
    "Adadelta": [{"learning_rate": 150.0}, {"learning_rate": 1.5, "rho": 0.6, "epsilon": 0.02}],
    "Adafactor": [
        {"learning_rate": 0.2},
        {
            "learning_rate": 0.5,
            "clip_threshold": 0.6,
            "beta_2_decay": -0.4,
            "epsilon_1": 0.3,
            "epsilon_2": 1.5,
        },
        {"learning_rate": 0.3, "relative_step": False},
    ],
    "Adagrad": [
        {"learning_rate": 0.6},
        {"learning_rate": 0.6, "initial_accumulator_value": 0.5, "epsilon": 0.2},
    ],
    "Adam": [
        {"learning_rate": 0.1},
        {"learning_rate": 0.1, **AVERAGES},
        {"learning_rate": 0.2, **AVERAGES, "amsgrad": True},
    ],
    "AdamW": [
        {"learning_rate": 0.1},
        {"learning_rate": 0.2, **AVERAGES, "weight_decay": 0.05, "amsgrad": True},
    ],
    "Adamax": [{"learning_rate": 0.2}, {"learning_rate": 0.2, **AVERAGES}],
    "Ftrl": [
        {"learning_rate": 2.0},
        {
            "learning_rate": 2.0,
            "learning_rate_power": -0.3,
            "initial_accumulator_value": 0.5,
            "l1_regularization_strength": 0.02,
            "l2_regularization_strength": 0.01,
            "l2_shrinkage_regularization_strength": 0.005,
            "beta": 0.1,
        },
    ],
    "Lamb": [{"learning_rate": 0.1}, {"learning_rate": 0.1, **AVERAGES}],
    "Lion": [{"learning_rate": 0.1}, {"learning_rate": 0.1, "beta_1": 0.6, "beta_2": 0.3}],
    "Lookahead": [
        {"learning_rate": 0.4, "sync_period": 2, "slow_step": 0.5},
        {"learning_rate": 0.3, "sync_period": 3, "slow_step": 0.8},
    ],
    "Muon": [
        {"learning_rate": 0.8},
        {
            "learning_rate": 0.3,
            "nesterov": False,
            "momentum": 0.8,
            "ns_steps": 3,
            "muon_a": 1.6,
            "muon_b": -0.7,
            "muon_c": 0.1,
            "rms_rate": None,
            "weight_decay": 0.05,
        },
        {
            "learning_rate": 0.2,
            "exclude_layers": ["nothing", "var"],
            "adam_beta_1": 0.7,
            "adam_beta_2": 0.5,
            "epsilon": 0.02,
            "adam_weight_decay": 0.05,
            "adam_lr_ratio": 0.4,
        },
        {"learning_rate": 0.8, "exclude_embeddings": False},
    ],
    "Nadam": [{"learning_rate": 0.1}, {"learning_rate": 0.1, **AVERAGES}],
    "RAdam": [
        {"learning_rate": 0.5},
        {"learning_rate": 0.2, "beta_1": 0.7, "beta_2": 0.9, "epsilon": 0.02},
    ],
    "RMSprop": [
        {"learning_rate": 0.1},
        {"learning_rate": 0.05, "momentum": 0.5, "rho": 0.7, "epsilon": 0.02},
        {"learning_rate": 0.05, "centered": True, "rho": 0.7, "epsilon": 0.02},
        {"learning_rate": 0.05, "centered": True, "momentum": 0.5},
    ],
    "SGD": [
        {"learning_rate": 0.2},
        {"learning_rate": 0.02, "momentum": 0.9},
        {"learning_rate": 0.02, "momentum": 0.9, "nesterov": True},
    ],
}

nan = float("nan")
_SHARES = [("beta_1", 1.0), ("beta_1", -0.1), ("beta_2", 1.0), ("beta_2", nan), ("epsilon", -1e-7)]
_STRENGTHS = ("l1", "l2", "l2_shrinkage")


# class name -> arguments that cannot work, beside Keras's own
IMPOSSIBLE = {
    "AMSGrad": [*_SHARES, ("epsilon", nan)],
    "Adadelta": [("rho", 1.0), ("rho", -0.1), ("epsilon", -1e-7), ("epsilon", None)],
    "Adafactor": [
        ("beta_2_decay", 0.1),
        ("epsilon_1", -1e-30),
        ("epsilon_2", -1e-3),
        ("clip_threshold", 0.0),
    ],
    "Adagrad": [("initial_accumulator_value", -0.1), ("epsilon", -1e-7)],
    "Adam": _SHARES,
    "AdamW": [*_SHARES, ("weight_decay", None)],
    "Adamax": [("beta_1", 1.0), ("beta_2", 1.1), ("beta_2", -0.1), ("epsilon", -1e-7)],
    "Ftrl": [
        ("learning_rate_power", 0.5),
        ("initial_accumulator_value", -0.1),
        *((f"{name}_regularization_strength", -0.1) for name in _STRENGTHS),
        ("beta", -0.1),
    ],
    "Lamb": _SHARES,
    "Lion": [("beta_1", 0.0), ("beta_1", 1.1), ("beta_2", -0.1), ("beta_2", 1.1)],
    "Lookahead": [
        ("sync_period", 0),
        ("sync_period", 1.5),
        ("sync_period", True),
        ("slow_step", 0.0),
        ("slow_step", 1.1),
        ("slow_step", nan),
    ],
    "Muon": [
        ("adam_beta_1", 1.0),
        ("adam_beta_2", -0.1),
        ("adam_weight_decay", -0.1),
        ("epsilon", -1e-7),
        ("adam_lr_ratio", -1.0),
        ("momentum", 1.1),
        ("momentum", -0.1),
        ("ns_steps", -1),
        ("ns_steps", 2.5),
        ("rms_rate", -0.2),
    ],
    "Nadam": _SHARES,
    "RAdam": [*_SHARES, ("beta_2", 0.6)],
    "RMSprop": [
        ("rho", 1.0),
        ("rho", -0.1),
        ("momentum", -0.1),
        ("momentum", 1.1),
        ("epsilon", -1e-7),
    ],
    "SGD": [("momentum", -0.1), ("momentum", 1.1), ("momentum", 1)],
}

# What no optimizer takes: Keras itself refuses the first three.
IMPOSSIBLE_BASE = [
    {"clipnorm": 1.0, "clipvalue": 1.0},
    {"use_ema": True, "ema_momentum": 2.0},
    {"gradient_accumulation_steps": 1},
    {"gradient_accumulation_steps": 2.5},
    {"learning_rate": nan},
    {"learning_rate": -0.1},
    {"learning_rate": float("inf")},
    {"weight_decay": -0.1},
    {"clipnorm": -1.0},
    {"clipvalue": nan},
    {"global_clipnorm": float("inf")},
    {"loss_scale_factor": 0.0},
]
