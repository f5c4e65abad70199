"""Batch normalisation, forward, training mode."""

import numpy as np


def batch_norm(x, gamma, beta, epsilon):
    """Normalise each feature over the rows of the batch, then scale and shift it.

    Mean and variance are those of this batch. The variance is the mean squared distance from the
    mean (divided by the number of rows, not by one less), and epsilon is added to it under the
    root.

    Args:
        x: inputs, float64 array of shape `(rows, features)`, at least one of each. Features have
            deviations from 1e-4 to 1e4, or are constant; their means may be up to 1e8 times as far
            from zero as the deviation is large, and up to 1e6.
        gamma: scales, float64 array of shape `(features,)`, of any sign.
        beta: shifts, float64 array of shape `(features,)`.
        epsilon: a float from 1e-12 to 10.

    Returns:
        Array (or nested lists) of shape `(rows, features)`, right to five digits, and never NaN: a
        constant feature, or a batch of one row, comes out as beta. The arguments stay as they are.
    """
    centred = x - x.mean(axis=0)
    variance = np.mean(centred**2, axis=0)
    return gamma * centred / np.sqrt(variance + epsilon) + beta


def check(candidate, lab):
    rng = lab.rng
    x = rng.normal(3, 2, (32, 5))
    ones, zeros = np.ones(5), np.zeros(5)
    plain = candidate(x, ones, zeros, 1e-12)
    lab.close("each feature has mean 0", plain.mean(0), zeros, given=x, atol=1e-9)
    lab.close("each feature has (biased) variance 1", plain.var(0), ones, given=x, rtol=1e-6)

    gamma, beta = rng.normal(size=5), rng.normal(size=5)
    scaled = candidate(x, gamma, beta, 1e-12)
    lab.close("gamma scales, then beta shifts", scaled, gamma * plain + beta, given=gamma)
    lab.close("adding a constant to a feature changes nothing",
              candidate(x + rng.normal(size=5), ones, zeros, 1e-3), candidate(x, ones, zeros, 1e-3),
              given=x, atol=1e-9)  # fmt: skip
    rows = np.array([[1.0], [3.0]])
    lab.close("epsilon stands under the root", candidate(rows, 1.0, 0.0, 3.0),
              np.array([[-0.5], [0.5]]), given={"x": rows, "epsilon": 3.0})  # fmt: skip
    lab.close("a constant feature becomes beta",
              candidate(np.full((8, 5), 7.0), ones, beta, 1e-3), np.tile(beta, (8, 1)))  # fmt: skip
    lab.close("a batch of one row becomes beta", candidate(x[:1], gamma, beta, 1e-3), beta[None])

    far = (rng.normal(size=(256, 2)) + 1e4).astype("float32")
    spread = candidate(far, np.ones(2, "float32"), np.zeros(2, "float32"), 1e-3).std(0)
    lab.expect("float32 inputs around 10,000 keep their spread",
               bool(np.all(np.abs(spread - 1) < 0.05)), far[:2], spread, "about 1")  # fmt: skip
    kept = x.copy()
    candidate(x, gamma, beta, 1e-3)
    lab.close("the input is left as it was", x, kept)


def wrong_over_features(x, gamma, beta, epsilon):
    centred = x - x.mean(axis=1, keepdims=True)
    return gamma * centred / np.sqrt(np.mean(centred**2, axis=1, keepdims=True) + epsilon) + beta


def wrong_epsilon_outside(x, gamma, beta, epsilon):
    return gamma * (x - x.mean(axis=0)) / (x.std(axis=0) + epsilon) + beta


def wrong_sample_variance(x, gamma, beta, epsilon):
    variance = x.var(axis=0, ddof=1) if len(x) > 1 else 0.0
    return gamma * (x - x.mean(axis=0)) / np.sqrt(variance + epsilon) + beta


def wrong_difference_of_squares(x, gamma, beta, epsilon):
    variance = np.abs(np.mean(x**2, axis=0) - np.mean(x, axis=0) ** 2)
    return gamma * (x - x.mean(axis=0)) / np.sqrt(variance + epsilon) + beta


def right_by_einsum(x, gamma, beta, epsilon):
    rows = len(x)
    centred = x - np.einsum("rf->f", x) / rows
    scale = gamma / np.sqrt(np.einsum("rf,rf->f", centred, centred) / rows + epsilon)
    return centred * scale + beta
