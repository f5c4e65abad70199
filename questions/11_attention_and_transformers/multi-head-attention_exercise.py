"""Multi-head attention, forward, with its four projections and a mask."""

import math

import numpy as np


def multi_head_attention(query, key, value, wq, wk, wv, wo, heads, mask=None):
    """Let every head attend by itself, put the heads side by side and project them.

    The projections `query @ wq`, `key @ wk` and `value @ wv` hold the heads side by side: the first
    head has the first `d` (or `v`) columns, the second head the next ones, and so on. Each head is
    scaled dot-product attention: the weights are softmax(q k^T / sqrt(d)) over the keys. The heads'
    outputs are put side by side in the same order and multiplied by `wo`. There are no biases.

    All sizes are at least 1 and may differ or agree. Scores (q k^T / sqrt(d)) may be up to 1e5 in
    size. The arguments stay as they are.

    Args:
        query: float64 array of shape `(batch, queries, width)`.
        key: float64 array of shape `(batch, pairs, width)`.
        value: float64 array of shape `(batch, pairs, width)`; the rows of the batch are at scales
            from 1e-4 to 1e4.
        wq: float64 array of shape `(width, heads * d)`.
        wk: float64 array of shape `(width, heads * d)`.
        wv: float64 array of shape `(width, heads * v)`; v need not be d.
        wo: float64 array of shape `(heads * v, outputs)`.
        heads: number of heads, an int from 1 to 6.
        mask: boolean array of shape `(queries, pairs)`, the same for all heads and rows of the
            batch, True where looking is allowed; or None, if it is allowed everywhere. Every query
            may look at one key at least; a pair that is masked has weight 0.

    Returns:
        Array (or nested lists) of shape `(batch, queries, outputs)`, right to a millionth of the
        largest output in the same row of the batch, and never NaN.
    """

    def split(x):
        return x.reshape(*x.shape[:2], heads, -1).swapaxes(1, 2)

    q, k, v = split(query @ wq), split(key @ wk), split(value @ wv)
    scores = q @ k.swapaxes(2, 3) / np.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    together = (weights @ v).swapaxes(1, 2).reshape(*query.shape[:2], -1)
    return together @ wo


EXACT = 2e-6
NAMES = ("query", "key", "value", "wq", "wk", "wv", "wo", "heads", "mask")


def check(candidate, lab):
    with np.errstate(all="ignore"):
        for turn, heads in enumerate(lab.rng.permutation(np.repeat([1, 2, 3, 4, 5, 6], 2))):
            case = _case(lab, int(heads), turn)
            _compare(candidate, lab, "the heads are those of the definition", *case, None)
            _compare(candidate, lab, "masked pairs have no weight", *case, _mask(lab, case))
        for size in (30.0, 1e3, 9e4):
            case = _case(lab, int(lab.rng.integers(2, 5)), 9)
            for mask in (None, _mask(lab, case)):
                large = _scaled(case, size)
                _compare(candidate, lab, "large scores do as well", *large, mask)
                _compare(candidate, lab, "scores may be of one sign", *_shifted(large), mask)
        for _ in range(2):
            *case, mask = _extreme(lab, _case(lab, int(lab.rng.integers(2, 5)), 9))
            text = "masked pairs have no weight even with the largest scores"
            _compare(candidate, lab, text, *case, mask)


def _case(lab, heads, turn):
    """Draw arguments of sizes that differ; early turns have one of them at 1."""
    batch, queries, pairs, width, d, v, outputs = map(int, lab.rng.permutation(np.arange(2, 9)))
    ones = [(1, queries, pairs), (batch, 1, pairs), (batch, queries, 1), (batch, queries, queries)]
    batch, queries, pairs = ones[turn] if turn < 4 else (batch, queries, pairs)
    d, v = [(1, v), (d, 1), (d, d)][turn - 4] if 4 <= turn < 7 else (d, v)
    scales = 10 ** lab.rng.uniform(-4, 4, (batch, 1, 1))
    query = lab.rng.normal(size=(batch, queries, width))
    key, value = lab.rng.normal(size=(2, batch, pairs, width))
    wq, wk = lab.rng.normal(0, width**-0.5, (2, width, heads * d))
    wv = lab.rng.normal(size=(width, heads * v))
    wo = lab.rng.normal(size=(heads * v, outputs))
    query = query * 10 ** lab.rng.uniform(-2, 1, (batch, queries, 1))
    return query, key, value * scales, wq, wk, wv, wo, heads


def _scaled(case, size):
    """Stretch the queries until the largest score has a size."""
    query, *others = case
    return query * (size / _largest(case)), *others


def _largest(case):
    query, key, _, wq, wk, *_, heads = case
    return max(np.abs(_scores(query[b] @ wq, key[b] @ wk, heads)).max() for b in range(len(key)))


def _extreme(lab, case):
    """Scores near 1e5 for half of the keys, which are masked, and near -1e5 for the others."""
    query, key, value, wq, wk, wv, wo, heads = map(np.copy, case)
    query[:], wq[0], wk[0], key[..., 0] = 0, 1, 1, 0
    query[..., 0] = 1
    key /= _largest((query, key, value, wq, wk, wv, wo, int(heads)))
    high = lab.rng.permutation(key.shape[1]) % 2 == 1
    key[..., 0] = np.where(high, 1, -1) * (1e5 - 2) / np.sqrt(wq.shape[1] // heads)
    mask = _mask(lab, case) & ~high
    mask[range(query.shape[1]), lab.rng.choice(np.flatnonzero(~high), query.shape[1])] = True
    return query, key, value, wq, wk, wv, wo, int(heads), mask


def _shifted(case):
    """Move all keys alike, so that a query's scores are far from zero and near one another."""
    query, key, value, wq, wk, wv, wo, heads = case
    key = key[:, :1] + 1e-4 * (key - key[:, :1])
    return query, key, value, wq, wk, wv, wo, heads


def _mask(lab, case):
    queries, pairs = case[0].shape[1], case[1].shape[1]
    mask = lab.rng.random((queries, pairs)) < 0.5
    mask[range(queries), lab.rng.integers(pairs, size=queries)] = True
    return mask


def _compare(candidate, lab, text, *arguments):
    given = {name: np.copy(a) for name, a in zip(NAMES, arguments, strict=True) if a is not None}
    expected = _attended(*arguments)
    got = candidate(*arguments) if arguments[-1] is not None else candidate(*arguments[:-1])
    got = lab.array("a row comes back for each query, as wide as wo", got, expected.shape, given)
    slack = EXACT * np.abs(expected).max(axis=(1, 2), keepdims=True)
    lab.close(text, got, expected, given, 0, np.broadcast_to(slack, expected.shape))


def _scores(q, k, heads):
    d = q.shape[1] // heads
    blocks = [slice(n * d, (n + 1) * d) for n in range(heads)]
    return np.array([q[:, block] @ k[:, block].T / math.sqrt(d) for block in blocks])


def _attended(query, key, value, wq, wk, wv, wo, heads, mask):
    """One query of one row of the batch after the other."""
    output = np.zeros((*query.shape[:2], wo.shape[1]))
    for b in range(len(query)):
        scores, values = _scores(query[b] @ wq, key[b] @ wk, heads), value[b] @ wv
        v = values.shape[1] // heads
        for t in range(query.shape[1]):
            looked = np.arange(key.shape[1]) if mask is None else np.flatnonzero(mask[t])
            for n in range(heads):
                block = slice(n * v, (n + 1) * v)
                weights = np.exp(scores[n, t, looked] - scores[n, t, looked].max())
                found = weights @ values[looked, block] / weights.sum()
                output[b, t] += found @ wo[block]
    return output


def right_head_by_head(query, key, value, wq, wk, wv, wo, heads, mask=None):
    """Each head is projected, attends, and goes through its rows of wo."""
    output = 0
    parts = zip(*(np.split(w, heads, axis=1) for w in (wq, wk, wv)), np.split(wo, heads),
                strict=True)  # fmt: skip
    for a, b, c, o in parts:
        scores = np.einsum("btd,bsd->bts", query @ a, key @ b) / a.shape[1] ** 0.5
        if mask is not None:
            scores[:, ~mask] = -1e9
        logs = scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True)
        output = output + np.exp(logs) @ (value @ c) @ o
    return output


def right_by_einsum(query, key, value, wq, wk, wv, wo, heads, mask=None):
    shape = (len(wq), heads, -1)
    q = np.einsum("btw,whd->bhtd", query, wq.reshape(shape))
    k = np.einsum("btw,whd->bhtd", key, wk.reshape(shape))
    v = np.einsum("btw,whd->bhtd", value, wv.reshape(shape))
    scores = np.einsum("bhtd,bhsd->bhts", q, k) / math.sqrt(q.shape[3])
    allowed = True if mask is None else mask
    weights = np.exp(scores - scores.max(axis=-1, where=allowed, initial=-np.inf, keepdims=True))
    weights = np.where(allowed, weights, 0)
    weights /= weights.sum(axis=-1, keepdims=True)
    return np.einsum("bhts,bhsv,hvo->bto", weights, v, wo.reshape(heads, -1, wo.shape[1]))


def right_in_loops(query, key, value, wq, wk, wv, wo, heads, mask=None):
    """A list of lists of arrays comes back."""
    d, v, output = wq.shape[1] // heads, wv.shape[1] // heads, []
    for asked, keys, values in zip(query @ wq, key @ wk, value @ wv, strict=True):
        rows = []
        for t, row in enumerate(asked):
            looked = list(range(len(keys))) if mask is None else np.where(mask[t])[0]
            outputs = []
            for n in range(heads):
                block = slice(n * d, (n + 1) * d)
                scores = [row[block] @ keys[s, block] / d**0.5 for s in looked]
                weights = [math.exp(score - max(scores)) for score in scores]
                column = values[looked, n * v : (n + 1) * v]
                outputs.append(np.average(column, axis=0, weights=weights))
            rows.append(np.concatenate(outputs) @ wo)
        output.append(rows)
    return output


def _softmax(scores, axis=-1):
    weights = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def _split(x, heads):
    return x.reshape(*x.shape[:2], heads, -1).swapaxes(1, 2)


def _join(x):
    return x.swapaxes(1, 2).reshape(len(x), x.shape[2], -1)


def _parts(query, key, value, wq, wk, wv, heads):
    q, k, v = _split(query @ wq, heads), _split(key @ wk, heads), _split(value @ wv, heads)
    return q @ k.swapaxes(2, 3) / np.sqrt(q.shape[-1]), v


def _masked(scores, mask, fill=-np.inf):
    return scores if mask is None else np.where(mask, scores, fill)


def wrong_reshaped_without_transpose(query, key, value, wq, wk, wv, wo, heads, mask=None):
    """The shapes fit, but each head holds pieces of several tokens."""

    def split(x):
        return x.reshape(len(x), heads, x.shape[1], -1)

    q, k, v = split(query @ wq), split(key @ wk), split(value @ wv)
    weights = _softmax(_masked(q @ k.swapaxes(2, 3) / np.sqrt(q.shape[-1]), mask))
    return (weights @ v).reshape(*query.shape[:2], -1) @ wo


def wrong_joined_without_transpose(query, key, value, wq, wk, wv, wo, heads, mask=None):
    scores, v = _parts(query, key, value, wq, wk, wv, heads)
    return (_softmax(_masked(scores, mask)) @ v).reshape(*query.shape[:2], -1) @ wo


def wrong_columns_interleaved(query, key, value, wq, wk, wv, wo, heads, mask=None):
    def split(x):
        return x.reshape(*x.shape[:2], -1, heads).transpose(0, 3, 1, 2)

    q, k, v = split(query @ wq), split(key @ wk), split(value @ wv)
    weights = _softmax(_masked(q @ k.swapaxes(2, 3) / np.sqrt(q.shape[-1]), mask))
    return _join(weights @ v) @ wo


def wrong_root_of_all_heads(query, key, value, wq, wk, wv, wo, heads, mask=None):
    scores, v = _parts(query, key, value, wq, wk, wv, heads)
    return _join(_softmax(_masked(scores / np.sqrt(heads), mask)) @ v) @ wo


def wrong_root_of_width(query, key, value, wq, wk, wv, wo, heads, mask=None):
    scores, v = _parts(query, key, value, wq, wk, wv, heads)
    scores = scores * np.sqrt(wq.shape[1] / heads / query.shape[-1])
    return _join(_softmax(_masked(scores, mask)) @ v) @ wo


def wrong_without_scaling(query, key, value, wq, wk, wv, wo, heads, mask=None):
    scores, v = _parts(query, key, value, wq, wk, wv, heads)
    return _join(_softmax(_masked(scores * np.sqrt(wq.shape[1] / heads), mask)) @ v) @ wo


def wrong_over_queries(query, key, value, wq, wk, wv, wo, heads, mask=None):
    scores, v = _parts(query, key, value, wq, wk, wv, heads)
    return _join(np.nan_to_num(_softmax(_masked(scores, mask), axis=2)) @ v) @ wo


def wrong_mask_after_softmax(query, key, value, wq, wk, wv, wo, heads, mask=None):
    scores, v = _parts(query, key, value, wq, wk, wv, heads)
    return _join(_masked(_softmax(scores), mask, 0) @ v) @ wo


def wrong_mask_renormalised(query, key, value, wq, wk, wv, wo, heads, mask=None):
    """Right until a masked score is far above the allowed ones: then 0 / 0."""
    scores, v = _parts(query, key, value, wq, wk, wv, heads)
    weights = _masked(_softmax(scores), mask, 0)
    return _join(weights / weights.sum(axis=-1, keepdims=True) @ v) @ wo


def wrong_mask_reversed(query, key, value, wq, wk, wv, wo, heads, mask=None):
    scores, v = _parts(query, key, value, wq, wk, wv, heads)
    return _join(_softmax(_masked(scores, None if mask is None else ~mask, -1e9)) @ v) @ wo


def wrong_mask_multiplied(query, key, value, wq, wk, wv, wo, heads, mask=None):
    scores, v = _parts(query, key, value, wq, wk, wv, heads)
    return _join(_softmax(_masked(scores, mask, 0)) @ v) @ wo


def wrong_mask_not_far_enough(query, key, value, wq, wk, wv, wo, heads, mask=None):
    scores, v = _parts(query, key, value, wq, wk, wv, heads)
    return _join(_softmax(_masked(scores, mask, -1e4)) @ v) @ wo


def wrong_mask_as_low_as_scores(query, key, value, wq, wk, wv, wo, heads, mask=None):
    """Allowed scores may be as low."""
    scores, v = _parts(query, key, value, wq, wk, wv, heads)
    return _join(_softmax(_masked(scores, mask, -1e5)) @ v) @ wo


def wrong_mask_as_a_penalty(query, key, value, wq, wk, wv, wo, heads, mask=None):
    """A masked score may be twice as far above the allowed ones."""
    scores, v = _parts(query, key, value, wq, wk, wv, heads)
    penalty = 0 if mask is None else -1e5 * ~mask
    return _join(_softmax(scores + penalty) @ v) @ wo


def wrong_mask_ignored(query, key, value, wq, wk, wv, wo, heads, mask=None):
    scores, v = _parts(query, key, value, wq, wk, wv, heads)
    return _join(_softmax(scores) @ v) @ wo


def wrong_one_head(query, key, value, wq, wk, wv, wo, heads, mask=None):
    scores, v = _parts(query, key, value, wq, wk, wv, 1)
    return _join(_softmax(_masked(scores, mask)) @ v) @ wo


def wrong_one_set_of_weights(query, key, value, wq, wk, wv, wo, heads, mask=None):
    """The heads' weights are averaged."""
    scores, v = _parts(query, key, value, wq, wk, wv, heads)
    weights = _softmax(_masked(scores, mask)).mean(axis=1, keepdims=True)
    return _join(weights @ v) @ wo


def wrong_keys_as_values(query, key, value, wq, wk, wv, wo, heads, mask=None):
    scores, v = _parts(query, key, key, wq, wk, wv, heads)
    return _join(_softmax(_masked(scores, mask)) @ v) @ wo


def wrong_overflows(query, key, value, wq, wk, wv, wo, heads, mask=None):
    scores, v = _parts(query, key, value, wq, wk, wv, heads)
    weights = np.exp(_masked(scores, mask))
    return _join(weights / weights.sum(axis=-1, keepdims=True) @ v) @ wo


def wrong_global_maximum(query, key, value, wq, wk, wv, wo, heads, mask=None):
    scores, v = _parts(query, key, value, wq, wk, wv, heads)
    weights = np.exp(_masked(scores, mask) - scores.max())
    return _join(weights / weights.sum(axis=-1, keepdims=True) @ v) @ wo
