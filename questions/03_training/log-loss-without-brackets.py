"""Train the same logistic regression on the log loss and on its version without brackets."""

import keras
import numpy as np
from keras import ops

from dlprep import layers, losses, optimizers
from dlprep.lab import data

STEPS, BATCH = 300, 64


def without_brackets(y, p):
    p = ops.clip(p, 1e-7, 1 - 1e-7)
    return ops.mean(-y * ops.log(p) + (1 - y) * ops.log(1 - p), axis=-1)


LOSSES = {"log loss": losses.BinaryCrossentropy(), "without brackets": without_brackets}


def run(lab):
    x, y, _ = data.clicks(lab.rng, n=2000, signal=4.0)
    targets = y[:, None].astype("float32")

    def train(loss):
        model = keras.Sequential([keras.Input((x.shape[1],)), layers.Dense(1, "sigmoid")])
        adam = optimizers.Adam(0.05)
        model.compile(adam, LOSSES[loss], steps_per_execution=STEPS, jit_compile=False)
        drawn = lab.rng.integers(len(x), size=STEPS * BATCH)
        model.fit(x[drawn], targets[drawn], batch_size=BATCH, shuffle=False, verbose=0)
        p = ops.convert_to_numpy(model(x))
        return p[:, 0], float(np.mean(ops.convert_to_numpy(LOSSES[loss](targets, p))))

    (good, loss), (bad, broken) = lab.contrast(
        train, control={"loss": "log loss"}, treatment={"loss": "without brackets"}
    )
    accuracy = np.mean((good > 0.5) == y)
    lab.claim("the log loss teaches the classifier", accuracy > 0.8, accuracy, "> 0.8")
    lab.claim("the log loss is never negative", loss >= 0, loss, ">= 0")
    positive = np.mean(bad > 0.5)
    lab.claim("without brackets nearly all rows become 1", positive > 0.9, positive, "> 0.9")
    lab.claim("without brackets the loss falls below zero", broken < -1, broken, "< -1")
    negatives = {"log loss": good[y == 0], "without brackets": bad[y == 0]}
    lab.histogram("Prediction for rows with label 0", negatives, bins=20, x_label="prediction")
