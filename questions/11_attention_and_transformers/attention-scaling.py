"""Let random queries meet random keys and measure how spread the attention weights are."""

import numpy as np
from keras import ops

from dlprep import activations

KEYS = 32
OPTIONS = {
    "spread": "Above 0.8: random keys are about equally similar, so the weights stay spread.",
    "several": "Between 0.3 and 0.6: some keys win, but several keep a visible share.",
    "one": "Below 0.1: one key takes nearly all the weight.",
}


def run(lab):
    def attend(scaled):
        weights = {}
        for d in (4, 64, 1024):
            query = lab.rng.normal(size=(256, d))
            keys = lab.rng.normal(size=(256, KEYS, d))
            scores = np.einsum("qd,qkd->qk", query, keys) / (np.sqrt(d) if scaled else 1)
            scores = scores.astype("float32")
            weights[d] = ops.convert_to_numpy(activations.softmax(ops.array(scores)))
        return weights

    def entropy(p):
        return float(-np.sum(p * np.log(np.maximum(p, 1e-30)), axis=1).mean() / np.log(KEYS))

    def slope(p):
        return float((p * (1 - p)).mean())

    unscaled, scaled = lab.contrast(attend, control={"scaled": False}, treatment={"scaled": True})
    raw = {d: entropy(p) for d, p in unscaled.items()}
    kept = {d: entropy(p) for d, p in scaled.items()}
    lab.answer(OPTIONS["one" if raw[1024] < 0.1 else "spread" if raw[1024] > 0.8 else "several"])

    lab.claim("unscaled, 64 dimensions already concentrate", raw[64] < 0.25, raw[64], "< 0.25")
    lab.claim("unscaled, 1,024 dimensions leave one key", raw[1024] < 0.1, raw[1024], "< 0.1")
    least = min(kept.values())
    lab.claim("scaled weights stay spread at every size", least > 0.8, least, "> 0.8")
    gain = slope(scaled[1024]) / slope(unscaled[1024])
    lab.claim("scaling keeps the softmax's slope alive", gain > 5, gain, "> 5 times")
    lab.value("p(1 - p) unscaled, 1,024 dimensions", slope(unscaled[1024]))
    lab.value("p(1 - p) scaled, 1,024 dimensions", slope(scaled[1024]))
    curves = {"unscaled": list(raw.values()), "scaled": list(kept.values())}
    lab.lines("Spread of the attention weights", list(raw), curves, log_x=True,
              x_label="dimensions of a key", y_label="entropy / log 32")  # fmt: skip
