"""Look up one-hot keys with sharp and with flat scores; call Keras's layers as some notes do."""

import numpy as np
from keras import layers as keras_layers
from keras import ops

from dlprep import layers

PAIRS, WIDTH = 12, 5


def attention(query, key, value):
    scores = query @ key.T / np.sqrt(key.shape[1])
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return weights @ value, weights


def error(call):
    try:
        call()
    except (TypeError, ValueError) as fault:
        return type(fault).__name__
    return "none"


def run(lab):
    keys, values = np.eye(PAIRS), lab.rng.normal(size=(PAIRS, WIDTH))
    asked = lab.rng.permutation(PAIRS)

    def looked_up(sharpness):
        return attention(keys[asked] * sharpness, keys, values)

    (flat, _), (sharp, weights) = lab.contrast(
        looked_up, control={"sharpness": 1e-6}, treatment={"sharpness": 100.0}
    )
    gap = np.abs(sharp - values[asked]).max()
    lab.claim("sharp scores retrieve the key's own value", gap < 1e-6, gap, "< 1e-6")
    gap = np.abs(flat - values.mean(0)).max()
    lab.claim("flat scores give every query the mean value", gap < 1e-5, gap, "< 1e-5")
    sums = np.abs(weights.sum(1) - 1).max()
    lab.claim("the weights of a query sum to one", sums < 1e-9, sums, 0)

    x = lab.rng.normal(size=(1, PAIRS, 8)).astype("float32")
    order = lab.rng.permutation(PAIRS)
    layer = layers.MultiHeadAttention(num_heads=2, key_dim=4)
    straight, mixed = (ops.convert_to_numpy(layer(x, x[:, way])) for way in (slice(None), order))
    gap = np.abs(straight - mixed).max()
    lab.claim("the order of the pairs does not matter", gap < 1e-5, gap, "< 1e-5")
    found = error(lambda: keras_layers.Attention()(x))
    lab.claim("Attention()(x) does not run", found == "ValueError", found, "ValueError")
    found = error(lambda: layers.MultiHeadAttention())
    lab.claim("MultiHeadAttention() does not run", found == "TypeError", found, "TypeError")
    lab.heatmap("Weights of a sharp lookup", weights, x_label="key", y_label="query")
