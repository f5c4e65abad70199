"""Gradient clipping in NumPy float64: by value, by each array's norm, by the norm of all."""

import numpy as np


def clip_by_value(gradients, limit):
    r"""Cut every component to an interval; the direction of the step may turn.

    $$ g_i \leftarrow \min(\max(g_i, -c), c) $$

    Args:
        gradients: List of arrays of any shapes.
        limit: Largest absolute value $c > 0$.

    Returns:
        List of arrays of the same shapes.

    Example:
        >>> from dlprep.reference.clipping import clip_by_value
        >>> clip_by_value([[3.0, 0.5]], 1.0)[0].tolist()
        [1.0, 0.5]

    Reference:
        Mikolov 2012, "Statistical language models based on neural networks", section 3.2.2.
    """
    return [np.clip(np.asarray(g, "float64"), -limit, limit) for g in gradients]


def clip_by_norm(gradients, limit):
    r"""Shorten every array that is longer than the limit, each by its own factor.

    $$ g \leftarrow g \min(1, c / \lVert g \rVert_2) $$

    Args:
        gradients: List of arrays of any shapes.
        limit: Largest Euclidean norm $c > 0$ of one array.

    Returns:
        List of arrays of the same shapes.

    Example:
        >>> from dlprep.reference.clipping import clip_by_norm
        >>> clip_by_norm([[30.0, 40.0]], 5.0)[0].tolist()
        [3.0, 4.0]

    Reference:
        Pascanu, Mikolov, Bengio 2013, arXiv:1211.5063, algorithm 1.
    """
    return [clip_by_global_norm([g], limit)[0] for g in gradients]


def clip_by_global_norm(gradients, limit):
    r"""Shorten all arrays by one factor, so that the step keeps its direction.

    $$ g^{(k)} \leftarrow g^{(k)} \min(1, c / G), \qquad
       G = \sqrt{\textstyle\sum_k \lVert g^{(k)} \rVert_2^2} $$

    Args:
        gradients: List of arrays of any shapes.
        limit: Largest Euclidean norm $c > 0$ of all arrays together.

    Returns:
        List of arrays of the same shapes.

    Example:
        >>> from dlprep.reference.clipping import clip_by_global_norm
        >>> [g.tolist() for g in clip_by_global_norm([[30.0], [40.0]], 5.0)]
        [[3.0], [4.0]]

    Reference:
        Pascanu, Mikolov, Bengio 2013, arXiv:1211.5063, algorithm 1.
    """
    gradients = [np.asarray(g, "float64") for g in gradients]
    norm = global_norm(gradients)
    factor = limit / norm if norm > limit else 1.0
    return [g * factor for g in gradients]


def global_norm(gradients):
    r"""Return the Euclidean norm of several arrays taken as one long vector.

    $$ G = \sqrt{\textstyle\sum_k \lVert g^{(k)} \rVert_2^2} $$

    Args:
        gradients: List of arrays of any shapes.

    Returns:
        A float.

    Example:
        >>> from dlprep.reference.clipping import global_norm
        >>> float(global_norm([[3.0], [4.0]]))
        5.0

    Reference:
        Pascanu, Mikolov, Bengio 2013, arXiv:1211.5063, algorithm 1.
    """
    return np.sqrt(sum(np.sum(np.square(g)) for g in gradients))
