"""Normalisation by length: root mean square, and unit norm."""

from keras import ops, saving

from dlprep.layers import settings
from dlprep.layers.layer import Layer
from dlprep.layers.moments import check_axes, sorted_axes, spread
from dlprep.layers.precision import widen


def rms_normalization(x, scale=None, axes=(-1,), epsilon=1e-6):
    r"""Divide by the root mean square, then scale.

    $$ y = \gamma \frac{x}{\sqrt{\overline{x^2} + \epsilon}} $$

    Layer normalisation without the mean: cheaper, and enough for language models.

    Args:
        x: Inputs of any shape, float32 or wider.
        scale: Scale $\gamma$ that broadcasts to `x`, or None for 1.
        axes: Axes of the mean of squares.
        epsilon: Number $\epsilon$ added to it.

    Returns:
        Tensor of the shape of `x`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.rms_normalization import rms_normalization
        >>> [float(value) for value in rms_normalization(ops.array([[3.0, 3.0]]), epsilon=0.0)[0]]
        [1.0, 1.0]

    Reference:
        Zhang, Sennrich 2019, arXiv:1910.07467, equation 4.
    """
    y = x * ops.rsqrt(ops.mean(ops.square(x), axes, keepdims=True) + epsilon)
    return y if scale is None else y * scale


def unit_normalization(x, axes=(-1,)):
    r"""Divide by the Euclidean norm; zeros stay zeros.

    $$ y = \frac{x}{\lVert x \rVert_2} $$

    Args:
        x: Inputs of any shape, float32 or wider.
        axes: Axes of the norm.

    Returns:
        Tensor of the shape of `x`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.rms_normalization import unit_normalization
        >>> [round(float(value), 4) for value in unit_normalization(ops.array([[3.0, 4.0]]))[0]]
        [0.6, 0.8]

    Reference:
        Wang, Xiang, Cheng, Yuille 2017, arXiv:1704.06369, equation 1.
    """
    square = ops.sum(ops.square(x), axes, keepdims=True)
    return x * ops.rsqrt(ops.maximum(square, 1e-12))


@saving.register_keras_serializable(package="dlprep.layers")
class RMSNormalization(Layer):
    r"""Divide each example by the root mean square of its features (`rms_normalization`).

    $$ y = \gamma \frac{x}{\sqrt{\overline{x^2} + \epsilon}} $$

    It hands a mask on, as `LayerNormalization` does; in Keras's the mask ends.

    Args:
        axis: Axis or axes of the mean of squares, which $\gamma$ spans.
        epsilon: Number $\epsilon$ added to it.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If the input has no such axis.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import RMSNormalization
        >>> tuple(RMSNormalization()(np.ones((2, 5, 4))).shape)
        (2, 5, 4)

    Reference:
        Zhang, Sennrich 2019, arXiv:1910.07467, equation 4.
    """

    def __init__(self, axis=-1, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.supports_masking = True
        # The statistics need the input as it came, not rounded to half precision.
        self.autocast = False

    def build(self, input_shape):
        # Only this refuses an axis that there is not: the next line would wrap it around.
        self.compute_output_shape(input_shape)
        shape = tuple(input_shape[axis] for axis in sorted_axes(self.axis, len(input_shape)))
        self.scale = self.add_weight(name="scale", shape=shape, initializer="ones", autocast=False)

    def call(self, x):
        wide = widen(x, self.compute_dtype)
        axes = sorted_axes(self.axis, len(x.shape))
        scale = spread(self.scale, axes, wide)
        return ops.cast(rms_normalization(wide, scale, axes, self.epsilon), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return check_axes(self.axis, input_shape)


@saving.register_keras_serializable(package="dlprep.layers")
class UnitNormalization(Layer):
    r"""Give each example the Euclidean norm 1 (`unit_normalization`).

    $$ y = \frac{x}{\lVert x \rVert_2} $$

    Args:
        axis: Axis or axes of the norm.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        TypeError: If `axis` is neither an integer nor a sequence of them.
        ValueError: If the input has no such axis.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import UnitNormalization
        >>> [round(float(value), 4) for value in UnitNormalization()(np.array([[3.0, 4.0]]))[0]]
        [0.6, 0.8]

    Reference:
        Wang, Xiang, Cheng, Yuille 2017, arXiv:1704.06369, equation 1.
    """

    def __init__(self, axis=-1, **kwargs):
        axis = settings.native(axis)
        if not isinstance(axis, (int, list, tuple)):
            raise TypeError(
                "Invalid value for `axis` argument: expected an int or a list/tuple of ints. "
                f"It is {axis!r}."
            )
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.supports_masking = True
        # The statistics need the input as it came, not rounded to half precision.
        self.autocast = False
        self._build_at_init()

    def call(self, inputs):
        # The backends tell an axis that there is not each in its own way.
        self.compute_output_shape(tuple(inputs.shape))
        axes = self.axis if isinstance(self.axis, int) else tuple(self.axis)
        wide = widen(inputs, self.compute_dtype)
        return ops.cast(unit_normalization(wide, axes), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return check_axes(self.axis, input_shape)
