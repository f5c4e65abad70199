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
    lab.claim("without the shift large scores give NaN", naive == 0, naive, "0 of 4 finite")
    lab.claim("with it they give probabilities", shifted == 4, shifted, "4 of 4 finite")
    loss = losses.CategoricalCrossentropy(from_logits=True)
    value = float(loss(np.eye(4, dtype="float32")[:1], scores[None].astype("float32")))
    lab.claim("the loss from logits is finite too", np.isfinite(value), value, "finite")
