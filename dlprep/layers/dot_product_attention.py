"""Scaled dot-product attention and the masks that say who may look at whom."""

import functools
import math

from keras import ops

from dlprep.layers.precision import narrow, widen


def masked_softmax(scores, mask=None, axis=-1):
    r"""Turn scores into weights that sum to one over the allowed positions.

    $$ w_j = \frac{m_j e^{s_j}}{\sum_k m_k e^{s_k}} $$

    Where nothing is allowed the weights are equal, so that a padded row stays finite. The
    exponentials run in float32 or wider whatever the type of the scores.

    Args:
        scores: Scores $s$ of any shape, negative infinity included.
        mask: Booleans $m$ of a shape that broadcasts to the scores, True where looking is allowed,
            or None.
        axis: Axis or axes over which the weights sum to one.

    Returns:
        Weights of the shape of the scores and of their type, of whole numbers in `floatx`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.dot_product_attention import masked_softmax
        >>> weights = masked_softmax(ops.array([5.0, 5.0, 9.0]), ops.array([True, True, False]))
        >>> [float(weight) for weight in weights]
        [0.5, 0.5, 0.0]

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.2.3.
    """
    wide = widen(scores)
    # Finite, unlike -inf: a row of nothing but -inf would give 0 / 0.
    lowest = -1e30
    if mask is not None or scores.dtype != wide.dtype:
        wide = ops.maximum(wide, lowest)
    if mask is not None:
        wide = ops.where(ops.cast(mask, "bool"), wide, lowest)
    axes = (axis,) if isinstance(axis, int) else axis
    if all(wide.shape[axis] == 1 for axis in axes):
        # A sequence of one step, which Keras's softmax would take for a mistake and warn.
        return narrow(ops.exp(wide - wide), scores.dtype)
    if len(wide.shape) > 5:
        # TensorFlow's kernel takes no more axes than that on a processor.
        e = ops.exp(wide - ops.stop_gradient(ops.max(wide, axis, keepdims=True)))
        return narrow(e / ops.sum(e, axis, keepdims=True), scores.dtype)
    return narrow(ops.softmax(wide, axis=axis), scores.dtype)


def dot_product_attention(query, key, value, mask=None, drop=None):
    r"""Average the values, weighted by how well their keys match the query.

    $$ \mathrm{Attention}(Q, K, V) = \mathrm{softmax}\left(\frac{Q K^T}{\sqrt{d}}\right) V $$

    Dividing by $\sqrt d$ keeps the scores' variance at 1 for independent entries of variance 1.

    Args:
        query: Queries $Q$, shape `(..., T, d)`.
        key: Keys $K$, shape `(..., S, d)`.
        value: Values $V$, shape `(..., S, v)`.
        mask: Booleans that broadcast to `(..., T, S)`, True where looking is allowed, or None.
        drop: Function applied to the weights before they average, for dropout, or None.

    Returns:
        The average, shape `(..., T, v)`, and the weights before `drop`, shape `(..., T, S)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.dot_product_attention import dot_product_attention
        >>> output, weights = dot_product_attention(*(ops.ones((5, 4)) for _ in "QKV"))
        >>> tuple(output.shape), round(float(weights[0, 0]), 4)
        ((5, 4), 0.2)

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, equation 1.
    """
    # Scale the query, not the scores: the product must not overflow in float16.
    query = query * narrow(1 / math.sqrt(query.shape[-1]), query.dtype)
    scores = ops.matmul(query, ops.swapaxes(key, -1, -2))
    weights = masked_softmax(scores, mask)
    return ops.matmul(weights if drop is None else drop(weights), value), weights


def causal_mask(queries, keys):
    r"""Let each position look at itself and what came before.

    $$ m_{ij} = [j \le i] $$

    Args:
        queries: Number of queries $T$.
        keys: Number of keys $S$.

    Returns:
        Booleans of shape `(T, S)`.

    Example:
        >>> from dlprep.layers.dot_product_attention import causal_mask
        >>> [[int(allowed) for allowed in row] for row in causal_mask(2, 3)]
        [[1, 0, 0], [1, 1, 0]]

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.2.3.
    """
    return ops.arange(queries)[:, None] >= ops.arange(keys)[None, :]


def sliding_window_mask(queries, keys, window):
    r"""Let each position look at positions nearer than the window, on both sides.

    $$ m_{ij} = [|i - j| < w] $$

    Args:
        queries: Number of queries $T$.
        keys: Number of keys $S$.
        window: Width $w$, a positive integer.

    Returns:
        Booleans of shape `(T, S)`.

    Example:
        >>> from dlprep.layers.dot_product_attention import sliding_window_mask
        >>> [int(allowed) for allowed in sliding_window_mask(4, 4, 2)[1]]
        [1, 1, 1, 0]

    Reference:
        Beltagy, Peters, Cohan 2020, arXiv:2004.05150, section 3.1.
    """
    return ops.abs(ops.arange(queries)[:, None] - ops.arange(keys)[None, :]) < window


def merge_masks(query_mask, value_mask, key_mask, attention_mask, *pairwise, axes=(1,), rank=3):
    r"""Join masks of positions and of pairs into one mask of pairs.

    $$ m_{ij} = q_i \wedge v_j \wedge k_j \wedge a_{ij} \wedge \ldots $$

    Args:
        query_mask: Booleans $q$ of shape `(batch, T)`, or None; as the next two. Of inputs with
            more axes, all but the features, or the batch and those attended over.
        value_mask: Booleans $v$ of shape `(batch, S)`.
        key_mask: Booleans $k$ of shape `(batch, S)`.
        attention_mask: Booleans $a$ that broadcast to `(batch, T, S)`, or None; of more axes, to
            the weights, with or without an axis of heads.
        *pairwise: Further masks of pairs, or None.
        axes: Axes of the inputs attended over, counted from the front.
        rank: Number of axes of the inputs.

    Returns:
        Booleans that broadcast to `(batch, T, S)`, or with the heads to `(batch, heads, T, S)`, or
        None if all masks are.

    Raises:
        ValueError: If a mask has too few axes or too many.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.dot_product_attention import merge_masks
        >>> tuple(merge_masks(ops.ones((2, 5)), ops.ones((2, 3)), None, None).shape)
        (2, 5, 3)

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.2.3.
    """
    order = attended_last(axes, rank)
    positions = ((query_mask, -1), (value_mask, -2), (key_mask, -2))
    masks = [pairs(mask, side, axes, order) for mask, side in positions if mask is not None]
    masks += [ops.cast(mask, "bool") for mask in (attention_mask, *pairwise) if mask is not None]
    # Not less than the weights without their heads: batches must meet batches.
    full = max(len(order) + len(axes), *(len(mask.shape) for mask in masks), 0)
    masks = [with_axes(mask, full, len(axes)) for mask in masks]
    return functools.reduce(ops.logical_and, masks) if masks else None


def attended_last(axes, rank):
    """Return the axes of the inputs without the features, those attended over at the end."""
    return [*(axis for axis in range(rank - 1) if axis not in axes), *axes]


def pairs(mask, side, axes, order):
    """Turn a mask of positions into one of pairs: -1 for those of queries, -2 for those of keys."""
    free = order[: -len(axes)]
    held = len(mask.shape) - len(axes)
    if held not in (1, len(free)) and (held, len(axes)) != (0, 1):
        raise ValueError(
            f"A mask of positions has the {len(order)} axes of the inputs without the features, or "
            f"the batch and the {len(axes)} attended over, but its shape is {tuple(mask.shape)}."
        )
    for axis in free[held:]:
        mask = ops.expand_dims(mask, axis)
    mask = ops.transpose(ops.cast(mask, "bool"), order)
    for _ in axes:
        mask = ops.expand_dims(mask, -1 if side == -1 else len(free))
    return mask


def with_axes(mask, rank, count=1):
    """Give a mask of pairs the axes that it lacks, between the batch and the pairs.

    Args:
        mask: Booleans, the last axes those of queries and of keys.
        rank: Number of axes to end with.
        count: Number of axes attended over.
    """
    if not 2 * count <= len(mask.shape) <= rank:
        raise ValueError(
            f"A mask of pairs has from {2 * count} to {rank} axes here, the last {2 * count} those "
            f"of queries and of keys, but its shape is {tuple(mask.shape)}."
        )
    while len(mask.shape) < rank:
        mask = ops.expand_dims(mask, -2 * count - 1)
    return mask


def hide_unseen(mask, query, value, key, axes=(1,)):
    """Clear queries that may look at nothing, and values and keys that nobody may look at.

    A weight of 0 does not hide a NaN: the product is NaN, and so are the gradients of all weights.
    Finite entries stay, as a query that may look at nothing averages all values.

    Args:
        mask: Result of `merge_masks`.
        query: Inputs of shape `(batch, T, features)`, or with more axes.
        value: Inputs of shape `(batch, S, features)`, likewise.
        key: Inputs of shape `(batch, S, features)`, likewise.
        axes: Axes attended over, counted from the front.
    """
    if mask is None:
        return query, value, key
    order, count = attended_last(axes, len(query.shape)), len(axes)
    if len(mask.shape) > len(order) + count:
        mask = ops.any(mask, axis=-2 * count - 1)
    asking = ops.any(mask, axis=tuple(range(-count, 0)))
    seen = ops.any(mask, axis=tuple(range(-2 * count, -count)))
    back = sorted(range(len(order)), key=order.__getitem__)
    asking, seen = (ops.transpose(positions, back) for positions in (asking, seen))
    return hide(query, asking), hide(value, seen), hide(key, seen)


def hide(x, seen):
    """Clear what is not finite, or nearly so, at positions that do not count.

    Args:
        x: Vectors of shape `(batch, ..., features)`.
        seen: Booleans that broadcast to `(batch, ...)`, True where a position counts; None for all.
    """
    if seen is None:
        return x
    counts = ops.expand_dims(ops.cast(seen, "bool"), -1)
    return ops.where(ops.logical_or(counts, ops.abs(widen(x)) < 1e30), x, 0)


def check_lengths(value_shape, key_shape):
    """Raise unless there is a key for every value."""
    if key_shape is not None and tuple(value_shape[1:-1]) != tuple(key_shape[1:-1]):
        raise ValueError(
            "All axes of value and key but the last must be equal: value has the shape "
            f"{tuple(value_shape)}, key {tuple(key_shape)}."
        )


def fused_attention(query, key, value, mask=None):
    """Attend by the backend's fused kernel, which gives no weights."""
    mask = None if mask is None else with_axes(mask, len(query.shape))
    return ops.dot_product_attention(query, key, value, mask=mask, flash_attention=True)
