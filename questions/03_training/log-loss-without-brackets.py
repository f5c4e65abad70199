"""Descend on the log loss with its brackets, without them, and without them off centre."""

import numpy as np

from dlprep.lab import data
from dlprep.reference.metrics import roc_auc
from dlprep.reference.network import numerical_gradients

RATE, STEPS = 0.5, 200


def log_loss(logits, y, brackets):
    """Return the mean loss; written in logits it needs no clip, as log p = -log(1 + exp(-z))."""
    log_p, log_rest = -np.logaddexp(0, -logits), -np.logaddexp(0, logits)
    sign = -1 if brackets else 1
    return np.mean(-y * log_p + sign * (1 - y) * log_rest)


def run(lab):
    x, y, _ = data.clicks(lab.rng, signal=4.0)
    x_test, y_test, _ = data.clicks(lab.rng, n=2000, signal=4.0)
    x, x_test = ((rows - x.mean(0)) / x.std(0) for rows in (x, x_test))

    def trained(brackets, shift=0.0):
        """Return the logits of new rows and the loss at every step."""

        def loss(parameters):
            return log_loss((x + shift) @ parameters["w"] + parameters["b"], y, brackets)

        parameters, losses = {"w": np.zeros(x.shape[1]), "b": np.zeros(1)}, []
        for _ in range(STEPS):
            losses.append(loss(parameters))
            slopes = numerical_gradients(loss, parameters, 1e-5)
            parameters = {k: v - RATE * slopes[f"d{k}"] for k, v in parameters.items()}
        return (x_test + shift) @ parameters["w"] + parameters["b"], losses

    (good, losses), (bad, broken), (off_centre, _) = lab.contrast(
        trained,
        control={"brackets": True},
        treatment={"brackets": False},
        off_centre={"brackets": False, "shift": 1.0},
    )
    upright, swapped = roc_auc(y_test, good), roc_auc(y_test, bad)
    text = "without brackets the ranking is reversed"
    lab.claim(text, swapped < 0.12, swapped, "< 0.12", share=True)
    lab.claim("the log loss ranks the rows well", upright > 0.9, upright, "> 0.9", share=True)
    zeros, ones = (np.mean(bad[y_test == label] > 0) for label in (0, 1))
    text = "without brackets nearly all rows with label 0 are predicted 1"
    lab.claim(text, zeros > 0.95, zeros, "> 0.95", share=True)
    text = "so are most rows with label 1"
    lab.claim(text, ones > 0.85, ones, "> 0.85", share=True)
    pushes = [np.mean(1 / (1 + np.exp(-z))) for z in (bad[y_test == 0], -bad[y_test == 1])]
    harder = pushes[0] / pushes[1]
    text = "in the end rows with label 0 push far harder than those with label 1"
    lab.claim(text, 7 < harder < 30, harder, "7 to 30")
    order = roc_auc(y_test, off_centre)
    text = "with 1 added to all features the ranking says next to nothing"
    lab.claim(text, 0.3 < order < 0.7, order, "0.3 to 0.7", share=True)
    mistakes = np.mean(good[y_test == 0] > 0)
    text = "with brackets few rows with label 0 are"
    lab.claim(text, mistakes < 0.22, mistakes, "< 0.22", share=True)
    text = "without brackets the loss falls far below zero"
    lab.claim(text, broken[-1] < -15, broken[-1], "< -15")
    fall = broken[-1] / broken[STEPS // 2]
    lab.claim("and goes on falling: twice the steps, twice the depth", fall > 1.4, fall, "> 1.4")
    lab.histogram(
        "Logit of new rows, trained without brackets",
        {f"label {label}": bad[y_test == label] for label in (0, 1)},
        bins=20,
        x_label="logit",
    )
    curves = {"log loss": losses, "without brackets": broken}
    lab.lines("Loss on the training rows", range(STEPS), curves, x_label="step", y_label="loss")
