"""Choosing hyper-parameters: grids, random points on the right scale, from coarse to fine."""

import itertools

import numpy as np


def grid(**values):
    """Return every combination of the given values.

    Args:
        **values: A list of values for each hyper-parameter.

    Returns:
        List of dicts, the last hyper-parameter changing fastest.

    Example:
        >>> from dlprep.reference.hyperparameters import grid
        >>> len(grid(alpha=[0.1, 0.01], units=[50, 100, 200]))
        6

    Reference:
        Okoli, "Notes on deep learning", section 2.4.1.
    """
    return [dict(zip(values, point, strict=True)) for point in itertools.product(*values.values())]


def uniform(low, high, rng, size=None):
    r"""Draw on a linear scale: $x \sim U(l, h)$.

    Args:
        low: Least value $l$.
        high: Largest value $h$.
        rng: NumPy generator.
        size: How many; None for one.

    Returns:
        A float or an array of shape `(size,)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.hyperparameters import uniform
        >>> bool(50 <= uniform(50, 100, np.random.default_rng(0)) <= 100)
        True

    Reference:
        Okoli, "Notes on deep learning", section 2.4.1.
    """
    return rng.uniform(low, high, size)


def log_uniform(low, high, rng, size=None):
    r"""Draw on a logarithmic scale: $r \sim U(\log_{10} l, \log_{10} h)$, $\alpha = 10^r$.

    Every decade is equally likely. On a linear scale from 0.0001 to 1, nine tenths of the draws
    would be above 0.1.

    Args:
        low: Least value $l > 0$.
        high: Largest value $h$.
        rng: NumPy generator.
        size: How many; None for one.

    Returns:
        A float or an array of shape `(size,)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.hyperparameters import log_uniform
        >>> bool(1e-4 <= log_uniform(1e-4, 1, np.random.default_rng(0)) <= 1)
        True

    Reference:
        Okoli, "Notes on deep learning", section 2.4.1; Bergstra, Bengio 2012.
    """
    return 10 ** rng.uniform(np.log10(low), np.log10(high), size)


def near_one(low, high, rng, size=None):
    r"""Draw a decay rate so that its distance from one is on a logarithmic scale.

    $$ r \sim U(\log_{10}(1 - h), \log_{10}(1 - l)), \qquad \beta = 1 - 10^r $$

    An average with $\beta$ reaches back over $1 / (1 - \beta)$ steps: 0.9 and 0.9005 hardly differ,
    0.999 and 0.9995 by a factor of two.

    Args:
        low: Least value $l < 1$.
        high: Largest value $h < 1$.
        rng: NumPy generator.
        size: How many; None for one.

    Returns:
        A float or an array of shape `(size,)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.hyperparameters import near_one
        >>> bool(0.9 <= near_one(0.9, 0.999, np.random.default_rng(0)) <= 0.999)
        True

    Reference:
        Okoli, "Notes on deep learning", section 2.4.1.
    """
    return 1 - log_uniform(1 - high, 1 - low, rng, size)


def random_search(score, draw, trials, rng):
    """Return random points with their scores, the lowest score first.

    Args:
        score: Function of a point that returns a number, the lower the better.
        draw: Function of a NumPy generator that returns a point.
        trials: How many points to try.
        rng: NumPy generator.

    Returns:
        List of pairs of score and point, sorted by score.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.hyperparameters import random_search
        >>> found = random_search(abs, lambda rng: rng.normal(), 5, np.random.default_rng(0))
        >>> len(found), bool(found[0][0] <= found[-1][0])
        (5, True)

    Reference:
        Bergstra, Bengio 2012, "Random search for hyper-parameter optimization".
    """
    tried = [(score(point), point) for point in (draw(rng) for _ in range(trials))]
    return sorted(tried, key=lambda pair: pair[0])


def coarse_to_fine(score, low, high, rng, trials=10, rounds=3, keep=1, sample=log_uniform):
    r"""Search an interval, then the smaller one around the best points, and so on.

    $$ l \leftarrow \max \{x : x < \min_{i \le k} x_{(i)}\}, \qquad
       h \leftarrow \min \{x : x > \max_{i \le k} x_{(i)}\} $$

    The next interval ends at the nearest points tried on either side of the best $k$, so the
    minimum of a function with one valley stays inside.

    Args:
        score: Function of a number that returns a number, the lower the better.
        low: Least value $l$.
        high: Largest value $h$.
        rng: NumPy generator.
        trials: Points per round.
        rounds: Number of rounds.
        keep: How many of the best points $k$ lie inside the next interval.
        sample: How to draw: `uniform`, `log_uniform` or `near_one`.

    Returns:
        The best number, and the list of intervals, one per round.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.hyperparameters import coarse_to_fine
        >>> rng = np.random.default_rng(0)
        >>> best, intervals = coarse_to_fine(lambda a: abs(np.log10(a) + 2), 1e-4, 1.0, rng)
        >>> len(intervals), bool(1e-3 < best < 1e-1)
        (3, True)

    Reference:
        Okoli, "Notes on deep learning", section 2.4.1.
    """
    intervals, tried = [], []
    for _ in range(rounds):
        intervals.append((low, high))
        points = sample(low, high, rng, trials)
        tried = sorted([*tried, *((score(x), x) for x in points)], key=lambda pair: pair[0])
        best = [x for _, x in tried[:keep]]
        low = max((x for _, x in tried if x < min(best)), default=low)
        high = min((x for _, x in tried if x > max(best)), default=high)
    return tried[0][1], intervals
