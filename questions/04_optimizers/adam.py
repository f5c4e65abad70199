"""Scale the loss, from the start and in mid-run, and compare the steps of Adam."""

import numpy as np

from dlprep.reference.optimizers import adam, gradient_descent

STEPS, FACTOR, RATE = 300, 1e4, 1e-3


def descent(w, g, m, v, t, alpha=RATE):
    return gradient_descent(w, g, alpha), m, v


def root_holds_epsilon(w, g, m, v, t, alpha=RATE, epsilon=1e-8):
    """The wrong place: the root of `v` + epsilon."""
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    return w - alpha * m / (1 - 0.9**t) / np.sqrt(v / (1 - 0.999**t) + epsilon), m, v


def corrected_stored(w, g, m, v, t, alpha=RATE):
    w, m, v = adam(w, g, m, v, t, alpha)
    return w, m / (1 - 0.9**t), v / (1 - 0.999**t)


def multiplied_again(w, g, m, v, t, alpha=RATE):
    new, m, v = adam(w, g, m, v, t, alpha)
    return w + (new - w) * g, m, v


def lengths(rule, gradients):
    """Length of every step, from memory zero."""
    w, m, v, found = np.zeros(gradients.shape[1:]), 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        new, m, v = rule(w, g, m, v, t)
        found.append(np.linalg.norm(new - w))
        w = new
    return np.array(found)


def rescaled(gradients, factor):
    """Lengths from step 1,450 on, the loss rescaled at 1,500, over those without that."""
    scale = np.where(np.arange(len(gradients)) < 1500, 1.0, factor)[:, None]
    return (lengths(adam, scale * gradients) / lengths(adam, gradients))[1450:]


def path(rule, scale, start, noise):
    """Descend a bowl whose loss, noise and all, is multiplied by `scale`."""
    w, m, v = start, 0.0, 0.0
    for t, part in enumerate(noise, start=1):
        w, m, v = rule(w, scale * (w + part), m, v, t)
    return w


def run(lab):
    start, noise = lab.rng.normal(size=10), lab.rng.normal(size=(STEPS, 10))

    def parted(rule):
        """Distance between the ends for the two losses, as a share of the way."""
        one, other = (path(rule, scale, start, noise) for scale in (1.0, FACTOR))
        return np.linalg.norm(other - one) / np.linalg.norm(one - start)

    plain, same = lab.contrast(
        parted, control={"rule": lambda *a: descent(*a, alpha=1e-5)}, treatment={"rule": adam}
    )
    lab.claim("a loss 10,000 times as large leaves Adam's path", same < 1e-5, same, "< 1e-5")
    lab.claim("it sends gradient descent elsewhere", plain > 1, plain, "> 1")
    gradients = 1 + lab.rng.normal(size=(3000, 10))
    firsts = {g: lengths(adam, np.array([[g]]))[0] / RATE for g in (1e-4, 1.0, 1e4)}
    off = max(abs(first - 1) for first in firsts.values())
    lab.claim("the first step has the length of the rate", off < 2e-4, off, "< 2e-4")
    noises = lab.rng.normal(size=(3000, 100))
    curves = {"times 10,000": rescaled(gradients, FACTOR),
              "times 10,000, noise alone": rescaled(noises, FACTOR),
              "divided by 10,000": rescaled(gradients, 1 / FACTOR)}  # fmt: skip
    jump, wild, _ = (part.max() for part in curves.values())
    left = curves["divided by 10,000"][1050]
    lab.claim("multiplied in mid-run: five or six times the length", 4 < jump < 8, jump, "4 to 8")
    lab.claim("noise alone: over eight times", wild > 8, wild, "> 8")
    lab.claim("divided: over 4,000 times too short after 1,000 steps", left < 2.5e-4, left,
              "< 2.5e-4")  # fmt: skip
    _mistakes(lab)
    shown = {name: list(values[::5]) for name, values in curves.items()}
    lab.lines("The loss is rescaled at step 1,500", range(1450, 3000, 5), shown, x_label="step",
              y_label="length / length without the change", log_y=True)  # fmt: skip


def _mistakes(lab):
    tiny = lengths(root_holds_epsilon, np.array([[1e-6]]))[0] / RATE
    lab.claim("epsilon under the root: a gradient of 1e-6 takes 1% of the step",
              0.007 < tiny < 0.015, tiny, "0.007 to 0.015")  # fmt: skip
    right = lengths(adam, np.array([[1e-6]]))[0] / RATE
    lab.claim("beside the root it takes nearly all", right > 0.9, right, "> 0.9", share=True)
    noisy = 1 + lab.rng.normal(size=(10, 10))
    tenth = lengths(corrected_stored, noisy)[9] / RATE
    lab.claim("corrected averages stored back: the tenth step is gone", tenth < 1e-3, tenth,
              "< 1e-3")  # fmt: skip
    big, small = (lengths(multiplied_again, np.array([[g]]))[0] for g in (100.0, 0.01))
    lab.claim("times the gradient again: the first step grows with it", 9e3 < big / small < 1.1e4,
              big / small, "9000 to 11000")  # fmt: skip
