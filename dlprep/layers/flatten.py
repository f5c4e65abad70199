"""Flatten: lay the entries of each example out in one row."""

import math

from keras import InputSpec, KerasTensor, ops, saving

from dlprep.layers import windows
from dlprep.layers.layer import Layer


@saving.register_keras_serializable(package="dlprep.layers")
class Flatten(Layer):
    r"""Lay the entries of each example out in one row, the channels varying fastest.

    $$ y_{(i w + j) c_n + c} = x_{i j c} $$

    Args:
        data_format: "channels_last" or "channels_first", which moves the channels to the end
            first; None takes Keras's setting.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If `data_format` is unknown.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import Flatten
        >>> tuple(Flatten()(np.ones((2, 3, 4))).shape)
        (2, 12)

    Reference:
        LeCun, Bottou, Bengio, Haffner 1998, "Gradient-based learning", section II.B, layer F6.
    """

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = windows.layout(data_format)
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs):
        rank = len(inputs.shape)
        if self.data_format == "channels_first" and rank > 1:
            inputs = ops.transpose(inputs, (0, *range(2, rank), 1))
        # An open size would leave two unknowns, the batch and the row.
        length = self.compute_output_shape(inputs.shape)[1]
        return ops.reshape(inputs, (ops.shape(inputs)[0], -1 if length is None else length))

    def compute_output_shape(self, input_shape):
        sizes = input_shape[1:]
        return (input_shape[0], None if None in sizes else math.prod(sizes))

    def compute_output_spec(self, inputs):
        shape = self.compute_output_shape(inputs.shape)
        return KerasTensor(shape, dtype=inputs.dtype, sparse=inputs.sparse)
