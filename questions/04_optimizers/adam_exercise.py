"""One step of Adam."""

import math

import numpy as np


def adam_step(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    """Take one step of Adam (Kingma and Ba 2015, algorithm 1), each number on its own.

    The memory m and v begins at zeros; what this step returns is passed to the next. No weight
    decay. The arguments stay as they are.

    Args:
        w: weights, float64 array of one to three axes, no size is 0; up to 10 in size.
        g: their gradient at w, of the same shape; its numbers may be 0, else 1e-6 to 1e4 in size.
        m: running mean of the gradients, of the same shape, up to 1e4 in size.
        v: running mean of their squares, of the same shape, not negative, up to 1e8.
        t: number of this step, an int from 1 to 100,000; 1 at first.
        rate: learning rate, a float from 1e-4 to 10.
        beta_1: share of the old m that is kept, a float from 0 to 0.99.
        beta_2: share of the old v that is kept, a float from 0 to 0.9999.
        epsilon: small number added to the root of the corrected mean square, outside the root; a
            float from 1e-8 to 10.

    Returns:
        Tuple (or list) of the new weights, the new m and the new v, each an array (or nested lists)
        of the shape of w and never NaN. m and v are the averages before they are corrected, right
        to eight digits of the larger of the two parts that are added; w is right to a millionth
        of the step that this larger part of m alone would make, or to 1e-12.
    """
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
    return w - rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v


RATES = (1e-4, 0.03, 1.0, 10.0)
BETAS = ((0.9, 0.999), (0.5, 0.9999), (0.99, 0.6), (0.0, 0.9), (0.8, 0.0))
EPSILONS = (1e-8, 1e-3, 0.5, 10.0)


def check(candidate, lab):
    with np.errstate(all="ignore"):
        for betas in lab.rng.permutation(BETAS):
            for epsilon in lab.rng.permutation(EPSILONS):
                rate = float(lab.rng.choice(RATES))
                settings = rate, *map(float, betas), float(epsilon)
                _check_first(candidate, lab, settings)
                _check_chain(candidate, lab, settings)
                _check_later(candidate, lab, settings)
            _check_zero(candidate, lab, (0.03, *map(float, betas), 1e-8))


def _check_first(candidate, lab, settings):
    w, g = _arrays(lab)
    zeros = np.zeros(w.shape)
    _compare(candidate, lab, "the first step, from zeros", (w, g, zeros, zeros), 1, settings)


def _check_chain(candidate, lab, settings):
    """Feed the candidate what it returned."""
    w, g = _arrays(lab)
    m, v = np.zeros((2, *w.shape))
    for t in range(1, 6):
        text = "the next steps, from what the step before returned"
        w, m, v = _compare(candidate, lab, text, (w, g, m, v), t, settings)
        w, v = np.clip(w, -10, 10), np.maximum(v, 0)
        g = g * lab.rng.normal(1, 2, g.shape)
        g = np.sign(g) * np.clip(np.abs(g), 1e-6, 1e4)


def _check_later(candidate, lab, settings):
    for t in (2, 17, 1000, 100_000):
        w, g = _arrays(lab)
        size = np.abs(g) * 10 ** lab.rng.uniform(-1, 1, w.shape)
        m, v = np.clip(size * lab.rng.normal(size=w.shape), -1e4, 1e4), np.minimum(size, 1e4) ** 2
        _compare(candidate, lab, "any step, with any memory", (w, g, m, v), t, settings)


def _check_zero(candidate, lab, settings):
    w, _ = _arrays(lab)
    zeros = np.zeros(w.shape)
    for t in (1, 300):
        text = "with zero gradients and memory the weights stay"
        _compare(candidate, lab, text, (w, zeros, zeros, zeros), t, settings)


def _arrays(lab):
    shape = tuple(lab.rng.integers(1, 5, lab.rng.integers(1, 4)))
    w = lab.rng.uniform(-10, 10, shape)
    g = lab.rng.choice([-1, 1], shape) * 10 ** lab.rng.uniform(-6, 4, shape)
    return w, np.where(lab.rng.random(shape) < 0.1, 0.0, g)


def _compare(candidate, lab, text, arrays, t, settings):
    w, g, m, v = (one.copy() for one in arrays)
    rate, beta_1, beta_2, epsilon = settings
    given = dict(zip(("w", "g", "m", "v"), arrays, strict=True), t=t, rate=rate, beta_1=beta_1,
                 beta_2=beta_2, epsilon=epsilon)  # fmt: skip
    got = candidate(w, g, m, v, t, *settings)
    lab.expect("three things come back: w, m and v", _three(got), given, got)
    names = ("w", "m", "v")
    found = [lab.array(f"{name} has the shape of the weights", one, w.shape, given)
             for name, one in zip(names, got, strict=True)]  # fmt: skip
    goal, slack = np.empty((3, *w.shape)), np.empty((3, *w.shape))
    for place in np.ndindex(w.shape):
        old, new = beta_1 * m[place], (1 - beta_1) * g[place]
        root = beta_2 * v[place] + (1 - beta_2) * g[place] ** 2
        factor = rate / (1 - beta_1**t) / (math.sqrt(root / (1 - beta_2**t)) + epsilon)
        goal[(0, *place)] = w[place] - factor * (old + new)
        goal[(1, *place)], goal[(2, *place)] = old + new, root
        size = max(abs(old), abs(new))
        slack[(0, *place)] = 2e-6 * factor * size + 2e-12
        slack[(1, *place)], slack[(2, *place)] = 2e-8 * size, 2e-8 * root
    parts = ("the mean of the gradients", "the mean of their squares", "the weights")
    for part, i in zip(parts, (1, 2, 0), strict=True):
        lab.close(f"{text}: {part}", found[i], goal[i], given, 0, slack[i])
    return found


def _three(got):
    return isinstance(got, tuple | list | np.ndarray) and len(got) == 3


def right_with_the_correction_in_the_rate(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    """The paper's other order, with epsilon scaled to match."""
    m = m + (1 - beta_1) * (g - m)
    v = beta_2 * v + (1 - beta_2) * np.square(g)
    root = math.sqrt(1 - beta_2**t)
    return [w - rate * root / (1 - beta_1**t) * m / (v**0.5 + epsilon * root), m, v]


def right_in_pure_python(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    def one(w, g, m, v):
        if isinstance(w, list):
            return tuple(map(list, zip(*map(one, w, g, m, v), strict=True)))
        m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g * g
        size = math.sqrt(v / (1 - pow(beta_2, t))) + epsilon
        return w - rate * m / (1 - pow(beta_1, t)) / size, m, v

    return one(w.tolist(), g.tolist(), m.tolist(), v.tolist())


def right_stacked(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    betas = np.array([beta_1, beta_2]).reshape(2, *[1] * w.ndim)
    memory = betas * np.stack([m, v]) + (1 - betas) * np.stack([g, g**2])
    mean, square = memory / -np.expm1(t * np.log(np.maximum(betas, 1e-300)))
    return np.stack([w - rate * mean / (epsilon + np.sqrt(square)), *memory])


def wrong_without_correction(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g**2
    return w - rate * m / (np.sqrt(v) + epsilon), m, v


def wrong_counts_from_zero(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    return adam_step(w, g, m, v, t + 1, rate, beta_1, beta_2, epsilon)


def wrong_stores_corrected(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    m = (beta_1 * m + (1 - beta_1) * g) / (1 - beta_1**t)
    v = (beta_2 * v + (1 - beta_2) * g**2) / (1 - beta_2**t)
    return w - rate * m / (np.sqrt(v) + epsilon), m, v


def wrong_epsilon_under_the_root(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g**2
    return w - rate * m / (1 - beta_1**t) / np.sqrt(v / (1 - beta_2**t) + epsilon), m, v


def wrong_epsilon_before_correction(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    """Keras's place for it: another size of epsilon."""
    m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g**2
    factor = rate * math.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return w - factor * m / (np.sqrt(v) + epsilon), m, v


def wrong_epsilon_built_in(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    return adam_step(w, g, m, v, t, rate, beta_1, beta_2, 1e-8)


def wrong_betas_exchanged(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    return adam_step(w, g, m, v, t, rate, beta_2, beta_1, epsilon)


def wrong_mean_of_sizes(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    """Averages |g| instead of g squared."""
    m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * np.abs(g)
    return w - rate * m / (1 - beta_1**t) / (np.sqrt(v / (1 - beta_2**t)) + epsilon), m, v


def wrong_without_root(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g**2
    return w - rate * m / (1 - beta_1**t) / (v / (1 - beta_2**t) + epsilon), m, v


def wrong_times_the_gradient(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    new, m, v = adam_step(w, g, m, v, t, rate, beta_1, beta_2, epsilon)
    return w + (new - w) * g, m, v


def wrong_accumulates(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    """Momentum's other convention: the gradient without 1 - beta."""
    m, v = beta_1 * m + g, beta_2 * v + (1 - beta_2) * g**2
    return w - rate * m / (1 - beta_1**t) / (np.sqrt(v / (1 - beta_2**t)) + epsilon), m, v


def wrong_square_of_the_mean(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * m**2
    return w - rate * m / (1 - beta_1**t) / (np.sqrt(v / (1 - beta_2**t)) + epsilon), m, v


def wrong_ascends(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    new, m, v = adam_step(w, g, m, v, t, rate, beta_1, beta_2, epsilon)
    return 2 * w - new, m, v


def wrong_one_length_for_all(w, g, m, v, t, rate, beta_1, beta_2, epsilon):
    """One mean square for the whole array."""
    m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * np.mean(g**2)
    return w - rate * m / (1 - beta_1**t) / (np.sqrt(v / (1 - beta_2**t)) + epsilon), m, v
