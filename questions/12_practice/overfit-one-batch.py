"""Fit sixteen digits with a healthy pipeline and with one that shuffles the labels every step."""

import keras
import numpy as np

from dlprep import layers, losses, optimizers
from dlprep.lab import data

STEPS, ROWS = 300, 16


def run(lab):
    (digits, labels), _ = data.digits(lab.rng)
    batch, told = digits[:ROWS], labels[:ROWS]

    def train(shuffled):
        model = keras.Sequential(
            [keras.Input((64,)), layers.Dense(32, activation="relu"), layers.Dense(10)]
        )
        loss = losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizers.Adam(0.01), loss, steps_per_execution=STEPS, jit_compile=False)
        order = [lab.rng.permutation(ROWS) if shuffled else np.arange(ROWS) for _ in range(STEPS)]
        targets = told[np.concatenate(order)]
        first = float(loss(told, model(batch)))
        model.fit(np.tile(batch, (STEPS, 1)), targets, batch_size=ROWS, shuffle=False, verbose=0)
        return first, float(loss(told, model(batch)))

    (first, broken), (_, healthy) = lab.contrast(
        train, control={"shuffled": True}, treatment={"shuffled": False}
    )
    lab.value("loss before training", first, "nats")
    lab.value("log 10", np.log(10), "nats")
    lab.claim("a healthy pipeline memorises the batch", healthy < 0.05, healthy, "< 0.05")
    lab.claim("shuffled labels cannot be memorised", broken > 1, broken, "> 1")
    losses_after = {"healthy": healthy, "labels shuffled": broken}
    lab.bars("Loss on the batch after 300 steps", losses_after, y_label="nats")
