"""Compare one LSTM step with Keras's cell, then let the gates hold and fill the memory."""

import keras
import numpy as np

from dlprep.reference.recurrent import sigmoid

ROWS, FEATURES, UNITS = 4, 3, 10


def step(x, h, c, kernel, recurrent, bias, squash=np.tanh):
    i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * squash(c), c


def gates(i, f, g, o):
    """Return weights of one unit under which all four sums are given numbers."""
    return np.zeros((1, 4)), np.zeros((1, 4)), np.array([i, f, g, o], float)


def kept(forget, steps=60):
    """Return the share of a memory that is left while the input gate is shut."""
    weights, h, c = gates(-40, forget, 0, 0), np.zeros((1, 1)), np.ones((1, 1))
    for _ in range(steps):
        h, c = step(np.zeros((1, 1)), h, c, *weights)
    return c.item()


def run(lab):
    cell = keras.layers.LSTMCell(UNITS)
    x, h, c = (lab.rng.normal(size=(ROWS, n)) for n in (FEATURES, UNITS, UNITS))
    x, h, c = (part.astype("float32") for part in (x, np.tanh(h), 2 * c))
    _, (h_keras, c_keras) = cell(x, [h, c])
    weights = [keras.ops.convert_to_numpy(w) for w in cell.weights]
    target = np.stack([keras.ops.convert_to_numpy(part) for part in (h_keras, c_keras)])

    def gap(squash):
        return np.abs(np.stack(step(x, h, c, *weights, squash)) - target).max()

    raw, squashed = lab.contrast(
        gap, control={"squash": np.asarray}, treatment={"squash": np.tanh}
    )  # fmt: skip
    lab.claim("the step is Keras's, with the gates in the order i, f, candidate, o",
              squashed < 1e-5, squashed, "< 1e-5")  # fmt: skip
    lab.claim("without the tanh on the cell it is not", raw > 0.3, raw, "> 0.3")
    bias = weights[2].reshape(4, UNITS)
    start = [float(part.min()) for part in bias]
    lab.claim("the bias starts at 1 for the forget gate and 0 elsewhere",
              start == [0, 1, 0, 0] and bias.max(axis=1).tolist() == start, str(start),
              "[0.0, 1.0, 0.0, 0.0]")  # fmt: skip
    size = int(cell.count_params())
    lab.claim("10 units on 3 features have 560 weights", size == 560, size, 560)

    filling, memory, output = gates(5, 5, 3, 5), [], []
    h, c = np.zeros((1, 1)), np.zeros((1, 1))
    for _ in range(60):
        h, c = step(np.zeros((1, 1)), h, c, *filling)
        memory.append(c.item())
        output.append(h.item())
    lab.claim("with open gates the memory grows past 30", max(memory) > 30, max(memory), "> 30")
    below = 1 - max(output)
    lab.claim("the output stays below 1", below > 0.005, below, "> 0.005")
    left = {bias: kept(bias) for bias in (0, 1, 5)}
    lab.claim("a forget bias of 5 keeps two thirds over 60 steps", left[5] > 0.5, left[5], "> 0.5",
              share=True)  # fmt: skip
    lab.claim("one of 1 keeps under 1e-7", left[1] < 1e-7, left[1], "< 1e-7")
    lab.claim("one of 0 keeps under 1e-15", left[0] < 1e-15, left[0], "< 1e-15")
    lab.lines("One unit with open gates", range(1, 61), {"memory c": memory, "output h": output},
              x_label="step", y_label="value")  # fmt: skip
