"""Settings that no loss can work with."""

import inspect

from components.cases.losses import LOSSES

from dlprep import losses

# What no loss can work with, by setting.
_REFUSED = {
    "alpha": [-0.1, float("nan"), "half"],
    "apply_class_balancing": ["no", 0.5],
    "axis": [True, 0.5, "last"],
    "beta": [-1, float("inf")],
    "delta": [0, -1.0, float("nan")],
    "from_logits": ["sum", 2],
    "gamma": [-0.5, None],
    "ignore_class": [0.5, "none"],
    "label_smoothing": [-0.1, 1.1],
    "margin": [-0.1, "wide"],
    "q": [0, 1, -0.5, float("nan")],
    "reduction": ["median"],
    "remove_diagonal": ["no"],
    "temperature": [0, -1.0, float("nan"), None],
}
_BETWEEN_0_AND_1 = {"BinaryFocalCrossentropy", "DistillationLoss"}
REFUSED = {
    name: [
        (setting, value)
        for setting in inspect.signature(getattr(losses, name)).parameters
        if setting in _REFUSED
        for value in _REFUSED[setting] + [1.1] * (setting == "alpha" and name in _BETWEEN_0_AND_1)
    ]
    for name in LOSSES
}
