"""Temperature, top-k and top-p: the distribution of the next token."""

import heapq
import itertools
import math

import numpy as np


def next_token(logits, temperature, top_k, top_p):
    """Return the probabilities from which the next token is drawn, for each row of logits.

    In this order: softmax of `logits / temperature`; the `top_k` likeliest tokens of each row are
    kept and renormalised; of these the smallest set whose probabilities add up to at least `top_p`
    is kept and renormalised.

    Args:
        logits: float64 array of shape `(rows, tokens)`, neither size 0. `logits / temperature` is
            at most 1e5 in size. No row has two equal logits. The array must stay as it is.
        temperature: float, positive or 0. At 0 the largest logit of a row gets probability 1.
        top_k: int of at least 1; it may be larger than the number of tokens.
        top_p: float above 0 and at most 1. At 1 nothing more is taken away. Other values never come
            within 1e-6 of a sum of a row's likeliest tokens.

    Returns:
        Array (or nested lists) of the shape of `logits`, in the order of the tokens. Each row sums
        to 1, probabilities are right to 1e-9, those of tokens that are not kept are exactly 0.
    """
    if temperature == 0:
        return np.eye(logits.shape[1])[logits.argmax(axis=1)]
    order = np.argsort(-logits, axis=1)
    ranked = np.take_along_axis(logits, order, axis=1)[:, :top_k] / temperature
    ranked = np.exp(ranked - ranked[:, :1])
    ranked /= ranked.sum(axis=1, keepdims=True)
    if top_p < 1:
        ranked[np.cumsum(ranked, axis=1) - ranked >= top_p] = 0
        ranked /= ranked.sum(axis=1, keepdims=True)
    probabilities = np.zeros(logits.shape)
    np.put_along_axis(probabilities, order[:, :top_k], ranked, axis=1)
    return probabilities


EXACT = 1e-9


def check(candidate, lab):
    with np.errstate(all="ignore"):
        _check_alone(candidate, lab)
        for turn in range(25):
            rows, tokens = lab.rng.integers(1, 6), lab.rng.integers(1, 30) if turn else 1
            temperature = lab.rng.choice([0.02, 0.3, 0.8, 1.0, 1.5, 4.0, 30.0])
            logits = lab.rng.normal(size=(rows, tokens)) * lab.rng.choice([0.3, 1.0, 3.0, 10.0])
            text = "temperature, then top-k, then top-p, each renormalised"
            top_k = int(lab.rng.integers(1, tokens + 3))
            _compare(candidate, lab, text, logits, temperature, top_k)
        for _ in range(4):
            _check_scales(candidate, lab)
        _check_cold(candidate, lab)


def _check_alone(candidate, lab):
    """Each of the three by itself, on both sides of 1 where it has two."""
    for _ in range(3):
        logits = lab.rng.normal(size=(lab.rng.integers(2, 5), lab.rng.integers(4, 12)))
        many = logits.shape[1] + int(lab.rng.integers(0, 5))
        for temperature in (0.1, 0.5, 1.0, 2.0, 10.0):
            text = "temperature divides the logits"
            _compare(candidate, lab, text, logits, temperature, many, 1.0)
        for top_k in range(1, logits.shape[1] + 1):
            text = "top_k tokens are kept"
            _compare(candidate, lab, text, logits, 1.0, top_k, 1.0)
        text = "of each row the smallest set is kept that reaches top_p"
        for _ in range(5):
            _compare(candidate, lab, text, logits, 1.0, many)
        first = _softmax(logits[0])
        text = "the likeliest token stays even if it exceeds top_p"
        _compare(candidate, lab, text, logits[:1], 1.0, many, 0.5 * max(first))
    flat = 1e-3 * lab.rng.permutation(8)[None].astype(float)
    _compare(candidate, lab, "nearly equal tokens all stay at 0.9", flat, 1.0, 8, 0.9)
    logits = np.log([[0.05, 0.3, 0.5, 0.15]])
    _compare(candidate, lab, "the token that crosses top_p is kept", logits, 1.0, 9, 0.9)


def _check_scales(candidate, lab):
    rows, tokens = lab.rng.integers(2, 6), lab.rng.integers(2, 30)
    logits = lab.rng.normal(size=(rows, tokens)) * 10 ** lab.rng.uniform(-4, 4, (rows, 1))
    logits += lab.rng.uniform(-1e4, 1e4, (rows, 1))
    for temperature in (0.7, 1.0, 3.0):
        top_k = int(lab.rng.integers(1, tokens + 3))
        text = "rows of very different scale and level"
        _compare(candidate, lab, text, logits, temperature, top_k)
        _compare(candidate, lab, text, logits, temperature, tokens, 1.0)


def _check_cold(candidate, lab):
    for top_k, top_p in ((1, 1.0), (5, 0.3), (50, 0.9)):
        logits = lab.rng.normal(size=lab.rng.integers(2, 9, 2)) * 10 ** lab.rng.uniform(-4, 4)
        text = "at temperature 0 the largest logit of each row has probability 1"
        _compare(candidate, lab, text, logits, 0.0, top_k, top_p)
        first = logits.argmax(axis=1)
        close = np.nextafter(np.nextafter(logits.max(axis=1), np.inf), np.inf)
        logits[np.arange(len(logits)), (first + 1) % logits.shape[1]] = close
        _compare(candidate, lab, f"{text}, however near the next one", logits, 0.0, top_k, top_p)


def _compare(candidate, lab, text, logits, temperature, top_k, top_p=None):
    if top_p is None:
        top_p = _threshold(lab, logits, temperature, top_k)
    expected = np.array([_row(row, temperature, top_k, top_p) for row in logits.tolist()])
    given = {"logits": logits, "temperature": temperature, "top_k": top_k, "top_p": top_p}
    kept = logits.copy()
    got = candidate(logits, float(temperature), top_k, float(top_p))
    lab.expect("the logits stay as they are", np.array_equal(logits, kept), kept, logits)
    got = lab.array("there is a probability for each logit", got, logits.shape, given)
    lab.close("each row sums to 1", got.sum(1), np.ones(len(got)), given, 0, 1e-8)
    lab.close(text, got, expected, given, 0, EXACT)
    lost = _dropped(logits, temperature, top_k, top_p)
    lab.expect("tokens that are not kept have probability 0", not got[lost].any(), given, got)


def _dropped(logits, temperature, top_k, top_p):
    """Tokens that are out by rank; at top_p = 1 what is too small for a float is not."""
    ranks = (-logits).argsort(axis=1).argsort(axis=1)
    if temperature == 0:
        return ranks > 0
    sizes = [_size(row, temperature, top_k, top_p) for row in logits.tolist()]
    return ranks >= np.array(sizes)[:, None]


def _threshold(lab, logits, temperature, top_k):
    """Draw a threshold that is no sum of likeliest tokens."""
    sums = [_sums(row, temperature, top_k) for row in logits.tolist()]
    while True:
        top_p = lab.rng.choice([lab.rng.uniform(0.01, 0.99), 0.9, 0.5])
        if all(abs(total - top_p) > 1e-5 for row in sums for total in row):
            return top_p


def _sums(row, temperature, top_k):
    best = sorted(_softmax([z / temperature for z in row]), reverse=True)[:top_k]
    total = math.fsum(best)
    return [partial / total for partial in itertools.accumulate(best)]


def _size(row, temperature, top_k, top_p):
    sums = _sums(row, temperature, top_k)
    return len(sums) if top_p == 1 else 1 + sum(total < top_p for total in sums)


def _row(row, temperature, top_k, top_p):
    if temperature == 0:
        return [float(z == max(row)) for z in row]
    probabilities = _softmax([z / temperature for z in row])
    size = _size(row, temperature, top_k, top_p)
    kept = sorted(range(len(row)), key=lambda i: -row[i])[:size]
    total = math.fsum(probabilities[i] for i in kept)
    return [probabilities[i] / total if i in kept else 0.0 for i in range(len(row))]


def _softmax(row):
    largest = max(row)
    exponentials = [math.exp(z - largest) for z in row]
    total = math.fsum(exponentials)
    return [e / total for e in exponentials]


def right_with_minus_infinity(logits, temperature, top_k, top_p):
    """As libraries do it: what is cut becomes minus infinity, and one softmax comes last."""
    if temperature == 0:
        return (logits == logits.max(1, keepdims=True)).astype(float)
    scores = logits / temperature
    if top_k < scores.shape[1]:
        least = np.sort(scores, axis=1)[:, -top_k][:, None]
        scores = np.where(scores < least, -np.inf, scores)
    if top_p < 1:
        order = np.argsort(scores, axis=1)
        below = np.cumsum(_of_rows(np.take_along_axis(scores, order, axis=1)), axis=1)
        remove = below <= 1 - top_p
        remove[:, -1] = False
        mask = np.zeros_like(remove)
        np.put_along_axis(mask, order, remove, axis=1)
        scores = np.where(mask, -np.inf, scores)
    return _of_rows(scores)


def right_in_pure_python(logits, temperature, top_k, top_p):
    output = []
    for row in logits.tolist():
        best = heapq.nlargest(top_k, range(len(row)), key=row.__getitem__)
        if temperature == 0:
            best, weights = best[:1], [1.0]
        else:
            weights = [math.exp((row[i] - row[best[0]]) / temperature) for i in best]
        total, reached, count = sum(weights), 0.0, 0
        while count < len(best) and (top_p == 1 or reached < top_p * total):
            reached += weights[count]
            count += 1
        chosen = dict(zip(best[:count], weights[:count], strict=True))
        output.append([chosen.get(i, 0.0) / sum(chosen.values()) for i in range(len(row))])
    return output


def right_by_searchsorted(logits, temperature, top_k, top_p):
    rows = []
    for row in logits:
        p = np.zeros(len(row))
        if temperature == 0:
            p[np.argmax(row)] = 1
        else:
            order = np.argsort(row)[::-1][:top_k]
            best = np.exp((row[order] - row[order[0]]) / temperature)
            size = len(best) if top_p >= 1 else np.searchsorted(best.cumsum(), top_p * best.sum())
            p[order[: size + 1]] = best[: size + 1] / best[: size + 1].sum()
        rows.append(p)
    return tuple(rows)


def _of_rows(scores):
    exponentials = np.exp(scores - scores.max(1, keepdims=True))
    return exponentials / exponentials.sum(1, keepdims=True)


def _cut(p, top_k, top_p, between=True, crossing=True, undo=True, last=True):
    """Top-k and top-p of probabilities, with the mistakes people make in it."""
    order = np.argsort(-p, axis=1)
    ranked = np.take_along_axis(p, order, axis=1)
    ranked[:, top_k:] = 0
    if between:
        ranked = ranked / ranked.sum(1, keepdims=True)
    if top_p < 1:
        sums = np.cumsum(ranked, axis=1)
        out = (sums - ranked if crossing else sums) >= top_p
        out[:, 0] = False
        ranked = np.where(out, 0, ranked)
    if last:
        ranked = ranked / ranked.sum(1, keepdims=True)
    if not undo:
        return ranked
    result = np.zeros_like(p)
    np.put_along_axis(result, order, ranked, axis=1)
    return result


def _one_hot(logits):
    return np.eye(logits.shape[1])[logits.argmax(axis=1)]


def wrong_crossing_token_dropped(logits, temperature, top_k, top_p):
    if temperature == 0:
        return _one_hot(logits)
    return _cut(_of_rows(logits / temperature), top_k, top_p, crossing=False)


def wrong_not_renormalised(logits, temperature, top_k, top_p):
    if temperature == 0:
        return _one_hot(logits)
    return _cut(_of_rows(logits / temperature), top_k, top_p, last=False)


def wrong_not_renormalised_between(logits, temperature, top_k, top_p):
    """The threshold is that of all tokens, not of the k that are left."""
    if temperature == 0:
        return _one_hot(logits)
    return _cut(_of_rows(logits / temperature), top_k, top_p, between=False)


def wrong_left_in_sorted_order(logits, temperature, top_k, top_p):
    if temperature == 0:
        return _one_hot(logits)
    return _cut(_of_rows(logits / temperature), top_k, top_p, undo=False)


def wrong_temperature_on_probabilities(logits, temperature, top_k, top_p):
    if temperature == 0:
        return _one_hot(logits)
    return _cut(_of_rows(logits) / temperature, top_k, top_p)


def wrong_temperature_multiplies(logits, temperature, top_k, top_p):
    if temperature == 0:
        return _one_hot(logits)
    return _cut(_of_rows(logits * temperature), top_k, top_p)


def wrong_temperature_last(logits, temperature, top_k, top_p):
    if temperature == 0:
        return _one_hot(logits)
    kept = _cut(_of_rows(logits), top_k, top_p) > 0
    return _of_rows(np.where(kept, logits / temperature, -np.inf))


def wrong_divides_by_zero(logits, temperature, top_k, top_p):
    return _cut(_of_rows(logits / np.float64(temperature)), top_k, top_p)


def wrong_almost_zero(logits, temperature, top_k, top_p):
    return _cut(_of_rows(logits / max(temperature, 1e-8)), top_k, top_p)


def wrong_overflows(logits, temperature, top_k, top_p):
    if temperature == 0:
        return _one_hot(logits)
    p = np.exp(logits / temperature)
    return _cut(p / p.sum(1, keepdims=True), top_k, top_p)


def wrong_global_maximum(logits, temperature, top_k, top_p):
    if temperature == 0:
        return _one_hot(logits)
    p = np.exp((logits - logits.max()) / temperature)
    return _cut(p / p.sum(1, keepdims=True), top_k, top_p)


def wrong_probability_above_threshold(logits, temperature, top_k, top_p):
    """Drops each token whose own probability is below 1 - p."""
    if temperature == 0:
        return _one_hot(logits)
    p = _cut(_of_rows(logits / temperature), top_k, 1.0)
    p = np.where((p >= 1 - top_p) | (p == p.max(1, keepdims=True)), p, 0)
    return p / p.sum(1, keepdims=True)


def wrong_share_of_the_tokens(logits, temperature, top_k, top_p):
    """Keeps p of the vocabulary."""
    if temperature == 0:
        return _one_hot(logits)
    count = math.ceil(top_p * min(top_k, logits.shape[1]))
    return _cut(_of_rows(logits / temperature), count, 1.0)


def wrong_first_row_for_all(logits, temperature, top_k, top_p):
    """The size of the first row's nucleus is used for every row."""
    if temperature == 0:
        return _one_hot(logits)
    p = _of_rows(logits / temperature)
    return _cut(p, int(np.count_nonzero(_cut(p, top_k, top_p)[0])), 1.0)


def wrong_in_place(logits, temperature, top_k, top_p):
    if temperature == 0:
        return _one_hot(logits)
    logits /= temperature
    return _cut(_of_rows(logits), top_k, top_p)
