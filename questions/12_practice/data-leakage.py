"""Select features from pure noise outside and inside the folds of a cross-validation."""

import numpy as np
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

REPEATS = 3


def tossed(rng, rows=60, features=3000):
    labels = rng.permutation(np.arange(rows) % 2)
    return rng.normal(size=(rows, features)), labels


def score(model, x, y, rng):
    folds = StratifiedKFold(5, shuffle=True, random_state=int(rng.integers(1e9)))
    return cross_val_score(model, x, y, cv=folds).mean()


def run(lab):
    def accuracy(outside):
        """Mean accuracy when the steps named in `outside` see all rows."""
        scores = []
        for _ in lab.progress(range(REPEATS), "notebooks"):
            x, y = tossed(lab.rng)
            steps = {"scale": StandardScaler(), "select": SelectKBest(k=20)}
            for name in outside:
                x = steps.pop(name).fit_transform(x, y)
            model = make_pipeline(*steps.values(), LogisticRegression())
            scores.append(score(model, x, y, lab.rng))
        return np.mean(scores)

    honest, scaled, leaky = lab.contrast(
        accuracy,
        control={"outside": []},
        scaler_outside={"outside": ["scale"]},
        selection_outside={"outside": ["scale", "select"]},
    )
    lab.claim("everything inside the folds gives chance", 0.3 < honest < 0.7, honest, "0.3 to 0.7")
    gap = abs(scaled - honest)
    lab.claim("a scaler outside changes next to nothing", gap < 0.05, gap, "< 0.05")
    lab.claim("selection outside predicts coin tosses", leaky > 0.8, leaky, "> 0.8")
    shown = {"all inside": honest, "scaler outside": scaled, "selection outside": leaky}
    lab.bars("Cross-validated accuracy on coin tosses", shown, y_label="accuracy")
