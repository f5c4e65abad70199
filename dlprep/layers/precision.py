"""The precision in which layers take means, squares and exponentials."""

from keras import backend, ops


def widen(x, dtype=None):
    """Return a tensor in float32, or in what is wider.

    float16 ends at 65,504, which a sum or a square may well pass where the mean does not.

    Args:
        x: Tensor.
        dtype: The type to widen, None for that of `x`; a layer without `autocast` passes its own.
    """
    return ops.cast(x, backend.result_type(dtype or x.dtype, "float32"))


def narrow(x, dtype):
    """Return a tensor in a type: of integers, in Keras's type for reals.

    Args:
        x: Tensor.
        dtype: The type of what `x` was computed from.
    """
    return ops.cast(x, backend.result_type(dtype, float))
