"""Data that several demonstrations share: pure functions of a NumPy generator.

Every function takes `lab.rng` first and draws from it alone: the same generator state gives the
same data. Unless a docstring says otherwise features are float32 and labels int32, and a function
returns `(x, y)`. Two calls give independent data of the same law, so a test set is a second call.
"""

import numpy as np

from dlprep.lab.grammar import WORDS, grammar, grammar_entropy

__all__ = [
    "HOUSE_FEATURES",
    "WORDS",
    "assoc",
    "circles",
    "clicks",
    "digits",
    "first_last",
    "grammar",
    "grammar_entropy",
    "house_price",
    "houses",
    "moons",
    "noisy_digits",
    "pattern",
    "poly",
    "product",
    "recall",
    "spirals",
]

HOUSE_FEATURES = ("bedrooms", "age in years", "distance to the ocean in km", "pool")
"""Columns of `houses`."""


def houses(rng, n=1000, noise=20.0):
    """Draw houses and their prices.

    Bedrooms 1 to 6, age 0 to 60 years, distance 0 to 30 km, a pool in three houses of ten (all
    uniform); price = `house_price(x)` + normal noise.

    Args:
        rng: A `numpy.random.Generator`.
        n: Number of houses.
        noise: Standard deviation of the noise, in thousands.

    Returns:
        `x` of shape `(n, 4)` with the columns `HOUSE_FEATURES`; `price` of shape `(n,)`, float32,
        in thousands.
    """
    columns = [rng.integers(1, 7, n), rng.uniform(0, 60, n), rng.uniform(0, 30, n)]
    x = np.stack([*columns, rng.random(n) < 0.3], axis=1).astype("float32")
    return x, (house_price(x) + rng.normal(0, noise, n)).astype("float32")


def house_price(x):
    """Return the noiseless price in thousands: `60 bedrooms - age - 3 distance + 25 pool + 100`.

    Args:
        x: Houses, shape `(n, 4)`.
    """
    return np.asarray(x, "float64") @ [60.0, -1.0, -3.0, 25.0] + 100.0


def clicks(rng, n=1000, features=10, relevant=3, signal=2.0, bias=0.0):
    """Draw advertisement views and whether each was clicked.

    Standard normal features; the logit of a click is `bias + signal * u @ x`, where the unit
    vector `u` puts equal weights of alternating sign on the first `relevant` features. So the
    logit is normal with mean `bias` and standard deviation `signal`; `signal=0` gives labels
    that nothing can predict.

    Args:
        rng: A `numpy.random.Generator`.
        n: Number of views.
        features: Number of features.
        relevant: How many of them matter.
        signal: Standard deviation of the logit.
        bias: Mean of the logit; negative for rare clicks.

    Returns:
        `x` of shape `(n, features)`; `y` of shape `(n,)`, 1 for a click; `p` of shape `(n,)`, the
        true probabilities: no classifier beats `mean(max(p, 1 - p))` in expectation.
    """
    x = rng.normal(size=(n, features))
    direction = np.resize([1.0, -1.0], relevant) / np.sqrt(relevant)
    p = 1 / (1 + np.exp(-bias - signal * x[:, :relevant] @ direction))
    y = rng.random(n) < p
    return x.astype("float32"), y.astype("int32"), p.astype("float32")


def spirals(rng, n=800, noise=0.06, turns=1.0):
    """Draw two interleaved spiral arms in the plane.

    The angle is uniform over `turns` turns, the radius grows with it from 0.2 to 1.2, the second
    arm is the first turned by half a turn; normal noise on both coordinates.

    Args:
        rng: A `numpy.random.Generator`.
        n: Number of points; the labels 0 and 1 alternate.
        noise: Standard deviation of the noise.
        turns: How far an arm winds; more is harder.
    """
    y = np.arange(n) % 2
    along = rng.random(n)
    angle, radius = 2 * np.pi * turns * along + np.pi * y, 0.2 + along
    x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return (x + rng.normal(0, noise, x.shape)).astype("float32"), y.astype("int32")


def circles(rng, n=600, noise=0.08, factor=0.5):
    """Draw two rings around the origin: label 0 of radius 1, label 1 of radius `factor`."""
    from sklearn.datasets import make_circles

    return _planar(make_circles(n, noise=noise, factor=factor, random_state=_state(rng)))


def moons(rng, n=400, noise=0.15):
    """Draw two interleaved half circles of radius 1 with normal noise."""
    from sklearn.datasets import make_moons

    return _planar(make_moons(n, noise=noise, random_state=_state(rng)))


def product(rng, n=4000):
    """Draw points whose label no linear model finds.

    `x` uniform in [-1, 1], shape `(n, 5)`; label 1 where `x1 x2 + x3 x4 / 2 > 0` (the fifth
    feature is idle).
    """
    x = rng.uniform(-1, 1, (n, 5))
    y = x[:, 0] * x[:, 1] + x[:, 2] * x[:, 3] / 2 > 0
    return x.astype("float32"), y.astype("int32")


def poly(rng, n=25, noise=0.3):
    """Draw a noisy sine for polynomial fits, in float64.

    `x` uniform in [-1, 1] and `y = sin(pi x)` + normal noise, both of shape `(n,)`.
    """
    x = rng.uniform(-1, 1, n)
    return x, np.sin(np.pi * x) + rng.normal(0, noise, n)


def digits(rng):
    """Split scikit-learn's 1,797 handwritten digits, stratified, in a random order.

    Returns:
        `(x_train, y_train), (x_test, y_test)` with 1,297 and 500 rows; pixels in [0, 1], shape
        `(n, 64)`: `x.reshape(-1, 8, 8, 1)` gives pictures.
    """
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    pixels, labels = load_digits(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(
        (pixels / 16).astype("float32"),
        labels.astype("int32"),
        test_size=500,
        stratify=labels,
        random_state=_state(rng),
    )
    return (x_train, y_train), (x_test, y_test)


def noisy_digits(rng, share=0.3, n=500):
    """Return `digits` with `n` training rows, some of which carry a random label.

    Args:
        rng: A `numpy.random.Generator`.
        share: Share of the training labels that are drawn anew, uniformly from the ten classes
            (so one in ten of them happens to stay right). Test labels stay clean.
        n: Number of training rows.

    Returns:
        `(x_train, y_train), (x_test, y_test)`; the noisy rows are the first
        `round(share * n)` ones.
    """
    (x_train, y_train), test = digits(rng)
    noisy = y_train[:n].copy()
    noisy[: round(share * n)] = rng.integers(0, 10, round(share * n))
    return (x_train[:n], noisy), test


def pattern(rng, n=600, places=range(10)):
    """Draw noise pictures that hold a small plus or a small cross.

    Args:
        rng: A `numpy.random.Generator`.
        n: Number of pictures.
        places: Where the top left corner of the 3x3 shape may be, for row and column alike;
            0 to 9.

    Returns:
        `x` of shape `(n, 12, 12, 1)`, normal noise of standard deviation 0.2 with a shape of
        height 1 added; `y`, 0 for a plus and 1 for a cross.
    """
    shapes = np.array([[[0, 1, 0], [1, 1, 1], [0, 1, 0]], [[1, 0, 1], [0, 1, 0], [1, 0, 1]]])
    x, y = rng.normal(0, 0.2, (n, 12, 12, 1)), rng.integers(0, 2, n)
    corners = rng.choice(list(places), (n, 2))
    for picture, label, (row, column) in zip(x, y, corners, strict=True):
        picture[row : row + 3, column : column + 3, 0] += shapes[label]
    return x.astype("float32"), y.astype("int32")


def recall(rng, n=1000, steps=20, noise=1.0):
    """Draw sequences whose label is shown once, at the first step.

    Args:
        rng: A `numpy.random.Generator`.
        n: Number of sequences.
        steps: Their length.
        noise: Standard deviation of the distracting channel.

    Returns:
        `x` of shape `(n, steps, 2)`: channel 0 is normal noise, channel 1 is +1 or -1 at step 0
        and 0 afterwards; `y`, 1 where that sign is positive.
    """
    y = rng.integers(0, 2, n)
    x = np.stack([rng.normal(0, noise, (n, steps)), np.zeros((n, steps))], axis=2)
    x[:, 0, 1] = 2 * y - 1
    return x.astype("float32"), y.astype("int32")


def first_last(rng, n=1000, steps=10):
    """Draw standard normal sequences, shape `(n, steps, 1)`; label 1 where first > last."""
    x = rng.normal(size=(n, steps, 1)).astype("float32")
    return x, (x[:, 0, 0] > x[:, -1, 0]).astype("int32")


def assoc(rng, n=1000, pairs=8, keys=8, values=8):
    """Draw lists of key-value pairs with a question at the end.

    Args:
        rng: A `numpy.random.Generator`.
        n: Number of lists.
        pairs: Pairs in a list; their keys differ, their values may repeat.
        keys: Number of possible keys, at least `pairs`.
        values: Number of possible values.

    Returns:
        `x` of shape `(n, pairs + 1, keys + values)`: each step holds a one-hot key and a one-hot
        value side by side, the last step one of the keys and no value; `y`, that key's value.
    """
    order = rng.permuted(np.tile(np.arange(keys), (n, 1)), axis=1)[:, :pairs]
    stored = rng.integers(0, values, (n, pairs))
    asked = rng.integers(0, pairs, (n, 1))
    x = np.zeros((n, pairs + 1, keys + values), "float32")
    x[:, :-1] = np.concatenate([np.eye(keys)[order], np.eye(values)[stored]], axis=2)
    x[:, -1, :keys] = np.eye(keys)[np.take_along_axis(order, asked, 1)[:, 0]]
    return x, np.take_along_axis(stored, asked, 1)[:, 0].astype("int32")


def _state(rng):
    """Return a seed for scikit-learn, which does not take a `Generator`."""
    return int(rng.integers(2**31))


def _planar(pair):
    return pair[0].astype("float32"), pair[1].astype("int32")
