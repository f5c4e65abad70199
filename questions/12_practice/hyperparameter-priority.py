"""Split the variance of two searches over learning rate and width among the two."""

import numpy as np

from dlprep.lab import data
from dlprep.reference.losses import sparse_categorical_crossentropy

STEPS, BATCH, ROWS = 200, 32, 600
CUSTOMARY = {"rates": np.geomspace(1e-4, 1, 7), "widths": (32, 64, 128)}
TURNED = {"rates": (0.1, 0.2, 0.4), "widths": (4, 8, 16, 64, 256)}
HIGHEST = 10.0


def train(rng, train_set, test_set, rate, width, momentum=0.0):
    """Return the validation loss of a ReLU layer and a softmax after 200 steps of SGD."""
    (x, y), (x_new, y_new) = train_set, test_set
    shapes = ((64, width), (width,), (width, 10), (10,))
    scales = (2 / 64, 0, 1 / width, 0)
    layers = [s**0.5 * rng.normal(size=shape) for s, shape in zip(scales, shapes, strict=True)]
    moving = [0.0] * 4
    for _ in range(STEPS):
        rows = rng.integers(len(x), size=BATCH)
        hidden = np.maximum(x[rows] @ layers[0] + layers[1], 0)
        z = hidden @ layers[2] + layers[3]
        share = np.exp(z - z.max(1, keepdims=True))
        delta = (share / share.sum(1, keepdims=True) - np.eye(10)[y[rows]]) / BATCH
        back = delta @ layers[2].T * (hidden > 0)
        gradients = x[rows].T @ back, back.sum(0), hidden.T @ delta, delta.sum(0)
        for i, gradient in enumerate(gradients):
            moving[i] = momentum * moving[i] + gradient
            layers[i] = layers[i] - rate * moving[i]
    z = np.maximum(x_new @ layers[0] + layers[1], 0) @ layers[2] + layers[3]
    return min(np.mean(sparse_categorical_crossentropy(y_new, z)[0]), HIGHEST)


def run(lab):
    (x, y), held_out = data.digits(lab.rng)
    digits = (x[:ROWS].astype("float64"), y[:ROWS]), held_out

    def search(rates, widths):
        """Shares of the variance of the log loss: of rate and of width; all the losses."""
        losses = np.array([[train(lab.rng, *digits, r, w) for w in widths] for r in rates])
        table = np.log(losses)
        by_rate, by_width = table.mean(1).var() / table.var(), table.mean(0).var() / table.var()
        return by_rate, by_width, losses

    customary, turned = lab.contrast(search, control=CUSTOMARY, treatment=TURNED)
    share = turned[1]
    text = "over narrow rates and wide widths, the width has most of the variance"
    lab.claim(text, share > 0.6, share, "> 0.6", share=True)
    share = turned[0]
    lab.claim("there the rate has little", share < 0.36, share, "< 0.36", share=True)
    share = customary[0]
    lab.claim("over four decades of rates the rate has nearly all", share > 0.9, share, "> 0.9",
              share=True)  # fmt: skip
    share = customary[1]
    lab.claim("there three widths have next to none", share < 0.04, share, "< 0.04", share=True)
    most = customary[2].max(0) / customary[2].min(0)
    lab.claim("at each width the worst rate's loss is over five times the best rate's",
              min(most) > 5, min(most), "> 5")  # fmt: skip
    narrow, least = turned[2][:, 0].min(), turned[2].min()
    lab.claim("at the best of these rates, width 4 leaves over twice the least loss",
              narrow / least > 2, narrow / least, "> 2")  # fmt: skip
    share = search(CUSTOMARY["rates"], np.geomspace(32, 128, 7).astype(int))[1]
    lab.claim("seven widths in the same range have no more", share < 0.02, share, "< 0.02",
              share=True)  # fmt: skip
    by_rate, by_width, _ = search(TURNED["rates"], CUSTOMARY["widths"])
    lab.claim("over equal factors of four the rate still leads", by_rate / by_width > 2,
              by_rate / by_width, "> 2")  # fmt: skip
    _retune(lab, digits)
    lab.heatmap("Validation loss, the search of the prompt", customary[2], x_label="width",
                y_label="learning rate", x_ticks=CUSTOMARY["widths"],
                y_ticks=[f"{rate:.1g}" for rate in CUSTOMARY["rates"]])  # fmt: skip
    shares = {
        "customary: rate": customary[0],
        "customary: width": customary[1],
        "turned: rate": turned[0],
        "turned: width": turned[1],
    }
    lab.bars("Who explains the outcomes", shares, y_label="share of the variance of the log loss")


def _retune(lab, digits):
    rates = np.geomspace(1e-2, 1, 5)
    plain, heavy = ([train(lab.rng, *digits, rate, 64, beta) for rate in rates]
                    for beta in (0.0, 0.9))  # fmt: skip
    moved = rates[np.argmin(plain)] / rates[np.argmin(heavy)]
    lab.claim("with momentum 0.9 the best rate is at least three times lower", moved > 2, moved,
              "> 2")  # fmt: skip
