"""One decoding step of causal multi-head attention with a cache."""

import math

import numpy as np


def decode_step(x, cache, wq, wk, wv, wo, heads):
    """Attend from the newest token of each sequence to itself and to all tokens before it.

    Queries are `x @ wq`, keys `x @ wk`, values `x @ wv`. Head h owns the columns from `h * size` to
    `(h + 1) * size` of each, where `size = width / heads`. In each head the output is the sum of
    the values weighted with the softmax of `query . key / sqrt(size)`; the heads' outputs side by
    side are multiplied by `wo`. There is no bias and no position. Scores are up to 1e5 in size.

    Args:
        x: the newest token of each sequence, float64 array of shape `(batch, width)`.
        cache: `(keys, values)`, a tuple of two float64 arrays of shape
            `(batch, heads, tokens, size)`: those of the tokens before, oldest first. At the first
            step `tokens` is 0. Neither they nor the other arguments may be changed.
        wq, wk, wv, wo: float64 arrays of shape `(width, width)`.
        heads: int of at least 1 that divides `width`.

    Returns:
        `(y, cache)`: y of shape `(batch, width)`, and the pair of keys and values of shape
        `(batch, heads, tokens + 1, size)` with the newest token last. Arrays or nested lists; y
        right to 1e-8 of the largest number in each row, keys and values to 1e-8 of the largest in
        each array; y never NaN.
    """
    keys, values = cache
    batch, width = x.shape

    def split(part):
        return part.reshape(batch, heads, 1, width // heads)

    query = split(x @ wq)
    keys = np.concatenate([keys, split(x @ wk)], axis=2)
    values = np.concatenate([values, split(x @ wv)], axis=2)
    scores = query @ keys.swapaxes(2, 3) / np.sqrt(width // heads)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return (weights @ values).reshape(batch, width) @ wo, (keys, values)


EXACT = 1e-8


def check(candidate, lab):
    with np.errstate(all="ignore"):
        for turn in range(9):
            heads, size = lab.rng.integers(1, 4), lab.rng.integers(1, 5)
            batch = 1 if turn == 0 else int(lab.rng.integers(1, 4))
            gain = lab.rng.choice([0.1, 1.0, 3.0])
            _check_sequence(candidate, lab, batch, int(heads), int(size), gain)
        for level in (1e-4, 100.0, 1000.0, 3e4):
            _check_scores(candidate, lab, level)


def _check_sequence(candidate, lab, batch, heads, size, gain):
    """A few steps from an empty cache; each gets what the oracle keeps."""
    width = heads * size
    weights = [gain * lab.rng.normal(size=(width, width)) / np.sqrt(width) for _ in range(4)]
    cache = tuple(np.zeros((batch, heads, 0, size)) for _ in range(2))
    for step in range(5):
        x = lab.rng.normal(size=(batch, width)) * 10 ** lab.rng.uniform(-2, 1, (batch, 1))
        text = "after an empty cache" if step == 0 else "after a few tokens"
        cache = _compare(candidate, lab, text, x, cache, weights, heads)


def _check_scores(candidate, lab, level):
    batch, heads, size, tokens = 2, *(int(n) for n in lab.rng.integers(2, 5, 3))
    width = heads * size
    weights = [lab.rng.normal(size=(width, width)) / np.sqrt(width) for _ in range(4)]
    shape = batch, heads, tokens, size
    keys = lab.rng.normal(size=shape) * level * lab.rng.choice([1.0, 0.01], (batch, heads, 1, 1))
    cache = keys, lab.rng.normal(size=shape)
    x = lab.rng.normal(size=(batch, width))
    _compare(candidate, lab, "scores of very different size", x, cache, weights, heads)


def _compare(candidate, lab, text, x, cache, weights, heads):
    y, keys, values = _expected(x, cache, weights, heads)
    given = {"x": x, "keys": cache[0], "values": cache[1], "heads": heads}
    kept = [part.copy() for part in (x, *cache, *weights)]
    got = candidate(x, cache, *weights, heads)
    same = all(np.array_equal(a, b) for a, b in zip(kept, (x, *cache, *weights), strict=True))
    lab.expect("x, the cache and the weights stay as they are", same, given)
    pair = isinstance(got, tuple | list) and len(got) == 2
    lab.expect("an output and a cache come back", pair, given, str(got)[:80], "(y, cache)")
    inner = isinstance(got[1], tuple | list | np.ndarray) and len(got[1]) == 2
    lab.expect("the cache is a pair", inner, given, str(got[1])[:80], "(keys, values)")
    for name, part, wanted in (("keys", got[1][0], keys), ("values", got[1][1], values)):
        part = lab.array(f"the {name} have one token more", part, wanted.shape, given)
        lab.close(f"the newest token's {name} come last: {text}", part, wanted, given, 0,
                  EXACT * np.abs(wanted).max())  # fmt: skip
    out = lab.array("y has the shape of x", got[0], x.shape, given)
    slack = EXACT * np.abs(y).max(axis=1, keepdims=True) + 1e-14
    lab.close(f"attention to all tokens so far: {text}", out, y, given, 0, slack)
    return keys, values


def _expected(x, cache, weights, heads):
    wq, wk, wv, wo = weights
    batch, width = x.shape
    size = width // heads
    joined, keys, values = np.zeros((batch, width)), [], []
    for row in range(batch):
        keys.append([]), values.append([])
        for head in range(heads):
            own = slice(head * size, (head + 1) * size)
            q = x[row] @ wq[:, own]
            k = [*cache[0][row, head], x[row] @ wk[:, own]]
            v = [*cache[1][row, head], x[row] @ wv[:, own]]
            scores = [math.fsum(q * one) / math.sqrt(size) for one in k]
            top = max(scores)
            shares = [math.exp(score - top) for score in scores]
            total = math.fsum(shares)
            joined[row, own] = sum(s / total * one for s, one in zip(shares, v, strict=True))
            keys[-1].append(k), values[-1].append(v)
    return joined @ wo, np.array(keys), np.array(values)


def right_by_einsum(x, cache, wq, wk, wv, wo, heads):
    size = x.shape[1] // heads
    w = [part.reshape(-1, heads, size) for part in (wq, wk, wv)]
    q, k, v = (np.einsum("bi,ihd->bhd", x, part) for part in w)
    keys = np.append(cache[0], k[:, :, None], axis=2)
    values = np.append(cache[1], v[:, :, None], axis=2)
    scores = np.einsum("bhd,bhtd->bht", q, keys) * size**-0.5
    logs = scores - np.logaddexp.reduce(scores, axis=2, keepdims=True)
    y = np.einsum("bht,bhtd,hdo->bo", np.exp(logs), values, wo.reshape(heads, size, -1))
    return y, (keys, values)


def right_with_loops(x, cache, wq, wk, wv, wo, heads):
    """Lists come back."""
    y, keys, values = _expected(x, cache, (wq, wk, wv, wo), heads)
    return y.tolist(), [keys.tolist(), values.tolist()]


def _softmax(scores):
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def _step(x, cache, w, heads, root=None, seen=None, softmax=_softmax, scale=True):
    batch, width = x.shape
    q, k, v = ((x @ part).reshape(batch, heads, 1, width // heads) for part in w[:3])
    new = tuple(np.concatenate(pair, axis=2) for pair in zip(cache, (k, v), strict=True))
    keys, values = new if seen is None else seen(cache, new)
    scores = q @ keys.swapaxes(2, 3)
    if scale:
        scores = scores / np.sqrt(root or width // heads)
    return (softmax(scores) @ values).reshape(batch, width) @ w[3], new


def wrong_token_does_not_see_itself(x, cache, wq, wk, wv, wo, heads):
    def seen(cache, new):
        return cache if cache[0].shape[2] else new

    return _step(x, cache, (wq, wk, wv, wo), heads, seen=seen)


def wrong_newest_token_only(x, cache, wq, wk, wv, wo, heads):
    def seen(cache, new):
        return tuple(part[:, :, -1:] for part in new)

    return _step(x, cache, (wq, wk, wv, wo), heads, seen=seen)


def wrong_root_of_width(x, cache, wq, wk, wv, wo, heads):
    return _step(x, cache, (wq, wk, wv, wo), heads, root=x.shape[1])


def wrong_without_scaling(x, cache, wq, wk, wv, wo, heads):
    return _step(x, cache, (wq, wk, wv, wo), heads, scale=False)


def wrong_newest_first(x, cache, wq, wk, wv, wo, heads):
    y, new = _step(x, cache, (wq, wk, wv, wo), heads)
    return y, tuple(np.roll(part, 1, axis=2) for part in new)


def wrong_cache_not_extended(x, cache, wq, wk, wv, wo, heads):
    return _step(x, cache, (wq, wk, wv, wo), heads)[0], cache


def wrong_overflows(x, cache, wq, wk, wv, wo, heads):
    def softmax(scores):
        return np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)

    return _step(x, cache, (wq, wk, wv, wo), heads, softmax=softmax)


def wrong_global_maximum(x, cache, wq, wk, wv, wo, heads):
    def softmax(scores):
        weights = np.exp(scores - scores.max())
        return weights / weights.sum(axis=-1, keepdims=True)

    return _step(x, cache, (wq, wk, wv, wo), heads, softmax=softmax)


def wrong_queries_cached(x, cache, wq, wk, wv, wo, heads):
    return _step(x, cache, (wq, wq, wv, wo), heads)


def wrong_heads_interleaved(x, cache, wq, wk, wv, wo, heads):
    """Splits the columns the other way round."""
    order = np.arange(x.shape[1]).reshape(-1, heads).T.ravel()
    w = wq[:, order], wk[:, order], wv[:, order], wo[order]
    return _step(x, cache, w, heads)


def wrong_without_output_matrix(x, cache, wq, wk, wv, wo, heads):
    return _step(x, cache, (wq, wk, wv, np.eye(len(wo))), heads)


def wrong_one_head(x, cache, wq, wk, wv, wo, heads):
    """Adds the scores of all heads up."""

    def softmax(scores):
        return _softmax(np.broadcast_to(scores.sum(axis=1, keepdims=True), scores.shape))

    return _step(x, cache, (wq, wk, wv, wo), heads, softmax=softmax)


def wrong_in_place(x, cache, wq, wk, wv, wo, heads):
    result = _step(x, cache, (wq, wk, wv, wo), heads)
    x *= 0
    return result
