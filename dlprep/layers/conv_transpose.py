"""Transposed convolution: the backward pass of a convolution, used forward to enlarge."""

from keras import ops, saving

from dlprep.layers import settings, windows
from dlprep.layers.convolution_base import Convolution, add_bias, check_entries, check_filters


def transposed_convolution(
    x,
    kernel,
    bias=None,
    strides=1,
    padding="valid",
    data_format="channels_last",
    dilation_rate=1,
    output_padding=None,
):
    r"""Let every entry paint its kernel into a larger image, where the paintings add up.

    $$ z_{u f} = b_f + \sum_{s i + d a = u} \sum_c x_{i c}\, W_{a f c} $$

    This is the gradient of a convolution with respect to its input, not its inverse.

    Args:
        x: Inputs of shape `(batch, ..., channels)`, or channels first.
        kernel: Weights $W$ of shape `(*window, filters, channels)`.
        bias: Bias $b$ of shape `(filters,)`, or None.
        strides: Step $s$ between the painted kernels, one or per axis.
        padding: "valid" keeps all that was painted, "same" the length times the stride.
        data_format: "channels_last" or "channels_first".
        dilation_rate: Distance $d$ between a kernel's entries.
        output_padding: Entries added at the end, to choose among the lengths that a convolution
            with this stride would map to the same one; None takes the shortest.

    Returns:
        Tensor with the spatial axes enlarged and `filters` channels.

    Raises:
        ValueError: An axis has no entries.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.conv_transpose import transposed_convolution
        >>> x = ops.reshape(ops.array([1.0, 10.0]), (1, 2, 1))
        >>> z = transposed_convolution(x, ops.reshape(ops.array([1.0, 2.0]), (2, 1, 1)))
        >>> [float(value) for value in z[0, :, 0]]
        [1.0, 12.0, 20.0]

    Reference:
        Zeiler, Krishnan, Taylor, Fergus 2010, "Deconvolutional networks"; Dumoulin, Visin 2016,
        arXiv:1603.07285, chapter 4.
    """
    check_entries(x)
    z = ops.conv_transpose(x, kernel, strides, padding, output_padding, data_format, dilation_rate)
    return z if bias is None else add_bias(z, bias, data_format)


@saving.register_keras_serializable(package="dlprep.layers")
class Conv2DTranspose(Convolution):
    r"""Transposed convolution over images (`transposed_convolution`).

    $$ y = g(W *^T x + b) $$

    Args:
        filters: Number of output channels.
        kernel_size: Size of the window, one integer or one per axis.
        strides: Step between the painted kernels, one integer or one per axis.
        padding: "valid" keeps all that was painted, "same" the length times the stride.
        output_padding: Entries added at the end, fewer than the stride; None takes the shortest.
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        dilation_rate: Distance between a kernel's entries; not together with strides.
        activation: Function $g$; None leaves the sum as it is.
        use_bias: Whether $b$ is added.
        kernel_initializer: Initial $W$, shape `(height, width, filters, channels)`.
        bias_initializer: Initial $b$, shape `(filters,)`.
        kernel_regularizer: Penalty on $W$.
        bias_regularizer: Penalty on $b$.
        activity_regularizer: Penalty on the output.
        kernel_constraint: Projection of $W$ after each update.
        bias_constraint: Projection of $b$ after each update.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If sizes are not positive or do not fit together.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import Conv2DTranspose
        >>> tuple(Conv2DTranspose(4, 3, strides=2, padding="same")(np.ones((1, 5, 6, 2))).shape)
        (1, 10, 12, 4)

    Reference:
        Dumoulin, Visin 2016, arXiv:1603.07285, chapter 4.
    """

    rank = 2

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        output_padding=None,
        data_format=None,
        dilation_rate=(1, 1),
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        check_filters(filters)
        super().__init__(locals(), **kwargs)
        if output_padding is not None:
            self.output_padding = windows.sizes(output_padding, self.rank, "output_padding", 0)
            check_output_padding(self.output_padding, self.strides)

    def _build_kernel(self, channels):
        shape = (*self.kernel_size, self.filters, channels)
        self.kernel = settings.weight(self, "kernel", shape)

    def convolution_op(self, inputs, kernel):
        return transposed_convolution(inputs, kernel, None, *self._window(), self.output_padding)

    def compute_output_shape(self, input_shape):
        lengths = [
            enlarged_length(length, size, stride, self.padding, dilation, extra)
            for length, size, stride, dilation, extra in zip(
                windows.spatial(input_shape, self.data_format),
                self.kernel_size,
                self.strides,
                self.dilation_rate,
                self.output_padding or [None] * self.rank,
                strict=True,
            )
        ]
        return windows.batch_shape(input_shape[0], lengths, self.filters, self.data_format)


def enlarged_length(length, window, stride, padding, dilation, extra):
    r"""Return the length of a transposed convolution's output.

    $$ s (n - 1) + k + p \text{ (valid)}, \quad s n \text{ (same)} $$

    Args:
        length: Size $n$ of the axis, or None.
        window: Size of the window, $k$ after dilation.
        stride: Step $s$.
        padding: "valid" or "same".
        dilation: Distance between a kernel's entries.
        extra: Output padding $p$, or None for the default of the backend.

    Example:
        >>> from dlprep.layers.conv_transpose import enlarged_length
        >>> enlarged_length(5, 3, 2, "same", 1, None)
        10

    Reference:
        Dumoulin, Visin 2016, arXiv:1603.07285, relationship 14.
    """
    if length is None:
        return None
    span = dilation * (window - 1) + 1
    if padding == "valid":
        return stride * (length - 1) + span + (max(stride - span, 0) if extra is None else extra)
    return stride * length if extra is None else stride * (length - 1) + span % 2 + extra


def check_output_padding(output_padding, strides):
    """Raise unless the padding stays below the stride.

    Args:
        output_padding: Entries added per axis.
        strides: Steps per axis.

    Raises:
        ValueError: If it does not.
    """
    if any(extra >= stride for extra, stride in zip(output_padding, strides, strict=True)):
        raise ValueError(
            "`output_padding` must be strictly less than `strides`: "
            f"output_padding={output_padding}, strides={strides}."
        )
