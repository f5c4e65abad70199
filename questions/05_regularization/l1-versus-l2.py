"""Train under L1 and L2 with gradient steps, then once with a proximal step, and count zeros."""

import keras
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

from dlprep import layers, losses, optimizers, regularizers
from dlprep.reference.optimizers import adam

STRENGTH, BATCH, STEPS = 0.02, 64, 900
PENALTIES = {"L1": regularizers.L1, "L2": regularizers.L2}
MORE = "At least eight are exactly `0.0`, eight more below 0.01: L1 pulls them all there"
PICKED = "At least eight are exactly `0.0`, at most five more below 0.01: L1 picks features"
NEAR = "None is exactly `0.0`, at least eight are below 0.01: L1 leaves them near zero"
SHRUNK = "None is exactly `0.0`, at most five are below 0.01: L1 shrinks all in proportion"


def minimise(x, y, proximal, rate, steps):
    """Minimise the loss under L1 with all rows; return the weights and how often signs flipped."""
    w, b, flips = np.zeros(x.shape[1]), 0.0, 0
    for step in range(steps):
        error = 1 / (1 + np.exp(-x @ w - b)) - y
        moved = w - rate * x.T @ error / len(x)
        b -= rate * error.mean()
        if proximal:
            moved = np.sign(moved) * np.maximum(np.abs(moved) - rate * STRENGTH, 0)
        else:
            moved = moved - rate * STRENGTH * np.sign(w)
        flips += np.sum(moved * w < 0) if step >= steps - 100 else 0
        w = moved
    return w, flips


def adam_with_threshold(rng, x, y):
    """Return the weights after Adam's steps with soft thresholds, and the mean step."""
    x = np.hstack([x, np.ones((len(x), 1))])
    w, m, v, lengths = np.zeros(x.shape[1]), 0.0, 0.0, []
    for step in range(1, STEPS + 1):
        rows = rng.integers(len(x), size=BATCH)
        error = 1 / (1 + np.exp(-x[rows] @ w)) - y[rows]
        moved, m, v = adam(w, x[rows].T @ error / BATCH, m, v, step, alpha=0.01)
        lengths.append(np.abs(moved - w)[:-1].mean())
        w = moved
        w[:-1] = np.sign(w[:-1]) * np.maximum(np.abs(w[:-1]) - 0.01 * STRENGTH, 0)
    return w[:-1], np.mean(lengths)


def run(lab):
    x, y = load_breast_cancer(return_X_y=True)
    x = StandardScaler().fit_transform(x)

    def train(penalty):
        unit = layers.Dense(1, kernel_regularizer=PENALTIES[penalty](STRENGTH))
        model = keras.Sequential([keras.Input((30,)), unit])
        loss = losses.BinaryCrossentropy(from_logits=True)
        model.compile(optimizers.Adam(0.01), loss, steps_per_execution=5)
        rows = lab.rng.integers(len(x), size=STEPS * BATCH)
        model.fit(x[rows], y[rows, None], batch_size=BATCH, shuffle=False, verbose=0)
        return np.ravel(unit.get_weights()[0])

    ridge, lasso = lab.contrast(train, control={"penalty": "L2"}, treatment={"penalty": "L1"})
    small = {"L1": int(np.sum(abs(lasso) < 0.01)), "L2": int(np.sum(abs(ridge) < 0.01))}
    exact = int(np.sum(lasso == 0))
    if exact >= 8:
        lab.answer(MORE if small["L1"] - exact >= 8 else PICKED)
    else:
        lab.answer(NEAR if small["L1"] >= 8 else SHRUNK)

    lab.claim("under L1 at least eight weights are below 0.01", small["L1"] >= 8, small["L1"],
              ">= 8")  # fmt: skip
    lab.claim("under L1 none is exactly zero", exact == 0, exact, 0)
    lab.claim("under L2 at most five are below 0.01", small["L2"] <= 5, small["L2"], "<= 5")
    exact = int(np.sum(ridge == 0))
    lab.claim("under L2 none is exactly zero either", exact == 0, exact, 0)

    weights, _ = minimise(x, y, proximal=True, rate=0.5, steps=12_000)
    zeros = int(np.sum(weights == 0))
    lab.claim("the minimiser under L1 has zeros in 23 of 30 places", zeros == 23, zeros, 23)
    longer, _ = minimise(x, y, proximal=True, rate=0.5, steps=14_000)
    moved = np.abs(longer - weights).max()
    lab.claim("2,000 steps more do not move it", moved < 1e-6, moved, "< 1e-6")
    weights, flips = minimise(x, y, proximal=False, rate=0.1, steps=3000)
    exact = int(np.sum(weights == 0))
    lab.claim("with all rows and plain steps none is zero", exact == 0, exact, 0)
    lab.claim("their signs flip to and fro, over 500 times in 100 steps", flips > 500, flips,
              "> 500")  # fmt: skip
    _claim_adam(lab, x, y)
    largest = {"L1": np.sort(abs(lasso))[::-1], "L2": np.sort(abs(ridge))[::-1]}
    lab.lines("The 30 weights by size", np.arange(1, 31), largest, log_y=True,
              x_label="rank", y_label="size of the weight")  # fmt: skip


def _claim_adam(lab, x, y):
    weights, length = adam_with_threshold(lab.rng, x, y)
    exact = int(np.sum(weights == 0))
    lab.claim("a soft threshold after Adam's steps on batches gives none", exact == 0, exact, 0)
    longer = length / (0.01 * STRENGTH)
    lab.claim("its steps are over four times the threshold", longer > 4, longer, "> 4")
