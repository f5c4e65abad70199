"""What every loss does to its two tensors first."""

import keras
from keras import ops


def operands(y_true, y_pred, broadcast=False):
    """Return both as tensors of one shape, in float32 at least, and the dtype of the result.

    Args:
        y_true: targets.
        y_pred: predictions; their dtype decides.
        broadcast: whether shapes that broadcast will do, as in most losses of Keras.

    Returns:
        `(y_true, y_pred, dtype)`, as from `precise`, of one rank where they differed by one.

    Raises:
        ValueError: the shapes differ, or with `broadcast` do not broadcast.
    """
    y_true, y_pred, dtype = precise(y_true, y_pred)
    y_true, y_pred = same_rank(y_true, y_pred)
    check = check_broadcast if broadcast else check_shapes
    check(y_true, y_pred)
    return y_true, y_pred, dtype


def precise(y_true, y_pred):
    """Return both as tensors in float32 at least, and the dtype of the result.

    Args:
        y_true: targets.
        y_pred: predictions; their dtype decides.

    Returns:
        `(y_true, y_pred, dtype)`. Half-precision tensors come back in float32 with `dtype` still
        half, so that reductions and exponentials run in float32 and the caller casts at the end.
    """
    y_pred = ops.convert_to_tensor(y_pred)
    dtype = keras.backend.result_type(y_pred.dtype, float)
    wide = keras.backend.result_type(dtype, "float32")
    return ops.cast(y_true, wide), ops.cast(y_pred, wide), dtype


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
        y_true: labels, one-hot or, with two classes, 0 or 1.
        label_smoothing: the share.
        classes: how many there are, an integer or a scalar tensor.
    """
    if not label_smoothing:
        return y_true
    return y_true * (1.0 - label_smoothing) + label_smoothing / ops.cast(classes, y_true.dtype)


def check_broadcast(y_true, y_pred):
    """Raise `ValueError` where not even broadcasting, which Keras allows, brings both together."""
    for a, b in zip(tuple(y_true.shape)[::-1], tuple(y_pred.shape)[::-1], strict=False):
        if a != b and a not in (None, 1) and b not in (None, 1):
            raise ValueError(
                f"y_true and y_pred must have shapes that broadcast: received "
                f"{tuple(y_true.shape)} and {tuple(y_pred.shape)}"
            )


def fits(shape, wanted):
    """Return whether two shapes agree in length and wherever both are known."""
    pairs = zip(shape, wanted, strict=False)
    return len(shape) == len(wanted) and all(a is None or b is None or a == b for a, b in pairs)


def check_shapes(y_true, y_pred):
    """Raise `ValueError` where broadcasting would hide a mistake."""
    if not fits(y_true.shape, y_pred.shape):
        raise ValueError(
            f"y_true must have the same shape as the predictions it is compared with: received "
            f"{tuple(y_true.shape)} and {tuple(y_pred.shape)}"
        )


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
