"""Read the label off every layer with a linear classifier, before and after training."""

import keras
import numpy as np
from keras import ops

from dlprep.lab import data
from dlprep.layers import Dense
from dlprep.losses import BinaryCrossentropy
from dlprep.optimizers import Adam

DEPTHS = ("input", "layer 1", "layer 2", "layer 3")


def probe(x, y, x_test, y_test):
    """Fit a linear classifier by least squares and return its accuracy on the test rows."""
    weights = np.linalg.lstsq(np.c_[x, np.ones(len(x))], 2 * y - 1, rcond=None)[0]
    return np.mean((np.c_[x_test, np.ones(len(x_test))] @ weights > 0) == y_test)


def run(lab):
    x, y = data.product(lab.rng)
    x_test, y_test = data.product(lab.rng, 2000)

    def probes(steps):
        hidden = [Dense(16, activation="tanh") for _ in range(3)]
        model = keras.Sequential([keras.Input((5,)), *hidden, Dense(1)])
        if steps:
            loss = BinaryCrossentropy(from_logits=True)
            model.compile(Adam(0.01), loss, steps_per_execution=steps)
            rows = lab.rng.integers(0, len(x), 64 * steps)
            model.fit(x[rows], y[rows], batch_size=64, shuffle=False, verbose=0)
        inside, outside = x[:1000], x_test
        scores = [probe(inside, y[:1000], outside, y_test)]
        for layer in hidden:
            inside, outside = (ops.convert_to_numpy(layer(part)) for part in (inside, outside))
            scores.append(probe(inside, y[:1000], outside, y_test))
        return scores

    untrained, trained = lab.contrast(probes, control={"steps": 0}, treatment={"steps": 400})
    raw, first, _, last = trained
    rest, gain = (1 - first) / (1 - last), last - untrained[-1]
    lab.claim("the raw input gives a linear classifier nothing", raw < 0.62, raw, "< 0.62")
    lab.claim("the first trained layer helps it", first - raw > 0.08, first - raw, "> 0.08")
    lab.claim("the layers after it cut the remaining errors", rest > 2, rest, "> 2 times fewer")
    lab.claim("after the last hidden layer a straight cut is enough", last > 0.9, last, "> 0.9")
    lab.claim("untrained layers build nothing", max(untrained) < 0.65, max(untrained), "< 0.65")
    lab.claim("training makes the difference", gain > 0.25, gain, "> 0.25")
    lab.lines(
        "Accuracy of a linear probe on new rows",
        range(len(DEPTHS)),
        {"trained": trained, "untrained": untrained},
        x_label="hidden layers passed",
        y_label="accuracy",
    )
    for depth, before, after in zip(DEPTHS, untrained, trained, strict=True):
        lab.value(f"{depth}, untrained", before)
        lab.value(f"{depth}, trained", after)
