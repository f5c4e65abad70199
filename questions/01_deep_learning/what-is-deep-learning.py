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

    def score(function):
        """Return the probe's accuracy on what a function makes of the rows."""
        inside, outside = (ops.convert_to_numpy(function(part)) for part in (x, x_test))
        return probe(inside, y, outside, y_test)

    def probes(steps):
        hidden = [Dense(16, activation="tanh") for _ in range(3)]
        model = keras.Sequential([keras.Input((5,)), *hidden, Dense(1)])
        if steps:
            loss = BinaryCrossentropy(from_logits=True)
            model.compile(Adam(0.01), loss, steps_per_execution=steps)
            rows = lab.rng.integers(0, len(x), 64 * steps)
            model.fit(x[rows], y[rows], batch_size=64, shuffle=False, verbose=0)
        parts = [keras.Sequential(hidden[:depth]) for depth in range(1, 4)]
        return [score(np.asarray), *map(score, parts)]

    untrained, trained = lab.contrast(probes, control={"steps": 0}, treatment={"steps": 400})
    raw, first, _, last = trained
    fewer, rest = (1 - untrained[-1]) / (1 - last), (1 - first) / (1 - last)
    random = lab.rng.normal(size=(5, 300))
    wide = score(lambda rows: np.maximum(rows @ random, 0))
    squares = score(lambda rows: (rows[:, :, None] * rows[:, None]).reshape(len(rows), -1))
    text = "after training a probe on the last hidden layer errs far less than before"
    lab.claim(text, fewer > 5, fewer, "> 5")
    text = "there a straight cut is enough"
    lab.claim(text, last > 0.92, last, "> 0.92", share=True)
    text = "the raw input gives a linear classifier next to nothing"
    lab.claim(text, abs(raw - 0.5) < 0.1, abs(raw - 0.5), "< 0.1")
    lab.claim("the first trained layer helps it", first - raw > 0.12, first - raw, "> 0.12")
    lab.claim("the layers after it cut the remaining errors", rest > 2, rest, "> 2")
    most = max(abs(share - 0.5) for share in untrained)
    text = "before training every layer stays near a coin flip"
    lab.claim(text, most < 0.1, most, "< 0.1")
    text = "300 random ReLU units do without training"
    lab.claim(text, wide > 0.92, wide, "> 0.92", share=True)
    text = "a probe that sees products reads the label off the raw input"
    lab.claim(text, squares > 0.95, squares, "> 0.95", share=True)
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
