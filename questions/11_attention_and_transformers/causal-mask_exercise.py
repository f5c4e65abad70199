"""Causal attention, also of a few new queries over a longer past."""

import math

import numpy as np


def causal_attention(query, key, value):
    """Scaled dot-product attention in which no query looks at a later key.

    The last query stands at the place of the last key, the one before it at that of the last key
    but one, and so on: with n more keys than queries, the first query may look at the first n + 1
    keys, the next one at one more. Among the keys that a query may look at the weights are
    softmax(query key^T / sqrt(d)); what stands at later keys makes no difference at all.

    Scores (query key^T / sqrt(d)) may be up to 1e6 in size, very different from one query to the
    next, and those of later keys may be far above the others. The arguments stay as they are.

    Args:
        query: float64 array of shape `(..., queries, d)`: two to four axes, no size is 0.
        key: float64 array of shape `(..., keys, d)` with the same leading axes, and as many keys as
            there are queries, or more.
        value: float64 array of shape `(..., keys, width)` with the same leading axes, its columns
            at scales from 1e-4 to 1e4.

    Returns:
        Array (or nested lists) of shape `(..., queries, width)`, right to a hundred-millionth of
        the largest number in the value's column (over all other axes), and never NaN.
    """
    scores = query @ np.swapaxes(key, -1, -2) / np.sqrt(query.shape[-1])
    queries, keys = scores.shape[-2:]
    allowed = np.tri(queries, keys, keys - queries, dtype=bool)
    scores = np.where(allowed, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True) @ value


EXACT = 3e-8


def check(candidate, lab):
    with np.errstate(all="ignore"):
        for axes in (2, 3, 4, 2, 3, 4):
            for more in (0, 1, int(lab.rng.integers(2, 9))):
                for queries in (1, int(lab.rng.integers(2, 9))):
                    _check_lookup(candidate, lab, axes, queries, queries + more)
        for more in (0, 0, 1, 4):
            _check_scales(candidate, lab, more)
            _check_levels(candidate, lab, more)
            _check_future(candidate, lab, more)
            _check_extremes(candidate, lab, more)


def _check_lookup(candidate, lab, axes, queries, keys):
    lead = tuple(lab.rng.integers(1, 4, axes - 2))
    query, key, value = _arrays(lab, lead, queries, keys)
    zeros = np.zeros(query.shape)
    text = "a query of zeros gives the mean of the values so far"
    _compare(candidate, lab, text, zeros, key, value)
    _compare(
        candidate, lab, "each query averages the values up to its own place", query, key, value
    )
    if queries == keys:
        first = _attention(candidate, lab, query, key, value)[..., 0, :]
        lab.close("the first of as many queries as keys gets the first value", first,
                  value[..., 0, :], None, 0, _slack(value)[..., 0, :])  # fmt: skip


def _check_scales(candidate, lab, more):
    queries = int(lab.rng.integers(2, 9))
    query, key, value = _arrays(lab, (2,), queries, queries + more)
    query *= 10 ** lab.rng.uniform(-4, 4, (2, queries, 1))
    text = "flat scores in one row, sharp ones in the next"
    _compare(candidate, lab, text, query, key, value)


def _check_levels(candidate, lab, more):
    """Scores of one query that differ little and are all far from zero."""
    levels = lab.rng.permutation([0.0, 60.0, -60.0, 1e3, -1e3, 1e5, -1e5, 9e5, -9e5])
    query, key, value = _arrays(lab, (), len(levels), len(levels) + more)
    query[:, 0], key[:, 0] = levels, np.sqrt(query.shape[1])
    text = "large scores do as well as their differences"
    _compare(candidate, lab, text, query, key, value)


def _check_future(candidate, lab, more):
    """Each key scores higher by far than those before it, for every query."""
    queries = int(lab.rng.integers(2, 9))
    query, key, value = _arrays(lab, (), queries, queries + more)
    query[:, 0] = np.sqrt(query.shape[1])
    for step in (30.0, 1e3, 5e4):
        for sign in (1, -1):
            key[:, 0] = sign * step * np.arange(len(key))
            text = "later keys make no difference, however high their scores"
            _compare(candidate, lab, text, query, key, value)
    other_key, other_value = key.copy(), value.copy()
    other_key[-1] += 1e3 * lab.rng.normal(size=key.shape[1])
    other_value[-1] += np.abs(value).max(0)
    text = "the last key and value change the last query's output alone"
    before = _attention(candidate, lab, query, key, value)[:-1]
    after = _attention(candidate, lab, query, other_key, other_value)[:-1]
    given = {"query": query, "key": other_key, "value": other_value}
    lab.close(text, after, before, given, 0, np.broadcast_to(_slack(value), before.shape))


def _check_extremes(candidate, lab, more):
    """The first keys score about -1e6, those from a cut on about 1e6."""
    queries = int(lab.rng.integers(2, 9))
    keys = queries + more
    query, key, value = _arrays(lab, (), queries, keys)
    query[:] = 0
    query[:, 0] = np.sqrt(query.shape[1])
    low = np.arange(keys) < lab.rng.integers(more + 1, keys)
    key[:, 0] = np.where(low, -1, 1) * (1e6 - lab.rng.uniform(1, 5, keys))
    text = "later keys make no difference if their scores are the largest"
    _compare(candidate, lab, text, query, key, value)


def _arrays(lab, lead, queries, keys):
    d, width = lab.rng.integers(1, 9, 2)
    query = lab.rng.normal(0, 2, (*lead, queries, d))
    key = lab.rng.normal(size=(*lead, keys, d))
    value = lab.rng.normal(size=(*lead, keys, width)) * 10 ** lab.rng.uniform(-4, 4, width)
    return query, key, value


def _slack(value):
    return EXACT * np.abs(value).max(axis=tuple(range(value.ndim - 1)), keepdims=True)


def _compare(candidate, lab, text, query, key, value):
    queries, keys = query.shape[-2], key.shape[-2]
    expected = np.zeros((*query.shape[:-1], value.shape[-1]))
    for place in np.ndindex(query.shape[:-2]):
        for t in range(queries):
            seen = t + keys - queries + 1
            scores = key[place][:seen] @ query[place][t] / math.sqrt(query.shape[-1])
            weights = np.exp(scores - scores.max())
            expected[place][t] = weights @ value[place][:seen] / weights.sum()
    got = _attention(candidate, lab, query, key, value)
    given = {"query": query, "key": key, "value": value}
    lab.close(text, got, expected, given, 0, np.broadcast_to(_slack(value), expected.shape))


def _attention(candidate, lab, query, key, value):
    given = {"query": query.copy(), "key": key.copy(), "value": value.copy()}
    shape = (*query.shape[:-1], value.shape[-1])
    text = "there is a row for each query, as wide as the values"
    return lab.array(text, candidate(query, key, value), shape, given)


def right_by_logarithms(query, key, value):
    scores = np.einsum("...qd,...kd->...qk", query, key) * query.shape[-1] ** -0.5
    later = np.triu(np.ones(scores.shape[-2:], bool), 1 + key.shape[-2] - query.shape[-2])
    scores = scores + np.where(later, -np.inf, 0)
    logs = scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True)
    return np.einsum("...qk,...kw->...qw", np.exp(logs), value)


def right_query_by_query(query, key, value):
    """A slice instead of a mask."""
    more, outputs = key.shape[-2] - query.shape[-2], []
    for t in range(query.shape[-2]):
        k, v = key[..., : t + more + 1, :], value[..., : t + more + 1, :]
        scores = np.sum(query[..., t : t + 1, :] * k, axis=-1) / np.sqrt(query.shape[-1])
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        outputs.append(np.sum(weights[..., None] * v, axis=-2))
    return np.stack(outputs, axis=-2)


def right_in_pure_python(query, key, value):
    def deep(q, k, v):
        if isinstance(q[0][0], list):
            return [deep(*parts) for parts in zip(q, k, v, strict=True)]
        rows = []
        for t, row in enumerate(q):
            seen = t + len(k) - len(q) + 1
            scores = [sum(map(float.__mul__, row, other)) for other in k[:seen]]
            best = max(scores)
            weights = [math.exp((score - best) / len(row) ** 0.5) for score in scores]
            columns = zip(*v[:seen], strict=True)
            rows.append([sum(map(float.__mul__, weights, c)) / sum(weights) for c in columns])
        return rows

    return deep(query.tolist(), key.tolist(), value.tolist())


def _scores(query, key):
    return query @ np.swapaxes(key, -1, -2) / np.sqrt(query.shape[-1])


def _softmax(scores, axis=-1):
    weights = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def _allowed(query, key, shift=0):
    queries, keys = query.shape[-2], key.shape[-2]
    return np.tri(queries, keys, keys - queries + shift, dtype=bool)


def wrong_scores_multiplied(query, key, value):
    """A score of 0 is no exclusion: later keys keep exp(0)."""
    return _softmax(_scores(query, key) * _allowed(query, key)) @ value


def wrong_weights_zeroed(query, key, value):
    """The later keys stay in the denominator."""
    return _softmax(_scores(query, key)) * _allowed(query, key) @ value


def wrong_weights_zeroed_and_renormalised(query, key, value):
    """Right, until a later score takes all the weight: then 0 / 0."""
    weights = _softmax(_scores(query, key)) * _allowed(query, key)
    return weights / weights.sum(axis=-1, keepdims=True) @ value


def wrong_renormalised_with_epsilon(query, key, value):
    weights = _softmax(_scores(query, key)) * _allowed(query, key)
    return weights / (weights.sum(axis=-1, keepdims=True) + 1e-9) @ value


def wrong_sees_one_ahead(query, key, value):
    scores = np.where(_allowed(query, key, 1), _scores(query, key), -np.inf)
    return _softmax(scores) @ value


def wrong_does_not_see_itself(query, key, value):
    scores = np.where(_allowed(query, key, -1), _scores(query, key), -1e9)
    return _softmax(scores) @ value


def wrong_aligned_at_the_start(query, key, value):
    """With more keys than queries the first query sees the first key alone."""
    scores = _scores(query, key)
    return _softmax(np.where(np.tri(*scores.shape[-2:], dtype=bool), scores, -np.inf)) @ value


def wrong_fill_not_low_enough(query, key, value):
    return _softmax(np.where(_allowed(query, key), _scores(query, key), -1e4)) @ value


def wrong_penalty_added(query, key, value):
    """The score of a later key outweighs the penalty."""
    return _softmax(_scores(query, key) - 1e4 * ~_allowed(query, key)) @ value


def wrong_fill_of_a_million(query, key, value):
    """Scores may be as low themselves."""
    return _softmax(np.where(_allowed(query, key), _scores(query, key), -1e6)) @ value


def wrong_penalty_of_a_million(query, key, value):
    """A later score may be two million above the others."""
    return _softmax(_scores(query, key) - 1e6 * ~_allowed(query, key)) @ value


def wrong_over_queries(query, key, value):
    scores = np.where(_allowed(query, key), _scores(query, key), -np.inf)
    return _softmax(scores, axis=-2) @ value


def wrong_sees_the_future_alone(query, key, value):
    scores = np.where(_allowed(query, key, -1), -1e9, _scores(query, key))
    return _softmax(scores) @ value


def wrong_without_mask(query, key, value):
    return _softmax(_scores(query, key)) @ value


def wrong_without_scaling(query, key, value):
    scores = np.where(_allowed(query, key), query @ np.swapaxes(key, -1, -2), -np.inf)
    return _softmax(scores) @ value


def wrong_overflows(query, key, value):
    weights = np.exp(np.where(_allowed(query, key), _scores(query, key), -np.inf))
    return weights / weights.sum(axis=-1, keepdims=True) @ value


def wrong_maximum_before_the_mask(query, key, value):
    """A later score sets the level, and those that count underflow."""
    scores = _scores(query, key)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True)) * _allowed(query, key)
    return weights / weights.sum(axis=-1, keepdims=True) @ value


def wrong_global_maximum(query, key, value):
    scores = np.where(_allowed(query, key), _scores(query, key), -np.inf)
    weights = np.exp(scores - scores.max())
    return weights / weights.sum(axis=-1, keepdims=True) @ value


def wrong_for_two_axes(query, key, value):
    """Transposes all axes."""
    scores = np.where(_allowed(query, key), query @ key.T / np.sqrt(query.shape[-1]), -np.inf)
    return _softmax(scores) @ value
