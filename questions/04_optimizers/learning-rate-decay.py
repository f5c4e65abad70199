"""Stochastic gradient descent on least squares, with a constant and with a falling rate."""

import numpy as np

STEPS, TAIL, RATE = 8000, 500, 0.04


def constant(t):
    return RATE


def time_based(t):
    return RATE / (1 + 0.01 * t)


def staircase(t):
    return RATE * 0.5 ** (t // 1000)


def run(lab):
    d = 10
    best, start = lab.rng.normal(size=(2, d))
    x = lab.rng.normal(size=(STEPS, d))
    noise = lab.rng.normal(size=STEPS)

    def distances(schedule, noisy):
        """Squared distance from the optimum after each step, one example a step."""
        w, history = start.copy(), np.empty(STEPS)
        targets = x @ best + noisy * noise
        for t in range(STEPS):
            w = w - schedule(t) * (x[t] @ w - targets[t]) * x[t]
            history[t] = np.sum((w - best) ** 2)
        return history

    flat, falling, stairs = lab.contrast(
        distances,
        control={"schedule": constant, "noisy": True},
        time_based={"schedule": time_based, "noisy": True},
        staircase={"schedule": staircase, "noisy": True},
    )
    ball, small, smaller = (history[-TAIL:].mean() for history in (flat, falling, stairs))
    lab.claim("time-based decay shrinks the noise ball", small < ball / 10, small, ball / 10)
    lab.claim("so does a staircase", smaller < ball / 10, smaller, ball / 10)
    lab.claim("a constant rate does not settle", ball > 0.05, ball, "> 0.05")
    quiet, decayed = (distances(schedule, False)[-1] for schedule in (constant, time_based))
    lab.claim(
        "without noise the constant rate is at least as good", quiet <= decayed, quiet, decayed
    )
    lab.value("rate at the end, time-based", time_based(STEPS - 1))
    lab.value("rate at the end, staircase", staircase(STEPS - 1))
    shown = range(0, STEPS, 100)
    curves = {"constant": flat, "time-based": falling, "staircase": stairs}
    means = {name: history.reshape(-1, 100).mean(1) for name, history in curves.items()}
    lab.lines("Squared distance from the optimum, mean over 100 steps", shown, means, log_y=True,
              x_label="step", y_label="squared distance")  # fmt: skip
