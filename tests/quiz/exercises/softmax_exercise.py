"""Softmax, as an exercise."""

import numpy as np


def softmax(x, axis=-1):
    """Return the softmax of `x` along `axis`.

    Args:
        x: array of floats.
        axis: the axis that sums to one.
    """
    secret = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return secret / secret.sum(axis=axis, keepdims=True)


def check(candidate, lab):
    x = lab.rng.normal(size=(4, 6))
    y = candidate(x)
    lab.expect(
        "the shape stays", np.shape(y) == x.shape, given=x, got=np.shape(y), expected=x.shape
    )
    lab.close("rows sum to one", np.sum(y, axis=-1), np.ones(4), given=x)
    lab.close("a constant changes nothing", candidate(x + 3), y, given={"x": x, "constant": 3})
    lab.close("axis 0 works", candidate(x, axis=0), candidate(x.T).T, given=x)
    large = np.array([[1e4, 0.0]])
    lab.close("large inputs stay finite", candidate(large), [[1.0, 0.0]], given=large)


def wrong_overflow(x, axis=-1):
    with np.errstate(all="ignore"):
        return np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)


def wrong_axis(x, axis=-1):
    return softmax(x, axis=-1)


def wrong_sum(x, axis=-1):
    return np.exp(x - x.max()) / np.exp(x - x.max()).sum()


def right_by_logarithms(x, axis=-1):
    return np.exp(x - np.logaddexp.reduce(x, axis=axis, keepdims=True))
