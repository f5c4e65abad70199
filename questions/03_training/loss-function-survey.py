"""Minimise three losses over a constant, with and without typos among the targets."""

from functools import partial

import numpy as np

from dlprep.reference.losses import mean_squared_error
from dlprep.reference.regression_losses import huber, mean_absolute_error

ROWS, TYPOS, TYPO = 100, 5, 100.0
LOSSES = {"MSE": mean_squared_error, "MAE": mean_absolute_error, "Huber": huber}
GRID = np.linspace(-3, 12, 1501)


def values(rng, typos):
    y = rng.normal(size=ROWS)
    y[:typos] = TYPO
    return y


def minimiser(loss, y, x=1.0, grid=GRID):
    """Return the c of a grid for which the prediction c x has the smallest mean loss."""
    costs = [loss(y[None, :], np.broadcast_to(c * x, y.shape)[None, :])[0][0] for c in grid]
    return grid[np.argmin(costs)]


def run(lab):
    def fit(typos):
        y = values(lab.rng, typos)
        return y, {name: minimiser(loss, y) for name, loss in LOSSES.items()}

    (_, clean), (y, found) = lab.contrast(fit, control={"typos": 0}, treatment={"typos": TYPOS})
    huber_near = 0 if abs(found["Huber"]) < 1 else 5 if found["Huber"] > 3.5 else 2
    lab.answer(f"MSE near {5 if found['MSE'] > 3.5 else 0}, Huber near {huber_near}, "
               f"MAE near {0 if abs(found['MAE']) < 1 else 5}")  # fmt: skip
    lab.claim("typos drag the minimiser of MSE to about 5", found["MSE"] > 3.5, found["MSE"],
              "> 3.5")  # fmt: skip
    for name in ("MAE", "Huber"):
        off = abs(found[name] - np.median(y))
        lab.claim(f"that of {name} is within 0.5 of the median", off < 0.5, off, "< 0.5")
        size = abs(found[name])
        lab.claim(f"that of {name} is near 0", size < 0.8, size, "< 0.8")
    off = abs(found["MSE"] - y.mean())
    lab.claim("that of MSE is the mean", off < 0.01, off, "< 0.01")
    apart = max(clean.values()) - min(clean.values())
    lab.claim("without typos the three are within 0.4", apart < 0.4, apart, "< 0.4")
    off = abs(minimiser(partial(huber, delta=1000.0), y) - y.mean())
    lab.claim("with a delta of 1000 Huber's is the mean", off < 0.01, off, "< 0.01")
    off = abs(minimiser(partial(huber, delta=0.01), y) - np.median(y))
    lab.claim("with a delta of 0.01 it is the median", off < 0.1, off, "< 0.1")
    _pulls(lab)
    _limits(lab)
    deltas = 10.0 ** np.linspace(-1, 3, 7)
    lines = {"Huber": [minimiser(partial(huber, delta=d), y) for d in deltas]}
    lines |= {name: np.full(7, found[name]) for name in ("MSE", "MAE")}
    lab.lines("The constant fitted to values with typos", deltas, lines, log_x=True,
              x_label="delta of Huber loss", y_label="fitted constant")  # fmt: skip


def _pulls(lab):
    """Measure by differences how hard residuals of 100 and 2 pull."""
    for name, expected in {"MSE": 50.0, "MAE": 1.0, "Huber": 1.0}.items():
        ends = np.array([[2.0], [2.001], [100.0], [100.001]])
        cost = LOSSES[name](np.zeros((4, 1)), ends)[0]
        ratio = round(float((cost[3] - cost[2]) / (cost[1] - cost[0])), 1)
        lab.claim(f"under {name} a residual of 100 pulls {expected:g} times as hard as one of 2",
                  ratio == expected, ratio, expected)  # fmt: skip


def _limits(lab):
    """Claim what robust losses cost on honest values, and that inputs are another matter."""
    skewed = lab.rng.exponential(size=2000)
    low = 1 - minimiser(mean_absolute_error, skewed, grid=np.linspace(0, 2, 401)) / skewed.mean()
    lab.claim("on exponential values MAE's constant is 30% below the mean", 0.2 < low < 0.45, low,
              "0.2 to 0.45")  # fmt: skip
    x = lab.rng.normal(size=ROWS)
    y = x + 0.1 * lab.rng.normal(size=ROWS)
    grid = np.linspace(-0.5, 1.5, 401)
    before = minimiser(mean_absolute_error, y, x, grid)
    lab.claim("without wrong inputs MAE finds a slope of 1", before > 0.7, before, "> 0.7")
    x[:TYPOS] = 100.0
    after = minimiser(mean_absolute_error, y, x, grid)
    lab.claim("five inputs of 100 turn it into one below 0.2", abs(after) < 0.2, abs(after),
              "< 0.2")  # fmt: skip
