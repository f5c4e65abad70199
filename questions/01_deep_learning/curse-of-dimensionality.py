"""Measure how far a neighbourhood reaches, and how much nearer the nearest point is."""

from math import gamma, pi

import numpy as np

SHARE, DIMENSIONS = 0.01, (2, 5, 10, 20, 50, 100, 200, 500, 1000)


def contrast_of(distances):
    """Return how much farther the farthest point is than the nearest, relative to the nearest."""
    return np.median(distances.max(0) / distances.min(0) - 1)


def ball(dimensions):
    """Return the share of a cube inside the ball that touches its sides."""
    return pi ** (dimensions / 2) / gamma(dimensions / 2 + 1) / 2**dimensions


def run(lab):
    cube = lab.rng.random((100_000, 10))
    # The neighbourhood sits in a corner: a point is inside when its largest coordinate is.
    flat, deep = (np.quantile(cube[:, :d].max(1), SHARE) for d in (2, 10))
    inside = np.mean(np.sum((2 * cube - 1) ** 2, axis=1) < 1)

    def concentration(dimensions, hidden):
        """Return the contrast among 500 points of `dimensions` mixtures of `hidden` numbers."""
        points, queries = lab.rng.random((500, hidden)), lab.rng.random((20, hidden))
        if hidden < dimensions:
            mixing = lab.rng.normal(size=(hidden, dimensions))
            points, queries = points @ mixing, queries @ mixing
        return contrast_of(np.linalg.norm(points[:, None] - queries, axis=2))

    plane, space, sheet = lab.contrast(
        concentration,
        control={"dimensions": 2, "hidden": 2},
        treatment={"dimensions": 1000, "hidden": 1000},
        sheet={"dimensions": 1000, "hidden": 2},
    )
    edge = SHARE ** (1 / 10)
    lab.answer(edge)
    near = abs(deep / edge - 1) < 0.03
    lab.claim("1 % of a 10-dimensional cube spans 63 % of each axis", near, deep, "0.631 +- 3 %")
    near = abs(flat / SHARE ** (1 / 2) - 1) < 0.1
    lab.claim("1 % of a square spans a tenth of each axis", near, flat, "0.1 +- 10 %")
    near = abs(inside / ball(10) - 1) < 0.3
    lab.claim("in 10 dimensions the ball holds 0.25 % of the cube", near, inside, "0.0025 +- 30 %")
    lab.claim("in 2 dimensions the farthest is over 10 times as far", plane > 10, plane, "> 10")
    lab.claim("in 1,000 dimensions it is hardly farther", space < 0.2, space, "< 0.2")
    lab.claim("1,000 mixtures of 2 numbers behave like 2 columns", sheet > 10, sheet, "> 10")
    lab.lines(
        "How much farther the farthest point is than the nearest",
        DIMENSIONS,
        {
            "independent columns": [concentration(d, d) for d in DIMENSIONS],
            "mixtures of 2 numbers": [concentration(d, 2) for d in DIMENSIONS],
        },
        x_label="number of columns",
        y_label="(farthest - nearest) / nearest",
        log_x=True,
        log_y=True,
    )
    for dimensions in (2, 10, 20):
        lab.value(f"ball / cube in {dimensions} dimensions, exact", ball(dimensions))
