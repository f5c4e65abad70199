"""What every loss does to its two tensors first."""

import keras
from keras import ops


def pair(y_true, y_pred, broadcast=False):
    """Return both as tensors of one shape, in float32 at least, and the dtype of the result.

    Args:
        y_true: Targets.
        y_pred: Predictions; their dtype decides.
        broadcast: Whether shapes that broadcast will do, as in most losses of Keras.

    Returns:
        `(y_true, y_pred, dtype)`, as from `widened`, of one rank where they differed by one.

    Raises:
        ValueError: The shapes differ, or with `broadcast` do not broadcast.
    """
    y_pred, dtype = widened(y_pred)
    y_true, y_pred = same_rank(ops.cast(tensor(y_true), y_pred.dtype), y_pred)
    check = check_broadcast if broadcast else check_shapes
    check(y_true, y_pred)
    return y_true, y_pred, dtype


def widened(x):
    """Return a tensor in float32 at least, and the dtype that its loss is given in.

    Half-precision tensors come back in float32 with a half dtype, so that reductions and
    exponentials run in float32 and the caller casts at the end.
    """
    x = tensor(x)
    dtype = keras.backend.result_type(x.dtype, float)
    return ops.cast(x, keras.backend.result_type(dtype, "float32")), dtype


def tensor(x):
    """Return a tensor of anything like one."""
    x = ops.convert_to_tensor(x)
    # TensorFlow's variables pass for tensors, but lack some of their attributes.
    return x.read_value() if hasattr(x, "read_value") else x


def blanked(y, counts, axis, only_unusable):
    """Set rows that do not count to zero, and so their gradient, whatever they hold.

    Args:
        y: Targets or predictions.
        counts: Which rows count, with `y`'s shape, or without its last axes, or without `axis`.
        axis: The axis that a row lies along.
        only_unusable: Whether to leave numbers that are neither NaN nor near infinity.
    """
    missing = len(y.shape) - len(counts.shape)
    if missing == 1 and isinstance(axis, int):
        counts = ops.expand_dims(counts, axis)
    else:
        counts = with_rank(counts, len(y.shape))
    if not fits(counts.shape, y.shape, free=(None, 1)):
        return y
    # Their squares are finite.
    kept = ops.logical_or(counts, ops.abs(y) < 1e15) if only_unusable else counts
    blank = ops.where(kept, y, ops.zeros_like(y))
    logits = getattr(y, "_keras_logits", None)
    if logits is not None:
        blank._keras_logits = ops.where(kept, logits, ops.zeros_like(logits))
    return blank


def aligned(sample_weight, values):
    """Give weights the shape of the losses: along the first axes, or one for all.

    Raises:
        ValueError: The shapes do not fit.
    """
    if not len(values.shape):
        return sample_weight
    weight = with_rank(sample_weight, len(values.shape))
    if not fits(weight.shape, values.shape, free=(None, 1)):
        raise ValueError(
            f"sample_weight must have the first axes of the losses, of shape "
            f"{tuple(values.shape)}: received shape {tuple(sample_weight.shape)}"
        )
    return ops.broadcast_to(weight, ops.shape(values))


def with_rank(x, rank):
    """Drop or add last axes of length 1 until the rank is reached, or an axis is longer."""
    while len(x.shape) > rank and x.shape[-1] == 1:
        x = ops.squeeze(x, -1)
    while len(x.shape) < rank:
        x = ops.expand_dims(x, -1)
    return x


def same_rank(a, b):
    """Drop or add a last axis of length 1 where the ranks differ by one."""
    if len(a.shape) < len(b.shape):
        return same_rank(b, a)[::-1]
    if len(a.shape) == len(b.shape) + 1 and a.shape[-1] == 1:
        return (a, ops.expand_dims(b, -1)) if len(b.shape) == 1 else (ops.squeeze(a, -1), b)
    return a, b


def smoothed(y_true, label_smoothing, classes):
    """Return labels of which a share is spread evenly over the classes.

    Args:
        y_true: Labels, one-hot or, with two classes, 0 or 1.
        label_smoothing: The share.
        classes: How many there are, an integer or a scalar tensor.
    """
    if not label_smoothing:
        return y_true
    return y_true * (1.0 - label_smoothing) + label_smoothing / ops.cast(classes, y_true.dtype)


def of_labels(y_true, loss, axis, high=1.0):
    """Return losses, or NaN where a label is outside `[0, high]` by more than rounding makes it."""
    known = ops.min(y_true, axis=axis, initial=0.0) > -1e-3
    if high < float("inf"):
        known = ops.logical_and(known, ops.max(y_true, axis=axis, initial=0.0) < high + 1e-3)
    return ops.where(known, loss, float("nan"))


def check_broadcast(y_true, y_pred):
    """Raise `ValueError` where not even broadcasting, which Keras allows, brings both together."""
    pairs = zip(tuple(y_true.shape)[::-1], tuple(y_pred.shape)[::-1], strict=False)
    broken = any(a != b and not {a, b} & {None, 1} for a, b in pairs)
    refuse(broken, "y_true and y_pred must have shapes that broadcast", y_true, y_pred)


def fits(shape, wanted, free=(None,)):
    """Return whether two shapes agree in length, and in every known size that is not free."""
    pairs = zip(shape, wanted, strict=False)
    return len(shape) == len(wanted) and all(a in (b, *free) or b is None for a, b in pairs)


def check_shapes(y_true, y_pred):
    """Raise `ValueError` where broadcasting would hide a mistake."""
    wanted = "y_true must have the same shape as the predictions it is compared with"
    refuse(not fits(y_true.shape, y_pred.shape), wanted, y_true, y_pred)


def refuse(broken, wanted, y_true, y_pred):
    """Raise `ValueError` with both shapes where they are not what is wanted."""
    if broken:
        shapes = f"{tuple(y_true.shape)} and y_pred of shape {tuple(y_pred.shape)}"
        raise ValueError(f"{wanted}: received y_true of shape {shapes}")


def clipped(p):
    """Keep probabilities at least Keras's `epsilon` away from 0 and 1."""
    epsilon = keras.backend.epsilon()
    return ops.clip(p, epsilon, 1.0 - epsilon)


def prefer_logits(y_pred, from_logits):
    """Go back to the logits where the activation left them on its output.

    Keras's sigmoid and softmax do on TensorFlow and PyTorch: the gradient stays alive although the
    probability has saturated.
    """
    logits = None if from_logits else getattr(y_pred, "_keras_logits", None)
    return (y_pred, from_logits) if logits is None else (logits, True)
