"""Gradient clipping by norm."""

import numpy as np


def clip_by_norm(gradient, threshold):
    """Shorten the gradient to the threshold if it is longer; keep its direction.

    Args:
        gradient: float64 array of one to four axes, none of them empty. Its numbers are at most
            1e8 in size, and may all be zero. It must stay as it is.
        threshold: the largest Euclidean norm allowed for all the array's numbers together, a float
            from 1e-4 to 1e4.

    Returns:
        Array (or nested lists) of the shape of `gradient`: the same numbers if its norm is at most
        the threshold, else those of the same direction whose norm is the threshold; right to eight
        digits for every threshold, and never NaN.
    """
    norm = np.sqrt(np.sum(gradient**2))
    return gradient * (threshold / max(norm, threshold))


THRESHOLDS = (1e-4, 0.02, 0.5, 1.0, 3.0, 70.0, 1e4)
DIGITS = 2e-8


def check(candidate, lab):
    with np.errstate(all="ignore"):
        for threshold in lab.rng.permutation(THRESHOLDS):
            for axes in (1, 2, 3, 4):
                _check_long(candidate, lab, axes, float(threshold))
                _check_short(candidate, lab, axes, float(threshold))
            _check_zero(candidate, lab, float(threshold))
            _check_patterns(candidate, lab, float(threshold))


def _check_long(candidate, lab, axes, threshold):
    for times in (lab.rng.uniform(10, 1000), 3.0, 1.0001):
        gradient = _gradient(lab, axes, times * threshold)
        given = {"gradient": gradient, "threshold": threshold}
        clipped = _clipped(candidate, lab, gradient, threshold)
        was, now = gradient / _norm(gradient), clipped / _norm(clipped)
        lab.close("a long gradient keeps its direction", now, was, given, DIGITS, 0)
        text = "a long gradient gets the threshold as its norm"
        lab.close(text, _norm(clipped), threshold, given, DIGITS, 0)


def _check_short(candidate, lab, axes, threshold):
    for times in (0.9999, 0.5, lab.rng.uniform(1e-4, 0.1)):
        gradient = _gradient(lab, axes, times * threshold)
        given = {"gradient": gradient, "threshold": threshold}
        clipped = _clipped(candidate, lab, gradient, threshold)
        lab.close("a short gradient comes back as it is", clipped, gradient, given, DIGITS, 0)


def _check_zero(candidate, lab, threshold):
    zero = np.zeros(lab.rng.integers(1, 5, size=lab.rng.integers(1, 5)))
    lab.close("a zero gradient stays zero",
              _clipped(candidate, lab, zero, threshold), zero, zero, 0, 0)  # fmt: skip


def _check_patterns(candidate, lab, threshold):
    """Zeros among the numbers, numbers that cancel, the largest that may come."""
    for name, pattern in _patterns(lab).items():
        for times in (0.5, 3.0):
            gradient = pattern * (times * threshold / _norm(pattern))
            _check_pattern(candidate, lab, name, gradient, threshold)
        _check_pattern(candidate, lab, name, pattern * (1e8 / np.abs(pattern).max()), threshold)


def _check_pattern(candidate, lab, name, gradient, threshold):
    expected = gradient * (threshold / max(_norm(gradient), threshold))
    given = {"gradient": gradient, "threshold": threshold}
    clipped = _clipped(candidate, lab, gradient, threshold)
    slack = DIGITS * min(_norm(gradient), threshold)
    lab.close(f"{name} are handled like any other", clipped, expected, given, 0, slack)


def _patterns(lab):
    some, row = lab.rng.normal(size=(2, 3, 4))
    some[lab.rng.integers(3), lab.rng.integers(4)] = 0
    row[lab.rng.integers(3)] = 0
    return {
        "gradients with a zero": some,
        "gradients with a row of zeros": row,
        "numbers that add up to zero": lab.rng.uniform(1, 2) * np.array([[1.0, -1.0]]),
        "single large numbers": np.eye(4)[:, :1] + 1e-4 * lab.rng.normal(size=(4, 1)),
    }


def _gradient(lab, axes, norm):
    """Draw an array of this norm whose rows are of very different size."""
    gradient = lab.rng.normal(size=lab.rng.integers(1, 6, size=axes))
    scales = 10 ** lab.rng.uniform(-4, 4, size=len(gradient))
    gradient = (gradient.T * scales).T.copy()
    return gradient * (norm / _norm(gradient))


def _norm(values):
    return np.sqrt(np.sum(np.abs(values) ** 2))


def _clipped(candidate, lab, gradient, threshold):
    kept = gradient.copy()
    given = {"gradient": kept, "threshold": threshold}
    got = candidate(gradient, threshold)
    lab.expect("the argument stays as it is", np.array_equal(gradient, kept), given, gradient)
    return lab.array("an array of the gradient's shape comes back", got, kept.shape, given)


def right_by_cases(gradient, threshold):
    norm = np.linalg.norm(np.ravel(gradient))
    return gradient if norm <= threshold else gradient / norm * threshold


def right_in_pure_python(gradient, threshold):
    """Nested lists come back."""

    def flat(part):
        return sum(map(flat, part), []) if isinstance(part, list) else [part]

    def scaled(part, factor):
        if isinstance(part, list):
            return [scaled(inner, factor) for inner in part]
        return part * factor

    rows = gradient.tolist()
    norm = sum(g * g for g in flat(rows)) ** 0.5
    return scaled(rows, min(1.0, threshold / norm) if norm else 1.0)


def right_tiny_epsilon(gradient, threshold):
    """An epsilon small beside every threshold that may come."""
    return gradient * min(1.0, threshold / (np.sqrt(np.vdot(gradient, gradient)) + 1e-15))


def right_in_a_copy(gradient, threshold):
    clipped = np.array(gradient)
    norm = np.sqrt(np.einsum("i,i->", clipped.ravel(), clipped.ravel()))
    if norm > threshold:
        clipped *= threshold / norm
    return clipped


def wrong_by_value(gradient, threshold):
    return np.clip(gradient, -threshold, threshold)


def wrong_always_rescales(gradient, threshold):
    """A short gradient is made longer."""
    return gradient * threshold / max(np.linalg.norm(gradient), 1e-12)


def wrong_norm_per_row(gradient, threshold):
    norm = np.linalg.norm(gradient, axis=-1, keepdims=True)
    return gradient * np.minimum(1, threshold / np.maximum(norm, 1e-12))


def wrong_epsilon_in_the_norm(gradient, threshold):
    """No small number beside a threshold of 1e-4."""
    return gradient * min(1.0, threshold / (np.linalg.norm(gradient) + 1e-6))


def wrong_single_precision(gradient, threshold):
    return clip_by_norm(gradient.astype("float32"), threshold)


def wrong_threshold_at_least_one(gradient, threshold):
    return clip_by_norm(gradient, max(threshold, 1.0))


def wrong_divides_zero(gradient, threshold):
    norm = np.sqrt(np.sum(gradient**2))
    return gradient / norm * np.minimum(norm, threshold)


def wrong_root_mean_square(gradient, threshold):
    return gradient * min(1.0, threshold / max(np.sqrt(np.mean(gradient**2)), 1e-12))


def wrong_spectral_norm(gradient, threshold):
    """Of a matrix, `ord=2` is the largest singular value."""
    flat = gradient.reshape(len(gradient), -1)
    return gradient * (threshold / max(np.linalg.norm(flat, ord=2), threshold))


def wrong_squared_norm(gradient, threshold):
    return gradient * (threshold / max(np.sum(gradient**2), threshold))


def wrong_zero_found_by_one_number(gradient, threshold):
    """One zero does not make a zero gradient."""
    return gradient if (gradient == 0).any() else clip_by_norm(gradient, threshold)


def wrong_zero_found_by_all(gradient, threshold):
    """`np.all` asks whether no number is zero."""
    return clip_by_norm(gradient, threshold) if np.all(gradient) else np.zeros(gradient.shape)


def wrong_zero_found_by_sum(gradient, threshold):
    """Numbers that cancel add up to zero, too."""
    return gradient if gradient.sum() == 0 else clip_by_norm(gradient, threshold)


def wrong_scaled_row_by_row(gradient, threshold):
    """A row of zeros is divided by its largest number."""
    rows = np.atleast_2d(gradient)
    largest = np.abs(rows).max(axis=-1, keepdims=True)
    norm = np.sqrt(np.sum(np.sum((rows / largest) ** 2, -1, keepdims=True) * largest**2))
    return gradient if not gradient.any() else gradient * (threshold / max(norm, threshold))


def wrong_capped_numbers(gradient, threshold):
    return clip_by_norm(np.clip(gradient, -1e7, 1e7), threshold)


def wrong_clips_a_little_late(gradient, threshold):
    late = np.linalg.norm(gradient) > 1.005 * threshold
    return clip_by_norm(gradient, threshold) if late else gradient


def wrong_flat(gradient, threshold):
    return clip_by_norm(gradient, threshold).ravel()


def wrong_in_place(gradient, threshold):
    gradient *= threshold / max(np.linalg.norm(gradient), threshold)
    return gradient
