"""Train five layers with and without activations, then multiply their matrices into one."""

import keras
import numpy as np
from keras import ops

from dlprep.lab import data
from dlprep.layers import Dense
from dlprep.losses import BinaryCrossentropy
from dlprep.optimizers import SGD

STEPS = 200


def collapsed(model):
    """Return the matrix and the bias of all layers multiplied out, activations ignored."""
    matrix, bias = np.eye(2), np.zeros(2)
    for kernel, shift in (layer.get_weights() for layer in model.layers):
        matrix, bias = matrix @ kernel, bias @ kernel + shift
    return matrix, bias


def best_line(x, y, angles=90):
    """Return the accuracy of the best straight line: all positions of many directions are tried."""
    best = 0.0
    for angle in np.linspace(0, 2 * np.pi, angles, endpoint=False):
        order = np.argsort(x @ [np.cos(angle), np.sin(angle)])
        gains = np.cumsum(2 * y[order] - 1)
        best = max(best, (gains.max() + np.sum(y == 0)) / len(y))
    return best


def grade(accuracy):
    return "poor" if accuracy < 0.75 else "good" if accuracy > 0.9 else "fair"


def run(lab):
    x, y = data.circles(lab.rng)
    x_test, y_test = data.circles(lab.rng, 2000)
    rows = lab.rng.integers(0, len(x), 64 * STEPS)

    def trained(depth, activation):
        """Return the accuracy on new points and how far the collapsed network is off."""
        hidden = [Dense(16, activation=activation) for _ in range(depth - 1)]
        model = keras.Sequential([keras.Input((2,)), *hidden, Dense(1)])
        loss = BinaryCrossentropy(from_logits=True)
        model.compile(SGD(0.2), loss, steps_per_execution=STEPS)
        model.fit(x[rows], y[rows], batch_size=64, shuffle=False, verbose=0)
        logits = ops.convert_to_numpy(model(x_test))[:, 0]
        matrix, bias = collapsed(model)
        gap = np.abs((x_test @ matrix + bias)[:, 0] - logits).max() / np.abs(logits).max()
        return np.mean((logits > 0) == y_test), gap

    deep, bent, single = lab.contrast(
        trained,
        control={"depth": 5, "activation": None},
        relu={"depth": 5, "activation": "relu"},
        single={"depth": 1, "activation": None},
    )
    lab.answer(", ".join(grade(accuracy) for accuracy, _ in (single, deep, bent)))
    line = best_line(x_test, y_test)
    text = "five layers with ReLU are good"
    lab.claim(text, bent[0] > 0.985, bent[0], "> 0.985", share=True)
    text = "the five matrices without it multiply into one layer"
    lab.claim(text, deep[1] < 1e-4, deep[1], "< 1e-4")
    text = "with ReLU the product is another function"
    lab.claim(text, bent[1] > 0.2, bent[1], "> 0.2")
    text = "the best of all straight lines is poor"
    lab.claim(text, line < 0.74, line, "< 0.74", share=True)
    text = "five linear layers are no better than it"
    lab.claim(text, deep[0] < 0.75, deep[0], "< 0.75", share=True)
    text = "nor is one layer"
    lab.claim(text, single[0] < 0.75, single[0], "< 0.75", share=True)
    lab.bars(
        "Accuracy on new points",
        {"1 layer": single[0], "5 layers": deep[0], "best line": line, "5 layers, ReLU": bent[0]},
        y_label="accuracy",
    )
