"""Train on invented wines, then look at both kinds of model far away from any wine."""

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


def invent(model, rng, n=600):
    labels = rng.choice(len(model.classes_), n, p=model.class_prior_)
    return rng.normal(model.theta_[labels], np.sqrt(model.var_[labels])), labels


def log_density(model, x):
    joint = model.predict_joint_log_proba(x)
    return np.logaddexp.reduce(joint, axis=1)


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
    lab.claim("invented wines teach to tell real ones", invented > 0.85, invented, "> 0.85")
    lab.claim("with shuffled labels they teach nothing", shuffled < 0.6, shuffled, "< 0.6")

    x, _, y, _ = wines(lab.rng)
    far = lab.rng.normal(0, 10, (500, x.shape[1]))
    generative, discriminative = GaussianNB().fit(x, y), LogisticRegression().fit(x, y)
    flagged = np.mean(log_density(generative, far) < log_density(generative, x).min())
    sure = np.mean(discriminative.predict_proba(far).max(1) > 0.9)
    lab.claim("the density flags inputs unlike any wine", flagged > 0.95, flagged, "> 0.95")
    lab.claim("logistic regression is sure about most of them", sure > 0.7, sure, "> 0.7")
    lab.histogram(
        "Log density under naive Bayes",
        {"wines": log_density(generative, x), "far away": log_density(generative, far)},
        x_label="log p(x), nats",
    )
