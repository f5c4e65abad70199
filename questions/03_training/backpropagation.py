"""Hold gradients written by hand, right and with a slip, against differences; then descend."""

import numpy as np

from dlprep.reference.network import cost, forward, initialize, numerical_gradients

SIZES, EXAMPLES, RATES, STEPS = (5, 6, 3), 40, (0.03, 0.1, 0.3, 1.0, 3.0), 200


def gradients(parameters, x, y, slip=None):
    """Back-propagate through a tanh layer and sigmoid outputs; examples are columns."""
    output, cache = forward(x, parameters, "tanh", "sigmoid")
    m, hidden = x.shape[1], cache["A1"]
    dz2 = output - y
    if slip == "squared error's":
        dz2 = dz2 * output * (1 - output)
    dw2 = dz2 @ hidden.T / m
    w2 = parameters["W2"] - (0.3 * dw2 if slip == "updated" else 0)
    dz1 = w2.T @ dz2 * (1 if slip == "no slope" else 1 - hidden**2)
    parts = (dz1 @ x.T, dz1.sum(1, keepdims=True), dw2 * m, dz2.sum(1, keepdims=True))
    return {f"d{name}": part / m for name, part in zip(parameters, parts, strict=True)}


def run(lab):
    x = lab.rng.normal(size=(SIZES[0], EXAMPLES))
    teacher = lab.rng.normal(size=(SIZES[2], SIZES[0]))
    y = (teacher @ x > 0).astype("float64")
    drawn = initialize(SIZES, lab.rng)
    start = {name: lab.rng.normal(0, 0.7, part.shape) for name, part in drawn.items()}

    def loss(parameters):
        return cost(forward(x, parameters, "tanh", "sigmoid")[0], y)

    exact = numerical_gradients(loss, start, 1e-5)

    def error(slip):
        """Return the worst relative error among the four gradients."""
        found = gradients(start, x, y, slip)
        return max(float(np.linalg.norm(found[name] - part) / np.linalg.norm(part))
                   for name, part in exact.items())  # fmt: skip

    no_slope, right, updated, squares = lab.contrast(
        error,
        control={"slip": "no slope"},
        treatment={"slip": None},
        updated={"slip": "updated"},
        squares={"slip": "squared error's"},
    )
    lab.claim("the four formulas agree with central differences", right < 1e-7, right, "< 1e-7")
    lab.claim("1 - h^2 left out: off by over 60%", no_slope > 0.6, no_slope, "> 0.6")
    lab.claim("w2 updated first, rate 0.3: off by over 2%", updated > 0.02, updated, "> 0.02")
    lab.claim("a(1 - a) kept: off by over 60%", squares > 0.6, squares, "> 0.6")
    _descend(lab, x, y, start, loss)
    _far(lab)


def _descend(lab, x, y, start, loss):
    """A wrong gradient may train as well: each at the best of five rates."""

    def path(slip, rate):
        parameters, losses = start, []
        for _ in range(STEPS):
            slopes = gradients(parameters, x, y, slip)
            parameters = {name: part - rate * slopes[f"d{name}"]
                          for name, part in parameters.items()}  # fmt: skip
            losses.append(loss(parameters))
        return losses

    best = {name: min((path(slip, rate) for rate in RATES), key=lambda losses: losses[-1])
            for name, slip in (("right", None), ("slope left out", "no slope"))}  # fmt: skip
    share = best["slope left out"][-1] / loss(start)
    lab.claim("with the slope left out the loss falls below a fifth too", share < 0.2, share,
              "< 0.2")  # fmt: skip
    lab.lines("Loss under both gradients, each at its best rate", range(1, STEPS + 1), best,
              x_label="step", y_label="loss", log_y=True)  # fmt: skip


def _far(lab):
    """Sums far from zero, in the single precision that training uses."""
    size = lab.rng.uniform(20, 60, 100).astype("float32")
    y, lost, kept = lab.rng.integers(0, 2, 100).astype("float32"), [], True
    for z in (size, -size):
        with np.errstate(all="ignore"):
            a = 1 / (1 + np.exp(-z))
            factors = (-y / a + (1 - y) / (1 - a)) * a * (1 - a)
        lost.append(int(np.isnan(factors).sum()))
        kept = kept and bool(np.isfinite(a - y).all())
    above, below = lost
    lab.claim("single precision, sums from 20 to 60: dA times a(1 - a) is NaN in all 100 cases",
              above == 100, above, 100)  # fmt: skip
    lab.claim("sums from -60 to -20: in none", below == 0, below, 0)
    lab.claim("and a - y is finite in all", kept, kept, True)
