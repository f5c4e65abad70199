"""Try the usual remedies on a network that underfits and on one that overfits."""

import numpy as np

from dlprep.lab import data
from dlprep.reference.activations import sigmoid
from dlprep.reference.diagnosis import bias_variance
from dlprep.reference.optimizers import adam

BATCH, RATE = 256, 0.03


def draw(rng, rows, flipped, idle):
    """Return features, some of them noise, and labels, a share of them flipped."""
    x, y = data.product(rng, rows)
    return np.hstack([x, rng.uniform(-1, 1, (rows, idle))]), y ^ (rng.random(rows) < flipped)


def output(theta, x, mask=1.0):
    hidden = np.tanh(x @ theta[0] + theta[1])
    return hidden, (hidden * mask) @ theta[2] + theta[3]


def errors(rng, width=4, rows=1000, steps=300, flipped=0.0, idle=0, decay=0.0, dropped=0.0,
           rate=RATE):  # fmt: skip
    """Train one hidden layer; return the shares of errors on training and validation rows."""
    (x, y), valid = draw(rng, rows, flipped, idle), draw(rng, 3000, flipped, idle)
    theta = [rng.normal(0, 0.7, (x.shape[1], width)), rng.normal(0, 0.5, width),
             rng.normal(0, width**-0.5, width), np.zeros(1)]  # fmt: skip
    m, v = [0] * 4, [0] * 4
    for step in range(1, steps + 1):
        batch = rng.integers(rows, size=min(rows, BATCH))
        mask = (rng.random((len(batch), width)) >= dropped) / (1 - dropped)
        hidden, z = output(theta, x[batch], mask)
        error = (sigmoid(z)[0] - y[batch]) / len(batch)
        back = np.outer(error, theta[2]) * mask * (1 - hidden**2)
        gradients = [x[batch].T @ back + 2 * decay * theta[0], back.sum(0),
                     (hidden * mask).T @ error + 2 * decay * theta[2], error.sum()]  # fmt: skip
        for i, g in enumerate(gradients):
            theta[i], m[i], v[i] = adam(theta[i], g, m[i], v[i], step, rate * (1.02 - step / steps))
    return np.array([np.mean((output(theta, x)[1] > 0) != y) for x, y in ((x, y), valid)])


def run(lab):
    def mean_errors(runs=3, **settings):
        return np.mean([errors(lab.rng, **settings) for _ in range(runs)], axis=0)

    start, wide, more, longer, decay, dropped = lab.contrast(
        mean_errors,
        control={},
        wide={"width": 32},
        more={"rows": 10_000},
        longer={"steps": 900},
        decay={"decay": 1e-3},
        dropped={"dropped": 0.2},
    )

    def claim(text, share, low, high):
        lab.claim(text, low < share < high, share, f"{low} to {high}")

    lab.claim("32 hidden units instead of 4: validation error under 6%", wide[1] < 0.06, wide[1],
              "< 0.06")  # fmt: skip
    claim("with 4 units it is about 13% in training", start[0], 0.09, 0.23)
    claim("and about 14% in validation", start[1], 0.1, 0.24)
    for name, arm in {"ten times the rows": more, "L2": decay, "dropout": dropped}.items():
        lab.claim(f"with {name} about 15% remain", arm[1] > 0.1, arm[1], "> 0.1")
    lab.claim("with three times the steps about 13% remain", longer[1] > 0.09, longer[1], "> 0.09")
    longest = mean_errors(runs=2, steps=3000, rate=0.1)
    lab.claim("ten times the steps at three times the rate leave over 6% in training",
              longest[0] > 0.06, longest[0], "> 0.06")  # fmt: skip
    few = mean_errors(width=32, rows=100)
    lab.claim("32 units on 100 rows: training error under 2%", few[0] < 0.02, few[0], "< 0.02")
    lab.claim("validation error about 12%", few[1] > 0.09, few[1], "> 0.09")
    wider, tenfold = mean_errors(width=96, rows=100), mean_errors(width=32, rows=1000)
    lab.claim("three times the units leave about 11%", wider[1] > 0.075, wider[1], "> 0.075")
    gain = few[1] / tenfold[1]
    lab.claim("ten times the rows take it to less than half", gain > 2, gain, "> 2")
    both = mean_errors(width=2, rows=150, idle=10)
    lab.claim("2 units, 150 rows, 10 idle features: training error a quarter", both[0] > 0.17,
              both[0], "> 0.17")  # fmt: skip
    lab.claim("and over 10 points more in validation", both[1] - both[0] > 0.1, both[1] - both[0],
              "> 0.1")  # fmt: skip
    floor = mean_errors(width=32, flipped=0.14)
    claim("with 14% of the labels flipped 32 units err on 17% in training", floor[0], 0.12, 0.23)
    claim("and on 20% in validation", floor[1], 0.15, 0.27)
    found = bias_variance(*map(float, start), base_error=0.01, gap=0.05)
    verdict = found["high_bias"], found["high_variance"]
    lab.claim("the verdict on 4 units is bias without variance", verdict == (True, False),
              str(verdict), "(True, False)")  # fmt: skip
    shown = {"as it is": start, "10 x rows": more, "L2": decay, "dropout": dropped, "wide": wide}
    lab.bars("Remedies for a network of 4 units", {name: arm[1] for name, arm in shown.items()},
             y_label="validation error")  # fmt: skip
