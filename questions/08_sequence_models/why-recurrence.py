"""Label sequences by their order, then by their mean, and let both networks try."""

import keras
import numpy as np

from dlprep import layers, losses, optimizers
from dlprep.lab import data

STEPS, BATCH = 250, 64


def average_label(x):
    return (x.mean(axis=(1, 2)) > 0).astype("int32")


def run(lab):
    x, ordered = data.first_last(lab.rng, n=3000, steps=10)
    labels = {"first > last": ordered, "mean > 0": average_label(x)}

    def accuracy(reader, target):
        reading = (
            keras.layers.GlobalAveragePooling1D()
            if reader == "mean"
            else layers.LSTM(16, unroll=True)
        )
        hidden, head = layers.Dense(16, activation="relu"), layers.Dense(1)
        model = keras.Sequential([keras.Input((10, 1)), reading, hidden, head])
        loss, y = losses.BinaryCrossentropy(from_logits=True), labels[target][:, None]
        adam = optimizers.Adam(0.03)
        model.compile(adam, loss, steps_per_execution=STEPS, jit_compile=False)
        drawn = lab.rng.integers(2000, size=STEPS * BATCH)
        model.fit(x[drawn], y[drawn], batch_size=BATCH, shuffle=False, verbose=0)
        logits = model.predict(x[2000:], batch_size=1000, verbose=0)
        return np.mean((logits > 0) == y[2000:])

    bag, recurrent = lab.contrast(
        accuracy,
        control={"reader": "mean", "target": "first > last"},
        treatment={"reader": "lstm", "target": "first > last"},
    )
    easy = accuracy("mean", "mean > 0")
    lab.claim("on averages, order cannot be learnt", bag < 0.62, bag, "< 0.62")
    lab.claim("a network with state learns it", recurrent > 0.9, recurrent, "> 0.9")
    lab.claim("where order does not matter the average is enough", easy > 0.9, easy, "> 0.9")
    shown = {"order, averaged": bag, "order, LSTM": recurrent, "mean, averaged": easy}
    lab.bars("Accuracy on new sequences (0.5 is guessing)", shown, y_label="accuracy")
