"""Train autoencoders on digits with narrow, wide and noisy codes, and look for odd digits."""

import numpy as np

from dlprep.lab.data import digits
from dlprep.reference.network import backward, forward, initialize
from dlprep.reference.optimizers import adam

PIXELS, UNITS, STEPS, BATCH, NOISE = 64, 96, 400, 32, 0.3


def train(rng, x, width, noise, rate=0.01):
    """Return the function that a tanh network 64-96-width-96-64 learns; its targets are clean."""
    weights = initialize([PIXELS, UNITS, width, UNITS, PIXELS], rng, "xavier")
    moments = {name: (0.0, 0.0) for name in weights}
    for step in range(1, STEPS + 1):
        clean = x[rng.integers(len(x), size=BATCH)].T
        given = clean + noise * rng.normal(size=clean.shape)
        _, cache = forward(given, weights, "tanh", "linear")
        slopes = backward(weights, cache, clean, "tanh", "linear", "squared_error")
        for name, (m, v) in moments.items():
            falling = rate * (1 - step / (STEPS + 1))
            weights[name], *moments[name] = adam(
                weights[name], slopes[f"d{name}"], m, v, step, falling
            )
    return lambda rows: forward(rows.T, weights, "tanh", "linear")[0].T


def components(x, width):
    """Return the linear autoencoder of least error, in closed form."""
    mean = x.mean(axis=0)
    axes = np.linalg.svd(x - mean, full_matrices=False)[2][:width]
    return lambda rows: (rows - mean) @ axes.T @ axes + mean


def errors(model, x):
    return np.mean((model(x) - x) ** 2, axis=1)


def run(lab):
    (x, y), (unseen, kinds) = digits(lab.rng)
    grain = NOISE * lab.rng.normal(size=unseen.shape)
    mean = x.mean(axis=0)

    def measure(width, noise=0.0):
        """What is lost of unseen digits, and what passes and is left of noise on them."""
        model = train(lab.rng, x, width, noise)
        lost = errors(model, unseen).mean() / np.mean((unseen - mean) ** 2)
        passed = np.sum((model(unseen + grain) - model(unseen)) * grain) / np.sum(grain**2)
        left = np.mean((model(unseen + grain) - unseen) ** 2) / np.mean(grain**2)
        return {"lost": lost, "passed": passed, "left": left}

    wide, narrow, noisy = lab.contrast(
        measure,
        control={"width": PIXELS},
        narrow={"width": 8},
        noisy={"width": PIXELS, "noise": NOISE},
    )

    def claim(text, measured, most):
        lab.claim(text, measured < most, measured, f"< {most}")

    claim("8 numbers let little of the noise pass", narrow["passed"], 0.16)
    passed = wide["passed"]
    lab.claim("64 numbers let much of it pass", passed > 0.39, passed, "> 0.39")
    claim("64 numbers lose little of unseen digits", wide["lost"], 0.035)
    times = narrow["lost"] / wide["lost"]
    lab.claim("8 numbers lose ten times as much", times > 10, times, "> 10")
    claim("64 numbers trained with noise leave little of it", noisy["left"], 0.35)
    left = wide["left"]
    lab.claim("64 numbers trained without leave more than half", left > 0.5, left, "> 0.5")
    _odd(lab, x, y, unseen, kinds)


def _odd(lab, x, y, unseen, kinds):
    """Let autoencoders that know one digit each look for the nine others."""

    def higher(width, digit):
        """For each other digit the share of pairs in which it has the larger error."""
        error = errors(components(x[y == digit], width), unseen)
        known = error[kinds == digit]
        return [np.mean(error[kinds == odd][:, None] > known) for odd in range(10) if odd != digit]

    widths = (1, 2, 4, 6, 10, 20, 30, 40, 48, 56)
    pairs = {width: [higher(width, digit) for digit in range(10)] for width in widths}
    found = {width: np.mean(shares) for width, shares in pairs.items()}
    lab.claim("6 numbers: the odd digit has the larger error", found[6] > 0.98, found[6], "> 0.98",
              share=True)  # fmt: skip
    lab.claim("56 numbers: less often", found[56] < 0.93, found[56], "< 0.93", share=True)
    worst = np.min(pairs[6])
    lab.claim("6 numbers: the hardest of ninety pairs of digits", worst < 0.92, worst, "< 0.92",
              share=True)  # fmt: skip
    lab.lines("Odd digits found by the error of rebuilding", list(found),
              {"mean over ten digits": list(found.values())},
              x_label="numbers in the code", y_label="share of pairs in order")  # fmt: skip
