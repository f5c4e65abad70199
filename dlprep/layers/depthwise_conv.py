"""Depthwise and separable convolution: first in space, channel by channel, then across channels."""

from keras import ops, saving

from dlprep.layers import settings
from dlprep.layers.convolution_base import Convolution, add_bias, check_filters


def depthwise_convolution(
    x, kernel, bias=None, strides=1, padding="valid", data_format="channels_last", dilation_rate=1
):
    r"""Slide kernels of their own over every channel.

    $$ z_{i j,\, c m + k} = b_{c m + k}
       + \sum_{a, b} x_{s i + d a,\, s j + d b,\, c}\, W_{a b c k} $$

    Args:
        x: Images of shape `(batch, height, width, channels)`, or channels first.
        kernel: Weights $W$ of shape `(height, width, channels, multiplier)`, $m$ per channel.
        bias: Bias $b$ of shape `(channels * multiplier,)`, or None.
        strides: Step $s$ between windows, one or per axis.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first".
        dilation_rate: Distance $d$ between a window's entries.

    Returns:
        Tensor with the spatial axes shortened and `channels * multiplier` channels.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.depthwise_conv import depthwise_convolution
        >>> kernel = ops.reshape(ops.array([2.0, 3.0]), (1, 1, 2, 1))
        >>> [float(z) for z in depthwise_convolution(ops.ones((1, 1, 1, 2)), kernel)[0, 0, 0]]
        [2.0, 3.0]

    Reference:
        Howard et al. 2017, arXiv:1704.04861, equation 3.
    """
    if not isinstance(strides, int) and len(set(strides)) == 1:
        strides = strides[0]
    if isinstance(strides, int):
        z = ops.depthwise_conv(x, kernel, strides, padding, data_format, dilation_rate)
    else:
        # TensorFlow's depthwise kernel wants one step for all axes; as many groups as channels
        # compute the same.
        channels, multiplier = kernel.shape[-2:]
        grouped = ops.reshape(kernel, (*kernel.shape[:-2], 1, channels * multiplier))
        z = ops.conv(x, grouped, strides, padding, data_format, dilation_rate)
    return z if bias is None else add_bias(z, bias, data_format)


def separable_convolution(x, depthwise_kernel, pointwise_kernel, bias=None, *window):
    r"""Convolve channel by channel, then mix the channels at every place.

    $$ z = (x *_{\mathrm{depth}} D) *_{1 \times 1} P + b $$

    For $k \times k$ windows and many filters that takes about $k^2$ times fewer products.

    Args:
        x: Images of shape `(batch, height, width, channels)`, or channels first.
        depthwise_kernel: Weights $D$ of shape `(height, width, channels, multiplier)`.
        pointwise_kernel: Weights $P$ of shape `(1, 1, channels * multiplier, filters)`.
        bias: Bias $b$ of shape `(filters,)`, or None.
        *window: `strides`, `padding`, `data_format` and `dilation_rate` of the first step.

    Returns:
        Tensor with the spatial axes shortened and `filters` channels.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.depthwise_conv import separable_convolution
        >>> D, P = ops.ones((3, 3, 2, 1)), ops.ones((1, 1, 2, 5))
        >>> tuple(separable_convolution(ops.ones((1, 7, 7, 2)), D, P).shape)
        (1, 5, 5, 5)

    Reference:
        Chollet 2016, arXiv:1610.02357, section 1.3; Howard et al. 2017, arXiv:1704.04861,
        equation 5.
    """
    data_format = window[2] if len(window) > 2 else "channels_last"
    z = depthwise_convolution(x, depthwise_kernel, None, *window)
    if data_format == "channels_first":
        # On a CPU, TensorFlow convolves channels that come first in single precision only.
        z = ops.einsum("nchw,cf->nfhw", z, pointwise_kernel[0, 0])
    else:
        z = ops.conv(z, pointwise_kernel)
    return z if bias is None else add_bias(z, bias, data_format)


@saving.register_keras_serializable(package="dlprep.layers")
class DepthwiseConv2D(Convolution):
    r"""Convolution of every channel by itself (`depthwise_convolution`).

    $$ y = g(x *_{\mathrm{depth}} W + b) $$

    Args:
        kernel_size: Size of the window, one integer or one per axis.
        strides: Step between windows, one integer or one per axis.
        padding: "valid" keeps whole windows only, "same" pads with zeros.
        depth_multiplier: Number of outputs per channel.
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        dilation_rate: Distance between a window's entries; not together with strides.
        activation: Function $g$; None leaves the sum as it is.
        use_bias: Whether $b$ is added.
        depthwise_initializer: Initial $W$, shape `(height, width, channels, depth_multiplier)`.
        bias_initializer: Initial $b$, shape `(channels * depth_multiplier,)`.
        depthwise_regularizer: Penalty on $W$.
        bias_regularizer: Penalty on $b$.
        activity_regularizer: Penalty on the output.
        depthwise_constraint: Projection of $W$ after each update.
        bias_constraint: Projection of $b$ after each update.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If sizes are not positive or do not fit together.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import DepthwiseConv2D
        >>> tuple(DepthwiseConv2D(3, depth_multiplier=2)(np.ones((1, 7, 7, 4))).shape)
        (1, 5, 5, 8)

    Reference:
        Howard et al. 2017, arXiv:1704.04861, equation 3.
    """

    rank = 2

    def __init__(
        self,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        depth_multiplier=1,
        data_format=None,
        dilation_rate=(1, 1),
        activation=None,
        use_bias=True,
        depthwise_initializer="glorot_uniform",
        bias_initializer="zeros",
        depthwise_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        depthwise_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        settings.check_positive(depth_multiplier=depth_multiplier)
        super().__init__(locals(), **kwargs)

    def _filters(self, channels):
        return channels * self.depth_multiplier

    def _build_kernel(self, channels):
        shape = (*self.kernel_size, channels, self.depth_multiplier)
        self.kernel = settings.weight(self, "kernel", shape, prefix="depthwise")

    def convolution_op(self, inputs, kernel):
        return depthwise_convolution(inputs, kernel, None, *self._window())


@saving.register_keras_serializable(package="dlprep.layers")
class SeparableConv2D(Convolution):
    r"""Depthwise convolution followed by a mix of the channels (`separable_convolution`).

    $$ y = g((x *_{\mathrm{depth}} D) *_{1 \times 1} P + b) $$

    Args:
        filters: Number of output channels.
        kernel_size: Size of the window, one integer or one per axis.
        strides: Step between windows, one integer or one per axis.
        padding: "valid" keeps whole windows only, "same" pads with zeros.
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        dilation_rate: Distance between a window's entries; not together with strides.
        depth_multiplier: Number of outputs per channel of the first step.
        activation: Function $g$; None leaves the sum as it is.
        use_bias: Whether $b$ is added.
        depthwise_initializer: Initial $D$, shape `(height, width, channels, depth_multiplier)`.
        pointwise_initializer: Initial $P$, shape `(1, 1, channels * depth_multiplier, filters)`.
        bias_initializer: Initial $b$, shape `(filters,)`.
        depthwise_regularizer: Penalty on $D$.
        pointwise_regularizer: Penalty on $P$.
        bias_regularizer: Penalty on $b$.
        activity_regularizer: Penalty on the output.
        depthwise_constraint: Projection of $D$ after each update.
        pointwise_constraint: Projection of $P$ after each update.
        bias_constraint: Projection of $b$ after each update.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If sizes are not positive or do not fit together.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import SeparableConv2D
        >>> tuple(SeparableConv2D(6, 3)(np.ones((1, 7, 7, 4))).shape)
        (1, 5, 5, 6)

    Reference:
        Chollet 2016, arXiv:1610.02357, section 1.3.
    """

    rank = 2

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        data_format=None,
        dilation_rate=(1, 1),
        depth_multiplier=1,
        activation=None,
        use_bias=True,
        depthwise_initializer="glorot_uniform",
        pointwise_initializer="glorot_uniform",
        bias_initializer="zeros",
        depthwise_regularizer=None,
        pointwise_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        depthwise_constraint=None,
        pointwise_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        check_filters(filters)
        settings.check_positive(depth_multiplier=depth_multiplier)
        super().__init__(locals(), **kwargs)

    def _build_kernel(self, channels):
        wide = channels * self.depth_multiplier
        shape = (*self.kernel_size, channels, self.depth_multiplier)
        self.depthwise_kernel = settings.weight(self, "depthwise_kernel", shape)
        self.pointwise_kernel = settings.weight(
            self, "pointwise_kernel", (1, 1, wide, self.filters)
        )

    def _convolve(self, inputs):
        kernels = (self.depthwise_kernel, self.pointwise_kernel)
        return separable_convolution(inputs, *kernels, None, *self._window())
