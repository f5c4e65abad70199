"""Inverted dropout, forward and backward."""

import numpy as np


def dropout(x, dy, rate, training, rng):
    """Apply inverted dropout to activations, and to the gradient that comes back.

    In training every activation is dropped with probability `rate`, independently of all others in
    its row, in other rows and in other calls; one that is kept is divided by the probability of
    being kept. The gradient for an activation is zero if it was dropped in this call, else it
    carries the same factor. At inference both pass unchanged.

    Args:
        x: activations, float64 array of one to four axes, none of them empty. Its numbers are
            finite and at most 1e6 in size; they may be 0.
        dy: gradient of the loss for the output, float64 array of the shape of `x`, of such numbers.
        rate: probability of dropping, a float with 0 <= rate < 1; 0 drops nothing.
        training: True or False.
        rng: a `numpy.random.Generator`, the only source of chance: two generators in the same state
            give the same result. How many numbers are drawn is up to you.

    Returns:
        `(y, dx)`, two arrays (or nested lists) of the shape of `x`, right to nine digits. The
        arguments but `rng` stay as they are; at inference `x` and `dy` may be returned as such.
    """
    if not training:
        return x, dy
    factor = (rng.random(x.shape) >= rate) / (1 - rate)
    return x * factor, dy * factor


SIGMAS = 6


def check(candidate, lab):
    rates = [float(lab.rng.uniform(*ends)) for ends in ((0.05, 0.3), (0.3, 0.7), (0.7, 0.95))]
    extremes = [float(lab.rng.uniform(*ends)) for ends in ((0.0038, 0.0048), (0.9952, 0.9962))]
    for axes in (1, 2, 3, 4):
        _check_inference(candidate, lab, axes, float(lab.rng.choice(rates)))
        for rate in (0.0, 0.5, *rates, *extremes):
            _check_values(candidate, lab, axes, rate)
    for rate in rates:
        _check_chance(candidate, lab, rate)
    for size, some in ((2000, rates), (12_000, extremes)):
        for rate in some:
            _check_one_axis(candidate, lab, rate, size)
    _check_calls(candidate, lab, float(lab.rng.uniform(0.2, 0.8)))
    _check_generator(candidate, lab)


def _check_inference(candidate, lab, axes, rate):
    x, dy = _inputs(lab, _shape(lab, axes))
    y, dx = _both(candidate, lab, x, dy, rate, training=False)
    given = {"x": x, "rate": rate, "training": False}
    lab.close("at inference the activations pass unchanged", y, x, given, 1e-9, 0)
    lab.close("at inference the gradient passes unchanged", dx, dy, given, 1e-9, 0)


def _check_values(candidate, lab, axes, rate):
    """One drop or keep for each place, told by the gradient where the activation is zero."""
    x, dy = _inputs(lab, _shape(lab, axes))
    x[lab.rng.random(x.shape) < 0.3] = 0.0
    y, dx = _both(candidate, lab, x, dy, rate)
    given = {"x": x, "dy": dy, "rate": rate, "training": True}
    kept = dx != 0
    if rate == 0:
        lab.expect("a rate of 0 drops nothing", kept, given, dx, dy)
    lab.close("the gradient is zero or divided by 1 - rate", dx, kept * dy / (1 - rate), given,
              1e-9, 0)  # fmt: skip
    text = "where the gradient is kept the activation is kept and divided by 1 - rate, else zero"
    lab.close(text, y, kept * x / (1 - rate), given, 1e-9, 0)


def _check_chance(candidate, lab, rate):
    shape = tuple(map(int, lab.rng.integers(105, 120, 2)))
    given = {"shape": shape, "rate": rate}
    kept = _kept(candidate, lab, shape, rate)
    for axis, name in ((0, "column"), (1, "row")):
        share = kept.mean(axis) - (1 - rate)
        spread = np.mean(share**2) * kept.shape[axis] / (rate * (1 - rate))
        text = f"how many of a {name} are dropped varies as independent draws do"
        _within(lab, text, spread, 1, np.sqrt(2 / share.size) + 0.02, given)
    _within(lab, "activations are dropped with probability rate, zeros too", 1 - kept.mean(), rate,
            np.sqrt(rate * (1 - rate) / kept.size), given)  # fmt: skip
    signs = kept - (1 - rate)
    for name, product in {
        "rows": signs[1:] * signs[:-1],
        "columns": signs[:, 1:] * signs[:, :-1],
    }.items():
        text = f"neighbouring {name} are dropped independently"
        _within(lab, text, product.mean() / (rate * (1 - rate)), 0, product.size**-0.5, given)
    rows = int(lab.rng.integers(10, 15))
    for name, sizes in {"three": (4 * rows, 9, 8), "four": (rows, 8, 7, 6)}.items():
        deep = _kept(candidate, lab, sizes, rate)
        for axis in range(deep.ndim):
            share = deep.mean(axis) - (1 - rate)
            spread = np.mean(share**2) * deep.shape[axis] / (rate * (1 - rate))
            text = f"also with {name} axes each activation has a fate of its own"
            _within(lab, text, spread, 1, np.sqrt(2 / share.size) + 0.08, {"axis": axis, **given})


def _check_one_axis(candidate, lab, rate, size):
    size += int(lab.rng.integers(size // 10))
    given = {"shape": (size,), "rate": rate}
    kept = _kept(candidate, lab, (size,), rate)
    _within(lab, "with one axis, too, activations are dropped with probability rate",
            1 - kept.mean(), rate, np.sqrt(rate * (1 - rate) / size), given)  # fmt: skip


def _check_calls(candidate, lab, rate):
    """Several calls with one generator: counts vary, and a call owes nothing to the one before."""
    rng, shape = np.random.default_rng(int(lab.rng.integers(2**31))), (30, 40)
    kept = np.array([_kept(candidate, lab, shape, rate, rng) for _ in range(8)])
    given = {"shape": shape, "rate": rate, "calls": len(kept)}
    counts = kept.sum((1, 2))
    lab.expect("how many are dropped varies from call to call", np.ptp(counts) > 0, given,
               f"{counts[0]} kept in each call")  # fmt: skip
    signs = kept - (1 - rate)
    product = signs[1:] * signs[:-1]
    _within(lab, "a call drops others than the call before",
            product.mean() / (rate * (1 - rate)), 0, product.size**-0.5, given)  # fmt: skip


def _check_generator(candidate, lab):
    seed, rate = int(lab.rng.integers(2**31)), float(lab.rng.uniform(0.2, 0.8))
    shape = 40, 30
    first, again, other = (
        _kept(candidate, lab, shape, rate, np.random.default_rng(s)) for s in (seed, seed, seed + 1)
    )
    given = {"shape": shape, "rate": rate}
    lab.expect("generators in the same state drop the same", np.array_equal(first, again), given)
    lab.expect("another generator drops others", not np.array_equal(first, other), given)


def _within(lab, text, got, expected, deviation, given):
    far = abs(got - expected) <= SIGMAS * deviation
    lab.expect(text, far, given, got, f"{expected:.4g}, give or take {SIGMAS * deviation:.2g}")


def _kept(candidate, lab, shape, rate, rng=None):
    """Tell from the gradient what was kept; half of the activations are zero."""
    x = 1.0 * (lab.rng.random(shape) < 0.5)
    return _both(candidate, lab, x, np.ones(shape), rate, rng=rng)[1] != 0


def _shape(lab, axes):
    """Draw a shape that does not begin with 2, which is how many arrays come back."""
    return (int(lab.rng.choice([1, 3, 4, 5])), *map(int, lab.rng.integers(1, 7, axes - 1)))


def _inputs(lab, shape):
    """Draw activations and gradients whose rows differ in scale; no gradient is zero."""
    scales = 10 ** lab.rng.uniform(-4, 4, (2, shape[0], *[1] * (len(shape) - 1)))
    x = lab.rng.normal(size=shape) * scales[0]
    dy = lab.rng.uniform(0.1, 3, shape) * lab.rng.choice([-1, 1], shape) * scales[1]
    return x, dy


def _both(candidate, lab, x, dy, rate, training=True, rng=None):
    """Call the candidate and look at what comes back and at what went in."""
    rng = np.random.default_rng(int(lab.rng.integers(2**31))) if rng is None else rng
    kept = x.copy(), dy.copy()
    both = candidate(x, dy, rate, training, rng)
    given = {"x": kept[0], "dy": kept[1], "rate": rate, "training": training}
    lab.expect("x stays as it is", np.array_equal(x, kept[0]), given, x, kept[0])
    lab.expect("dy stays as it is", np.array_equal(dy, kept[1]), given, dy, kept[1])
    several = isinstance(both, tuple | list) or getattr(both, "ndim", 0) > 0
    lab.expect("two arrays come back", several and len(both) == 2, given, both, "(y, dx)")
    return (
        lab.array("y has the shape of x", both[0], kept[0].shape, given),
        lab.array("dx has the shape of x", both[1], kept[0].shape, given),
    )


def right_by_binomial(x, dy, rate, training, rng):
    if not training or rate == 0:
        return x.copy(), dy.copy()
    mask = rng.binomial(1, 1 - rate, size=x.shape)
    return np.stack([mask * x, mask * dy]) / (1 - rate)


def right_in_pure_python(x, dy, rate, training, rng):
    """Nested lists come back, in a list."""
    keep = 1 - rate if training else 1.0

    def walk(values, gradients):
        if isinstance(values, list):
            pairs = [walk(v, g) for v, g in zip(values, gradients, strict=True)]
            return [first for first, _ in pairs], [second for _, second in pairs]
        kept = not training or rng.random() >= rate
        return (values / keep, gradients / keep) if kept else (0.0, 0.0)

    return list(walk(x.tolist(), dy.tolist()))


def right_by_indices(x, dy, rate, training, rng):
    y, dx = x.copy(), dy.copy()
    if training:
        dropped = rng.uniform(size=x.shape) < rate
        y[dropped] = 0
        dx[dropped] = 0
        y /= 1 - rate
        dx /= 1 - rate
    return y, dx


def right_by_choice(x, dy, rate, training, rng):
    if not training:
        return x, dy
    mask = rng.choice([0.0, 1 / (1 - rate)], size=x.shape, p=[rate, 1 - rate])
    return np.multiply(x, mask), np.multiply(dy, mask)


def wrong_not_divided(x, dy, rate, training, rng):
    """The classic form without its other half."""
    mask = rng.random(x.shape) >= rate if training else 1.0
    return x * mask, dy * mask


def wrong_classic(x, dy, rate, training, rng):
    """Scales at inference instead of in training."""
    mask = rng.random(x.shape) >= rate if training else 1 - rate
    return x * mask, dy * mask


def wrong_divided_by_rate(x, dy, rate, training, rng):
    if not training or rate == 0:
        return x, dy
    mask = (rng.random(x.shape) >= rate) / rate
    return x * mask, dy * mask


def wrong_rate_is_kept(x, dy, rate, training, rng):
    if not training or rate == 0:
        return x, dy
    mask = (rng.random(x.shape) < rate) / rate
    return x * mask, dy * mask


def wrong_active_at_inference(x, dy, rate, training, rng):
    return dropout(x, dy, rate, True, rng)


def wrong_divided_at_inference(x, dy, rate, training, rng):
    if not training:
        return x / (1 - rate), dy / (1 - rate)
    return dropout(x, dy, rate, True, rng)


def wrong_one_mask_for_all_rows(x, dy, rate, training, rng):
    if not training:
        return x, dy
    mask = (rng.random(x.shape[1:]) >= rate) / (1 - rate)
    return x * mask, dy * mask


def wrong_whole_rows(x, dy, rate, training, rng):
    if not training:
        return x, dy
    mask = (rng.random((len(x), *[1] * (x.ndim - 1))) >= rate) / (1 - rate)
    return x * mask, dy * mask


def wrong_whole_channels(x, dy, rate, training, rng):
    """Spatial dropout wherever there are places to share."""
    if not training:
        return x, dy
    shape = (len(x), *[1] * (x.ndim - 2), x.shape[-1]) if x.ndim > 2 else x.shape
    mask = (rng.random(shape) >= rate) / (1 - rate)
    return x * mask, dy * mask


def wrong_whole_channels_of_sequences(x, dy, rate, training, rng):
    """Spatial dropout for three axes."""
    if not training:
        return x, dy
    shape = (len(x), 1, x.shape[2]) if x.ndim == 3 else x.shape
    mask = (rng.random(shape) >= rate) / (1 - rate)
    return x * mask, dy * mask


def wrong_one_draw_for_one_axis(x, dy, rate, training, rng):
    if not training:
        return x, dy
    mask = (rng.random(() if x.ndim == 1 else x.shape) >= rate) / (1 - rate)
    return x * mask, dy * mask


def wrong_rate_in_whole_percent(x, dy, rate, training, rng):
    if not training:
        return x, dy
    mask = (rng.integers(0, 100, x.shape) >= round(rate * 100)) / (1 - rate)
    return x * mask, dy * mask


def wrong_fresh_mask_backward(x, dy, rate, training, rng):
    return dropout(x, dy, rate, training, rng)[0], dropout(x, dy, rate, training, rng)[1]


def wrong_backward_without_mask(x, dy, rate, training, rng):
    return dropout(x, dy, rate, training, rng)[0], dy


def wrong_backward_without_factor(x, dy, rate, training, rng):
    if not training:
        return x, dy
    mask = rng.random(x.shape) >= rate
    return x * mask / (1 - rate), dy * mask


def wrong_mask_from_output(x, dy, rate, training, rng):
    """Takes a zero of the output for a drop, also where the activation was zero."""
    y, _ = dropout(x, dy, rate, training, rng)
    return y, dy * (y != 0) / (1 - rate) if training else dy


def wrong_mask_from_output_but_for_no_rate(x, dy, rate, training, rng):
    if not training or rate == 0:
        return x, dy
    y, _ = dropout(x, dy, rate, training, rng)
    return y, dy * (y != 0) / (1 - rate)


def wrong_fixed_count(x, dy, rate, training, rng):
    """Drops a fixed number of activations instead of tossing for each."""
    if not training:
        return x, dy
    mask = np.ones(x.size)
    mask[rng.permutation(x.size)[: round(rate * x.size)]] = 0
    factor = mask.reshape(x.shape) / (1 - rate)
    return x * factor, dy * factor


def wrong_seed_of_its_own(x, dy, rate, training, rng):
    return dropout(x, dy, rate, training, np.random.default_rng(0))


def wrong_global_chance(x, dy, rate, training, rng):
    if not training:
        return x, dy
    factor = (np.random.rand(*x.shape) >= rate) / (1 - rate)
    return x * factor, dy * factor


def wrong_scaled_to_the_sum(x, dy, rate, training, rng):
    """Divides by the share that happened to be kept."""
    if not training:
        return x, dy
    mask = rng.random(x.shape) >= rate
    factor = mask / max(mask.mean(), 1e-9)
    return x * factor, dy * factor


def wrong_in_place(x, dy, rate, training, rng):
    if training:
        factor = (rng.random(x.shape) >= rate) / (1 - rate)
        x *= factor
        dy *= factor
    return x, dy
