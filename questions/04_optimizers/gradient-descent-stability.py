"""Descend on quadratics at many rates, and find the one from which descent runs away."""

import numpy as np

STEPS, FAR = 1500, 1e6


def descend(slope, start, rate, momentum=0.0, steps=STEPS):
    """Return the points of gradient descent with heavy-ball momentum, until it is far away."""
    x, velocity, path = start, 0.0, [start]
    for _ in range(steps):
        velocity = momentum * velocity - rate * slope(x)
        x = x + velocity
        path.append(x)
        if np.abs(x).max() > FAR:
            break
    return np.array(path)


def limit(slope, start, momentum=0.0):
    """Halve an interval until it holds the least rate that runs away."""
    low, high = 0.0, 4.0
    while high - low > 2e-3 * high:
        middle = (low + high) / 2
        away = np.abs(descend(slope, start, middle, momentum)[-1]).max() > 10
        low, high = (low, middle) if away else (middle, high)
    return high


def run(lab):
    curvatures = 2 * np.array([lab.draw["steep"], lab.draw["flat"]])
    start = lab.rng.choice([-1, 1], 2) * lab.rng.uniform(0.5, 2, 2)

    def slope(x):
        return curvatures * x

    def left(rate):
        return float(np.abs(descend(slope, start, rate)[-1]).max())

    at = 2 / curvatures[0]
    above, below = lab.contrast(left, control={"rate": 1.05 * at}, treatment={"rate": 0.95 * at})
    found = limit(slope, start)
    lab.answer(found)
    lab.claim("5% below 2 over the largest curvature it converges", below < 1e-3, below, "< 1e-3")
    lab.claim("5% above it runs away", above > 1e5, above, "> 1e5")
    ratio = found * lab.draw["steep"]
    lab.claim("the limit is 1 over the larger coefficient", 0.75 < ratio < 1.33, ratio,
              "0.75 to 1.33")  # fmt: skip
    heavy = limit(slope, start, 0.9) / found
    lab.claim("with momentum 0.9 it is 1.9 times as high", 1.4 < heavy < 2.6, heavy, "1.4 to 2.6")
    kept = float(abs(descend(slope, start, at, steps=100)[-1, 0] / start[0]))
    lab.claim("at the limit the steep coordinate keeps its size", 0.75 < kept < 1.33, kept,
              "0.75 to 1.33")  # fmt: skip
    _narrow(lab, start)
    _curved(lab)
    factors = (0.05, 0.5, 0.95, 1.05)
    paths = {}
    for part in factors:
        points = descend(slope, start, part * at, steps=40)
        paths[f"{part:g} of the limit"] = np.linalg.norm(points, axis=1)
    lab.lines("Distance from the minimum", range(41), paths, log_y=True, x_label="step",
              y_label="distance")  # fmt: skip


def _narrow(lab, start):
    """Coefficients 20 and 0.1, whatever was drawn: the flat direction's time at the best rate."""
    needed = []
    for part in (0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99):
        path = descend(lambda x: np.array([40, 0.2]) * x, start, part * 2 / 40)
        small = np.abs(path[:, 1]) < 0.1 * np.abs(start[1])
        needed.append(int(small.argmax()) if small.any() else STEPS)
    lab.claim("with 20 and 0.1 the flat direction takes over 150 steps to a tenth at every rate",
              min(needed) > 150, min(needed), "> 150")  # fmt: skip
    gentle = float(np.abs(descend(lambda x: 0.2 * x, start, 9.5)[-1]).max())
    lab.claim("a coefficient of 0.1 alone converges at rate 9.5", gentle < 1e-3, gentle, "< 1e-3")


def _curved(lab):
    """Where the curvature is not constant."""
    ends = descend(lambda x: x / np.sqrt(1 + x**2), lab.rng.uniform(0.5, 2, 2), 3.0)[-2:]
    least, most = float(np.abs(ends).min()), float(np.abs(ends).max())
    lab.claim("root of 1 + x^2 at rate 3: it does not converge", least > 0.8, least, "> 0.8")
    lab.claim("nor run away, it stays at 1.1", most < 1.5, most, "< 1.5")
    near, turned, away = (
        float(np.abs(descend(lambda x: 4 * x**3, np.array([start]), 0.1, steps=steps)[-1]).max())
        for start, steps in ((2.1, STEPS), (5**0.5, 5), (2.4, STEPS))
    )
    lab.claim("x to the fourth at rate 0.1: from 2.1 it shrinks", near < 0.1, near, "< 0.1")
    lab.claim("from 2.4 it runs away", away > 1e5, away, "> 1e5")
    kept = turned / 5**0.5
    lab.claim("from the root of 5 it keeps its size", 0.75 < kept < 1.33, kept, "0.75 to 1.33")
