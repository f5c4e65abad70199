"""Train under L1 and L2 with gradient steps, then once with a proximal step, and count zeros."""

import keras
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

from dlprep import layers, losses, optimizers, regularizers

OPTIONS = [
    "At least eight are exactly `0.0`, because L1 pulls weights to zero and keeps them there.",
    "None is exactly `0.0`, but at least eight are smaller than 0.01.",
    "None is exactly `0.0`, and at most five are smaller than 0.01: L1 only shrinks.",
]


def proximal(x, y, strength=0.02, rate=0.1, steps=2000):
    """Minimise the same loss without its bias: gradient step on the data, soft threshold."""
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        w = w - rate * x.T @ (1 / (1 + np.exp(-x @ w)) - y) / len(x)
        w = np.sign(w) * np.maximum(np.abs(w) - rate * strength, 0)
    return w


def run(lab):
    x, y = load_breast_cancer(return_X_y=True)
    x = StandardScaler().fit_transform(x)

    def train(penalty):
        regularizer = {"L1": regularizers.L1, "L2": regularizers.L2}[penalty](0.02)
        unit = layers.Dense(1, kernel_regularizer=regularizer)
        model = keras.Sequential([keras.Input((30,)), unit])
        loss = losses.BinaryCrossentropy(from_logits=True)
        model.compile(optimizers.Adam(0.01), loss, steps_per_execution=100, jit_compile=False)
        drawn = lab.rng.integers(len(x), size=64 * 900)
        model.fit(x[drawn], y[drawn, None], batch_size=64, shuffle=False, verbose=0)
        return np.ravel(unit.get_weights()[0])

    ridge, lasso = lab.contrast(train, control={"penalty": "L2"}, treatment={"penalty": "L1"})
    small = {"L1": int(np.sum(abs(lasso) < 0.01)), "L2": int(np.sum(abs(ridge) < 0.01))}
    exact = int(np.sum(lasso == 0))
    lab.answer(OPTIONS[0 if exact >= 8 else 1 if small["L1"] >= 8 else 2])

    lab.claim("gradient steps under L1 give no exact zero", exact == 0, exact, 0)
    lab.claim("but a crowd of small weights", small["L1"] >= 8, small["L1"], ">= 8 below 0.01")
    lab.claim("L2 leaves few", small["L2"] <= 5, small["L2"], "<= 5 below 0.01")
    zeros = int(np.sum(proximal(x, y) == 0))
    lab.claim("a proximal step gives exact zeros", zeros >= 10, zeros, ">= 10 of 30")
    largest = {"L1": np.sort(abs(lasso))[::-1], "L2": np.sort(abs(ridge))[::-1]}
    lab.lines("The 30 weights by size", np.arange(1, 31), largest, log_y=True,
              x_label="rank", y_label="size of the weight")  # fmt: skip
