"""Softmax and its logarithm for logits of up to a million in size."""

import math

import numpy as np


def softmax_and_log(logits):
    """Return softmax and log-softmax over the last axis.

    Args:
        logits: float64 array of shape `(..., classes)`: one to four axes, none of them empty. Its
            numbers are at most 1e6 in size, also side by side in a row, or -inf, which rules a
            class out (never all classes of a row). The array must stay as it is.

    Returns:
        `(probabilities, log_probabilities)`, two arrays (or nested lists) of the shape of `logits`.
        A class ruled out has probability exactly 0 and logarithm -inf; nothing is NaN. The other
        probabilities are right to seven digits, those below 1e-300 may be 0. Logarithms are right
        to seven digits or to 1e-9, whichever is coarser, also where the probability is too small
        for a float.
    """
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    total = np.sum(np.exp(shifted), axis=-1, keepdims=True)
    return np.exp(shifted) / total, shifted - np.log(total)


DIGITS, TINY = 2e-7, 1e-300
LEVELS = (0.0, 60.0, -60.0, 1000.0, -1000.0, 9e5, -9e5)


def check(candidate, lab):
    with np.errstate(all="ignore"):
        for axes in (1, 2, 3, 4):
            _check_moderate(candidate, lab, axes)
        _check_levels(candidate, lab)
        for _ in range(8):
            _check_one_ahead(candidate, lab)
            _check_hopeless(candidate, lab)
            _check_ruled_out(candidate, lab)
        for axes in (1, 2, 3, 4):
            _check_scales(candidate, lab, axes)


def _check_moderate(candidate, lab, axes):
    logits = lab.rng.normal(0, 3, _shape(lab, axes))
    probabilities, logarithms = _both(candidate, lab, logits)
    lab.close("probabilities add up to 1 over the last axis", probabilities.sum(-1),
              np.ones(logits.shape[:-1]), logits, DIGITS, 0)  # fmt: skip
    exact = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    lab.close("probabilities follow the definition", probabilities, exact, logits, DIGITS, TINY)
    lab.close("logarithms follow the definition", logarithms, np.log(exact), logits, DIGITS, 1e-9)


def _check_levels(candidate, lab):
    for level in LEVELS:
        row = level + lab.rng.normal(0, 2, lab.rng.integers(2, 7))
        _compare(candidate, lab, row, "large logits do as well as their differences")
    rows = np.array(lab.rng.permutation(LEVELS))[:, None] + lab.rng.normal(0, 2, (7, 5))
    _compare(candidate, lab, rows, "each row has a shift of its own")


def _check_scales(candidate, lab, axes):
    logits = lab.rng.normal(size=_shape(lab, axes))
    scales = 10 ** lab.rng.uniform(-4, 4, size=(*logits.shape[:-1], 1))
    _compare(candidate, lab, logits * scales, "rows may be of very different scale")


def _check_one_ahead(candidate, lab):
    row = lab.rng.normal(size=lab.rng.integers(4, 8))
    row[lab.rng.integers(len(row))] += lab.rng.uniform(1e3, 9e5)
    probabilities, _ = _both(candidate, lab, row)
    text = "one logit far ahead of the others takes all the probability"
    lab.close(text, probabilities, 1.0 * (row == row.max()), row, DIGITS, TINY)


def _check_hopeless(candidate, lab):
    """Classes so far below the best ones that their probability is no float, or hardly one."""
    best = np.zeros(lab.rng.integers(1, 6))
    gaps = [-lab.rng.uniform(*span, 4) for span in ((100, 680), (690, 750), (750, 9e5))]
    row = lab.rng.permutation(np.concatenate([best, *gaps])) + lab.rng.normal(0, 100)
    _compare(candidate, lab, row, "also of a class that has hardly any chance, or none in a float")


def _check_ruled_out(candidate, lab):
    logits = lab.rng.choice(LEVELS, (4, 1)) + lab.rng.normal(0, 2, (4, lab.rng.integers(2, 7)))
    out = lab.rng.random(logits.shape) < 0.6
    out[range(4), lab.rng.integers(0, logits.shape[1], 4)] = False
    logits[out] = -np.inf
    _compare(candidate, lab, logits, "a class ruled out has 0 and -inf, the others are right")
    ruled_out = _both(candidate, lab, logits)[0][out]
    text = "the probability of a class ruled out is exactly 0"
    lab.expect(text, not ruled_out.any(), logits, ruled_out.max(initial=0), 0)


def _compare(candidate, lab, logits, text):
    probabilities, logarithms = _both(candidate, lab, logits)
    exact = np.apply_along_axis(_log_softmax, -1, logits)
    lab.close(f"logarithms: {text}", logarithms, exact, logits, DIGITS, 1e-9)
    lab.close(f"probabilities: {text}", probabilities, np.exp(exact), logits, DIGITS, TINY)


def _log_softmax(row):
    largest = max(row)
    total = math.fsum(math.exp(z - largest) for z in row)
    return np.array([z - largest - math.log(total) for z in row])


def _both(candidate, lab, logits):
    """Call the candidate and look at what comes back and at what went in."""
    kept = logits.copy()
    both = candidate(logits)
    lab.expect("the logits stay as they are", np.array_equal(logits, kept), kept, logits)
    several = isinstance(both, tuple | list) or getattr(both, "ndim", 0) > 0
    pair = several and len(both) == 2
    lab.expect("two arrays come back", pair, kept, both, "(probabilities, log_probabilities)")
    return (
        lab.array("the probabilities have the shape of the logits", both[0], kept.shape, kept),
        lab.array("the logarithms have the shape of the logits", both[1], kept.shape, kept),
    )


def _shape(lab, axes):
    """Draw a shape that does not begin with 2, which is how many arrays come back."""
    return (lab.rng.choice([1, 3, 4, 5]), *lab.rng.integers(1, 6, size=axes - 1))


def right_by_log_sum_exp(logits):
    """Log-softmax by pairwise log-add-exp; softmax is its exponential."""
    logarithms = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    return np.stack([np.exp(logarithms), logarithms])


def right_in_pure_python(logits):
    """Nested lists come back, in a list."""

    def row(values):
        largest = max(values)
        exponentials = [math.exp(z - largest) for z in values]
        total = sum(exponentials)
        logs = [z - largest - math.log(total) for z in values]
        return [e / total for e in exponentials], logs

    def deep(part):
        if not isinstance(part[0], list):
            return row(part)
        pairs = [deep(inner) for inner in part]
        return [p for p, _ in pairs], [log for _, log in pairs]

    return list(deep(logits.tolist()))


def right_loop_over_rows(logits):
    flat = logits.reshape(-1, logits.shape[-1])
    probabilities, logarithms = np.empty(flat.shape), np.empty(flat.shape)
    for i, row in enumerate(flat):
        shifted = row - row.max()
        logarithms[i] = shifted - np.log(np.exp(shifted).sum())
        probabilities[i] = np.exp(shifted) / np.exp(shifted).sum()
    return probabilities.reshape(logits.shape), logarithms.reshape(logits.shape)


def wrong_literal(logits):
    """The formula as printed: overflows."""
    probabilities = np.exp(logits) / np.sum(np.exp(logits), axis=-1, keepdims=True)
    return probabilities, np.log(probabilities)


def wrong_log_of_softmax(logits):
    """A stable softmax, but the logarithm of a probability that has become zero."""
    probabilities, _ = softmax_and_log(logits)
    return probabilities, np.log(probabilities)


def wrong_logit_for_zero(logits):
    """Where the probability is zero the shifted logit stands in for its logarithm."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    probabilities, _ = softmax_and_log(logits)
    return probabilities, np.where(probabilities > 0, np.log(probabilities), shifted)


def wrong_epsilon(logits):
    """Avoids the logarithm of zero by a floor."""
    probabilities, _ = softmax_and_log(logits)
    return probabilities, np.log(probabilities + 1e-12)


def wrong_global_maximum(logits):
    """One shift for all rows: rows far below it vanish."""
    shifted = logits - np.max(logits)
    total = np.sum(np.exp(shifted), axis=-1, keepdims=True)
    return np.exp(shifted) / total, shifted - np.log(total)


def wrong_mean_shift(logits):
    """Subtracts the mean: the largest exponent may still be huge."""
    shifted = logits - np.mean(logits, axis=-1, keepdims=True)
    total = np.sum(np.exp(shifted), axis=-1, keepdims=True)
    return np.exp(shifted) / total, shifted - np.log(total)


def wrong_clipped(logits):
    """Clips the logits and so forgets how far apart they are."""
    return softmax_and_log(np.clip(logits, -700, 700))


def wrong_mask_becomes_finite(logits):
    return softmax_and_log(np.maximum(logits, -1e9))


def wrong_floor_under_probabilities(logits):
    """A class ruled out keeps the smallest normal number."""
    probabilities, logarithms = softmax_and_log(logits)
    return np.maximum(probabilities, np.finfo("float64").tiny), logarithms


def wrong_floor_under_exponents(logits):
    """A class ruled out keeps exp(-700)."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    floored = np.exp(np.maximum(shifted, -700))
    return floored / floored.sum(axis=-1, keepdims=True), softmax_and_log(logits)[1]


def wrong_first_axis(logits):
    """Normalises over the examples instead of the classes."""
    probabilities, logarithms = softmax_and_log(np.moveaxis(logits, 0, -1))
    return np.moveaxis(probabilities, -1, 0), np.moveaxis(logarithms, -1, 0)


def wrong_in_place(logits):
    """Shifts the caller's array."""
    logits -= np.max(logits, axis=-1, keepdims=True)
    return softmax_and_log(logits)


def wrong_single_precision(logits):
    return softmax_and_log(logits.astype("float32"))


def wrong_probabilities_only(logits):
    return softmax_and_log(logits)[0]
