"""Estimate a classifier's accuracy on many small data sets, by one split and by ten folds."""

import numpy as np

FEATURES, FOLDS, SETS = 5, 10, 300
ALIKE = "About as much, since both use the same 100 rows"
HALF = "About half as much, since one fit brings in less chance than ten"
TWICE = "Two to five times as much, since it tests on fewer rows"
TENFOLD = "About ten times as much, since ten folds average ten scores"


def least_squares(x, y, test):
    x, test = (np.hstack([a, np.ones((len(a), 1))]) for a in (x, test))
    return np.sign(test @ np.linalg.lstsq(x, y, rcond=None)[0])


def nearest(x, y, test):
    return y[((test[:, None] - x) ** 2).sum(-1).argmin(1)]


def run(lab):
    rng = lab.rng

    def draw(rows):
        y = rng.choice([-1.0, 1.0], rows)
        return rng.normal(size=(rows, FEATURES)) + 0.4 * y[:, None], y

    def estimates(folds, rows=100, learner=least_squares, sets=SETS):
        """Estimates of the accuracy on data sets of their own, from the first folds of ten."""
        found = []
        for _ in range(sets):
            (x, y), scores = draw(rows), []
            for held in np.arange(rows).reshape(FOLDS, -1)[:folds]:
                guess = learner(np.delete(x, held, 0), np.delete(y, held), x[held])
                scores.append(np.mean(guess == y[held]))
            found.append(np.mean(scores))
        return np.array(found)

    one, ten, near, near_ten, large = lab.contrast(
        estimates,
        control={"folds": 1},
        ten={"folds": 10},
        near={"folds": 1, "learner": nearest},
        near_ten={"folds": 10, "learner": nearest},
        large={"folds": 1, "rows": 10_000, "sets": 60},
    )
    ratio, gap = one.std() / ten.std(), abs(one.mean() - ten.mean())
    lab.claim("one split scatters two to five times as much as ten folds", 2 <= ratio <= 5, ratio,
              "2 to 5")  # fmt: skip
    lab.claim("the averages agree within 0.03", gap < 0.03, gap, "< 0.03")
    lab.answer(HALF if ratio < 0.7 else ALIKE if ratio < 2 else TWICE if ratio <= 5 else TENFOLD)
    lab.claim("one split's estimates deviate by over 0.09", one.std() > 0.09, one.std(), "> 0.09")
    lab.claim("ten folds' by under 0.06", ten.std() < 0.06, ten.std(), "< 0.06")
    ratio = near.std() / near_ten.std()
    lab.claim("with nearest neighbours one split scatters over 1.7 times as much", ratio > 1.7,
              ratio, "> 1.7")  # fmt: skip
    wide = large.std()
    lab.claim("with 10,000 rows one split deviates by under 0.02", wide < 0.02, wide, "< 0.02")
    real = [np.mean(least_squares(*draw(90), test) == y) for test, y in [draw(500) for _ in one]]
    bias = abs(ten.mean() - np.mean(real))
    lab.claim("ten folds give the accuracy of models of 90 rows", bias < 0.015, bias, "< 0.015")
    lab.histogram("Estimates of 300 data sets of 100 rows", {"one split": one, "ten folds": ten},
                  bins=30)  # fmt: skip
