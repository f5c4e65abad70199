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


def distance(model, x, labels):
    """Root mean square of the features, in the deviations of the row's class."""
    return np.sqrt(np.mean((x - model.theta_[labels]) ** 2 / model.var_[labels], axis=1))


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
    lab.claim("with shuffled labels they teach nothing", shuffled < 0.6, shuffled, "< 0.6",
              share=True)  # fmt: skip

    x, real, y, kind = wines(lab.rng)
    far = 10 * lab.rng.normal(size=(500, x.shape[1]))
    model, boundary = GaussianNB().fit(x, y), LogisticRegression().fit(x, y)
    flagged = np.mean(log_density(model, far) < log_density(model, x).min())
    lab.claim("the density flags noise far out", flagged > 0.95, flagged, "> 0.95", share=True)
    bland, kinds = invent(model, lab.rng, 500, spread=0.1)
    found = np.concatenate([distance(model, x, y), distance(model, real, kind)])
    nearer = found.min() / distance(model, bland, kinds).max()
    lab.claim("wines without character are nearer to the mean than any real one", nearer > 1.5,
              nearer, "> 1.5")  # fmt: skip
    above = np.mean(log_density(model, bland) > np.median(log_density(model, real)))
    lab.claim("and denser than the median real wine", above > 0.9, above, "> 0.9", share=True)

    def unsure(inputs):
        return np.mean(boundary.predict_proba(inputs).max(1) < 0.99)

    near, away = unsure(real), unsure(10 * real)
    lab.claim("ten times as far out logistic regression is surer", near > 4 * away, away / near,
              "< 0.25")  # fmt: skip
    lab.histogram(
        "Log density under naive Bayes",
        {
            "wines": log_density(model, x),
            "without character": log_density(model, bland),
            "far away": log_density(model, far),
        },
        x_label="log p(x), nats",
    )
