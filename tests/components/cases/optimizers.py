"""The optimizers under the common checks: one row each."""

# class name -> list of constructor arguments: every variant runs the common checks
OPTIMIZERS = {
    "AMSGrad": [{"learning_rate": 0.1}],
    "Adadelta": [{"learning_rate": 150.0}],
    "Adafactor": [{"learning_rate": 0.2}, {"learning_rate": 0.2, "clip_threshold": 0.5}],
    "Adagrad": [{"learning_rate": 0.6}],
    "Adam": [{"learning_rate": 0.1}, {"learning_rate": 0.1, "amsgrad": True}],
    "AdamW": [{"learning_rate": 0.1, "weight_decay": 0.01}],
    "Adamax": [{"learning_rate": 0.2}],
    "Ftrl": [
        {"learning_rate": 2.0},
        {"learning_rate": 2.0, "l1_regularization_strength": 0.001, "beta": 0.1},
    ],
    "Lamb": [{"learning_rate": 0.1}],
    "Lion": [{"learning_rate": 0.1}],
    "Lookahead": [{"learning_rate": 0.4, "sync_period": 2, "slow_step": 0.5}],
    "Muon": [{"learning_rate": 0.8}, {"learning_rate": 1.0, "nesterov": False}],
    "Nadam": [{"learning_rate": 0.1}],
    "RAdam": [{"learning_rate": 0.5}],
    "RMSprop": [
        {"learning_rate": 0.1},
        {"learning_rate": 0.05, "momentum": 0.5},
        {"learning_rate": 0.05, "momentum": 0.5, "centered": True},
    ],
    "SGD": [
        {"learning_rate": 0.2},
        {"learning_rate": 0.02, "momentum": 0.9},
        {"learning_rate": 0.02, "momentum": 0.9, "nesterov": True},
    ],
}
