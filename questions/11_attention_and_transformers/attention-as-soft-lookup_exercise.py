"""Scaled dot-product attention for one head."""

import math

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
        hundred-millionth of the largest number in the value's column, and never NaN.
    """
    scores = query @ key.T / np.sqrt(key.shape[1])
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True) @ value


EXACT = 3e-8
LEVELS = (0.0, 60.0, -60.0, 1000.0, -1000.0, 1e5, -1e5, 9.9e5, -9.9e5)


def check(candidate, lab):
    with np.errstate(all="ignore"):
        for turn in range(12):
            _check_lookup(candidate, lab, *_sizes(lab, turn))
        _check_lookup(candidate, lab, 5, 100, 4, 3)
        for _ in range(6):
            _check_levels(candidate, lab)
            _check_scales(candidate, lab)


def _check_lookup(candidate, lab, queries, pairs, d, width):
    query, key = lab.rng.normal(0, 2, (queries, d)), lab.rng.normal(size=(pairs, d))
    value = _values(lab, pairs, width)
    output = _attention(candidate, lab, query, key, value)
    given = {"query": query, "key": key, "value": value}
    slack = EXACT * np.abs(value).max(0)
    zeros = np.zeros(query.shape)
    inside = (output <= value.max(0) + slack) & (output >= value.min(0) - slack)
    lab.expect("outputs stay within the values' range", inside, given, output)
    _compare(candidate, lab, "a query of zeros gives the mean value", zeros, key, value)
    _compare(candidate, lab, "the weights are softmax(query key^T / sqrt(d))", query, key, value)
    order = lab.rng.permutation(pairs)
    lab.close("the order of the pairs does not matter",
              _attention(candidate, lab, query, key[order], value[order]), output, given,
              0, 2 * slack)  # fmt: skip
    lab.close("each query is answered on its own",
              _attention(candidate, lab, query[:1].copy(), key, value), output[:1], given,
              0, 2 * slack)  # fmt: skip


def _check_scales(candidate, lab):
    queries, pairs, d, width = lab.rng.integers(1, 20, 4)
    query, key = lab.rng.normal(size=(queries, d)), lab.rng.normal(size=(pairs, d))
    scales = 10 ** lab.rng.uniform(-4, 4, (queries, 1))
    text = "flat scores in one row, sharp ones in the next"
    _compare(candidate, lab, text, query * scales, key, _values(lab, pairs, width))


def _check_levels(candidate, lab):
    """Scores of one query that differ little and are all far from zero."""
    pairs, d, width = lab.rng.integers(2, 9), lab.rng.integers(2, 20), lab.rng.integers(1, 6)
    query, key = lab.rng.normal(0, 2, (len(LEVELS), d)), lab.rng.normal(size=(pairs, d))
    query[:, 0], key[:, 0] = lab.rng.permutation(LEVELS), np.sqrt(d)
    value = _values(lab, pairs, width)
    for row in query:
        text = "large scores do as well as their differences"
        _compare(candidate, lab, text, row[None].copy(), key, value)
    _compare(candidate, lab, "each query has a maximum of its own", query, key, value)


def _compare(candidate, lab, text, query, key, value):
    expected = np.array([_looked_up(q, key, value) for q in query])
    given = {"query": query, "key": key, "value": value}
    got = _attention(candidate, lab, query, key, value)
    lab.close(text, got, expected, given, 0, EXACT * np.abs(value).max(0))


def _looked_up(query, key, value):
    scores = [math.fsum(query * k) / math.sqrt(len(query)) for k in key]
    weights = [math.exp(score - max(scores)) for score in scores]
    return [math.fsum(weights * column) / math.fsum(weights) for column in value.T]


def _values(lab, pairs, width):
    return lab.rng.normal(size=(pairs, width)) * 10 ** lab.rng.uniform(-4, 4, width)


def _sizes(lab, turn):
    """Draw sizes: one of them 1, all the same, then all different."""
    if turn == 4:
        return [lab.rng.integers(2, 7)] * 4
    sizes = lab.rng.permutation(np.arange(2, 9))[:4]
    if turn < 4:
        sizes[turn] = 1
    elif turn % 2:
        sizes[2] = lab.rng.integers(9, 60)
    return sizes


def _attention(candidate, lab, query, key, value):
    arrays = {"query": query, "key": key, "value": value}
    kept = {name: array.copy() for name, array in arrays.items()}
    got = candidate(query, key, value)
    for name, array in arrays.items():
        same = np.array_equal(array, kept[name])
        lab.expect(f"{name} stays as it is", same, {name: kept[name]}, array, kept[name])
    shape = len(query), value.shape[1]
    return lab.array("there is a row for each query, as wide as the values", got, shape, kept)


def right_by_logarithms(query, key, value):
    scores = np.einsum("qd,kd->qk", query, key) * key.shape[1] ** -0.5
    logs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    return np.einsum("qk,kw->qw", np.exp(logs), value)


def right_query_by_query(query, key, value):
    """A list of arrays comes back."""
    output = []
    for q in query:
        scores = key @ (q / np.sqrt(len(q)))
        weights = np.exp(scores - scores.max())
        output.append(np.average(value, axis=0, weights=weights))
    return output


def right_in_pure_python(query, key, value):
    output = []
    for q in query.tolist():
        scores = [sum(a * b for a, b in zip(q, k, strict=True)) for k in key.tolist()]
        best = max(scores)
        weights = [math.exp((score - best) / len(q) ** 0.5) for score in scores]
        columns = zip(*value.tolist(), strict=True)
        output.append([sum(w * v for w, v in zip(weights, column, strict=True)) / sum(weights)
                       for column in columns])  # fmt: skip
    return output


def _softmax(scores, axis):
    weights = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def wrong_over_queries(query, key, value):
    return _softmax(query @ key.T / np.sqrt(key.shape[1]), axis=0) @ value


def wrong_without_scaling(query, key, value):
    return _softmax(query @ key.T, axis=1) @ value


def wrong_divides_by_size(query, key, value):
    return _softmax(query @ key.T / key.shape[1], axis=1) @ value


def wrong_size_fixed(query, key, value):
    return _softmax(query @ key.T / np.sqrt(8), axis=1) @ value


def wrong_root_of_pairs(query, key, value):
    return _softmax(query @ key.T / np.sqrt(len(key)), axis=1) @ value


def wrong_overflows(query, key, value):
    weights = np.exp(query @ key.T / np.sqrt(key.shape[1]))
    return weights / weights.sum(axis=1, keepdims=True) @ value


def wrong_global_maximum(query, key, value):
    """One maximum for all queries: those far below it get 0 / 0."""
    scores = query @ key.T / np.sqrt(key.shape[1])
    weights = np.exp(scores - scores.max())
    return weights / weights.sum(axis=1, keepdims=True) @ value


def wrong_scores_clipped(query, key, value):
    scores = np.clip(query @ key.T / np.sqrt(key.shape[1]), -50, 50)
    return _softmax(scores, axis=1) @ value


def wrong_scores_clipped_high(query, key, value):
    scores = np.clip(query @ key.T / np.sqrt(key.shape[1]), -3e5, 3e5)
    return _softmax(scores, axis=1) @ value


def wrong_first_twenty_keys(query, key, value):
    return attention(query, key[:20], value[:20])


def wrong_single_precision(query, key, value):
    scores = query @ key.T / np.sqrt(key.shape[1])
    scores -= scores.max(axis=1, keepdims=True)
    return _softmax(scores.astype("float32"), axis=1) @ value


def wrong_causal(query, key, value):
    """A mask that nobody asked for."""
    scores = query @ key.T / np.sqrt(key.shape[1])
    allowed = np.tri(len(query), len(key), dtype=bool)
    return _softmax(np.where(allowed, scores, -np.inf), axis=1) @ value


def wrong_hard_lookup(query, key, value):
    return value[np.argmax(query @ key.T, axis=1)]


def wrong_weights_only(query, key, value):
    return _softmax(query @ key.T / np.sqrt(key.shape[1]), axis=1)


def wrong_in_place(query, key, value):
    query /= np.sqrt(key.shape[1])
    return _softmax(query @ key.T, axis=1) @ value
