"""Spatial dropout: neighbours in a feature map say the same, so drop the whole map."""

from keras import InputSpec, ops, saving

from dlprep.layers import windows
from dlprep.layers.dropout import Dropout, inverted_dropout, keep_mask


class SpatialDropout(Dropout):
    r"""Base of the layers that draw one fate per example and channel.

    $$ y_{i c} = \frac{m_c\, x_{i c}}{1 - p} $$

    A subclass sets `rank`, the number of spatial axes.

    Args:
        rate: Probability $p$ of dropping a feature map.
        seed: Integer that makes the masks reproducible.
        name: The layer's name.
        dtype: The layer's type or policy.

    Example:
        >>> from dlprep.layers import SpatialDropout1D
        >>> SpatialDropout1D(0.5).rank
        1

    Reference:
        Tompson et al. 2014, arXiv:1411.4280, section 3.2.
    """

    rank = None
    data_format = "channels_last"

    def __init__(self, rate, seed=None, name=None, dtype=None):
        super().__init__(rate, seed=seed, name=name, dtype=dtype)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def call(self, inputs, training=False):
        inputs = ops.cast(inputs, self.compute_dtype)
        if not training or self.rate == 0:
            return inputs
        shape = ops.shape(inputs)
        channels = windows.channels(shape, self.data_format)
        maps = windows.batch_shape(shape[0], [1] * self.rank, channels, self.data_format)
        return inverted_dropout(inputs, keep_mask(maps, self.rate, self.seed_generator), self.rate)

    def get_config(self):
        kept = ("rate", "seed", "name", "dtype")
        return {name: value for name, value in super().get_config().items() if name in kept}


@saving.register_keras_serializable(package="dlprep.layers")
class SpatialDropout1D(SpatialDropout):
    r"""Drop whole feature maps of sequences in training.

    $$ y_{t c} = \frac{m_c\, x_{t c}}{1 - p}, \quad m_c \sim \mathrm{Bernoulli}(1 - p) $$

    Args:
        rate: Probability $p$ of dropping a feature map.
        seed: Integer that makes the masks reproducible.
        name: The layer's name.
        dtype: The layer's type or policy.

    Call arguments:
        inputs: Sequences of shape `(batch, T, channels)`.
        training: Whether maps are dropped; otherwise the inputs are returned.

    Raises:
        ValueError: If `rate` is outside 0 to 1.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import SpatialDropout1D
        >>> y = SpatialDropout1D(0.5, seed=1)(np.ones((1, 9, 4)), training=True)
        >>> {len({float(value) for value in y[0, :, c]}) for c in range(4)}
        {1}

    Reference:
        Tompson et al. 2014, arXiv:1411.4280, section 3.2.
    """

    rank = 1


@saving.register_keras_serializable(package="dlprep.layers")
class SpatialDropout2D(SpatialDropout):
    r"""Drop whole feature maps of images in training.

    $$ y_{i j c} = \frac{m_c\, x_{i j c}}{1 - p}, \quad m_c \sim \mathrm{Bernoulli}(1 - p) $$

    Args:
        rate: Probability $p$ of dropping a feature map.
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        seed: Integer that makes the masks reproducible.
        name: The layer's name.
        dtype: The layer's type or policy.

    Call arguments:
        inputs: Images of shape `(batch, rows, columns, channels)`, or
            `(batch, channels, rows, columns)` with "channels_first".
        training: Whether maps are dropped; otherwise the inputs are returned.

    Raises:
        ValueError: If `rate` is outside 0 to 1 or `data_format` is unknown.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import SpatialDropout2D
        >>> tuple(SpatialDropout2D(0.5)(np.ones((1, 9, 9, 4)), training=True).shape)
        (1, 9, 9, 4)

    Reference:
        Tompson et al. 2014, arXiv:1411.4280, section 3.2.
    """

    rank = 2

    def __init__(self, rate, data_format=None, seed=None, name=None, dtype=None):
        super().__init__(rate, seed, name, dtype)
        self.data_format = windows.layout(data_format)

    def get_config(self):
        return {**super().get_config(), "data_format": self.data_format}
