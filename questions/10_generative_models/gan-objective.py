"""Follow a GAN's generator against the best discriminator, and see what it descends on."""

import numpy as np

from dlprep.reference.activations import softmax
from dlprep.reference.generative_losses import non_saturating_gan, saturating_generator
from dlprep.reference.optimizers import adam

START, STEPS, BATCH, POINTS = 10.0, 400, 64, 6
RATES = 10.0 ** np.arange(-4, 3)
LOSSES = {
    "log(1 - D)": saturating_generator,
    "-log D": lambda z: non_saturating_gan(np.ones_like(z), z),
}


def kl(p, q):
    return np.sum(p * np.log(p / q))


def js(p, q):
    return kl(p, (p + q) / 2) / 2 + kl(q, (p + q) / 2) / 2


def by_mean(loss, mean, noise):
    """Derivative by the mean of the made law; the discriminator is the best for it."""
    logits = mean**2 / 2 - mean * (mean + noise)
    return -mean * np.sum(LOSSES[loss](logits)[1])


def slope(f, theta, h=1e-5):
    """Gradient of f by central differences."""
    steps = h * np.eye(len(theta))
    return np.array([(f(theta + step) - f(theta - step)) / (2 * h) for step in steps])


def trained_discriminator(z, p, q):
    """Descend on the discriminator's loss, a logit for each point; return logits and loss."""
    for _ in range(4000):
        real, fake = (non_saturating_gan(label, z[:, None]) for label in (1.0, 0.0))
        z = z - 2 * (p * real[1][:, 0] + q * fake[1][:, 0]) / (p + q)
    return z, p @ real[0] + q @ fake[0]


def run(lab):
    paths = {}

    def left(loss):
        """Distance of the made normal law from the real one, at the best rate that stays finite."""
        noise, ends = lab.rng.normal(size=(STEPS, BATCH)), {}
        for rate in RATES:
            means = [START]
            for row in noise:
                means.append(means[-1] - rate * by_mean(loss, means[-1], row))
            if np.isfinite(means[-1]):
                ends[abs(means[-1])] = means
        paths[loss] = ends[min(ends)]
        return min(ends)

    with np.errstate(all="ignore"):
        stuck, arrived = lab.contrast(
            left, control={"loss": "log(1 - D)"}, treatment={"loss": "-log D"}
        )
    lab.claim("-log D brings the generator to the real law", arrived < 0.1, arrived, "< 0.1")
    lab.claim("log(1 - D) leaves it far away at every rate", stuck > 7, stuck, "> 7")
    _claim_adam(lab)
    for loss, least, most in (("log(1 - D)", 5e-5, 2e-4), ("-log D", 0.9, 1.1)):
        size = abs(LOSSES[loss](np.array([-9.2]))[1][0])
        lab.claim(f"derivative of {loss} by a logit of -9.2", least <= size <= most, size,
                  f"{least} to {most}")  # fmt: skip
    _divergences(lab)
    with np.errstate(all="ignore"):
        literal = -np.log(1 / (1 + np.exp(800.0))), -np.log(1 - 1 / (1 + np.exp(-40.0)))
    for text, loss in zip(("D of a logit of -800", "1 - D of one of 40"), literal, strict=True):
        lab.claim(f"minus the logarithm of {text} is infinite", np.isinf(loss), loss, "inf")
    lab.lines("The generator against the best discriminator, at its best rate",
              np.arange(0, STEPS + 1, 4), {loss: path[::4] for loss, path in paths.items()},
              x_label="step", y_label="distance of the means")  # fmt: skip


def _claim_adam(lab):
    noise, ends = lab.rng.normal(size=(STEPS, BATCH)), []
    for rate in (0.01, 0.1, 1.0):
        mean, m, v = START, 0.0, 0.0
        for step, row in enumerate(noise, 1):
            mean, m, v = adam(mean, by_mean("log(1 - D)", mean, row), m, v, step, rate)
        ends.append(abs(mean))
    lab.claim("Adam at the best of three rates arrives with log(1 - D) too", min(ends) < 0.5,
              min(ends), "< 0.5")  # fmt: skip


def _divergences(lab):
    p, theta, start = lab.rng.normal(size=(3, POINTS))
    p, q = softmax(p), softmax(theta)
    z, loss = trained_discriminator(start, p, q)
    gap = np.abs(1 / (1 + np.exp(-z)) - p / (p + q)).max()
    lab.claim("trained, D is p / (p + q)", gap < 1e-6, gap, "< 1e-6")
    gap = abs(loss - np.log(4) + 2 * js(p, q))
    lab.claim("its loss is then log 4 less twice the Jensen-Shannon divergence", gap < 1e-6, gap,
              "< 1e-6")  # fmt: skip
    even = trained_discriminator(start, p, p)[1]
    lab.claim("for equal laws its loss ends at 1.386", 1.38 <= even <= 1.39, even, "1.38 to 1.39")
    goals = {
        "log(1 - D)": ("2 JS", lambda t: 2 * js(p, softmax(t))),
        "-log D": ("KL(q, p) - 2 JS", lambda t: kl(softmax(t), p) - 2 * js(p, softmax(t))),
    }
    slopes = {}
    for loss, (name, goal) in goals.items():
        by_point = LOSSES[loss](z[:, None])[0]
        slopes[loss] = slope(lambda t, values=by_point: softmax(t) @ values, theta)
        gap = np.abs(slopes[loss] - slope(goal, theta)).max()
        lab.claim(f"the gradient of {loss} is that of {name}", gap < 1e-6, gap, "< 1e-6")
    one, other = slopes.values()
    apart = np.linalg.norm(one - other) / np.linalg.norm(one)
    lab.claim("the gradients of the two losses differ", apart > 0.1, apart, "> 0.1")
