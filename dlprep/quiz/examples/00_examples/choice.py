"""Compare the gradients of two hidden units that start equal and that start apart."""

import numpy as np


def run(lab):
    inputs = lab.rng.normal(size=(64, 3))
    targets = lab.rng.normal(size=64)
    scattered = lab.rng.normal(size=(3, 2))

    def distance(weights):
        hidden = np.tanh(inputs @ weights)
        errors = hidden.sum(axis=1) - targets
        gradient = inputs.T @ (errors[:, None] * (1 - hidden**2)) / len(inputs)
        return np.abs(gradient[:, 0] - gradient[:, 1]).max()

    equal, apart = lab.contrast(
        distance, control={"weights": np.full((3, 2), 0.5)}, treatment={"weights": scattered}
    )
    lab.claim("random units receive different gradients", apart > 1e-3, apart, "> 1e-3")
    lab.claim("equal units receive equal gradients", equal < 1e-12, equal, "< 1e-12")
