"""Batch normalisation, forward, training mode."""

import math

import numpy as np


def batch_norm(x, gamma, beta, epsilon):
    """Normalise each feature over the rows of the batch, then scale and shift it.

    Mean and variance are those of this batch. The variance is the mean squared distance from the
    mean (divided by the number of rows, not by one less), and epsilon is added to it under the
    root.

    Args:
        x: inputs, float64 array of shape `(rows, features)`, at least one of each. Features have
            deviations from 1e-4 to 1e4; their means may be up to 1e8 times as far from zero as the
            deviation is large, and up to 1e6. Or they are constant, a number up to 1e4 in size, and
            epsilon is at least 1e-5.
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


EPSILONS = (1e-12, 1e-5, 1e-3, 0.1, 1.0, 3.0, 10.0)
DIGITS = 1e-5


def check(candidate, lab):
    with np.errstate(all="ignore"):
        for epsilon in map(float, lab.rng.permutation(EPSILONS)):
            for most in (2, 9, 300):
                _check_plain(candidate, lab, most, epsilon)
                _check_scaled(candidate, lab, most, epsilon)
            _check_far(candidate, lab, epsilon)
        _check_outlier(candidate, lab, float(lab.rng.choice(EPSILONS)))
        _check_memory(candidate, lab, float(lab.rng.choice(EPSILONS)))
        for epsilon in EPSILONS[1:]:
            _check_nothing_varies(candidate, lab, epsilon)


def _check_plain(candidate, lab, most, epsilon):
    """Without gamma and beta: mean, deviation, shape of each feature."""
    x = _inputs(lab, most)
    ones, zeros = np.ones(x.shape[1]), np.zeros(x.shape[1])
    given = {"x": x, "epsilon": epsilon}
    got = _normalised(candidate, lab, x, ones, zeros, epsilon)
    lab.close("a feature is only shifted and scaled: its distribution keeps its shape",
              got / got.std(0), (x - x.mean(0)) / x.std(0), given, 0, 10 * DIGITS)  # fmt: skip
    lab.close("each feature has mean 0", got.mean(0), zeros, given, 0, DIGITS)
    left = x.var(0) / (x.var(0) + epsilon)
    text = "each feature has variance v / (v + epsilon), v the mean squared distance"
    lab.close(text, got.var(0), left, given, 2 * DIGITS, DIGITS**2)


def _check_scaled(candidate, lab, most, epsilon):
    x = _inputs(lab, most)
    gamma, beta = _gamma(lab, x), lab.rng.normal(size=x.shape[1])
    _compare(candidate, lab, "gamma scales, then beta shifts", x, gamma, beta, epsilon)


def _check_far(candidate, lab, epsilon):
    """Far from zero the mean of the squares minus the squared mean has no digit left."""
    shape = lab.rng.integers(3, 40), lab.rng.integers(1, 7)
    deviations = 10 ** lab.rng.uniform(-4, -2.1, shape[1])
    means = deviations * 10 ** lab.rng.uniform(7.8, 8, shape[1]) * lab.rng.choice([-1, 1], shape[1])
    noise = lab.rng.normal(size=shape)
    x = means + deviations * (noise - noise.mean(0)) / noise.std(0)
    gamma = _gamma(lab, x)
    text = "features far from zero keep their digits"
    _compare(candidate, lab, text, x, gamma, np.zeros(shape[1]), epsilon)


def _check_outlier(candidate, lab, epsilon):
    """One row of n stands out by the root of n - 1 deviations: more than people clip at."""
    x = lab.rng.normal(size=(3000, lab.rng.integers(1, 3)))
    x[lab.rng.integers(len(x))] = lab.rng.choice([-1, 1]) * 1e4
    gamma, beta = _gamma(lab, x), lab.rng.normal(size=x.shape[1])
    text = "a row that stands out is not cut"
    _compare(candidate, lab, text, x, gamma, beta, epsilon)


def _check_memory(candidate, lab, epsilon):
    """A second batch of the same shape owes nothing to the first."""
    x = lab.rng.normal(size=lab.rng.integers(3, 9, 2))
    gamma, beta = _gamma(lab, x), lab.rng.normal(size=x.shape[1])
    for batch in (x, 3 * x + 1000):
        text = "nothing is left of an earlier batch"
        _compare(candidate, lab, text, batch, gamma, beta, epsilon)


def _check_nothing_varies(candidate, lab, epsilon):
    x = _inputs(lab, 40)
    x[:, lab.rng.integers(x.shape[1])] = lab.rng.uniform(-1, 1) * 10 ** lab.rng.uniform(-4, 4)
    gamma, beta = _gamma(lab, x), lab.rng.normal(size=x.shape[1])
    _compare(candidate, lab, "a constant feature becomes beta", x, gamma, beta, epsilon)
    _compare(candidate, lab, "a batch of one row becomes beta", x[:1].copy(), gamma, beta, epsilon)


def _compare(candidate, lab, text, x, gamma, beta, epsilon):
    expected = np.stack([_feature(*parts, epsilon) for parts in zip(x.T, gamma, beta, strict=True)])
    got = _normalised(candidate, lab, x, gamma, beta, epsilon)
    given = {"x": x, "gamma": gamma, "beta": beta, "epsilon": epsilon}
    lab.close(text, got, expected.T, given, DIGITS, DIGITS * np.abs(gamma))


def _feature(x, gamma, beta, epsilon):
    mean = math.fsum(x) / len(x)
    variance = math.fsum((value - mean) ** 2 for value in x) / len(x)
    return [gamma * (value - mean) / math.sqrt(variance + epsilon) + beta for value in x]


def _inputs(lab, most):
    """Draw skewed features of very different scale, with a row that stands out."""
    rows, features = lab.rng.integers(max(2, most // 2), most + 1), lab.rng.integers(1, 7)
    x = lab.rng.exponential(size=(rows, features)) + lab.rng.normal(size=features)
    x[lab.rng.integers(rows)] += 100
    return x / x.std(0) * 10 ** lab.rng.uniform(-4, 4, features)


def _gamma(lab, x):
    return lab.rng.choice([-1, 1], x.shape[1]) * 10 ** lab.rng.uniform(-2, 2, x.shape[1])


def _normalised(candidate, lab, x, gamma, beta, epsilon):
    arrays = {"x": x, "gamma": gamma, "beta": beta}
    kept = {name: array.copy() for name, array in arrays.items()}
    got = candidate(x, gamma, beta, epsilon)
    for name, array in arrays.items():
        same = np.array_equal(array, kept[name])
        lab.expect(f"{name} stays as it is", same, {name: kept[name]}, array, kept[name])
    given = {**kept, "epsilon": epsilon}
    return lab.array("an array of the shape of x comes back", got, x.shape, given)


def right_by_einsum(x, gamma, beta, epsilon):
    rows = len(x)
    centred = x - np.einsum("rf->f", x) / rows
    scale = gamma / np.sqrt(np.einsum("rf,rf->f", centred, centred) / rows + epsilon)
    return centred * scale + beta


def right_loop_over_features(x, gamma, beta, epsilon):
    output = np.zeros_like(x)
    for f in range(x.shape[1]):
        scale = gamma[f] / (np.var(x[:, f]) + epsilon) ** 0.5
        output[:, f] = scale * (x[:, f] - np.mean(x[:, f])) + beta[f]
    return output


def right_in_pure_python(x, gamma, beta, epsilon):
    """Welford's mean and variance; a list of tuples comes back."""

    def column(values, scale, shift):
        mean = squares = 0.0
        for count, value in enumerate(values, 1):
            before = value - mean
            mean += before / count
            squares += before * (value - mean)
        deviation = (squares / len(values) + epsilon) ** 0.5
        return [scale * (value - mean) / deviation + shift for value in values]

    columns = map(column, zip(*x.tolist(), strict=True), gamma.tolist(), beta.tolist())
    return list(zip(*columns, strict=True))


def wrong_over_features(x, gamma, beta, epsilon):
    """Layer normalisation."""
    centred = x - x.mean(axis=1, keepdims=True)
    return gamma * centred / np.sqrt(np.mean(centred**2, axis=1, keepdims=True) + epsilon) + beta


def wrong_one_variance_for_all(x, gamma, beta, epsilon):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var() + epsilon) + beta


def wrong_epsilon_outside(x, gamma, beta, epsilon):
    return gamma * (x - x.mean(axis=0)) / (x.std(axis=0) + epsilon) + beta


def wrong_epsilon_of_its_own(x, gamma, beta, epsilon):
    return batch_norm(x, gamma, beta, 1e-3)


def wrong_epsilon_as_floor(x, gamma, beta, epsilon):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(np.maximum(x.var(axis=0), epsilon)) + beta


def wrong_sample_variance(x, gamma, beta, epsilon):
    variance = x.var(axis=0, ddof=1) if len(x) > 1 else 0.0
    return gamma * (x - x.mean(axis=0)) / np.sqrt(variance + epsilon) + beta


def wrong_difference_of_squares(x, gamma, beta, epsilon):
    variance = np.abs(np.mean(x**2, axis=0) - np.mean(x, axis=0) ** 2)
    return gamma * (x - x.mean(axis=0)) / np.sqrt(variance + epsilon) + beta


def wrong_ranks_to_normal(x, gamma, beta, epsilon):
    """Makes the output Gaussian indeed."""
    order = np.sort(np.random.default_rng(0).normal(size=x.shape), axis=0)
    ranks = x.argsort(axis=0).argsort(axis=0)
    return batch_norm(np.take_along_axis(order, ranks, axis=0) * x.std(0), gamma, beta, epsilon)


def wrong_whitening(x, gamma, beta, epsilon):
    """ZCA: takes the correlations out as well."""
    centred = x - x.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(x))
    root = vectors / np.sqrt(np.maximum(values, 0) + epsilon) @ vectors.T
    return gamma * (centred @ root) + beta


def wrong_outliers_cut(x, gamma, beta, epsilon):
    normalised = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon)
    return gamma * np.clip(normalised, -10, 10) + beta


def wrong_outliers_cut_far_out(x, gamma, beta, epsilon):
    normalised = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon)
    return gamma * np.clip(normalised, -50, 50) + beta


def wrong_shift_before_scale(x, gamma, beta, epsilon):
    return gamma * ((x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon) + beta)


MEANS = {}


def wrong_running_mean(x, gamma, beta, epsilon):
    """Mixes in what it has kept of the batches before."""
    kept = MEANS.setdefault((x.shape, epsilon), x.mean(axis=0))
    MEANS[x.shape, epsilon] = 0.99 * kept + 0.01 * x.mean(axis=0)
    centred = x - (0.99 * x.mean(axis=0) + 0.01 * kept)
    return gamma * centred / np.sqrt(x.var(axis=0) + epsilon) + beta


def wrong_in_place(x, gamma, beta, epsilon):
    x -= x.mean(axis=0)
    return gamma * x / np.sqrt(np.mean(x**2, axis=0) + epsilon) + beta
