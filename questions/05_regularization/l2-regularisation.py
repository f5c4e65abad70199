"""Fit two equally important features of different spread, then few rows of many, under L2."""

import keras
import numpy as np

from dlprep import regularizers
from dlprep.reference.optimizers import adam
from dlprep.reference.penalties import l2

ROWS, SPREADS, STRENGTH = 2000, np.array([1.0, 0.1]), 0.1
ALIKE = "About 2.7 and 2.7: a pull in proportion takes the same share from both of them"
WIDE_PAYS = "About 0.3 and 2.7: the wide feature moves the output more, so it is damped more"
NARROW_PAYS = "About 2.7 and 0.3: the data hold on to the wide feature's weight far harder"
REMOVED = "About 2.7 and exactly 0: the penalty removes the feature that varies too little"


def descend(x, y, strength, rate=0.4, steps=3000):
    """Minimise the mean squared error plus L2 on the weights, not the bias; keep the path."""
    w, b, path = np.zeros(x.shape[1]), 0.0, []
    for _ in range(steps):
        error = x @ w + b - y
        w = w - rate * (2 * x.T @ error / len(x) + l2(w, strength)[1])
        b -= rate * 2 * error.mean()
        path.append(w)
    return np.array(path), b


def option(w):
    if w[1] == 0:
        return REMOVED
    wide, narrow = w > 1.5
    return ALIKE if wide == narrow else NARROW_PAYS if wide else WIDE_PAYS


def noisy_rows(rng, true, n):
    x = rng.normal(size=(n, len(true)))
    return x, x @ true + rng.normal(size=n)


def error_of(w, x, y):
    return np.mean((x @ w - y) ** 2)


def run(lab):
    x = SPREADS * lab.rng.normal(size=(ROWS, 2))
    y = x @ [3.0, 3.0] + lab.rng.normal(0, 0.1, ROWS)

    def weights(strength, scale=1.0):
        return descend(x / scale, y, strength)[0][-1]

    free, pulled = lab.contrast(
        weights, control={"strength": 0.0}, penalised={"strength": STRENGTH}
    )
    lab.answer(option(pulled))
    lab.claim("under L2 the narrow feature's weight falls to about 0.3", 0.15 < pulled[1] < 0.5,
              pulled[1], "0.15 to 0.5")  # fmt: skip
    lab.claim("the wide feature's stays at about 2.7", 2 < pulled[0] < 3.6, pulled[0], "2 to 3.6")
    least = min(free)
    lab.claim("without a penalty both are about 3", 2.2 < least < 4, least, "2.2 to 4")
    alike = weights(STRENGTH, SPREADS)
    kept = alike / (free * SPREADS)
    ratio = kept[1] / kept[0]
    lab.claim("standardised, both keep the same share", 0.7 < ratio < 1.4, ratio, "0.7 to 1.4")
    lab.claim("which is nine tenths", 0.75 < kept[1] < 1, kept[1], "0.75 to 1")
    shares = {"1": pulled[0] / 3, "0.1": pulled[1] / 3}
    lab.bars("Share of a weight of 3 that L2 leaves, by the feature's spread", shares,
             y_label="share left")  # fmt: skip
    _claim_overfitting(lab)
    _claim_bias(lab)
    _claim_step(lab)


def _claim_overfitting(lab):
    """Thirty rows of twenty-five features: test error without, with, and with early stopping."""
    free, ridge, stopped = [], [], []
    for _ in range(20):
        true = lab.rng.normal(size=25) / 5
        (x, y), valid, test = (noisy_rows(lab.rng, true, n) for n in (30, 200, 1000))
        grams, strengths = x.T @ x / 30, [0.0, *10.0 ** np.linspace(-3, 2, 11)]
        fits = [np.linalg.solve(grams + s * np.eye(25), x.T @ y / 30) for s in strengths]
        path = descend(x, y, 0.0, rate=0.05, steps=200)[0]
        free.append(error_of(fits[0], *test) - 1)
        for errors, found in ((ridge, fits[1:]), (stopped, path)):
            chosen = np.argmin([error_of(w, *valid) for w in found])
            errors.append(error_of(found[chosen], *test) - 1)
    gain = np.median(free) / np.median(ridge)
    lab.claim("L2 takes the error of 30 noisy rows to under a quarter", gain > 4, gain, "> 4")
    same = np.median(stopped) / np.median(ridge)
    lab.claim("early stopping does about as well", 0.6 < same < 1.6, same, "0.6 to 1.6")


def _claim_bias(lab):
    """Targets around 100: Keras's kernel regulariser, and the same penalty on the bias too."""
    x = lab.rng.normal(size=(300, 3))
    y = 100 + x @ [1.0, 2.0, 3.0]
    spared = np.mean((x @ (d := descend(x, y, STRENGTH))[0][-1] + d[1] - y) ** 2)
    ones = np.hstack([x, np.ones((300, 1))])
    both = np.linalg.solve(ones.T @ ones / 300 + STRENGTH * np.eye(4), ones.T @ y / 300)
    charged = np.mean((ones @ both - y) ** 2)
    lab.claim("with targets around 100 a penalised bias costs an error over 50", charged > 50,
              charged, "> 50")  # fmt: skip
    lab.claim("an unpenalised one under 1", spared < 1, spared, "< 1")
    layer = keras.layers.Dense(2, kernel_regularizer=keras.regularizers.L2(STRENGTH),
                               bias_initializer="ones")  # fmt: skip
    layer.build((None, 3))
    plain = STRENGTH * np.sum(np.square(layer.get_weights()[0]))
    ratio = float(sum(layer.losses)) / plain
    lab.claim("Keras adds c times the sum of the squared kernel weights, no biases",
              abs(ratio - 1) < 1e-5, abs(ratio - 1), "< 1e-5")  # fmt: skip
    ours = float(regularizers.L2(STRENGTH)(layer.kernel)) / plain
    lab.claim("and dlprep's L2 the same sum", abs(ours - 1) < 1e-5, abs(ours - 1), "< 1e-5")


def _claim_step(lab):
    """What the penalty takes from a weight in 200 steps, beside noise of size 1 and of size 10."""

    def taken(size, rate, is_adam):
        ends = []
        for strength in (0.0, STRENGTH):
            w, m, v = np.ones(500), 0, 0
            for t, g in enumerate(size * noise, 1):
                g = g + l2(w, strength)[1]
                w, m, v = adam(w, g, m, v, t, alpha=rate) if is_adam else (w - rate * g, 0, 0)
            ends.append(w.mean())
        return ends[0] - ends[1]

    noise = lab.rng.normal(size=(200, 500))
    ratio = taken(1, 1e-3, True) / taken(10, 1e-3, True)
    lab.claim("under Adam ten times the noise leaves a tenth of the pull", 6 < ratio < 16, ratio,
              "6 to 16")  # fmt: skip
    ratio = taken(1, 1e-3, False) / taken(10, 1e-3, False)
    lab.claim("in plain gradient descent all of it", 0.7 < ratio < 1.4, ratio, "0.7 to 1.4")
