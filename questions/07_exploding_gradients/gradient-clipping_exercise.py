"""Gradient clipping by norm."""

import numpy as np


def clip_by_norm(gradient, threshold):
    """Shorten the gradient to the threshold if it is longer; keep its direction.

    Args:
        gradient: float64 array of one to four axes, none of them empty. Its numbers are at most
            1e8 in size, and may all be zero. It must stay as it is.
        threshold: the largest Euclidean norm allowed for all the array's numbers together, a float
            from 1e-4 to 1e4.

    Returns:
        Array (or nested lists) of the shape of `gradient`: the same numbers if its norm is at most
        the threshold, else those of the same direction whose norm is the threshold; right to seven
        digits for every threshold, and never NaN.
    """
    norm = np.sqrt(np.sum(gradient**2))
    return gradient * (threshold / max(norm, threshold))


def check(candidate, lab):
    rng = lab.rng
    long = rng.normal(size=(20, 5)) * 10
    clipped = candidate(long.copy(), 1.0)
    lab.expect("the shape stays", np.shape(clipped) == (20, 5), long, np.shape(clipped), (20, 5))
    lab.close("a long gradient gets the threshold as its norm",
              np.linalg.norm(clipped), 1.0, given={"gradient": long, "threshold": 1.0})  # fmt: skip
    lab.close("its direction stays", clipped / np.linalg.norm(clipped),
              long / np.linalg.norm(long), given=long)  # fmt: skip

    short = rng.normal(size=7)
    short *= 0.5 / np.linalg.norm(short)
    lab.close("a short gradient is returned as it is", candidate(short.copy(), 1.0), short,
              given={"gradient": short, "threshold": 1.0})  # fmt: skip
    limit = rng.uniform(2, 5)
    lab.close("the threshold is used, not 1",
              np.linalg.norm(candidate(long.copy(), limit)), limit, given=limit)  # fmt: skip
    zero = np.zeros((3, 2))
    lab.close("a zero gradient stays zero", candidate(zero.copy(), 1.0), zero, given=zero)
    kept = long.copy()
    candidate(long, 1.0)
    lab.close("the argument is left as it was", long, kept)


def wrong_by_value(gradient, threshold):
    return np.clip(gradient, -threshold, threshold)


def wrong_always_rescales(gradient, threshold):
    return gradient * threshold / max(np.linalg.norm(gradient), 1e-12)


def wrong_norm_per_row(gradient, threshold):
    norm = np.linalg.norm(gradient, axis=-1, keepdims=True)
    return gradient * np.minimum(1, threshold / np.maximum(norm, 1e-12))


def wrong_in_place(gradient, threshold):
    gradient *= threshold / max(np.linalg.norm(gradient), threshold)
    return gradient


def right_by_cases(gradient, threshold):
    norm = np.linalg.norm(np.ravel(gradient))
    return gradient.copy() if norm <= threshold else gradient / norm * threshold
