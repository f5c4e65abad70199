"""Sliding windows: the sizes that convolution and pooling share."""

from keras import config, ops

from dlprep.layers import settings


def sizes(value, rank, name, smallest=1):
    """Return one integer per spatial axis.

    Args:
        value: An integer for all axes, or a sequence of `rank` integers.
        rank: Number of spatial axes.
        name: The argument's name, for the message.
        smallest: Least value allowed.

    Raises:
        ValueError: If the value is something else or has an entry below `smallest`.
    """
    value = settings.native(value)
    found = (value,) * rank if isinstance(value, int) else value
    problem = f"The `{name}` argument must be a tuple of {rank} integers. Received {name}={value}"
    if not hasattr(found, "__iter__") or isinstance(found, str):
        raise ValueError(f"{problem}.")
    found = settings.native(tuple(found))
    if len(found) != rank or not all(type(size) is int for size in found):
        raise ValueError(f"{problem}.")
    wrong = {size for size in found if size < smallest}
    if wrong:
        bound = f"value > {smallest - 1}" if smallest else "value >= 0"
        raise ValueError(f"{problem}, including values {wrong} that do not satisfy `{bound}`.")
    return found


def over_rows(function, x):
    """Apply a function of a batch, also to one without rows, which TensorFlow's kernels get wrong.

    Args:
        function: Function of a tensor that works row by row.
        x: Tensor of shape `(batch, ...)`.
    """
    if x.shape[0] != 0:
        return function(x)
    return function(ops.zeros((1, *x.shape[1:]), x.dtype))[:0]


def layout(data_format):
    """Return where the channels stand: "channels_last" or "channels_first".

    Args:
        data_format: The constructor's argument; None takes Keras's setting.

    Raises:
        ValueError: If it is something else.
    """
    found = config.image_data_format() if data_format is None else str(data_format).lower()
    if found not in ("channels_last", "channels_first"):
        raise ValueError(
            "The `data_format` argument must be one of {'channels_first', 'channels_last'}, "
            f"not {data_format!r}."
        )
    return found


def padding(value, causal=False):
    """Return the padding's name in lower case.

    Args:
        value: "valid", "same", or "causal" where allowed.
        causal: Whether "causal" is allowed.

    Raises:
        ValueError: If it is something else.
    """
    known = ("valid", "same", "causal") if causal else ("valid", "same")
    if str(value).lower() not in known:
        raise ValueError(f"The `padding` argument must be one of {known}, not {value!r}.")
    return value.lower()


def output_length(length, window, stride=1, padding="valid", dilation=1):
    r"""Return how many windows fit along an axis.

    $$ \left\lfloor \frac{n - d (k - 1) - 1}{s} \right\rfloor + 1 \text{ (valid)}, \quad
       \left\lceil \frac{n}{s} \right\rceil \text{ (same, causal)} $$

    Args:
        length: Size $n$ of the axis, or None.
        window: Size $k$ of the window.
        stride: Step $s$ between windows.
        padding: "valid", "same" or "causal".
        dilation: Distance $d$ between a window's entries.

    Returns:
        The number of windows, or None if the length is open.

    Raises:
        ValueError: If no window fits.

    Example:
        >>> from dlprep.layers.windows import output_length
        >>> output_length(28, 5), output_length(28, 5, stride=2, padding="same")
        (24, 14)

    Reference:
        Dumoulin, Visin 2016, arXiv:1603.07285, relationships 6 and 15.
    """
    if length is None:
        return None
    span = dilation * (window - 1) + 1 if padding == "valid" else 1
    count = (length - span) // stride + 1
    if count <= 0:
        raise ValueError(
            f"Computed output size would be zero or negative. A window of {window} (dilation "
            f"{dilation}) does not fit into {length} entries: use a smaller one or padding='same'."
        )
    return count


def spatial(shape, data_format):
    """Return the spatial part of a shape.

    Args:
        shape: Shape of a batch.
        data_format: "channels_last" or "channels_first".
    """
    return tuple(shape[1:-1] if data_format == "channels_last" else shape[2:])


def channels(shape, data_format):
    """Return the number of channels in a shape.

    Args:
        shape: Shape of a batch.
        data_format: "channels_last" or "channels_first".
    """
    return shape[-1] if data_format == "channels_last" else shape[1]


def batch_shape(batch, lengths, channels, data_format):
    """Return the shape of a batch from its parts.

    Args:
        batch: Number of rows, or None.
        lengths: Spatial sizes.
        channels: Number of channels.
        data_format: "channels_last" or "channels_first".
    """
    if data_format == "channels_last":
        return (batch, *lengths, channels)
    return (batch, channels, *lengths)
