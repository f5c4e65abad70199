"""Fill in labels along a graph of neighbours, with rows whose clusters do or do not match them."""

import numpy as np

from dlprep.lab import data

NEIGHBOURS, FRESH, REPEATS = 8, 300, 20


def distances(a, b):
    return np.sum(a**2, 1)[:, None] + np.sum(b**2, 1) - 2 * a @ b.T


def filled(x, y, classes):
    """Give each row the label that spreads to it from the first ones along a graph."""
    known, rows = len(y), np.arange(len(x))
    near = distances(x, x) + np.diag(np.full(len(x), np.inf))
    near = np.argpartition(near, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    graph = np.full((len(x), len(x)), 1e-9)
    graph[rows[:, None], near] = 1
    graph = np.maximum(graph, graph.T)
    laplace = np.diag(graph.sum(1)) - graph
    spread = np.linalg.solve(laplace[known:, known:], graph[known:, :known] @ np.eye(classes)[y])
    return np.append(y, spread.argmax(1))


def balanced(x, y, each):
    """Put as many rows of each class in front."""
    ranks = np.array([np.sum(y[:i] == label) for i, label in enumerate(y)])
    order = np.argsort(ranks >= each, kind="stable")
    return x[order], y[order]


def nearest(x, y, test):
    return y[distances(test, x).argmin(1)]


def run(lab):
    rng = lab.rng

    def moons(number, labelled):
        x, moon = data.moons(rng, number, noise=0.1)
        x = x.astype("float64")
        return x, moon if labelled == "by moon" else (x[:, 0] > 0.5).astype(int)

    def images(number, labelled):
        x, y = images.rows
        order = rng.permutation(len(x))[:number]
        return x[order], y[order]

    (x, y), _ = data.digits(rng)
    images.rows = x.astype("float64"), y

    def accuracy(others, labelled="by moon", source=moons, labels=6, classes=2, fresh=FRESH):
        """Mean accuracy of the nearest row, with or without rows whose labels were filled in."""
        scores = []
        for _ in range(REPEATS):
            x, y = source(labels + 400 + fresh, labelled)
            x, y = balanced(x, y, labels // classes)
            test, truth = x[labels + 400 :], y[labels + 400 :]
            x, y = x[: labels + others], y[:labels]
            guess = filled(x, y, classes) if others else y
            scores.append(np.mean(nearest(x, guess, test) == truth))
        return float(np.mean(scores))

    few, more, side, more_side, digits, more_digits, many, more_many = lab.contrast(
        accuracy,
        control={"others": 0},
        more={"others": 400},
        side={"others": 0, "labelled": "by side"},
        more_side={"others": 400, "labelled": "by side"},
        digits={"others": 0, "source": images, "labels": 30, "classes": 10},
        more_digits={"others": 400, "source": images, "labels": 30, "classes": 10},
        many={"others": 0, "labels": 60},
        more_many={"others": 400, "labels": 60},
    )
    gain = more - few
    lab.claim("six labels, clusters that are the classes: 400 rows gain over four points",
              gain > 0.04, gain, "> 0.04")  # fmt: skip
    gain = more_side - side
    lab.claim("the same rows, classes cut across clusters: they gain less than two points",
              gain < 0.02, gain, "< 0.02")  # fmt: skip
    gain = more_digits - digits
    lab.claim("30 labelled digits: 400 others gain over three points", gain > 0.03, gain, "> 0.03")
    gain = more_many - many
    lab.claim("with 60 labels they move the moons by under two points", abs(gain) < 0.02, abs(gain),
              "< 0.02")  # fmt: skip
    shown = {"moons": few, "moons, filled in": more, "sides": side, "sides, filled in": more_side}
    shown |= {"digits": digits, "digits, filled in": more_digits}
    lab.bars("Labelled rows alone, and with 400 rows filled in", shown, y_label="accuracy")
