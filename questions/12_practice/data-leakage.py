"""Select features from pure noise outside and inside the folds of a cross-validation."""

import numpy as np
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

REPEATS, ROWS, FEATURES = 10, 60, 3000


def tossed(rng):
    labels = rng.permutation(np.arange(ROWS) % 2)
    return rng.normal(size=(ROWS, FEATURES)), labels


def score(model, x, y, rng):
    folds = StratifiedKFold(5, shuffle=True, random_state=int(rng.integers(1e9)))
    return cross_val_score(model, x, y, cv=folds).mean()


def best_agreement(x, y):
    """On how many rows the sign of the best single feature tells the label."""
    agreeing = np.sum((x > 0) == (y[:, None] > 0), axis=0)
    return int(np.maximum(agreeing, ROWS - agreeing).max())


def run(lab):
    def accuracy(outside):
        """Accuracy of ten notebooks in which the steps named in `outside` see all rows."""
        scores = []
        for _ in lab.progress(range(REPEATS), "notebooks"):
            x, y = tossed(lab.rng)
            steps = {"scale": StandardScaler(), "select": SelectKBest(k=20)}
            for name in outside:
                x = steps.pop(name).fit_transform(x, y)
            model = make_pipeline(*steps.values(), LogisticRegression())
            scores.append(score(model, x, y, lab.rng))
        return np.array(scores)

    def recorded_later(shuffle):
        """Accuracy with one feature that was recorded after the outcome."""
        x, y = tossed(lab.rng)
        told = lab.rng.permutation(y) if shuffle else y
        later = y[:, None] + lab.rng.normal(0, 0.1, (ROWS, 1))
        return score(LogisticRegression(), np.hstack([x[:, :5], later]), told, lab.rng)

    honest, scaled, leaky = lab.contrast(
        accuracy,
        control={"outside": []},
        scaler_outside={"outside": ["scale"]},
        selection_outside={"outside": ["scale", "select"]},
    )
    found, chance = leaky.mean(), honest.mean()
    lab.claim("selection on all rows predicts coin tosses", found > 0.86, found, "> 0.86",
              share=True)  # fmt: skip
    off = abs(chance - 0.5)
    lab.claim("everything inside the folds gives chance", off < 0.12, off, "< 0.12")
    lucky = honest.max()
    lab.claim("no honest notebook of ten comes near", lucky < 0.8, lucky, "< 0.8", share=True)
    gap = abs(scaled.mean() - chance)
    lab.claim("a scaler outside changes next to nothing", gap < 0.03, gap, "< 0.03")
    luck = np.mean([best_agreement(*tossed(lab.rng)) for _ in range(REPEATS)]) / ROWS
    lab.claim("the best feature agrees with three labels in four", luck < 0.82, luck, "< 0.82",
              share=True)  # fmt: skip
    later = np.mean([recorded_later(False) for _ in range(REPEATS)])
    lab.claim("a feature recorded later gives the label away", later > 0.9, later, "> 0.9",
              share=True)  # fmt: skip
    check = abs(np.mean([recorded_later(True) for _ in range(REPEATS)]) - 0.5)
    lab.claim("and with shuffled labels it looks like chance", check < 0.1, check, "< 0.1")
    shown = {"all inside": chance, "scaler outside": scaled.mean(), "selection outside": found}
    lab.bars("Cross-validated accuracy on coin tosses", shown, y_label="accuracy")
