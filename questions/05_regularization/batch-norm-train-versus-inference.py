"""Train for twenty steps and compare the two modes of batch normalisation on the same rows."""

import keras
import numpy as np
from keras import ops

from dlprep import layers, losses, optimizers
from dlprep.lab import data

STEPS, BATCH = 20, 64


def run(lab):
    (digits, labels), _ = data.digits(lab.rng)
    pixels = digits * 16 + 100

    def accuracies(momentum):
        norm = layers.BatchNormalization(momentum=momentum)
        hidden, head = layers.Dense(64, activation="relu"), layers.Dense(10)
        model = keras.Sequential([keras.Input((64,)), norm, hidden, head])
        loss = losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizers.Adam(0.02), loss, jit_compile=False)
        drawn = lab.rng.integers(len(pixels), size=STEPS * BATCH)
        model.fit(pixels[drawn], labels[drawn], batch_size=BATCH, shuffle=False, verbose=0)
        logits = (model(pixels, training=mode) for mode in (True, False))
        return [np.mean(ops.convert_to_numpy(z).argmax(1) == labels) for z in logits]

    short, long = lab.contrast(accuracies, control={"momentum": 0.5}, treatment={"momentum": 0.99})
    lab.claim("in training mode the network has learnt", long[0] > 0.85, long[0], "> 0.85")
    lab.claim("momentum 0.99: inference is far worse", long[1] < 0.5, long[1], "< 0.5")
    lab.claim("momentum 0.5: inference is fine", short[1] > 0.8, short[1], "> 0.8")

    rows = pixels[:8].copy()
    mates = rows + np.arange(8)[:, None] * 3
    mates[0] = rows[0]
    for kind, mixes in ((layers.BatchNormalization, True), (layers.LayerNormalization, False)):
        layer = kind()
        one, other = (ops.convert_to_numpy(layer(batch, training=True)) for batch in (rows, mates))
        moved = np.abs(one[0] - other[0]).max()
        what, holds = ("depends", moved > 0.05) if mixes else ("does not depend", moved < 1e-5)
        lab.claim(f"{kind.__name__}: a row {what} on its batch-mates", holds, moved)
    shown = {"0.99, training": long[0], "0.99, inference": long[1]}
    shown |= {"0.5, training": short[0], "0.5, inference": short[1]}
    lab.bars("Accuracy on the same rows by momentum and mode", shown, y_label="accuracy")
