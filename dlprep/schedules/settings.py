"""What the schedules share: a step in floating point, and checks of their arguments."""

from keras import backend, ops


def float_step(step, learning_rate):
    """Return the step as a float of at least the learning rate's precision.

    Args:
        step: Number of the step, an integer or float scalar.
        learning_rate: A number whose type, float32 at least, the rate will have.

    Returns:
        A scalar float tensor.

    Example:
        >>> from dlprep.schedules.settings import float_step
        >>> float(float_step(3, 0.1))
        3.0
    """
    dtype = backend.result_type(ops.convert_to_tensor(learning_rate).dtype, "float32")
    return ops.cast(step, dtype)


def check_positive(**arguments):
    """Raise if an argument is not positive.

    Args:
        **arguments: Numbers by name.

    Raises:
        ValueError: If one is zero, less, or not a number; the message names it.

    Example:
        >>> from dlprep.schedules.settings import check_positive
        >>> check_positive(decay_steps=10)
    """
    for name, value in arguments.items():
        if not value > 0:
            raise ValueError(f"Argument `{name}` must be > 0. Received: {name}={value}")
