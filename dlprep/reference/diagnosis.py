"""Splitting data into train, dev and test sets, and what their errors say."""

import numpy as np


def split(m, shares, rng):
    r"""Deal the numbers from 0 to $m - 1$ at random into sets of given shares.

    $$ m_k = \operatorname{round}\Big(m \sum_{j \le k} s_j\Big)
       - \operatorname{round}\Big(m \sum_{j < k} s_j\Big) $$

    Args:
        m: Number of examples.
        shares: Share of each set, which add up to one: `(0.6, 0.2, 0.2)` for little data,
            `(0.98, 0.01, 0.01)` for a million examples.
        rng: NumPy generator.

    Returns:
        List of integer arrays, one per share, that together hold every number once.

    Raises:
        ValueError: If the shares do not add up to one.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.diagnosis import split
        >>> [len(part) for part in split(10, (0.6, 0.2, 0.2), np.random.default_rng(0))]
        [6, 2, 2]

    Reference:
        Okoli, "Notes on deep learning", section 2.1.2.
    """
    if not np.isclose(sum(shares), 1):
        raise ValueError(f"the shares must add up to 1, but {tuple(shares)} make {sum(shares)}")
    ends = np.round(np.cumsum(shares)[:-1] * m).astype(int)
    return np.split(rng.permutation(m), ends)


def stratified_split(labels, shares, rng):
    """Deal examples at random into sets of given shares, each class on its own.

    Args:
        labels: Class of each example, shape `(m,)`.
        shares: Share of each set, which add up to one.
        rng: NumPy generator.

    Returns:
        List of integer arrays, one per share, that together hold every number once.

    Raises:
        ValueError: If the shares do not add up to one.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.diagnosis import stratified_split
        >>> labels, rng = np.array([0] * 90 + [1] * 10), np.random.default_rng(0)
        >>> [int(labels[part].sum()) for part in stratified_split(labels, (0.8, 0.2), rng)]
        [8, 2]

    Reference:
        Kohavi 1995, "A study of cross-validation and bootstrap", section 3.
    """
    labels = np.asarray(labels)
    places = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    parts = [[place[i] for i in split(len(place), shares, rng)] for place in places]
    return [rng.permutation(np.concatenate(group)) for group in zip(*parts, strict=True)]


def bias_variance(train_error, dev_error, base_error=0.0, gap=0.02):
    r"""Name what a model suffers from, and what helps.

    $$ \text{bias} = e_\text{train} - e_\text{base}, \qquad
       \text{variance} = e_\text{dev} - e_\text{train} $$

    Either is high when it exceeds the gap. The base is what is possible at all, such as the error
    of people: with a base of 15 %, a training error of 15 % is no bias.

    Args:
        train_error: Error on the training set, a share.
        dev_error: Error on the development set, a share.
        base_error: Least error possible, a share.
        gap: Difference from which on a gap counts, a share.

    Returns:
        Dict of `bias` and `variance` (differences), `high_bias` and `high_variance` (booleans), and
        `remedies`, a list of strings, those against bias first.

    Example:
        >>> from dlprep.reference.diagnosis import bias_variance
        >>> found = bias_variance(train_error=0.01, dev_error=0.11)
        >>> found["high_bias"], found["high_variance"]
        (False, True)

    Reference:
        Okoli, "Notes on deep learning", sections 2.1.3 and 2.1.4.
    """
    bias, variance = train_error - base_error, dev_error - train_error
    high_bias, high_variance = bias > gap, variance > gap
    remedies = [*REMEDIES["bias"]] * high_bias + [*REMEDIES["variance"]] * high_variance
    return {
        "bias": bias,
        "variance": variance,
        "high_bias": high_bias,
        "high_variance": high_variance,
        "remedies": remedies,
    }


REMEDIES = {
    "bias": ("a larger network", "longer training", "a better optimizer", "another architecture"),
    "variance": ("more data", "regularization", "another architecture"),
}
