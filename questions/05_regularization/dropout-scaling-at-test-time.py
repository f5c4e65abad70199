"""Drop activations without rescaling and compare two rules for test time with what training saw."""

import keras
import numpy as np
from keras import ops

from dlprep import layers

RATE, N = 0.2, 1_000_000


def run(lab):
    activations = lab.rng.uniform(1, 5, N)
    trained = np.mean(activations * (lab.rng.random(N) > RATE))

    def ratio(factor):
        """Return the mean activation in training over the mean at test time under this factor."""
        return trained / np.mean(activations * factor)

    right, handbook = lab.contrast(ratio, control={"factor": 1 - RATE}, treatment={"factor": RATE})
    lab.answer(handbook)

    def equal(text, number, expected, digits=1):
        rounded = round(float(number), digits)
        lab.claim(text, rounded == expected, rounded, expected)

    equal("with the handbook's factor training sees four times as much", handbook, 4)
    equal("the keep probability matches training", right, 1, digits=2)
    kept = lab.rng.random(N) > 0.5
    half = np.mean(activations * kept) / np.mean(activations * 0.5)
    equal("at p = 0.5 the handbook's factor is right", half, 1)

    ones = ops.ones((1000, 1000))
    for name, layer in (("Keras", keras.layers.Dropout(RATE)), ("dlprep", layers.Dropout(RATE))):
        inverted = ops.convert_to_numpy(layer(ones, training=True))
        values = ", ".join(f"{value:.2f}" for value in np.unique(inverted.round(4)))
        text = f"{name}'s Dropout leaves these values of 1 in training"
        lab.claim(text, values == "0.00, 1.25", values, "0.00, 1.25")
        equal(f"{name}'s Dropout keeps the mean", inverted.mean(), 1, digits=2)
        idle = ops.convert_to_numpy(layer(ones, training=False))
        gap = np.abs(idle - 1).max()
        lab.claim(f"{name}'s Dropout does nothing at inference", gap == 0, gap, 0)

    weights = np.resize([1.0, -1.0], 16)
    sums = (lab.rng.random((100_000, 16)) > RATE) / (1 - RATE) @ weights
    gap = np.maximum(sums, 0).mean() - max(weights.sum(), 0)
    lab.claim("after a ReLU the mean over masks is not the test output", gap > 0.5, gap, "> 0.5")
    means = {"training": trained, "test, times 1 - p": trained / right}
    means["test, times p"] = trained / handbook
    lab.bars("Mean activation", means)
