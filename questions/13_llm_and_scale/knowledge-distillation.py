"""Teach a small network 40 digits by labels, by a teacher's soft answers, and by spoilt ones."""

import numpy as np

from dlprep.lab.data import digits
from dlprep.reference.activations import softmax
from dlprep.reference.network import backward, forward, initialize
from dlprep.reference.optimizers import adam

TEMPERATURE, SHOWN, CLASSES = 4.0, 40, 10


def logits(x, weights):
    return forward(x.T, weights, "relu", "linear")[0].T


def train(rng, x, goal, units, temperature=1.0, rate=0.01, steps=300, test=None):
    """Descend on T^2 times the cross-entropy at T; return weights and the best test accuracy."""
    weights, best = initialize([64, units, CLASSES], rng), 0.0
    moments = {name: (0.0, 0.0) for name in weights}
    for step in range(1, steps + 1):
        rows = rng.integers(len(x), size=SHOWN)
        z, cache = forward(x[rows].T, weights, "relu", "linear")
        pull = temperature * (softmax(z.T / temperature) - goal[rows]).T
        slopes = backward(weights, cache, z - pull, "relu", "linear", "squared_error")
        for name, (m, v) in moments.items():
            weights[name], *moments[name] = adam(
                weights[name], slopes[f"d{name}"], m, v, step, rate
            )
        if test and step % 50 == 0:
            best = max(best, np.mean(logits(test[0], weights).argmax(1) == test[1]))
    return weights, best


def spoilt(rng, goal):
    """Exchange the probabilities of the other classes within each row, and keep the largest."""
    other = goal.copy()
    for row in other:
        rest = np.flatnonzero(np.arange(CLASSES) != row.argmax())
        row[rest] = rng.permutation(row[rest])
    return other


def run(lab):
    (x, y), test = digits(lab.rng)
    teacher, known = train(lab.rng, x, np.eye(CLASSES)[y], 128, rate=0.005, steps=400, test=test)
    answers = softmax(logits(x, teacher) / TEMPERATURE)
    few = np.concatenate([np.flatnonzero(y == digit)[:4] for digit in range(CLASSES)])
    hard, bare = np.eye(CLASSES)[y], np.eye(CLASSES)[answers.argmax(1)]

    def accuracy(goal, rows=few, temperatures=(TEMPERATURE,)):
        """Of the student at the best of three rates, at its best moment on the test images."""
        tries = [train(lab.rng, x[rows], goal[rows], 16, temperature, rate, test=test)[1]
                 for temperature in temperatures for rate in (0.003, 0.01, 0.03)]  # fmt: skip
        return max(tries)

    everything = np.arange(len(x))
    labels, soft, mixed, all_soft, all_bare = lab.contrast(
        accuracy,
        control={"goal": hard, "temperatures": (1.0, TEMPERATURE)},
        soft={"goal": answers},
        mixed={"goal": spoilt(lab.rng, answers)},
        all_soft={"goal": answers, "rows": everything},
        all_bare={"goal": bare, "rows": everything, "temperatures": (1.0,)},
    )
    lost = 1 - labels
    ratio = (1 - soft) / lost
    lab.claim("soft answers on 40 images cut the errors of labels", ratio < 0.8, ratio, "< 0.8")
    lab.claim("labels alone leave errors", lost > 0.08, lost, "> 0.08")
    ratio = (1 - mixed) / (1 - soft)
    lab.claim("with the other classes exchanged over 1.4 times the errors", ratio > 1.4, ratio,
              "> 1.4")  # fmt: skip
    for text, share in (("the teacher", known), ("soft answers on all images", all_soft),
                        ("the teacher's bare labels on all images", all_bare)):  # fmt: skip
        lab.claim(f"{text}: few errors", share > 0.93, share, "> 0.93", share=True)
    _sizes(lab, x, teacher)
    lab.bars("Accuracy on unseen digits", {"teacher": known, "40 labels": labels,
             "40 soft answers": soft, "40 spoilt answers": mixed, "all soft answers": all_soft,
             "all bare labels": all_bare}, y_label="accuracy")  # fmt: skip


def _sizes(lab, x, teacher):
    """Size of the gradient by a fresh student's logits, as T grows."""
    student, goal = logits(x, initialize([64, 16, CLASSES], lab.rng)), logits(x, teacher)

    def size(t):
        return np.linalg.norm(softmax(student / t) - softmax(goal / t)) / t

    falls = size(1) / size(100)
    lab.claim("from T = 1 to 100 the soft gradient falls over 3,000-fold", falls > 3000, falls,
              "> 3000")  # fmt: skip
    scaled = [t**2 * size(t) for t in (1, 2, 4, 10, 100)]
    spread = max(scaled) / min(scaled)
    lab.claim("times T^2 it stays within a factor of 4", spread < 4, spread, "< 4")
