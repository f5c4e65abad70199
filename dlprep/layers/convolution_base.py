"""Convolution: one small kernel slides over the input, with the same weights everywhere."""

import numbers

from keras import InputSpec, ops

from dlprep.layers import settings, windows
from dlprep.layers.layer import Layer


def check_entries(x):
    """Raise where an axis has no entries: TensorFlow would make numbers up."""
    if 0 in x.shape[1:]:
        raise ValueError(f"A convolution needs entries on every axis, got shape {tuple(x.shape)}.")


def convolution(
    x,
    kernel,
    bias=None,
    strides=1,
    padding="valid",
    data_format="channels_last",
    dilation_rate=1,
):
    r"""Slide a kernel over the input and add a bias.

    $$ z_{i f} = b_f + \sum_{a, c} x_{s i + d a,\, c}\, W_{a c f} $$

    Strictly this is a cross-correlation: the kernel is not flipped. In groups, the input's
    channels and the filters split into as many parts, each seeing only its own.

    Args:
        x: Inputs of shape `(batch, ..., channels)`, or channels first.
        kernel: Weights $W$ of shape `(*window, channels / groups, filters)`.
        bias: Bias $b$ of shape `(filters,)`, or None.
        strides: Step $s$ between windows, one or per axis.
        padding: "valid", "same", or in one dimension "causal": no output sees a later input.
        data_format: "channels_last" or "channels_first".
        dilation_rate: Distance $d$ between a window's entries.

    Returns:
        Tensor with the spatial axes shortened and `filters` channels.

    Raises:
        ValueError: An axis has no entries; of that TensorFlow makes any numbers.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.convolution_base import convolution
        >>> x = ops.reshape(ops.array([1.0, 4.0, 2.0, 3.0]), (1, 4, 1))
        >>> kernel = ops.reshape(ops.array([-1.0, 1.0]), (2, 1, 1))
        >>> [float(value) for value in convolution(x, kernel)[0, :, 0]]
        [3.0, -2.0, 1.0]

    Reference:
        LeCun, Bottou, Bengio, Haffner 1998, "Gradient-based learning applied to document
        recognition", section II.A; Goodfellow, Bengio, Courville 2016, equation 9.6.
    """
    check_entries(x)
    if padding == "causal":
        x = pad_past(x, kernel.shape[0], dilation_rate, data_format)
        padding = "valid"
    z = ops.conv(x, kernel, strides, padding, data_format, dilation_rate)
    return z if bias is None else add_bias(z, bias, data_format)


def pad_past(x, window, dilation_rate, data_format):
    """Return the sequence with zeros before its start, so that no window looks ahead.

    Args:
        x: Sequences of shape `(batch, T, channels)`, or channels first.
        window: Size of the window.
        dilation_rate: Distance between a window's entries, one or a tuple of one.
        data_format: "channels_last" or "channels_first".
    """
    dilation = dilation_rate if isinstance(dilation_rate, int) else dilation_rate[0]
    before = [dilation * (window - 1), 0]
    return ops.pad(x, windows.batch_shape([0, 0], [before], [0, 0], data_format))


def add_bias(z, bias, data_format):
    """Add one number per channel.

    Args:
        z: Tensor of shape `(batch, ..., channels)`, or channels first.
        bias: Tensor of shape `(channels,)`.
        data_format: "channels_last" or "channels_first".
    """
    if data_format == "channels_first":
        # Not ops.add: on TensorFlow it adds what has the last axis's size along the last axis.
        return z + ops.cast(ops.reshape(bias, (-1, *[1] * (len(z.shape) - 2))), z.dtype)
    return ops.add(z, bias)


class Convolution(Layer):
    r"""Base of the convolution layers: checks the windows, makes the weights.

    $$ y = g(W * x + b) $$

    A subclass sets `rank` and passes `locals()` of its constructor on. As in Keras, overriding
    `convolution_op` changes how the kernel meets the input (weight standardisation, say); bias and
    activation follow by themselves. Keras's `enable_lora` is not here: see `LoRADense`.
    Channels that come first get their own bias each; Keras on TensorFlow adds the biases along the
    width where that equals the number of filters.

    Args:
        arguments: The subclass's arguments by name.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If sizes do not fit together.

    Example:
        >>> from dlprep.layers import Conv2D
        >>> Conv2D(4, 3).kernel_size
        (3, 3)

    Reference:
        Goodfellow, Bengio, Courville 2016, "Deep Learning", chapter 9.
    """

    rank = None

    def __init__(self, arguments, **kwargs):
        super().__init__(activity_regularizer=arguments["activity_regularizer"], **kwargs)
        settings.store(self, arguments)
        for name in ("kernel_size", "strides", "dilation_rate"):
            setattr(self, name, windows.sizes(arguments[name], self.rank, name))
        self.padding = windows.padding(self.padding, causal=self.rank == 1)
        self.data_format = windows.layout(self.data_format)
        check_strides(self.strides, self.dilation_rate)
        self.input_spec = InputSpec(min_ndim=self.rank + 2)

    def build(self, input_shape):
        channels = windows.channels(input_shape, self.data_format)
        self.compute_output_shape(input_shape)
        self._build_kernel(channels)
        filters = self._filters(channels)
        self.bias = settings.weight(self, "bias", (filters,)) if self.use_bias else None
        axis = -1 if self.data_format == "channels_last" else 1
        self.input_spec = InputSpec(min_ndim=self.rank + 2, axes={axis: channels})

    def _filters(self, channels):
        return self.filters

    def _build_kernel(self, channels):
        if channels % self.groups:
            raise ValueError(
                "The number of input channels must be evenly divisible by the number of groups, "
                f"but {channels} channels came for {self.groups} groups."
            )
        shape = (*self.kernel_size, channels // self.groups, self.filters)
        self.kernel = settings.weight(self, "kernel", shape)

    def call(self, inputs):
        z = windows.over_rows(self._convolve, ops.cast(inputs, self.compute_dtype))
        z = z if self.bias is None else add_bias(z, self.bias, self.data_format)
        return z if self.activation is None else self.activation(z)

    def _convolve(self, inputs):
        return self.convolution_op(inputs, self.kernel)

    def convolution_op(self, inputs, kernel):
        """Return the inputs convolved with a kernel, before bias and activation.

        Args:
            inputs: Inputs of the layer.
            kernel: Weights of the shape of the layer's `kernel`.
        """
        return convolution(inputs, kernel, None, *self._window())

    def _window(self):
        return (self.strides, self.padding, self.data_format, self.dilation_rate)

    def compute_output_shape(self, input_shape):
        lengths = [
            windows.output_length(length, size, stride, self.padding, dilation)
            for length, size, stride, dilation in zip(
                windows.spatial(input_shape, self.data_format),
                self.kernel_size,
                self.strides,
                self.dilation_rate,
                strict=True,
            )
        ]
        filters = self._filters(windows.channels(input_shape, self.data_format))
        return windows.batch_shape(input_shape[0], lengths, filters, self.data_format)


def check_strides(strides, dilation_rate):
    """Raise if a convolution is to skip in both ways.

    Args:
        strides: Steps between windows.
        dilation_rate: Distances inside a window.

    Raises:
        ValueError: If both exceed 1 somewhere.
    """
    if max(strides) > 1 and max(dilation_rate) > 1:
        raise ValueError(
            "`strides > 1` not supported in conjunction with `dilation_rate > 1`. "
            f"Received: strides={strides} and dilation_rate={dilation_rate}"
        )


def check_filters(filters, groups=1):
    """Raise unless the filters can be split into the groups.

    Args:
        filters: Number of filters.
        groups: Number of groups.

    Raises:
        ValueError: If they cannot.
    """
    settings.check_positive(filters=filters)
    if not isinstance(groups, numbers.Integral) or groups <= 0:
        raise ValueError(
            f"The number of groups must be a positive integer. Received: groups={groups!r}."
        )
    if filters % groups:
        raise ValueError(
            "The number of filters must be evenly divisible by the number of groups. "
            f"Received: groups={groups}, filters={filters}."
        )
