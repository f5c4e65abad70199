"""Stochastic gradient descent on noisy least squares under five schedules of the rate."""

import numpy as np
from keras import ops

from dlprep import schedules
from dlprep.reference.schedules import cosine, exponential, inverse_time, steps_down

STEPS, TAIL, RATE = 8000, 500, 0.04
T = np.arange(STEPS)
RATES = {
    "constant": np.full(STEPS, RATE),
    "half": np.full(STEPS, RATE / 2),
    "time-based": inverse_time(T, RATE, 100, 1.0),
    "staircase": steps_down(T, RATE, 1000, 0.5),
    "too fast": exponential(T, RATE, 10, 0.5),
}


def run(lab):
    best, start = lab.rng.normal(size=(2, 10))
    x, noise = lab.rng.normal(size=(STEPS, 10)), lab.rng.normal(size=STEPS)

    def distances(schedule, noisy=True):
        """Return the squared distance from the optimum after each step of one example."""
        w, history = start, np.empty(STEPS)
        targets = x @ best + noisy * noise
        for t, rate in enumerate(RATES[schedule]):
            w = w - rate * (x[t] @ w - targets[t]) * x[t]
            history[t] = np.sum((w - best) ** 2)
        return history

    constant, *others = lab.contrast(
        distances,
        control={"schedule": "constant"},
        half={"schedule": "half"},
        time_based={"schedule": "time-based"},
        staircase={"schedule": "staircase"},
        too_fast={"schedule": "too fast"},
    )
    ball = constant[-TAIL:].mean()
    half, slow, stairs, fast = (ball / history[-TAIL:].mean() for history in others)
    lab.claim("a constant rate does not settle", ball > 0.05, ball, "> 0.05")
    lab.claim("half the rate leaves about half the ball", 1.5 < half < 3.5, half, "1.5 to 3.5")
    lab.claim("time-based decay shrinks it further", slow > 10, slow, "> 10 times")
    lab.claim("a staircase shrinks it too", stairs > 10, stairs, "> 10 times")
    lab.claim("a rate that falls too fast never arrives", fast < 0.3, fast, "< 0.3: farther off")
    quiet, decayed = (distances(name, noisy=False)[-1] for name in ("constant", "time-based"))
    lab.claim("without noise the constant rate ends nearer", quiet < decayed, quiet, decayed)
    every = T[::250]
    pairs = (
        (schedules.InverseTimeDecay(RATE, 100, 1.0), RATES["time-based"]),
        (schedules.ExponentialDecay(RATE, 1000, 0.5, staircase=True), RATES["staircase"]),
        (schedules.CosineDecay(RATE, STEPS), cosine(T, RATE, STEPS)),
    )
    gap = max(
        abs(ops.convert_to_numpy(rule(t)) / rates[t] - 1) for rule, rates in pairs for t in every
    )
    lab.claim("the three formulas are the library's schedules", gap < 1e-3, gap, "< 0.1 %")
    means = (history.reshape(-1, 250).mean(axis=1) for history in (constant, *others))
    lab.lines(
        "Squared distance from the optimum, mean over 250 steps",
        every,
        dict(zip(RATES, means, strict=True)),
        x_label="step",
        y_label="squared distance",
        log_y=True,
    )
