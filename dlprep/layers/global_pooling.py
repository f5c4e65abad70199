"""Global pooling: one number per channel, the largest entry or the mean of its whole map."""

from keras import InputSpec, ops, saving

from dlprep.layers import windows
from dlprep.layers.layer import Layer
from dlprep.layers.precision import narrow, widen


def global_max_pooling(x, axes, keepdims=False):
    r"""Keep the largest entry of each map.

    $$ y_c = \max_i x_{i c} $$

    Args:
        x: Inputs of shape `(batch, ..., channels)`, or channels first.
        axes: The spatial axes.
        keepdims: Whether they stay, with size 1.

    Returns:
        Tensor without the spatial axes, or with size 1 there.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.global_pooling import global_max_pooling
        >>> float(global_max_pooling(ops.reshape(ops.arange(6.0), (1, 6, 1)), (1,))[0, 0])
        5.0

    Reference:
        Oquab, Bottou, Laptev, Sivic 2015, "Is object localization for free?", section 3.
    """
    return windows.over_rows(lambda x: ops.max(x, axes, keepdims=keepdims), x)


def global_average_pooling(x, axes, mask=None, keepdims=False):
    r"""Keep the mean of each map, over the entries that count.

    $$ y_c = \frac{\sum_i m_i x_{i c}}{\sum_i m_i} $$

    Args:
        x: Inputs of shape `(batch, ..., channels)`, or channels first.
        axes: The spatial axes.
        mask: Booleans $m$ that broadcast to `x`, or None; where none is True, the mean is 0.
        keepdims: Whether the spatial axes stay, with size 1.

    Returns:
        Tensor without the spatial axes, or with size 1 there.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.global_pooling import global_average_pooling
        >>> float(global_average_pooling(ops.reshape(ops.arange(6.0), (1, 6, 1)), (1,))[0, 0])
        2.5

    Reference:
        Lin, Chen, Yan 2013, arXiv:1312.4400, section 3.2.
    """
    if mask is None:
        return ops.mean(x, axes, keepdims=keepdims)
    wide = widen(x)
    mask = ops.broadcast_to(mask, ops.shape(x))
    total = ops.sum(ops.where(mask, wide, 0), axes, keepdims=keepdims)
    count = ops.sum(ops.cast(mask, wide.dtype), axes, keepdims=keepdims)
    return narrow(ops.divide_no_nan(total, count), x.dtype)


class GlobalPooling(Layer):
    """Base of the global pooling layers. A subclass sets `rank`, the number of spatial axes.

    Args:
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        keepdims: Whether the spatial axes stay, with size 1.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If `data_format` is unknown.

    Example:
        >>> from dlprep.layers import GlobalMaxPooling2D
        >>> GlobalMaxPooling2D().axes
        (1, 2)
    """

    rank = None

    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(**kwargs)
        self.data_format = windows.layout(data_format)
        self.keepdims = keepdims
        self.input_spec = InputSpec(ndim=self.rank + 2)
        self._build_at_init()

    @property
    def axes(self):
        """The spatial axes."""
        first = 1 if self.data_format == "channels_last" else 2
        return tuple(range(first, first + self.rank))

    def compute_output_shape(self, input_shape):
        channels = windows.channels(input_shape, self.data_format)
        ones = [1] * self.rank if self.keepdims else []
        return windows.batch_shape(input_shape[0], ones, channels, self.data_format)


@saving.register_keras_serializable(package="dlprep.layers")
class GlobalMaxPooling1D(GlobalPooling):
    r"""Keep the largest entry of each feature map of a sequence (`global_max_pooling`).

    $$ y_c = \max_t x_{t c} $$

    Args:
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        keepdims: Whether the time axis stays, with size 1.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If `data_format` is unknown.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import GlobalMaxPooling1D
        >>> tuple(GlobalMaxPooling1D()(np.ones((2, 5, 3))).shape)
        (2, 3)

    Reference:
        Oquab, Bottou, Laptev, Sivic 2015, "Is object localization for free?", section 3.
    """

    rank = 1

    def call(self, inputs):
        return global_max_pooling(inputs, self.axes, self.keepdims)


@saving.register_keras_serializable(package="dlprep.layers")
class GlobalMaxPooling2D(GlobalPooling):
    r"""Keep the largest entry of each feature map of an image (`global_max_pooling`).

    $$ y_c = \max_{i, j} x_{i j c} $$

    Args:
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        keepdims: Whether the spatial axes stay, with size 1.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If `data_format` is unknown.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import GlobalMaxPooling2D
        >>> tuple(GlobalMaxPooling2D()(np.ones((2, 5, 6, 3))).shape)
        (2, 3)

    Reference:
        Oquab, Bottou, Laptev, Sivic 2015, "Is object localization for free?", section 3.
    """

    rank = 2

    def call(self, inputs):
        return global_max_pooling(inputs, self.axes, self.keepdims)


@saving.register_keras_serializable(package="dlprep.layers")
class GlobalAveragePooling1D(GlobalPooling):
    r"""Keep the mean of each feature map of a sequence (`global_average_pooling`).

    $$ y_c = \frac{1}{T} \sum_t x_{t c} $$

    Masked steps do not count.

    Args:
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        keepdims: Whether the time axis stays, with size 1.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Sequences of shape `(batch, T, channels)`, or `(batch, channels, T)` with
            "channels_first".
        mask: Booleans of shape `(batch, T)`, False at steps that do not count; where none counts,
            the mean is 0.

    Raises:
        ValueError: If `data_format` is unknown.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import GlobalAveragePooling1D
        >>> tuple(GlobalAveragePooling1D()(np.ones((2, 5, 3))).shape)
        (2, 3)

    Reference:
        Lin, Chen, Yan 2013, arXiv:1312.4400, section 3.2.
    """

    rank = 1

    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(data_format, keepdims, **kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        if mask is not None:
            mask = ops.cast(ops.expand_dims(mask, 3 - self.axes[0]), "bool")
        inputs = ops.cast(inputs, self.compute_dtype)
        return global_average_pooling(inputs, self.axes, mask, self.keepdims)

    def compute_mask(self, inputs, mask=None):
        return None


@saving.register_keras_serializable(package="dlprep.layers")
class GlobalAveragePooling2D(GlobalPooling):
    r"""Keep the mean of each feature map of an image (`global_average_pooling`).

    $$ y_c = \frac{1}{h w} \sum_{i, j} x_{i j c} $$

    Args:
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        keepdims: Whether the spatial axes stay, with size 1.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If `data_format` is unknown.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import GlobalAveragePooling2D
        >>> tuple(GlobalAveragePooling2D()(np.ones((2, 5, 6, 3))).shape)
        (2, 3)

    Reference:
        Lin, Chen, Yan 2013, arXiv:1312.4400, section 3.2.
    """

    rank = 2

    def call(self, inputs):
        return global_average_pooling(inputs, self.axes, keepdims=self.keepdims)
