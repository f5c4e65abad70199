"""Train a router and its experts with and without a balancing loss, and count what is used."""

import numpy as np

from dlprep.lab import data
from dlprep.reference.activations import softmax
from dlprep.reference.feed_forward import load_imbalance, load_imbalance_backward
from dlprep.reference.optimizers import adam

EXPERTS, HIDDEN, TOP, BATCH, STEPS = 8, 16, 2, 64, 150


def gates(x, router, top=TOP):
    """Softmax over the best scores of each row, 0 elsewhere; and the softmax over all."""
    scores = x @ router
    best = np.argpartition(-scores, top - 1, axis=1)[:, :top]
    shares = np.zeros_like(scores)
    kept = softmax(np.take_along_axis(scores, best, axis=1))
    np.put_along_axis(shares, best, kept, axis=1)
    return shares, softmax(scores)


def gradients(theta, x, y, weight, top=TOP):
    router, w_in, w_out = theta
    shares, p = gates(x, router, top)
    hidden = np.maximum(np.einsum("nd,edh->enh", x, w_in), 0)
    parts = hidden @ w_out
    error = softmax(np.einsum("ne,enc->nc", shares, parts)) - np.eye(10)[y]
    error /= len(x)
    slope = np.einsum("enc,nc->ne", parts, error)
    scores = shares * (slope - np.sum(shares * slope, 1, keepdims=True))
    scores += weight * load_imbalance_backward(shares, p)
    into = shares.T[:, :, None] * error
    back = into @ np.swapaxes(w_out, 1, 2) * (hidden > 0)
    return x.T @ scores, np.einsum("nd,enh->edh", x, back), np.swapaxes(hidden, 1, 2) @ into


def run(lab):
    rng = lab.rng

    def train(weight, centred=False, rate=3e-2):
        """Share of the choices that fall on each expert, busiest first; accuracy; balance."""
        (x, y), (x_test, y_test) = data.digits(rng)
        mean = x.mean(0) if centred else 0
        x, x_test = (x - mean).astype("float64"), (x_test - mean).astype("float64")
        shapes = (64, EXPERTS), (EXPERTS, 64, HIDDEN), (EXPERTS, HIDDEN, 10)
        theta = [rng.normal(0, shape[-2] ** -0.5, shape) for shape in shapes]
        m, v = [0] * 3, [0] * 3
        for step in range(1, STEPS + 1):
            rows = rng.integers(len(x), size=BATCH)
            for i, g in enumerate(gradients(theta, x[rows], y[rows], weight)):
                theta[i], m[i], v[i] = adam(theta[i], g, m[i], v[i], step, alpha=rate)
        shares, p = gates(x_test, theta[0])
        parts = np.maximum(np.einsum("nd,edh->enh", x_test, theta[1]), 0) @ theta[2]
        guess = np.einsum("ne,enc->nc", shares, parts).argmax(1)
        load = np.sort((shares > 0).mean(0) / TOP)[::-1]
        return load, float(np.mean(guess == y_test)), float(load_imbalance(shares, p))

    alone, balanced, centred, light = lab.contrast(
        train,
        control={"weight": 0.0},
        balanced={"weight": 1.0},
        centred={"weight": 0.0, "centred": True},
        light={"weight": 0.01},
    )
    idle = [load[-2:].sum() for load, _, _ in (alone, balanced, centred, light)]
    lab.claim("with the balancing loss the two idlest experts get over 7% of the choices",
              idle[1] > 0.07, idle[1], "> 0.07", share=True)  # fmt: skip
    lab.claim("without it they get under 3%", idle[0] < 0.03, idle[0], "< 0.03", share=True)
    text = "without it, but with the mean taken off the inputs, over 6%"
    lab.claim(text, idle[2] > 0.06, idle[2], "> 0.06", share=True)
    text = "at a hundredth of its weight, under 4%"
    lab.claim(text, idle[3] < 0.04, idle[3], "< 0.04", share=True)
    gain = balanced[1] - alone[1]
    lab.claim("with the loss the accuracy is at most 2 points higher", gain < 0.02, gain, "< 0.02")
    text = "the two accuracies are within 6 points"
    lab.claim(text, abs(gain) < 0.06, abs(gain), "< 0.06")
    off = abs(balanced[2] - 1)
    lab.claim("balanced, the loss is within 0.12 of 1", off < 0.12, off, "< 0.12")
    _claim_formula(lab)
    _claim_router(lab)
    loads = {"no loss": alone[0], "balancing loss": balanced[0], "centred inputs": centred[0]}
    lab.lines("How the choices fall on eight experts", np.arange(1, EXPERTS + 1), loads,
              x_label="expert, busiest first", y_label="share of the choices")  # fmt: skip


def _claim_formula(lab):
    """What the balancing loss says of routers made by hand."""
    one = np.eye(EXPERTS)[np.zeros(100, int)]
    collapsed = float(load_imbalance(one, one))
    lab.claim("all on one expert, surely: the loss is 8", collapsed == 8, collapsed, 8.0)
    two = np.eye(EXPERTS)[np.zeros(100, int)] / 2 + np.eye(EXPERTS)[np.ones(100, int)] / 2
    pair = float(load_imbalance(two, two))
    lab.claim("all on one pair, surely: it is 4", pair == 4, pair, 4.0)
    scores = np.zeros((100, EXPERTS))
    scores[:, 0] = 1e-3
    flat = float(load_imbalance(one, softmax(scores)))
    lab.claim("all on one expert, by a hair: it is 1", abs(flat - 1) < 0.01, flat, "0.99 to 1.01")
    p = np.array([[0.501, 0.499]] * 75 + [[0.0, 1.0]] * 25)
    low = float(load_imbalance((p == p.max(1, keepdims=True)) * p, p))
    lab.claim("it can be below 1 by over 0.05", 1 - low > 0.05, 1 - low, "> 0.05")


def _claim_router(lab):
    x, y = lab.rng.normal(size=(BATCH, 64)), lab.rng.integers(0, 10, BATCH)
    shapes = (64, EXPERTS), (EXPERTS, 64, HIDDEN), (EXPERTS, HIDDEN, 10)
    theta = [lab.rng.normal(0, shape[-2] ** -0.5, shape) for shape in shapes]
    first, second = (np.abs(gradients(theta, x, y, 0.0, top)[0]).max() for top in (1, 2))
    lab.claim("one expert with share 1: the task gives the router no gradient", first < 1e-15,
              first, "< 1e-15")  # fmt: skip
    lab.claim("two experts: it does", second > 1e-3, second, "> 1e-3")
