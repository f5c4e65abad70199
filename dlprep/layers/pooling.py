"""Pooling: summarise each window of every channel by its largest entry or its mean."""

from keras import InputSpec, ops, saving

from dlprep.layers import windows
from dlprep.layers.layer import Layer
from dlprep.layers.precision import narrow, widen


class Pooling(Layer):
    r"""Base of the pooling layers: checks the windows and knows the output's shape.

    $$ y_{i} = \mathrm{pool}(x_{s i}, \ldots, x_{s i + k - 1}) $$

    A subclass sets `rank`, the number of spatial axes, and `pool_mode`, "max" or "average".

    Args:
        pool_size: Size $k$ of the window, an integer or one per spatial axis.
        strides: Step $s$ between windows; None takes `pool_size`.
        padding: "valid" keeps whole windows only; "same" keeps the length divided by the stride.
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        name: The layer's name.
        **kwargs: Options of every Keras layer, such as `dtype`.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import MaxPooling2D
        >>> MaxPooling2D(2).strides
        (2, 2)

    Reference:
        Goodfellow, Bengio, Courville 2016, "Deep Learning", section 9.3.
    """

    rank = None
    pool_mode = None

    def __init__(self, pool_size, strides, padding, data_format, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        strides = pool_size if strides is None else strides
        self.pool_size = windows.sizes(pool_size, self.rank, "pool_size")
        self.strides = windows.sizes(strides, self.rank, "strides")
        self.padding = windows.padding(padding)
        self.data_format = windows.layout(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)
        self._build_at_init()

    def call(self, inputs):
        # The backends tell a window that does not fit each in its own way, or not at all.
        self.compute_output_shape(tuple(inputs.shape))
        options = (self.pool_size, self.strides, self.padding, self.data_format)
        if self.pool_mode == "max":
            return max_pooling(inputs, *options)
        return average_pooling(ops.cast(inputs, self.compute_dtype), *options)

    def compute_output_shape(self, input_shape):
        lengths = [
            windows.output_length(length, size, stride, self.padding)
            for length, size, stride in zip(
                windows.spatial(input_shape, self.data_format),
                self.pool_size,
                self.strides,
                strict=True,
            )
        ]
        channels = windows.channels(input_shape, self.data_format)
        return windows.batch_shape(input_shape[0], lengths, channels, self.data_format)


def max_pooling(x, pool_size, strides=None, padding="valid", data_format="channels_last"):
    r"""Keep the largest entry of each window.

    $$ y_i = \max_{0 \le a < k} x_{s i + a} $$

    The gradient goes to the entry that won. Padding counts as negative infinity.

    Args:
        x: Inputs of shape `(batch, ..., channels)`, or channels first.
        pool_size: Sizes $k$ of the window.
        strides: Steps $s$; None takes `pool_size`.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first".

    Returns:
        Tensor with the spatial axes shortened.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.pooling import max_pooling
        >>> y = max_pooling(ops.reshape(ops.array([1.0, 4.0, 2.0, 3.0]), (1, 4, 1)), (2,))
        >>> [float(value) for value in y[0, :, 0]]
        [4.0, 3.0]

    Reference:
        Scherer, Mueller, Behnke 2010, "Evaluation of pooling operations", section 3.
    """
    return ops.max_pool(x, pool_size, strides, padding, data_format)


def average_pooling(x, pool_size, strides=None, padding="valid", data_format="channels_last"):
    r"""Keep the mean of each window.

    $$ y_i = \frac{1}{k} \sum_{0 \le a < k} x_{s i + a} $$

    Padding does not count: at the border the mean is over the entries that exist.

    Args:
        x: Inputs of shape `(batch, ..., channels)`, or channels first.
        pool_size: Sizes $k$ of the window.
        strides: Steps $s$; None takes `pool_size`.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first".

    Returns:
        Tensor with the spatial axes shortened.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.pooling import average_pooling
        >>> y = average_pooling(ops.reshape(ops.array([1.0, 4.0, 2.0, 3.0]), (1, 4, 1)), (2,))
        >>> [float(value) for value in y[0, :, 0]]
        [2.5, 2.5]

    Reference:
        LeCun, Bottou, Bengio, Haffner 1998, "Gradient-based learning applied to document
        recognition", section II.B.
    """
    # JAX adds up in the type that comes, and float16 ends at 65,504.
    wide = widen(x)
    y = ops.average_pool(wide, pool_size, strides, padding, data_format)
    return narrow(y, x.dtype)


@saving.register_keras_serializable(package="dlprep.layers")
class MaxPooling1D(Pooling):
    r"""Keep the largest entry of each window in time (`max_pooling`).

    $$ y_i = \max_a x_{s i + a} $$

    Args:
        pool_size: Size of the window.
        strides: Step between windows; None takes `pool_size`.
        padding: "valid" keeps whole windows only; "same" keeps the length divided by the stride.
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        name: The layer's name.
        **kwargs: Options of every Keras layer, such as `dtype`.

    Raises:
        ValueError: If a size is not a positive integer or an option is unknown.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import MaxPooling1D
        >>> tuple(MaxPooling1D(2)(np.ones((2, 6, 3))).shape)
        (2, 3, 3)

    Reference:
        Scherer, Mueller, Behnke 2010, "Evaluation of pooling operations", section 3.
    """

    rank = 1
    pool_mode = "max"

    def __init__(
        self,
        pool_size=2,
        strides=None,
        padding="valid",
        data_format=None,
        name=None,
        **kwargs,
    ):
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


@saving.register_keras_serializable(package="dlprep.layers")
class MaxPooling2D(Pooling):
    r"""Keep the largest entry of each window in an image (`max_pooling`).

    $$ y_{ij} = \max_{a, b} x_{s i + a,\, s j + b} $$

    Args:
        pool_size: Size of the window, one integer or one per axis.
        strides: Steps between windows; None takes `pool_size`.
        padding: "valid" keeps whole windows only; "same" keeps the length divided by the stride.
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        name: The layer's name.
        **kwargs: Options of every Keras layer, such as `dtype`.

    Raises:
        ValueError: If a size is not a positive integer or an option is unknown.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import MaxPooling2D
        >>> tuple(MaxPooling2D(2)(np.ones((2, 6, 8, 3))).shape)
        (2, 3, 4, 3)

    Reference:
        Scherer, Mueller, Behnke 2010, "Evaluation of pooling operations", section 3.
    """

    rank = 2
    pool_mode = "max"

    def __init__(
        self,
        pool_size=(2, 2),
        strides=None,
        padding="valid",
        data_format=None,
        name=None,
        **kwargs,
    ):
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


@saving.register_keras_serializable(package="dlprep.layers")
class AveragePooling1D(Pooling):
    r"""Keep the mean of each window in time (`average_pooling`).

    $$ y_i = \frac{1}{k} \sum_a x_{s i + a} $$

    Args:
        pool_size: Size of the window.
        strides: Step between windows; None takes `pool_size`.
        padding: "valid" keeps whole windows only; "same" keeps the length divided by the stride.
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        name: The layer's name.
        **kwargs: Options of every Keras layer, such as `dtype`.

    Raises:
        ValueError: If a size is not a positive integer or an option is unknown.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import AveragePooling1D
        >>> tuple(AveragePooling1D(2)(np.ones((2, 6, 3))).shape)
        (2, 3, 3)

    Reference:
        LeCun, Bottou, Bengio, Haffner 1998, "Gradient-based learning", section II.B.
    """

    rank = 1
    pool_mode = "average"

    def __init__(
        self,
        pool_size,
        strides=None,
        padding="valid",
        data_format=None,
        name=None,
        **kwargs,
    ):
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


@saving.register_keras_serializable(package="dlprep.layers")
class AveragePooling2D(Pooling):
    r"""Keep the mean of each window in an image (`average_pooling`).

    $$ y_{ij} = \frac{1}{k^2} \sum_{a, b} x_{s i + a,\, s j + b} $$

    Args:
        pool_size: Size of the window, one integer or one per axis.
        strides: Steps between windows; None takes `pool_size`.
        padding: "valid" keeps whole windows only; "same" keeps the length divided by the stride.
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        name: The layer's name.
        **kwargs: Options of every Keras layer, such as `dtype`.

    Raises:
        ValueError: If a size is not a positive integer or an option is unknown.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import AveragePooling2D
        >>> tuple(AveragePooling2D(2)(np.ones((2, 6, 8, 3))).shape)
        (2, 3, 4, 3)

    Reference:
        LeCun, Bottou, Bengio, Haffner 1998, "Gradient-based learning", section II.B.
    """

    rank = 2
    pool_mode = "average"

    def __init__(
        self,
        pool_size,
        strides=None,
        padding="valid",
        data_format=None,
        name=None,
        **kwargs,
    ):
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)
