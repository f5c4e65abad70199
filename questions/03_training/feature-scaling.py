"""Descend on raw and on standardised features, each at the best of a sweep of rates."""

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.tree import DecisionTreeClassifier

from dlprep.reference.activations import sigmoid
from dlprep.reference.optimizers import adam, gradient_descent
from dlprep.reference.scaling import standardize

ROWS, STEPS = 400, 1000
MULTIPLES = (1, 3, 7, 15, 30, 60, 100, 200)
EQUAL = "About equal: a rate that is tuned to the raw features makes up for their scale"
LOWER = "Raw is lower: large features give large gradients, so it gets there sooner"
HIGHER = "Raw is several times as high: the steepest direction caps the rate for all"
STUCK = "Raw stays at the loss of the start: large inputs saturate the sigmoid for good"


def with_bias(x):
    return np.column_stack([x, np.ones(len(x))])


def loss(w, x, y):
    z = w @ x.T
    return np.mean(np.logaddexp(0, z) - y * z, axis=-1)


def curvatures(x):
    """Eigenvalues of the log loss's Hessian at the start, where each p (1 - p) is a quarter."""
    return np.linalg.eigvalsh(x.T @ x / len(x)) / 4


def train(x, y, rates, rule="descent", steps=STEPS):
    """Return the losses after training at each of the rates, side by side."""
    rates = np.reshape(rates, (-1, 1))
    w, m, v = np.zeros((len(rates), x.shape[1])), 0.0, 0.0
    for t in range(1, steps + 1):
        slope = (sigmoid(w @ x.T)[0] - y) @ x / len(x)
        if rule == "adam":
            w, m, v = adam(w, slope, m, v, t, alpha=rates)
        else:
            w = gradient_descent(w, slope, eta=rates)
    return loss(w, x, y)


def sweep(x, y):
    """Return losses at multiples of 1 / L, where L is the largest curvature, and the best rate."""
    rates = np.array(MULTIPLES) / curvatures(x)[-1]
    losses = train(x, y, rates)
    return losses, rates[np.argmin(losses)]


def run(lab):
    features, labels = load_breast_cancer(return_X_y=True)
    rows = lab.rng.permutation(len(features))[:ROWS]
    x, y = features[rows], labels[rows]
    scaled = with_bias(standardize(x, x.mean(axis=0), x.var(axis=0)))
    versions = {"raw": with_bias(x), "standardised": scaled}

    def descend(version):
        return sweep(versions[version], y)

    (curve, rate), (raw, raw_rate) = lab.contrast(
        descend, control={"version": "standardised"}, treatment={"version": "raw"}
    )
    best, worst = min(curve), min(raw)
    ratio = worst / best
    lab.answer(HIGHER if ratio > 5 else LOWER if ratio < 0.8 else EQUAL if worst < 0.6 else STUCK)
    lab.claim("raw features end at over five times the loss, each at its best rate", ratio > 5,
              ratio, "> 5")  # fmt: skip
    lab.claim("still the raw ones leave the start", worst < 0.35, worst, "< 0.35")
    lab.claim("their best rate is over 500,000 times smaller", rate / raw_rate > 500_000,
              rate / raw_rate, "> 500000")  # fmt: skip
    lab.claim("at the largest rate of the sweep their loss is above 1", raw[-1] > 1, raw[-1], "> 1")
    high = train(versions["raw"], y, rate)[0]
    lab.claim("at the other's rate their loss is over 50,000", high > 50_000, high, "> 50000")
    long = train(versions["raw"], y, raw_rate / 2, steps=5 * STEPS)[0]
    lab.claim("five times the steps at half the rate: still over four times", long / best > 4,
              long / best, "> 4")  # fmt: skip
    spread = x.std(axis=0).max() / x.std(axis=0).min()
    lab.claim("deviations span five orders of magnitude", spread > 1e5, spread, "> 1e5")
    conditions = {name: (c := curvatures(a))[-1] / c[0] for name, a in versions.items()}
    lab.claim("raw, the condition number is above 1e12", conditions["raw"] > 1e12,
              conditions["raw"], "> 1e12")  # fmt: skip
    kept = conditions["standardised"]
    lab.claim("standardised it is still near 1e5", 3e4 < kept < 3e5, kept, "3e4 to 3e5")
    apart = with_bias(lab.rng.permuted(versions["standardised"][:, :-1], axis=0))
    left = (c := curvatures(apart))[-1] / c[0]
    lab.claim("with each column shuffled, uncorrelated, below 5", left < 5, left, "< 5")
    _others(lab, x, y, versions, best, worst)
    lab.lines("Loss after 1,000 steps of gradient descent", MULTIPLES,
              {"raw": np.minimum(raw, 1), "standardised": np.minimum(curve, 1)},
              x_label="learning rate times largest curvature", y_label="training loss, cut at 1",
              log_x=True, log_y=True)  # fmt: skip


def _others(lab, x, y, versions, best, worst):
    """One column out of scale; another optimizer; a model that compares features with numbers."""
    column = versions["standardised"].copy()
    column[:, 0] *= 1000
    bends = [loss(h, a, y) + loss(-h, a, y) - 2 * loss(0 * h, a, y)
             for a in (column, versions["standardised"])
             for h in [1e-4 * np.eye(x.shape[1] + 1)[0]]]  # fmt: skip
    ratio = bends[0] / bends[1]
    lab.claim("a feature times 1,000: a million times the curvature along its weight",
              7e5 < ratio < 1.4e6, ratio, "7e5 to 1.4e6")  # fmt: skip
    ratio = min(sweep(column, y)[0]) / best
    lab.claim("one standardised column times 1,000: over five times the loss", ratio > 5, ratio,
              "> 5")  # fmt: skip
    moved = min(train(versions["raw"], y, [0.003, 0.01, 0.03, 0.1], "adam"))
    lab.claim("Adam on raw features: less than 60% of descent's loss", moved / worst < 0.6,
              moved / worst, "< 0.6")  # fmt: skip
    lab.claim("yet over twice that of descent on standardised ones", moved / best > 2,
              moved / best, "> 2")  # fmt: skip
    factors = 10 ** lab.rng.uniform(-3, 3, x.shape[1])
    half = len(x) // 2
    trees = [DecisionTreeClassifier(random_state=0).fit(a[:half], y[:half]).predict(a[half:])
             for a in (x, x * factors)]  # fmt: skip
    same = np.mean(trees[0] == trees[1])
    lab.claim("a decision tree predicts the same after rescaling", same == 1, same, 1.0, share=True)
