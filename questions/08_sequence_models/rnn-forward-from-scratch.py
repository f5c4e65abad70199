"""A NumPy loop against the layer with the same weights, with and without a carried state."""

import numpy as np
from keras import ops

from dlprep import layers

ROWS, STEPS, FEATURES, UNITS = 8, 12, 32, 64


def run(lab):
    x = lab.rng.normal(size=(ROWS, STEPS, FEATURES)).astype("float32")
    layer = layers.SimpleRNN(UNITS, return_sequences=True)
    target = ops.convert_to_numpy(layer(x))
    kernel, recurrent, bias = (np.asarray(w, "float64") for w in layer.get_weights())

    def states(carry):
        h, history = np.zeros((ROWS, UNITS)), []
        for t in range(STEPS):
            before = h if carry else np.zeros((ROWS, UNITS))
            h = np.tanh(x[:, t] @ kernel + before @ recurrent + bias)
            history.append(h)
        return np.stack(history, axis=1)

    reset, carried = lab.contrast(states, control={"carry": False}, treatment={"carry": True})
    gap = np.abs(carried - target).max()
    lab.claim("the loop gives the layer's states", gap < 1e-5, gap, "< 1e-5")
    apart = np.abs(reset - target)
    lab.claim("without the carried state later steps differ", apart[:, 1:].max() > 0.01,
              apart[:, 1:].max(), "> 0.01")  # fmt: skip
    lab.claim("only the first step stays", apart[:, 0].max() < 1e-5, apart[:, 0].max(), "< 1e-5")
    lab.claim("6,208 parameters", layer.count_params() == 6208, layer.count_params(), 6208)
    longer = layers.SimpleRNN(UNITS)
    longer(np.zeros((1, 10 * STEPS, FEATURES), "float32"))
    lab.claim("ten times the length needs no more", longer.count_params() == 6208,
              longer.count_params(), 6208)  # fmt: skip
    by_step = {"state reset each step": apart.mean(axis=(0, 2))}
    by_step["state carried"] = np.abs(carried - target).mean(axis=(0, 2))
    lab.lines("Mean distance from the layer's states", range(1, STEPS + 1), by_step,
              x_label="step", y_label="distance")  # fmt: skip
