r"""Projections of weights onto the set that a constraint allows."""

import numpy as np


def nearest_norm(W, low, high, axis=0):
    r"""Return the nearest weights whose norms along an axis lie in an interval.

    $$w \leftarrow w \, \frac{\operatorname{clip}(\|w\|, a, b)}{\|w\|}$$

    Args:
        W: Weights, no vector of them zero.
        low: $a$, the least norm.
        high: $b$, the greatest norm.
        axis: The axis of a vector.

    Returns:
        Array of the same shape.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.constraints import nearest_norm
        >>> nearest_norm(np.array([3.0, 4.0]), 0.0, 1.0).tolist()
        [0.6000000000000001, 0.8]

    Reference:
        Srivastava et al. 2014, Dropout, section 5.1.
    """
    norm = np.linalg.norm(W, axis=axis, keepdims=True)
    return W * (np.clip(norm, low, high) / norm)


def nearest_non_negative(W):
    r"""Return the nearest weights without a negative one.

    $$w \leftarrow \max(0, w)$$

    Args:
        W: Weights of any shape.

    Returns:
        Array of the same shape.

    Example:
        >>> from dlprep.reference.constraints import nearest_non_negative
        >>> nearest_non_negative([-1.0, 2.0]).tolist()
        [0.0, 2.0]

    Reference:
        Lee, Seung 1999, Learning the parts of objects by non-negative matrix factorization.
    """
    return np.maximum(W, 0.0)
