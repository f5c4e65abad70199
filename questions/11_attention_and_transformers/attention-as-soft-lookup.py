"""Look up one-hot keys with sharp and with flat scores, and learn keys by gradient descent."""

import numpy as np

from dlprep.reference.attention import attention, attention_backward

PAIRS, WIDTH, STEPS = 12, 5, 300


def shifted(query, key, value, whole):
    """Attention with the largest of all scores subtracted from each, or nothing."""
    scores = query @ key.T / np.sqrt(key.shape[1])
    weights = np.exp(scores - (scores.max() if whole else 0))
    return weights / weights.sum(axis=1, keepdims=True) @ value


def nearest(query, key, value):
    """The hard lookup: the value of the key that fits best."""
    return value[np.argmax(query @ key.T, axis=1)]


def loss(output, wanted):
    return np.mean((output - wanted) ** 2)


def run(lab):
    keys, values = np.eye(PAIRS), lab.rng.normal(size=(PAIRS, WIDTH))
    asked = lab.rng.permutation(PAIRS)

    def looked_up(sharpness):
        return attention(keys[asked] * sharpness, keys, values)

    (flat, _), (sharp, weights) = lab.contrast(
        looked_up, control={"sharpness": 1e-6}, treatment={"sharpness": 100.0}
    )
    gap = np.abs(sharp - values[asked]).max()
    lab.claim("sharp scores retrieve the key's own value to six digits", gap < 1e-6, gap, "< 1e-6")
    gap = np.abs(flat - values.mean(0)).max()
    lab.claim("flat scores give every query the mean value", gap < 1e-5, gap, "< 1e-5")
    order = lab.rng.permutation(PAIRS)
    query = lab.rng.normal(size=(20, PAIRS))
    output = attention(query, keys, values)[0]
    gap = np.abs(attention(query, keys[order], values[order])[0] - output).max()
    lab.claim("the order of the pairs does not matter", gap < 1e-9, gap, "< 1e-9")
    inside = np.mean((output >= values.min(0)) & (output <= values.max(0)))
    lab.claim(
        "all outputs lie within the range of the values", inside == 1, inside, 1.0, share=True
    )
    large = 1000 * np.sqrt(PAIRS) * keys
    mixed = np.concatenate([large, -large])
    with np.errstate(all="ignore"):
        plain = np.mean(np.isnan(shifted(large, keys, values, whole=False)))
        whole = np.mean(np.isnan(shifted(mixed, keys, values, whole=True)[PAIRS:]))
    lab.claim("scores of 1,000 give nothing but NaN without the maximum", plain == 1, plain, 1.0,
              share=True)  # fmt: skip
    lab.claim("so do queries far below one maximum for all", whole == 1, whole, 1.0, share=True)
    _learn(lab, values, asked)
    lab.heatmap("Weights of a sharp lookup", weights, x_label="key", y_label="query")


def _learn(lab, values, asked):
    """Keys that start at random are to be found by their queries."""
    query, wanted = 5 * np.eye(PAIRS), values[asked]
    start = key = lab.rng.normal(size=(PAIRS, PAIRS))
    for _ in range(STEPS):
        output, weights = attention(query, key, values)
        key = key - 20 * attention_backward(2 * (output - wanted) / output.size,
                                            query, key, values, weights)[1]  # fmt: skip
    before = loss(attention(query, start, values)[0], wanted)
    left = loss(attention(query, key, values)[0], wanted) / before
    lab.claim("learning the keys takes away nine tenths of the error", left < 0.1, left, "< 0.1")
    nudged = [start + 1e-6 * lab.rng.normal(size=start.shape) for _ in range(20)]
    moved = max(np.abs(nearest(query, k, values) - nearest(query, start, values)).max()
                for k in nudged)  # fmt: skip
    lab.claim("small changes of the keys change no hard lookup", moved == 0, moved, 0.0)
