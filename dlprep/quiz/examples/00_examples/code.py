"""Take the softmax of large scores with and without the shift, and a loss that never forms it."""

import numpy as np

from dlprep import losses


def softmax(scores, shift):
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(scores - (scores.max() if shift else 0.0))
        return powers / powers.sum()


def run(lab):
    scores = 1000.0 + lab.rng.normal(size=4)

    def finite(shift):
        return np.isfinite(softmax(scores, shift)).sum()

    naive, shifted = lab.contrast(finite, control={"shift": False}, treatment={"shift": True})
    lab.claim("with the shift all 4 probabilities are finite", shifted == 4, shifted, 4)
    lab.claim("without it none is", naive == 0, naive, 0)
    loss = losses.CategoricalCrossentropy(from_logits=True)
    value = float(loss(np.eye(4, dtype="float32")[:1], scores[None].astype("float32")))
    lab.claim("the loss from logits is finite too", value < 20, value, "< 20")
