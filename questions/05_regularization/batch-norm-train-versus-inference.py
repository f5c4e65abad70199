"""Train for twenty steps and compare the two modes of batch normalisation on the same rows."""

import keras
import numpy as np
from keras import ops

from dlprep import layers, losses, optimizers
from dlprep.lab import data

STEPS, BATCH, KEEP = 20, 64, 0.99


def outputs(model, x, **mode):
    return ops.convert_to_numpy(model(x, **mode))


def run(lab):
    (digits, labels), _ = data.digits(lab.rng)
    pixels = digits * 16 + 100
    mean, variance = pixels.mean(axis=0), pixels.var(axis=0)

    def train(momentum, x=pixels):
        norm = layers.BatchNormalization(momentum=momentum)
        hidden, head = layers.Dense(64, activation="relu"), layers.Dense(10)
        model = keras.Sequential([keras.Input((64,)), norm, hidden, head])
        loss = losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizers.Adam(0.02), loss, run_eagerly=True)
        drawn = lab.rng.integers(len(x), size=STEPS * BATCH)
        model.fit(x[drawn], labels[drawn], batch_size=BATCH, shuffle=False, verbose=0)
        return model

    def accuracy(model, x=pixels, **mode):
        return np.mean(outputs(model, x, **mode).argmax(axis=1) == labels)

    def arm(momentum):
        model = train(momentum)
        share = np.mean(ops.convert_to_numpy(model.layers[0].moving_mean) / mean)
        return model, share, accuracy(model), accuracy(model, training=True)

    short, (model, share, inference, training) = lab.contrast(
        arm, control={"momentum": 0.5}, treatment={"momentum": KEEP}
    )

    def good(text, score):
        lab.claim(text, score > 0.88, score, "> 0.88", share=True)

    lab.claim("with momentum 0.99 inference is under 30%", inference < 0.3, inference, "< 0.3",
              share=True)  # fmt: skip
    good("in training mode the same network is good", training)
    good("with momentum 0.5 inference is good", short[2])
    covered = round(float(share), 2)
    lab.claim("the averages have covered 18% of the way", covered == 0.18, covered, 0.18)
    standard = (pixels - mean) / np.sqrt(variance + 1e-3)
    good("on standardised inputs inference is good", accuracy(train(KEEP, standard), standard))

    def after(steps):
        """Return the accuracy with the averages as they stand after so many steps."""
        rest, norm = KEEP**steps, model.layers[0]
        norm.moving_mean.assign((1 - rest) * mean)
        norm.moving_variance.assign(rest + (1 - rest) * variance)
        return accuracy(model)

    curve = {steps: after(steps) for steps in (0, 20, 50, 100, 200, 400, 600, 800, 1500)}
    lab.claim("averages as after 200 steps do not suffice", curve[200] < 0.4, curve[200], "< 0.4",
              share=True)  # fmt: skip
    good("averages as after 800 steps do", curve[800])
    good("the data's own mean and variance do", after(10_000))
    flat = np.sum(variance < 1)
    lab.claim("over ten of the 64 pixels hardly vary", flat > 10, flat, "> 10")
    calls(lab, pixels[:8])
    lab.lines("Accuracy at inference by the steps that the averages have seen", list(curve),
              {"momentum 0.99": list(curve.values())}, x_label="steps",
              y_label="accuracy")  # fmt: skip


def calls(lab, rows):
    """Claim what a call of Keras's layer does, with and without `training=True`."""
    norm, other = keras.layers.BatchNormalization(), keras.layers.LayerNormalization()
    gap = np.abs(outputs(norm, rows) - outputs(norm, rows, training=False)).max()
    lab.claim("Keras: a bare call means inference", gap == 0, gap, 0)
    parent = keras.Sequential([keras.layers.BatchNormalization()])
    gap = np.abs(outputs(parent, rows, training=True) - outputs(norm, rows)).max()
    lab.claim("Keras: inside a call in training mode it does not", gap > 10, gap, "> 10")
    mates = rows + np.arange(8)[:, None] * 3
    ours, theirs = (outputs(norm, batch, training=True)[0] for batch in (rows, mates))
    moved = np.abs(ours - theirs).max()
    lab.claim("in training mode a row depends on its batch-mates", moved > 0.3, moved, "> 0.3")
    average = ops.convert_to_numpy(norm.moving_mean).max()
    lab.claim("a call in training mode moves the averages", average > 1, average, "> 1")
    gap = np.abs(outputs(other, rows) - outputs(other, rows, training=True)).max()
    lab.claim("layer normalisation has one mode", gap == 0, gap, 0)
