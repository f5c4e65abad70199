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


def grade(accuracy):
    return "poor" if accuracy < 0.7 else "good" if accuracy > 0.9 else "fair"


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
    lab.claim("one linear layer is poor", single[0] < 0.7, single[0], "< 0.7")
    lab.claim("five linear layers are as poor", deep[0] < 0.7, deep[0], "< 0.7")
    lab.claim("the five matrices multiply into one layer", deep[1] < 1e-3, deep[1], "< 0.001")
    lab.claim("five layers with ReLU are good", bent[0] > 0.9, bent[0], "> 0.9")
    lab.claim("with ReLU the product is another function", bent[1] > 0.1, bent[1], "> 0.1")
    lab.bars(
        "Accuracy on new points",
        {"1 layer": single[0], "5 layers": deep[0], "5 layers, ReLU": bent[0]},
        y_label="accuracy",
    )
