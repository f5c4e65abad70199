"""The dtype an activation computes in."""

import functools

import keras
from keras import ops


def precise(activation):
    """Run an activation in float32 at least and give back the dtype that came in.

    Args:
        activation: A function of a tensor and settings.

    Returns:
        The same function, for any array: half precision is widened inside, integers become
        `keras.backend.floatx()`.
    """

    @functools.wraps(activation)
    def wrapped(x, *settings, **named):
        x = ops.convert_to_tensor(x)
        # TensorFlow's variables pass for tensors, but lack some of their attributes.
        x = x.read_value() if hasattr(x, "read_value") else x
        dtype = keras.backend.result_type(x.dtype, float)
        wide = ops.cast(x, keras.backend.result_type(dtype, "float32"))
        return ops.cast(activation(wide, *settings, **named), dtype)

    return wrapped


def refuse(broken, name, wanted, value):
    """Raise `ValueError` if a setting is broken."""
    if broken:
        raise ValueError(f"{name} must be {wanted}, received {value}")


def keep_logits(output, logits):
    """Leave the logits on a probability, where Keras's losses and ours find them again."""
    # Not every backend's tensors take attributes.
    if hasattr(output, "__dict__"):
        output._keras_logits = logits
    return output
