"""Min-max scaling: map each feature's range in the data to a fixed interval."""

import math

import numpy as np
from keras import ops, saving

from dlprep.layers import settings
from dlprep.layers.layer import Layer
from dlprep.layers.moments import check_axes, sorted_axes
from dlprep.layers.normalization import batches
from dlprep.layers.precision import widen


def min_max_scaling(x, minimum, maximum, low=0.0, high=1.0):
    r"""Map the interval from minimum to maximum to another one.

    $$ y = a + (b - a) \frac{x - x_{\min}}{x_{\max} - x_{\min}} $$

    Values outside the interval are mapped outside. A feature that never changed has the width 1
    instead of 0.

    Args:
        x: Inputs of any shape, float32 or wider.
        minimum: $x_{\min}$, of a shape that broadcasts to `x`; as the next one.
        maximum: $x_{\max}$.
        low: Lower end $a$.
        high: Upper end $b$.

    Returns:
        Tensor of the shape of `x`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.min_max_scaling import min_max_scaling
        >>> float(min_max_scaling(ops.array([4.0]), 2.0, 10.0, low=-1.0)[0])
        -0.5

    Reference:
        Okoli's notes, feature scaling; Han, Kamber, Pei 2011, "Data mining: concepts and
        techniques", equation 3.8.
    """
    width = maximum - minimum
    return low + (high - low) * (x - minimum) / ops.where(width == 0, 1.0, width)


@saving.register_keras_serializable(package="dlprep.layers")
class MinMaxScaling(Layer):
    r"""Map features to an interval (`min_max_scaling`), their ranges learned by `adapt`.

    $$ y = a + (b - a) \frac{x - x_{\min}}{x_{\max} - x_{\min}} $$

    Before `adapt` the range is from 0 to 1. One outlier squeezes all other values together:
    `Normalization` is less sensitive.

    Args:
        axis: Axis or axes that keep ranges of their own; None keeps one range for all.
        low: Lower end $a$ of the interval.
        high: Upper end $b$ of the interval.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If `low` is not below `high`, or a kept axis is missing or of unknown size.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.layers import Dense, MinMaxScaling
        >>> layer = MinMaxScaling()
        >>> layer.adapt(np.array([[1.0], [5.0]]))
        >>> float(layer(np.array([[4.0]]))[0, 0])
        0.75
        >>> x = np.random.default_rng(0).normal(size=(256, 4))
        >>> scale = MinMaxScaling()
        >>> scale.adapt(x)
        >>> model = keras.Sequential([scale, Dense(1)])
        >>> model.compile(keras.optimizers.Adam(0.1), "mse")
        >>> loss = model.fit(x, x[:, :1], epochs=5, verbose=0).history["loss"]
        >>> loss[-1] < 0.5 * loss[0]
        True

    Reference:
        Han, Kamber, Pei 2011, "Data mining: concepts and techniques", equation 3.8.
    """

    def __init__(self, axis=-1, low=0.0, high=1.0, **kwargs):
        if not -math.inf < low < high < math.inf:
            raise ValueError(f"`low` must be below `high`, but they are {low!r} and {high!r}.")
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.supports_masking = True
        # The statistics need the input as it came, not rounded to half precision.
        self.autocast = False

    def build(self, input_shape):
        shape = self._ranges(input_shape)
        if None in shape:
            raise ValueError(
                f"The kept axes {self.axis} must have a known size, but the input has the shape "
                f"{tuple(input_shape)}."
            )
        for name, start in (("minimum", "zeros"), ("maximum", "ones")):
            frozen = {"initializer": start, "trainable": False, "autocast": False}
            setattr(self, name, self.add_weight(name=name, shape=shape, **frozen))

    def _ranges(self, shape):
        """Return the shape of the ranges, 1 where an axis keeps none of its own."""
        if self.axis is not None:
            check_axes(self.axis, tuple(shape))
        kept = [] if self.axis is None else sorted_axes(self.axis, len(shape))
        return tuple(size if axis in kept else 1 for axis, size in enumerate(shape))

    def adapt(self, data):
        """Learn the ranges, forgetting earlier ones.

        Args:
            data: An array, a tensor, a data set or an iterable of batches; of a tuple, the first
                entry.

        Raises:
            ValueError: If there is no data, or its shape differs from that of earlier data.
            TypeError: If the data is of another kind.
        """
        lowest, highest = np.inf, -np.inf
        for batch in batches(data):
            if not self.built:
                self.build(batch.shape)
                self.built = True
            ranges = self._ranges(batch.shape)
            if ranges != tuple(self.minimum.shape):
                raise ValueError(
                    f"adapt() was given a batch of shape {batch.shape}, whose ranges have the "
                    f"shape {ranges}, but the layer keeps ranges of {tuple(self.minimum.shape)}."
                )
            axes = tuple(axis for axis, size in enumerate(ranges) if size == 1)
            lowest = np.minimum(lowest, batch.min(axes, keepdims=True))
            highest = np.maximum(highest, batch.max(axes, keepdims=True))
        self.minimum.assign(lowest)
        self.maximum.assign(highest)

    def call(self, inputs):
        x, *ends = (widen(v, self.compute_dtype) for v in (inputs, self.minimum, self.maximum))
        y = min_max_scaling(x, *ends, self.low, self.high)
        return ops.cast(y, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape
