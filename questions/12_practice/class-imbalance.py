"""Fit a logistic regression to rare positives with weights of 1 and 49 and compare the fits."""

import numpy as np
from sklearn.metrics import roc_auc_score

ROWS, SHARE, WEIGHT = 20_000, 0.02, 49.0
APART = np.array([1.2, 0.8])


def draw(rng):
    """Draw two classes with normal features: their log-odds are linear."""
    y = (np.arange(ROWS) < SHARE * ROWS).astype(float)
    return rng.normal(size=(ROWS, 2)) + y[:, None] * APART, y


def fit(x, y, weight, steps=15):
    """Return intercept and slopes at the optimum of the weighted loss, by Newton's method."""
    x = np.hstack([np.ones((len(x), 1)), x])
    w, theta = np.where(y == 1, weight, 1.0), np.zeros(x.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ theta))
        curvature = (x * (w * p * (1 - p))[:, None]).T @ x
        theta -= np.linalg.solve(curvature, x.T @ (w * (p - y)))
    return theta


def rates(y, called):
    """Return recall, false positive rate, accuracy and precision."""
    precision = y[called].mean() if called.any() else 0.0
    return called[y == 1].mean(), called[y == 0].mean(), np.mean(called == y), precision


def run(lab):
    x, y = draw(lab.rng)
    fresh, labels = draw(lab.rng)

    def train(weight):
        theta = fit(x, y, weight)
        return theta, theta[0] + fresh @ theta[1:]

    (plain, z), (weighted, high) = lab.contrast(
        train, control={"weight": 1.0}, treatment={"weight": WEIGHT}
    )
    shift = weighted[0] - plain[0]
    lab.claim("the intercept grows by about 3.9", 2.7 < shift < 5.6, shift, "2.7 to 5.6")
    mean, honest = np.mean(1 / (1 + np.exp(-high))), np.mean(1 / (1 + np.exp(-z)))
    lab.claim("the mean probability is 0.33 for 2% positives", mean > 0.23, mean, "> 0.23",
              share=True)  # fmt: skip
    lab.claim("without weights it is 0.02", 0.014 < honest < 0.028, honest, "0.014 to 0.028")
    moved = abs(roc_auc_score(labels, high) - roc_auc_score(labels, z))
    lab.claim("ROC-AUC on fresh rows moves by less than 0.01", moved < 0.01, moved, "< 0.01")
    change = np.linalg.norm(weighted[1:] - plain[1:]) / np.linalg.norm(plain[1:])
    lab.claim("the slopes stay what they were to within a fifth", change < 0.2, change, "< 0.2")
    _decisions(lab, labels, z, high)
    weights = np.array([1.0, 3.0, 7.0, 20.0, 49.0, 150.0])
    shifts = [fit(x, y, weight)[0] - plain[0] for weight in weights]
    lab.lines("What a weight on the positives adds to the intercept", weights,
              {"fitted": shifts, "logarithm of the weight": np.log(weights)}, log_x=True,
              x_label="weight of a positive row", y_label="rise of the intercept")  # fmt: skip


def _decisions(lab, labels, z, high):
    """Compare thresholds on the fit without weights with the weighted fit at one half."""
    recall, alarms, accuracy, precision = rates(labels, high > 0)
    before = rates(labels, z > 0)
    lab.claim("without weights accuracy is 98%", before[2] > 0.97, before[2], "> 0.97", share=True)
    lab.claim("its recall is below 0.1", before[0] < 0.1, before[0], "< 0.1", share=True)
    lab.claim("with weights recall is over 0.65", recall > 0.65, recall, "> 0.65", share=True)
    lab.claim("accuracy falls below 0.85", accuracy < 0.85, accuracy, "< 0.85", share=True)
    lab.claim("over nine in ten alarms are false", precision < 0.1, precision, "< 0.1", share=True)
    at_share = rates(labels, z > -np.log(WEIGHT))
    apart = max(abs(at_share[0] - recall), abs(at_share[1] - alarms))
    lab.claim("1/50 as threshold without weights has the same rates", apart < 0.03, apart, "< 0.03")
    mean = np.mean(1 / (1 + np.exp(np.log(WEIGHT) - high)))
    lab.claim("less ln 49 the mean prediction is 0.02", 0.014 < mean < 0.028, mean,
              "0.014 to 0.028")  # fmt: skip
    never = np.mean(labels == 0)
    lab.claim("no for everyone has an accuracy of 98%", never > 0.97, never, "> 0.97", share=True)
