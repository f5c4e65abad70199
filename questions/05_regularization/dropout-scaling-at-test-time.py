"""Drop activations without rescaling and compare two rules for test time with what training saw."""

import numpy as np
from keras import ops

from dlprep import layers

RATE, N = 0.2, 1_000_000


def run(lab):
    activations = lab.rng.uniform(1, 5, N)
    trained = np.mean(activations * (lab.rng.random(N) > RATE))

    def ratio(factor):
        """Mean activation in training over the mean at test time under this factor."""
        return trained / np.mean(activations * factor)

    right, handbook = lab.contrast(ratio, control={"factor": 1 - RATE}, treatment={"factor": RATE})
    lab.answer(handbook)
    lab.claim("the keep probability matches training", abs(right - 1) < 0.01, right, "1")
    lab.claim("the drop rate is too small by far", handbook > 3 * right, handbook, 3 * right)

    ones = ops.ones((1000, 1000))
    layer = layers.Dropout(RATE)
    inverted = ops.convert_to_numpy(layer(ones, training=True))
    values = set(np.round(np.unique(inverted), 6).tolist())
    lab.claim("inverted dropout multiplies survivors by 1.25", values == {0.0, 1.25}, str(values))
    lab.claim("so that the mean stays", abs(inverted.mean() - 1) < 0.01, inverted.mean(), 1)
    idle = bool(np.all(ops.convert_to_numpy(layer(ones, training=False)) == 1))
    lab.claim("and inference does nothing", idle)
    means = {"training": trained, "test, times 1 - p": trained / right}
    means["test, times p"] = trained / handbook
    lab.bars("Mean activation", means)
