"""Label sequences by their order and by their mean, and let three networks try."""

import keras
import numpy as np

from dlprep import layers, losses, optimizers
from dlprep.lab import data

JIT = keras.backend.backend() == "jax"
STEPS, BATCH, TRAIN = 250, 64, 2000


def reading(reader):
    """The layer that turns a sequence into one vector."""
    if reader == "mean":
        return keras.layers.GlobalAveragePooling1D()
    if reader == "lstm":
        return layers.LSTM(16, unroll=True)
    return keras.layers.Flatten()


def average_label(x):
    return (x.mean(axis=(1, 2)) > 0).astype("int32")


def lstm_parameters(length):
    model = keras.Sequential([keras.Input((length, 1)), layers.LSTM(16)])
    return model.count_params()


def run(lab):
    x, ordered = data.first_last(lab.rng, n=TRAIN + 4000, steps=5)
    labels = np.stack([ordered, average_label(x)], axis=1)

    def accuracies(reader):
        """Shares of new sequences with the right order label and the right mean label."""
        hidden, head = layers.Dense(16, activation="relu"), layers.Dense(2)
        model = keras.Sequential([keras.Input((5, 1)), reading(reader), hidden, head])
        adam, loss = optimizers.Adam(0.03), losses.BinaryCrossentropy(from_logits=True)
        model.compile(adam, loss, steps_per_execution=5, jit_compile=JIT)
        drawn = lab.rng.integers(TRAIN, size=STEPS * BATCH)
        model.fit(x[drawn], labels[drawn], batch_size=BATCH, shuffle=False, verbose=0)
        logits = keras.ops.convert_to_numpy(model(x[TRAIN:]))
        return np.mean((logits > 0) == labels[TRAIN:], axis=0)

    (bag, easy), (recurrent, _), (window, _) = lab.contrast(
        accuracies,
        control={"reader": "mean"},
        recurrent={"reader": "lstm"},
        window={"reader": "window"},
    )
    lab.claim("a network with state learns the order", recurrent > 0.92, recurrent, "> 0.92",
              share=True)  # fmt: skip
    guess = abs(bag - 0.5)
    lab.claim("from averages it is guessed: 0.5 within 0.04", guess < 0.04, guess, "< 0.04")
    lab.claim("a dense network on all five numbers learns it too", window > 0.92, window, "> 0.92",
              share=True)  # fmt: skip
    lab.claim("a label that hangs on the mean is learnt from the average", easy > 0.97, easy,
              "> 0.97", share=True)  # fmt: skip
    short, long = lstm_parameters(10), lstm_parameters(1000)
    lab.claim("the LSTM is as large for 1,000 steps as for 10", short == long, long, short)
    shown = {"averages": bag, "LSTM": recurrent, "all five numbers": window, "mean, averages": easy}
    lab.bars("Accuracy on new sequences (0.5 is guessing)", shown, y_label="accuracy")
