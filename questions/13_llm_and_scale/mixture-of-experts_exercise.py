"""A sparse mixture of experts and its load-balancing loss."""

import math

import numpy as np


def moe_layer(x, router, w_in, w_out, k):
    """Send each token to its k best experts, mix their outputs, and measure the balance.

    The scores of a token are `token @ router`. Its k experts are those with the highest scores, and
    their shares are the softmax over these k scores (with k = 1 the share is 1). Expert e maps a
    token to `relu(token @ w_in[e]) @ w_out[e]`; the output is the sum of its experts' outputs times
    their shares.

    The balance is `E * sum(f * P)` over the E experts: `f[e]` is the share of all choices (there
    are tokens times k) that fell on expert e, `P[e]` the mean over the tokens of the softmax over
    all E scores, at e. No two scores of a token are equal. The arguments stay as they are.

    Args:
        x: float64 array of shape `(tokens, d)`, at least one token; rows at scales from 1e-4 to
            1e4, so that scores may be up to 1e6 in size.
        router: float64 array of shape `(d, experts)`.
        w_in: float64 array of shape `(experts, d, hidden)`.
        w_out: float64 array of shape `(experts, hidden, width)`.
        k: number of experts for each token, an int from 1 to `experts`.

    Returns:
        The pair of the outputs, an array of shape `(tokens, width)`, each row right to a
        ten-millionth of the largest number that any expert gives for that token, and the
        balance, a number right to a ten-millionth. Neither is ever NaN.
    """
    scores = x @ router
    best = np.argsort(-scores, axis=1)[:, :k]
    shares = np.zeros_like(scores)
    np.put_along_axis(shares, best, _softmax(np.take_along_axis(scores, best, 1)), axis=1)
    hidden = np.maximum(np.einsum("nd,edh->neh", x, w_in), 0)
    outputs = np.einsum("ne,neh,ehw->nw", shares, hidden, w_out)
    choices = np.bincount(best.ravel(), minlength=scores.shape[1]) / best.size
    return outputs, scores.shape[1] * choices @ _softmax(scores).mean(axis=0)


def _softmax(scores, axis=-1):
    weights = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def check(candidate, lab):
    with np.errstate(all="ignore"):
        for turn in range(12):
            experts = int(lab.rng.integers(2, 9))
            k = (1, 2, experts, int(lab.rng.integers(1, experts + 1)))[turn % 4]
            tokens = 1 if turn == 5 else int(lab.rng.integers(2, 12))
            spread = 0 if turn % 3 == 0 else 4
            _compare(candidate, lab, *_draw(lab, tokens, experts, spread), k)
        _check_square(candidate, lab)
        for k in (1, 2):
            _check_levels(candidate, lab, k)
            _check_far_apart(candidate, lab, k + 1)


def _draw(lab, tokens, experts, spread):
    d, hidden, width = (int(n) for n in lab.rng.integers(2, 8, 3))
    x = lab.rng.normal(size=(tokens, d)) * 10 ** lab.rng.uniform(-spread, spread, (tokens, 1))
    router = lab.rng.normal(size=(d, experts))
    return (x, router, lab.rng.normal(size=(experts, d, hidden)),
            lab.rng.normal(size=(experts, hidden, width)))  # fmt: skip


def _check_square(candidate, lab):
    """All sizes agree, so that nothing but the right axes give the right values."""
    n = int(lab.rng.integers(3, 7))
    x, router = lab.rng.normal(size=(2, n, n))
    w_in, w_out = lab.rng.normal(size=(2, n, n, n))
    for k in (1, 2, n):
        _compare(candidate, lab, x, router, w_in, w_out, k)


def _check_levels(candidate, lab, k):
    """Scores of a token that differ little and are all far from zero, up to a million."""
    x, router, w_in, w_out = _draw(lab, 8, 5, 0)
    x[:, 0], router[0] = lab.rng.permutation([0.6, -0.6, 10, -10, 1e3, -1e3, 1e4, -1e4]), 99.9996
    x[:, 1:] *= 3 / np.abs(x[:, 1:] @ router[1:]).max(axis=1, keepdims=True)
    _compare(candidate, lab, x, router, w_in, w_out, k)


def _check_far_apart(candidate, lab, k):
    """All probabilities but one of a token are 0; its scores still have an order."""
    _, _, w_in, w_out = _draw(lab, 8, 6, 0)
    d = w_in.shape[1]
    router = 2000.0 * np.array([lab.rng.permutation(6) for _ in range(d)])
    _compare(candidate, lab, np.eye(d), router, w_in, w_out, k)


def _compare(candidate, lab, x, router, w_in, w_out, k):
    given = {"x": x, "router": router, "w_in": w_in, "w_out": w_out, "k": k}
    given = {name: np.copy(one) for name, one in given.items()}
    tokens, experts = len(x), router.shape[1]
    counts, mean = np.zeros(experts), np.zeros(experts)
    outputs, slack = np.zeros((tokens, w_out.shape[2])), np.zeros(tokens)
    for i, token in enumerate(x):
        scores = token @ router
        best = sorted(range(experts), key=lambda e, scores=scores: -scores[e])[:k]
        weights = [math.exp(scores[e] - scores[best[0]]) for e in best]
        for e, weight in zip(best, weights, strict=True):
            counts[e] += 1
            outputs[i] += weight / sum(weights) * (np.maximum(token @ w_in[e], 0) @ w_out[e])
        mean += np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum() / tokens
        parts = [np.abs(np.maximum(token @ w_in[e], 0) @ w_out[e]).max() for e in range(experts)]
        slack[i] = 1e-7 * max(parts) + 1e-300
    result = candidate(x, router, w_in, w_out, k)
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    lab.expect("the outputs and the balance are returned", pair, given, result)
    y = lab.array("there is an output for each token", result[0], outputs.shape, given)
    balance = lab.array("the balance is a number", result[1], (), given)
    text = "each token gets the mix of its k best experts"
    lab.close(text, y, outputs, given, 0, np.broadcast_to(slack[:, None], y.shape))
    wanted = experts * float(counts @ mean) / (tokens * k)
    lab.close("the balance is E times the sum of f and P", balance, np.float64(wanted), given, 0,
              1e-7)  # fmt: skip


def right_expert_by_expert(x, router, w_in, w_out, k):
    """Gathers the tokens of each expert, as real layers do."""
    scores = x @ router
    experts = scores.shape[1]
    best = np.argpartition(scores, experts - k, axis=1)[:, experts - k :]
    shares = _softmax(np.take_along_axis(scores, best, axis=1))
    y, f = np.zeros((len(x), w_out.shape[2])), np.zeros(experts)
    for e in range(experts):
        rows, places = np.nonzero(best == e)
        hidden = np.maximum(x[rows] @ w_in[e], 0)
        y[rows] += shares[rows, places][:, None] * (hidden @ w_out[e])
        f[e] = len(rows) / (len(x) * k)
    return y, experts * np.sum(f * _softmax(scores).mean(0))


def right_by_masking(x, router, w_in, w_out, k):
    scores = x @ router
    lowest = np.sort(scores, axis=1)[:, -k][:, None]
    chosen = scores >= lowest
    shares = _softmax(np.where(chosen, scores, -np.inf))
    parts = np.stack([np.maximum(x @ a, 0) @ b for a, b in zip(w_in, w_out, strict=True)], 1)
    balance = len(w_in) * np.dot(chosen.mean(0) / k, _softmax(scores).mean(0))
    return np.sum(shares[..., None] * parts, axis=1), balance


def right_in_pure_python(x, router, w_in, w_out, k):
    def times(row, matrix):
        return [sum(map(float.__mul__, row, column)) for column in zip(*matrix, strict=True)]

    rows, experts = [], router.shape[1]
    f, p = [0.0] * experts, [0.0] * experts
    for token in x.tolist():
        scores = times(token, router.tolist())
        best = sorted(range(experts), key=scores.__getitem__, reverse=True)[:k]
        weights = [math.exp(score - max(scores)) for score in scores]
        total, row = sum(weights[e] for e in best), [0.0] * w_out.shape[2]
        for e in best:
            f[e] += 1 / (len(x) * k)
            hidden = [max(h, 0.0) for h in times(token, w_in[e].tolist())]
            part = times(hidden, w_out[e].tolist())
            row = [old + weights[e] / total * new for old, new in zip(row, part, strict=True)]
        rows.append(row)
        p = [old + w / sum(weights) / len(x) for old, w in zip(p, weights, strict=True)]
    return rows, experts * sum(map(float.__mul__, f, p))


def _mixed(x, shares, w_in, w_out):
    hidden = np.maximum(np.einsum("nd,edh->neh", x, w_in), 0)
    return np.einsum("ne,neh,ehw->nw", shares, hidden, w_out)


def _routed(x, router, k):
    scores = x @ router
    best = np.argsort(-scores, axis=1)[:, :k]
    shares = np.zeros_like(scores)
    np.put_along_axis(shares, best, _softmax(np.take_along_axis(scores, best, 1)), axis=1)
    return shares, _softmax(scores), best


def _balance(best, p):
    return p.shape[1] * np.bincount(best.ravel(), minlength=p.shape[1]) / best.size @ p.mean(0)


def wrong_choices_not_divided_by_k(x, router, w_in, w_out, k):
    shares, p, best = _routed(x, router, k)
    return _mixed(x, shares, w_in, w_out), k * _balance(best, p)


def wrong_factor_missing(x, router, w_in, w_out, k):
    shares, p, best = _routed(x, router, k)
    return _mixed(x, shares, w_in, w_out), _balance(best, p) / p.shape[1]


def wrong_probabilities_twice(x, router, w_in, w_out, k):
    """The share of the choices is taken from the probabilities."""
    shares, p, _ = _routed(x, router, k)
    return _mixed(x, shares, w_in, w_out), p.shape[1] * np.sum(p.mean(0) ** 2)


def wrong_probabilities_of_the_best(x, router, w_in, w_out, k):
    """The mean is one of the shares, not of the softmax over all scores."""
    shares, _, best = _routed(x, router, k)
    return _mixed(x, shares, w_in, w_out), _balance(best, shares)


def wrong_choices_of_the_first(x, router, w_in, w_out, k):
    """Only the very best expert of each token is counted."""
    shares, p, best = _routed(x, router, k)
    return _mixed(x, shares, w_in, w_out), _balance(best[:, :1], p)


def wrong_shares_not_renormalised(x, router, w_in, w_out, k):
    shares, p, best = _routed(x, router, k)
    return _mixed(x, (shares > 0) * p, w_in, w_out), _balance(best, p)


def wrong_shares_equal(x, router, w_in, w_out, k):
    _, p, best = _routed(x, router, k)
    shares = np.zeros_like(p)
    np.put_along_axis(shares, best, 1 / k, axis=1)
    return _mixed(x, shares, w_in, w_out), _balance(best, p)


def wrong_order_of_the_partition(x, router, w_in, w_out, k):
    """Sorted shares meet experts in the order in which `argpartition` leaves them."""
    scores = x @ router
    best = np.argpartition(-scores, k - 1, axis=1)[:, :k][:, ::-1]
    kept = _softmax(-np.sort(-scores, axis=1)[:, :k])
    shares = np.zeros_like(scores)
    np.put_along_axis(shares, best, kept, axis=1)
    return _mixed(x, shares, w_in, w_out), _balance(best, _softmax(scores))


def wrong_best_tokens_of_each_expert(x, router, w_in, w_out, k):
    """Top k along the tokens."""
    scores = x @ router
    best = np.argsort(-scores, axis=0)[:k]
    mask = np.full_like(scores, -np.inf)
    np.put_along_axis(mask, best, 0.0, axis=0)
    weights = np.exp(scores + mask - scores.max(1, keepdims=True))
    shares = weights / np.maximum(weights.sum(1, keepdims=True), 1e-300)
    f = (shares > 0).mean(0) / k
    return _mixed(x, shares, w_in, w_out), len(f) * f @ _softmax(scores).mean(0)


def wrong_worst_experts(x, router, w_in, w_out, k):
    scores = x @ router
    best = np.argsort(scores, axis=1)[:, :k]
    shares = np.zeros_like(scores)
    np.put_along_axis(shares, best, _softmax(np.take_along_axis(scores, best, 1)), axis=1)
    return _mixed(x, shares, w_in, w_out), _balance(best, _softmax(scores))


def wrong_without_relu(x, router, w_in, w_out, k):
    shares, p, best = _routed(x, router, k)
    return np.einsum("ne,nd,edh,ehw->nw", shares, x, w_in, w_out), _balance(best, p)


def wrong_overflows(x, router, w_in, w_out, k):
    shares, _, best = _routed(x, router, k)
    p = np.exp(x @ router) / np.exp(x @ router).sum(1, keepdims=True)
    return _mixed(x, shares, w_in, w_out), _balance(best, p)


def wrong_zeros_in_the_softmax(x, router, w_in, w_out, k):
    """Scores of the others are set to 0, which is no exclusion."""
    scores = x @ router
    shares, p, best = _routed(x, router, k)
    return _mixed(x, _softmax(scores * (shares > 0)), w_in, w_out), _balance(best, p)


def wrong_filled_with_minus_a_million(x, router, w_in, w_out, k):
    """Scores may be as low as the number that is to exclude the others."""
    _, p, best = _routed(x, router, k)
    scores = np.full_like(p, -1e6)
    np.put_along_axis(scores, best, np.take_along_axis(x @ router, best, 1), axis=1)
    return _mixed(x, _softmax(scores), w_in, w_out), _balance(best, p)


def wrong_filled_from_lower_levels(x, router, w_in, w_out, k):
    _, p, best = _routed(x, router, k)
    scores = np.full_like(p, -9.1e5)
    np.put_along_axis(scores, best, np.take_along_axis(x @ router, best, 1), axis=1)
    return _mixed(x, _softmax(scores), w_in, w_out), _balance(best, p)


def wrong_chosen_by_probability(x, router, w_in, w_out, k):
    """Probabilities that have become 0 tie, where the scores do not."""
    scores = x @ router
    p = np.exp(scores - scores.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    best = np.argsort(-p, axis=1, kind="stable")[:, :k]
    shares = np.take_along_axis(p, best, 1)
    shares /= shares.sum(1, keepdims=True)
    outputs = np.zeros((len(x), w_out.shape[2]))
    for i, token in enumerate(x):
        for e, share in zip(best[i], shares[i], strict=True):
            outputs[i] += share * (np.maximum(token @ w_in[e], 0) @ w_out[e])
    counts = np.bincount(best.ravel(), minlength=router.shape[1])
    return outputs, router.shape[1] * np.sum(counts / best.size * p.mean(0))
