"""Train on invented wines, then show both kinds of model inputs that are no wine."""

import numpy as np
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.preprocessing import StandardScaler

SPLITS = 5


def wines(rng):
    x, y = load_wine(return_X_y=True)
    split = train_test_split(x, y, test_size=0.4, stratify=y, random_state=int(rng.integers(1e9)))
    scale = StandardScaler().fit(split[0])
    return scale.transform(split[0]), scale.transform(split[1]), split[2], split[3]


def invent(model, rng, n=600, spread=1.0):
    """Draw from the model, each feature with `spread` times the deviation it learnt."""
    labels = rng.choice(len(model.classes_), n, p=model.class_prior_)
    return rng.normal(model.theta_[labels], spread * np.sqrt(model.var_[labels])), labels


def log_density(model, x):
    return np.logaddexp.reduce(model.predict_joint_log_proba(x), axis=1)


def run(lab):
    def accuracy(labels):
        scores = []
        for _ in range(SPLITS):
            x, x_test, y, y_test = wines(lab.rng)
            rows, told = invent(GaussianNB().fit(x, y), lab.rng)
            told = told if labels == "as invented" else lab.rng.permutation(told)
            scores.append(LogisticRegression().fit(rows, told).score(x_test, y_test))
        return np.mean(scores)

    shuffled, invented = lab.contrast(
        accuracy, control={"labels": "shuffled"}, treatment={"labels": "as invented"}
    )
    lab.claim("invented wines teach to tell real ones", invented > 0.93, invented, "> 0.93",
              share=True)  # fmt: skip
    lab.claim("with shuffled labels they teach little", shuffled < 0.7, shuffled, "< 0.7",
              share=True)  # fmt: skip

    x, real, y, _ = wines(lab.rng)
    far, _ = 10 * lab.rng.normal(size=(500, x.shape[1])), None
    model, boundary = GaussianNB().fit(x, y), LogisticRegression().fit(x, y)
    flagged = np.mean(log_density(model, far) < log_density(model, x).min())
    lab.claim("the density flags noise far out", flagged > 0.95, flagged, "> 0.95", share=True)
    bland, _ = invent(model, lab.rng, 500, spread=0.3)
    above = np.mean(log_density(model, bland) > np.quantile(log_density(model, real), 0.9))
    lab.claim("it ranks wines without character above nine real ones in ten", above > 0.9, above,
              "> 0.9", share=True)  # fmt: skip

    def unsure(inputs):
        return np.mean(boundary.predict_proba(inputs).max(1) < 0.99)

    near, away = unsure(real), unsure(10 * real)
    lab.claim("ten times as far out logistic regression is surer", near > 4 * away, away / near,
              "< 0.25")  # fmt: skip
    lab.histogram(
        "Log density under naive Bayes",
        {"wines": log_density(model, x), "far away": log_density(model, far)},
        x_label="log p(x), nats",
    )
