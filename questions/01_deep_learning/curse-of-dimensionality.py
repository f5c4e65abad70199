"""Measure how far a neighbourhood reaches, and how much nearer the nearest point is."""

import numpy as np

SHARE, DIMENSIONS = 0.01, (2, 5, 10, 20, 50, 100, 200, 500, 1000)


def run(lab):
    cube = lab.rng.random((100_000, 10))

    def span(dimensions):
        """Return the edge of the cube around the middle that catches the share of the points."""
        return 2 * np.quantile(np.abs(cube[:, :dimensions] - 0.5).max(1), SHARE)

    def squared_distances(dimensions, hidden):
        """Return those of 500 points from 200 queries, all mixtures of `hidden` numbers."""
        points, queries = lab.rng.random((500, hidden)), lab.rng.random((200, hidden))
        if hidden < dimensions:
            mixing = lab.rng.normal(size=(hidden, dimensions))
            points, queries = points @ mixing, queries @ mixing
        squares = np.sum(points**2, axis=1)[:, None] + np.sum(queries**2, axis=1)
        return squares - 2 * points @ queries.T

    def reach(dimensions, hidden):
        """Return how many times as far away as the nearest point the farthest is."""
        squares = squared_distances(dimensions, hidden)
        return np.median(np.sqrt(squares.max(0) / squares.min(0)))

    def spread(dimensions):
        """Return the deviation of the squared distances from one query, relative to their mean."""
        squares = squared_distances(dimensions, dimensions)
        return np.median(squares.std(0) / squares.mean(0))

    flat, deep = lab.contrast(span, control={"dimensions": 2}, treatment={"dimensions": 10})
    plane, space, sheet = lab.contrast(
        reach,
        control={"dimensions": 2, "hidden": 2},
        space={"dimensions": 1000, "hidden": 1000},
        sheet={"dimensions": 1000, "hidden": 2},
    )
    lab.answer(deep)
    text = "1 % of a 10-dimensional cube spans most of each axis"
    lab.claim(text, deep > 0.47, deep, "> 0.47", share=True)
    off = abs(deep / SHARE ** (1 / 10) - 1)
    lab.claim("it spans the tenth root of 1 %, 63 %", off < 0.02, off, "< 0.02")
    lab.claim("1 % of a square spans a tenth of each axis", flat < 0.15, flat, "< 0.15", share=True)
    disc, ball = (np.mean(np.sum((2 * cube[:, :d] - 1) ** 2, axis=1) < 1) for d in (2, 10))
    lab.claim("a disc holds most of its square", disc > 0.7, disc, "> 0.7", share=True)
    text = "in 10 dimensions the ball holds a quarter of a percent"
    lab.claim(text, ball < 0.004, ball, "< 0.004", share=True)
    text = "in 2 dimensions the farthest is over 30 times as far as the nearest"
    lab.claim(text, plane > 30, plane, "> 30")
    farther = space - 1
    text = "in 1,000 dimensions it is hardly farther"
    lab.claim(text, farther < 0.15, farther, "< 0.15")
    lab.claim("1,000 mixtures of 2 numbers behave like 2 columns", sheet > 30, sheet, "> 30")
    fall = spread(10) / spread(1000)
    lab.claim("a hundred times the columns, a tenth of the spread", fall > 7, fall, "> 7")
    lab.lines(
        "How much farther the farthest point is than the nearest",
        DIMENSIONS,
        {
            "independent columns": [reach(d, d) - 1 for d in DIMENSIONS],
            "mixtures of 2 numbers": [reach(d, 2) - 1 for d in DIMENSIONS],
        },
        x_label="number of columns",
        y_label="(farthest - nearest) / nearest",
        log_x=True,
        log_y=True,
    )
