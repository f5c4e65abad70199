"""Pick the best of many models on validation rows and look at it again on fresh ones."""

import numpy as np

FEATURES, TRAIN, FRESH, REPEATS = 20, 200, 4000, 12


def run(lab):
    rng = lab.rng

    def labelled(rows, signal):
        x = rng.normal(size=(rows, FEATURES))
        logit = signal * x.sum(axis=1) / FEATURES**0.5
        return x, np.where(rng.random(rows) < 1 / (1 + np.exp(-logit)), 1.0, -1.0)

    def right(weights, x, y):
        return np.mean((weights @ x.T > 0) == (y > 0), axis=1)

    def select(number, validation=200, signal=0.0, used=5):
        """Accuracies of the candidate picked on validation rows and of the one picked on test.

        The candidates are least-squares fits to random sets of features, on 200 training rows.
        """
        scores = []
        for _ in range(REPEATS):
            x, y = labelled(TRAIN, signal)
            sets = rng.random((number, FEATURES)).argsort(axis=1)[:, :used]
            squares = (x.T @ x)[sets[:, :, None], sets[:, None]]
            weights = np.zeros((number, FEATURES))
            fitted = np.linalg.solve(squares, (x.T @ y)[sets][..., None])[..., 0]
            np.put_along_axis(weights, sets, fitted, axis=1)
            sizes = validation, 200, FRESH
            seen, test, fresh = (right(weights, *labelled(rows, signal)) for rows in sizes)
            best, other = seen.argmax(), test.argmax()
            train = right(weights, x, y)[best]
            scores.append((train, seen[best], test[best], fresh[best], test[other], fresh[other]))
        names = "train", "validation", "test", "fresh", "picked on test", "fresh of that"
        return dict(zip(names, np.mean(scores, axis=0), strict=True))

    one, thirty, tossed, many, real = lab.contrast(
        select,
        control={"number": 1},
        thirty={"number": 30},
        tossed={"number": 1000},
        many={"number": 1000, "validation": 4000},
        real={"number": 1000, "signal": 6.0, "used": 15},
    )
    luck = tossed["validation"] - tossed["fresh"]
    lab.claim("with tossed labels the best of 1,000 looks six points better than it is",
              luck > 0.06, luck, "> 0.06")  # fmt: skip
    off = abs(tossed["test"] - 0.5)
    lab.claim("on 200 test rows that had no say it is at chance", off < 0.045, off, "< 0.045")
    gap = abs(one["validation"] - one["fresh"])
    lab.claim("one model, not picked, scores on validation what it scores on fresh rows",
              gap < 0.03, gap, "< 0.03")  # fmt: skip
    gap = one["train"] - one["fresh"]
    lab.claim("its training accuracy is above that", gap > 0.02, gap, "> 0.02")
    again = (tossed["picked on test"] - tossed["fresh of that"]) / luck
    lab.claim("picked on the test rows, the test score is as much too good", 0.7 < again < 1.4,
              again, "0.7 to 1.4")  # fmt: skip
    ratio = luck / (thirty["validation"] - thirty["fresh"])
    lab.claim("the best of 30 is less lucky", ratio > 1.05, ratio, "> 1.05")
    gap = many["validation"] - many["fresh"]
    lab.claim("with 4,000 validation rows the luck is small", gap < 0.03, gap, "< 0.03")
    gap = real["validation"] - real["fresh"]
    text = "the best of 1,000 models of a label that can be predicted looks too good as well"
    lab.claim(text, gap > 0.04, gap, "> 0.04")
    shown = {
        "picked: validation": tossed["validation"],
        "picked: test": tossed["test"],
        "picked: fresh": tossed["fresh"],
        "not picked: validation": one["validation"],
        "not picked: fresh": one["fresh"],
    }
    lab.bars("Accuracy on tossed labels", shown, y_label="accuracy")
