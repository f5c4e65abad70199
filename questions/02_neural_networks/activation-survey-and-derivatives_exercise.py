"""Five activation functions and their slopes."""

import math

import numpy as np


def activation(name, z, alpha):
    """Return an activation and its derivative, element by element.

    Args:
        name: "identity", "sigmoid", "tanh", "relu" or "leaky_relu".
        z: float64 array of one to three axes, none of them empty. Its numbers are at most 1e4 in
            size; zeros occur.
        alpha: slope of the leaky ReLU left of zero, a float from 0.001 to 3. It is passed with
            every name; the other four functions ignore it.

    Returns:
        `(a, slope)`, two arrays (or nested lists) of the shape of `z`: the values of the function
        and of its derivative. Where z is exactly 0, ReLU and leaky ReLU have the slope of their
        left side, 0 and alpha. All numbers are right to 1e-10, relative or absolute, whichever is
        coarser, and none is NaN or infinite. The array `z` stays as it is.
    """
    if name == "identity":
        return z.copy(), np.ones_like(z)
    if name == "relu":
        return np.where(z > 0, z, 0.0), np.where(z > 0, 1.0, 0.0)
    if name == "leaky_relu":
        slope = np.where(z > 0, 1.0, alpha)
        return slope * z, slope
    if name == "tanh":
        a = np.tanh(z)
        return a, 1 - a**2
    decay = np.exp(-np.abs(z))
    a = np.where(z >= 0, 1.0, decay) / (1 + decay)
    return a, a * (1 - a)


NAMES = ("identity", "sigmoid", "tanh", "relu", "leaky_relu")
ALPHAS = (0.001, 0.01, 0.1, 0.3, 1.0, 1.5, 3.0)
SCALES = (1e-4, 1e-2, 1.0, 10.0, 30.0, 1e3, 1e4)
DIGITS = 1e-10


def check(candidate, lab):
    with np.errstate(all="ignore"):
        for name in map(str, lab.rng.permutation(NAMES)):
            for alpha in ALPHAS if name == "leaky_relu" else lab.rng.choice(ALPHAS, 2):
                _check_name(candidate, lab, name, float(alpha))


def _check_name(candidate, lab, name, alpha):
    for axes in (1, 2, 3):
        z = lab.rng.uniform(-3, 3, _shape(lab, axes))
        _compare(candidate, lab, name, z, alpha, "ordinary inputs")
    z = np.zeros(_shape(lab, 2))
    z[0] = lab.rng.normal(size=z.shape[1])
    _compare(candidate, lab, name, z, alpha, "zeros")
    z = np.stack([scale * lab.rng.uniform(-1, 1, 4) for scale in SCALES])
    _compare(candidate, lab, name, z, alpha, "rows from 1e-4 to 1e4")
    z = lab.rng.choice([-1, 1], 6) * lab.rng.uniform(700, 1e4, 6)
    _compare(candidate, lab, name, z, alpha, "inputs far from zero")
    for sign in (-1, 1):
        z = sign * np.abs(lab.rng.normal(0, 20, _shape(lab, 1)))
        _compare(candidate, lab, name, z, alpha, "inputs of one sign")


def _compare(candidate, lab, name, z, alpha, text):
    given = {"name": name, "z": z.copy(), "alpha": alpha}
    both = candidate(name, z, alpha)
    several = isinstance(both, tuple | list) or getattr(both, "ndim", 0) > 0
    lab.expect("two arrays come back", several and len(both) == 2, given, both, "(a, slope)")
    lab.array("the values have the shape of z", both[0], z.shape, given)
    lab.array("the slopes have the shape of z", both[1], z.shape, given)
    exact = np.array([_exact(name, float(one), alpha) for one in z.flat])
    lab.close(f"the values of {name} are right for {text}", both[0],
              exact[:, 0].reshape(z.shape), given, DIGITS, DIGITS)  # fmt: skip
    lab.close(f"the slopes of {name} are right for {text}", both[1],
              exact[:, 1].reshape(z.shape), given, DIGITS, DIGITS)  # fmt: skip


def _exact(name, z, alpha):
    if name == "identity":
        return z, 1.0
    if name == "tanh":
        return math.tanh(z), 1 / math.cosh(min(abs(z), 300)) ** 2
    if name == "sigmoid":
        decay = math.exp(-abs(z))
        return (1.0 if z >= 0 else decay) / (1 + decay), decay / (1 + decay) ** 2
    left = alpha if name == "leaky_relu" else 0.0
    return (z, 1.0) if z > 0 else (left * z, left)


def _shape(lab, axes):
    """Draw a shape that does not begin with 2, which is how many arrays come back."""
    return (lab.rng.choice([1, 3, 4, 5]), *lab.rng.integers(1, 6, size=axes - 1))


def right_by_one_tanh(name, z, alpha):
    """Sigmoid is a tanh moved and scaled; the rectifiers share one formula."""
    if name in ("sigmoid", "tanh"):
        half = 0.5 if name == "sigmoid" else 1.0
        t = np.tanh(half * z)
        return half * t + (1 - half), half * half * (1 - t * t)
    left = {"identity": 1.0, "relu": 0.0, "leaky_relu": alpha}[name]
    slope = (z > 0) + left * (z <= 0)
    return np.stack([slope * z, slope])


def right_in_pure_python(name, z, alpha):
    """Nested lists, number by number."""

    def one(x):
        if name == "identity":
            return x, 1
        if name == "tanh":
            return math.tanh(x), 1 - math.tanh(x) ** 2
        if name == "sigmoid":
            a = 1 / (1 + math.exp(-x)) if x > -700 else 0.0
            return a, a * (1 - a)
        if x > 0:
            return x, 1
        return (0, 0) if name == "relu" else (alpha * x, alpha)

    def deep(part, which):
        return [deep(p, which) for p in part] if isinstance(part, list) else one(part)[which]

    return deep(z.tolist(), 0), deep(z.tolist(), 1)


def right_with_a_warning(name, z, alpha):
    """The plain sigmoid overflows to a correct zero; masks fill the rectifiers."""
    a, slope = z.copy(), np.ones(z.shape)
    if name == "sigmoid":
        a = 1 / (1 + np.exp(-z))
        slope = a - a * a
    elif name == "tanh":
        a, slope = np.tanh(z), 1 - np.tanh(z) ** 2
    elif name != "identity":
        factor = alpha if name == "leaky_relu" else 0.0
        a[z <= 0] *= factor
        slope[z <= 0] = factor
    return [a, slope]


def wrong_slope_of_the_input(name, z, alpha):
    """The formulas for the output, fed with the input."""
    a, slope = activation(name, z, alpha)
    slope = {"sigmoid": z * (1 - z), "tanh": 1 - z**2}.get(name, slope)
    return a, slope


def wrong_one_at_the_kink(name, z, alpha):
    a, slope = activation(name, z, alpha)
    return a, np.where(z >= 0, 1.0, slope) if "relu" in name else slope


def wrong_literal_exponentials(name, z, alpha):
    a, slope = activation(name, z, alpha)
    if name == "tanh":
        a = (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
        slope = 1 - a**2
    if name == "sigmoid":
        a = np.exp(z) / (1 + np.exp(z))
        slope = a * (1 - a)
    return a, slope


def wrong_sign_in_sigmoid(name, z, alpha):
    """1 / (1 - e^z), a sign that slips."""
    if name != "sigmoid":
        return activation(name, z, alpha)
    a = 1 / (1 - np.exp(z))
    return a, a * (1 - a)


def wrong_leaky_by_maximum(name, z, alpha):
    a, slope = activation(name, z, alpha)
    return (np.maximum(alpha * z, z) if name == "leaky_relu" else a), slope


def wrong_fixed_leak(name, z, alpha):
    return activation(name, z, 0.01)


def wrong_slope_of_tanh(name, z, alpha):
    """The slope of sigmoid for both S-curves."""
    a, slope = activation(name, z, alpha)
    return a, a * (1 - a) if name == "tanh" else slope


def wrong_value_as_slope(name, z, alpha):
    a, slope = activation(name, z, alpha)
    return a, a if name == "relu" else slope


def wrong_clipped(name, z, alpha):
    """Avoids overflow by cutting inputs at 20, those of the rectifiers as well."""
    return activation(name, np.clip(z, -20, 20), alpha)


def wrong_numerical_slope(name, z, alpha):
    """A forward difference instead of the derivative."""
    a, _ = activation(name, z, alpha)
    return a, (activation(name, z + 1e-6, alpha)[0] - a) / 1e-6


def wrong_in_place(name, z, alpha):
    _, slope = activation(name, z, alpha)
    if name == "relu":
        z[z < 0] = 0.0
        return z, slope
    return activation(name, z, alpha)


def wrong_derivative_dropped(name, z, alpha):
    """The leaky side has a slope of zero."""
    a, slope = activation(name, z, alpha)
    return a, np.where(z > 0, 1.0, 0.0) if name == "leaky_relu" else slope
