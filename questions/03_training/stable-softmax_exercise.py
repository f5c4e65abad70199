"""Softmax and its logarithm for logits of any size."""

import numpy as np


def softmax_and_log(logits):
    """Return softmax and log-softmax over the last axis.

    Args:
        logits: float64 array of shape `(..., classes)`: one to four axes, none of them empty. Its
            numbers are at most 1e6 in size, also side by side in a row, or -inf, which rules a
            class out (never all classes of a row). The array must stay as it is.

    Returns:
        `(probabilities, log_probabilities)`, two arrays (or nested lists) of the shape of `logits`.
        A class ruled out has probability 0 and logarithm -inf; nothing is NaN. Probabilities are
        right to seven digits, those below 1e-300 may be 0. Logarithms are right to seven digits or
        to 1e-9, whichever is coarser, also where the probability is too small for a float.
    """
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    total = np.sum(np.exp(shifted), axis=-1, keepdims=True)
    return np.exp(shifted) / total, shifted - np.log(total)


def check(candidate, lab):
    with np.errstate(all="ignore"):
        _check_values(candidate, lab)
        _check_extremes(candidate, lab)
        _check_manners(candidate, lab)


def _check_values(candidate, lab):
    logits = lab.rng.normal(0, 3, (4, 7))
    both = candidate(logits.copy())
    pair = isinstance(both, tuple | list) and len(both) == 2
    lab.expect("two arrays come back", pair, got=both, expected="(probabilities, logarithms)")
    exact = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    lab.close("the probabilities follow the definition", both[0], exact, given=logits)
    lab.close("the logarithms follow the definition", both[1], np.log(exact), given=logits)
    deep = lab.rng.normal(size=(2, 3, 5))
    sums = np.sum(candidate(deep.copy())[0], axis=-1)
    lab.close("probabilities add up to 1 over the last axis", sums, np.ones((2, 3)), given=deep)


def _check_extremes(candidate, lab):
    for level in (1000.0, -1000.0):
        logits = level + np.array([0.0, 1.0])
        text = f"logits near {level:.0f} give 0.269 and 0.731"
        lab.close(text, candidate(logits.copy())[0], [0.2689414, 0.7310586], given=logits)
    rows = np.array([[800.0, 801.0], [-800.0, -801.0]])
    _, logarithms = candidate(rows.copy())
    near, far = -np.log1p(np.exp(-1.0)), -1 - np.log1p(np.exp(-1.0))
    lab.close("each row has a shift of its own", logarithms, [[far, near], [near, far]], given=rows)
    wide = np.array([0.0, -1000.0])
    probabilities, logarithms = candidate(wide.copy())
    lab.close("a hopeless class has probability 0", probabilities, [1.0, 0.0], given=wide)
    lab.close("a hopeless class has a finite logarithm", logarithms, [0.0, -1000.0], given=wide)
    spread = 1e4 * lab.rng.normal(size=(50, 10)).astype("float32")
    finite = np.isfinite(np.asarray(candidate(spread.copy())))
    lab.expect("all results are finite for logits around 10,000", finite, given=spread)
    masked = np.array([2.0, -np.inf, 2.0])
    probabilities, logarithms = candidate(masked.copy())
    lab.close("a class ruled out has probability 0", probabilities, [0.5, 0.0, 0.5], given=masked)
    exact = [np.log(0.5), -np.inf, np.log(0.5)]
    lab.close("a class ruled out has -inf, the others no NaN", logarithms, exact, given=masked)


def _check_manners(candidate, lab):
    for dtype in ("float16", "float32", "float64"):
        logits = lab.rng.normal(0, 5, (3, 4)).astype(dtype)
        kept = [np.asarray(part).dtype == dtype for part in candidate(logits.copy())]
        lab.expect(f"{dtype} stays {dtype}", kept, given=logits)
    whole = np.array([1000, 1001])
    lab.close("whole numbers work too", candidate(whole.copy())[0][1], 0.7310586, given=whole)
    logits = lab.rng.normal(size=(3, 4))
    before = logits.copy()
    candidate(logits)
    lab.expect("the logits stay as they are", logits == before, given=before, got=logits)


def right_log_first(logits):
    """Log-softmax by pairwise log-add-exp; softmax is its exponential."""
    logarithms = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    return np.exp(logarithms), logarithms


def wrong_literal(logits):
    """The formula as printed: overflows."""
    probabilities = np.exp(logits) / np.sum(np.exp(logits), axis=-1, keepdims=True)
    return probabilities, np.log(probabilities)


def wrong_log_of_softmax(logits):
    """A stable softmax, but the logarithm of a probability that has become zero."""
    shifted = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    probabilities = shifted / np.sum(shifted, axis=-1, keepdims=True)
    return probabilities, np.log(probabilities)


def wrong_epsilon(logits):
    """Avoids the logarithm of zero by a floor."""
    probabilities, _ = softmax_and_log(logits)
    return probabilities, np.log(probabilities + np.asarray(1e-12, probabilities.dtype))


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
    return softmax_and_log(np.clip(logits, -50, 50))


def wrong_first_axis(logits):
    """Normalises over the examples instead of the classes."""
    probabilities, logarithms = softmax_and_log(np.moveaxis(logits, 0, -1))
    return np.moveaxis(probabilities, -1, 0), np.moveaxis(logarithms, -1, 0)


def wrong_in_place(logits):
    """Shifts the caller's array."""
    logits -= np.max(logits, axis=-1, keepdims=True)
    return softmax_and_log(logits)


def wrong_precision(logits):
    """Hands back float64 whatever came in."""
    return softmax_and_log(logits.astype("float64"))
