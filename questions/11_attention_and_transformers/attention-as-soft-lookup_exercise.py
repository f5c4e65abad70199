"""Scaled dot-product attention for one head."""

import numpy as np


def attention(query, key, value):
    """Average the values with softmax(query key^T / sqrt(d)) over the keys as weights.

    All sizes are at least 1 and may differ or agree. Scores (query key^T / sqrt(d)) may be up to
    1e6 in size, and very different from one query to the next. The arguments stay as they are.

    Args:
        query: float64 array of shape `(queries, d)`.
        key: float64 array of shape `(pairs, d)`.
        value: float64 array of shape `(pairs, width)`, its columns at scales from 1e-4 to 1e4.

    Returns:
        Array (or nested lists) of shape `(queries, width)`, one row for each query, right to a
        ten-millionth of the largest number in the value's column, and never NaN.
    """
    scores = query @ key.T / np.sqrt(key.shape[1])
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True) @ value


def check(candidate, lab):
    rng = lab.rng
    query, key = rng.normal(size=(3, 8)), rng.normal(size=(7, 8))
    value = rng.normal(size=(7, 5))
    given = {"query": query, "key": key, "value": value}
    output = candidate(query, key, value)
    lab.expect("one row a query, as wide as the values", np.shape(output) == (3, 5),
               {name: a.shape for name, a in given.items()}, np.shape(output), (3, 5))  # fmt: skip
    inside = np.all(output <= value.max(0) + 1e-9) and np.all(output >= value.min(0) - 1e-9)
    lab.expect("outputs stay within the values' range", bool(inside), given, output)
    lab.close("equal values come out as they went in",
              candidate(query, key, np.ones((7, 5))), np.ones((3, 5)), given=given)  # fmt: skip
    zeros = np.zeros((1, 8))
    lab.close("a query of zeros gives the mean value", candidate(zeros, key, value),
              value.mean(0)[None], given=given)  # fmt: skip

    oracle = np.empty((3, 5))
    for row, q in enumerate(query):
        raw = [float(np.exp(q @ k / 8**0.5)) for k in key]
        oracle[row] = sum(w / sum(raw) * v for w, v in zip(raw, value, strict=True))
    lab.close("it agrees with a loop over the pairs", output, oracle, given=given)
    order = rng.permutation(7)
    lab.close("the order of the pairs does not matter",
              candidate(query, key[order], value[order]), output, given=given)  # fmt: skip
    lab.close("rows do not mix", candidate(query[:1], key, value), output[:1], given=given)
    keys = np.eye(4)
    sharp = candidate(keys * 1e4, keys, value[:4])
    lab.close("scores in the thousands give an exact lookup", sharp, value[:4],
              given={"query": keys * 1e4, "key": keys, "value": value[:4]})  # fmt: skip


def _softmax(scores, axis):
    weights = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def wrong_over_queries(query, key, value):
    return _softmax(query @ key.T / np.sqrt(key.shape[1]), axis=0) @ value


def wrong_without_scaling(query, key, value):
    return _softmax(query @ key.T, axis=1) @ value


def wrong_divides_by_size(query, key, value):
    return _softmax(query @ key.T / key.shape[1], axis=1) @ value


def wrong_overflows(query, key, value):
    with np.errstate(all="ignore"):
        weights = np.exp(query @ key.T / np.sqrt(key.shape[1]))
        return weights / weights.sum(axis=1, keepdims=True) @ value


def right_by_logarithms(query, key, value):
    scores = np.einsum("qd,kd->qk", query, key) * key.shape[1] ** -0.5
    logs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    return np.einsum("qk,kw->qw", np.exp(logs), value)
