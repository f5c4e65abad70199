"""Layer normalisation: standardise each example over its own features."""

import warnings

from keras import ops, saving

from dlprep.layers import settings
from dlprep.layers.layer import Layer
from dlprep.layers.moments import check_axes, moments, sorted_axes, spread, standardize
from dlprep.layers.precision import widen


def layer_normalization(x, gamma=None, beta=None, axes=(-1,), epsilon=1e-3):
    r"""Standardise over the features of each example, then scale and shift.

    $$ y = \gamma \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta $$

    Args:
        x: Inputs of any shape, float32 or wider.
        gamma: Scale $\gamma$ that broadcasts to `x`, or None for 1.
        beta: Shift $\beta$ that broadcasts to `x`, or None for 0.
        axes: Axes of the mean $\mu$ and the variance $\sigma^2$.
        epsilon: Number $\epsilon$ added to the variance.

    Returns:
        Tensor of the shape of `x`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.layer_normalization import layer_normalization
        >>> y = layer_normalization(ops.array([[1.0, 3.0], [10.0, 30.0]]), epsilon=0.0)
        >>> [[float(value) for value in row] for row in y]
        [[-1.0, 1.0], [-1.0, 1.0]]

    Reference:
        Ba, Kiros, Hinton 2016, arXiv:1607.06450, equations 3 and 4.
    """
    y = standardize(x, *moments(x, axes), epsilon=epsilon)
    y = y if gamma is None else y * gamma
    return y if beta is None else y + beta


@saving.register_keras_serializable(package="dlprep.layers")
class LayerNormalization(Layer):
    r"""Standardise each example by itself (`layer_normalization`), alike in training and inference.

    $$ y = \gamma \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta $$

    Args:
        axis: Axis or axes of the mean and the variance, which $\gamma$ and $\beta$ span.
        epsilon: Number $\epsilon$ added to the variance.
        center: Whether $\beta$ is added.
        scale: Whether $\gamma$ multiplies.
        beta_initializer: Initial $\beta$, shaped as the axes.
        gamma_initializer: Initial $\gamma$, shaped as the axes.
        beta_regularizer: Penalty on $\beta$.
        gamma_regularizer: Penalty on $\gamma$.
        beta_constraint: Projection of $\beta$ after each update.
        gamma_constraint: Projection of $\gamma$ after each update.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`. Keras's deprecated
            `rms_scaling=True` divides by the standard deviation without subtracting the mean.

    Raises:
        TypeError: If `axis` is neither an integer nor a sequence of them.
        ValueError: If the input has no such axis.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import LayerNormalization
        >>> y = LayerNormalization(epsilon=0.0)(np.array([[1.0, 3.0]]))
        >>> [float(value) for value in y[0]]
        [-1.0, 1.0]

    Reference:
        Ba, Kiros, Hinton 2016, arXiv:1607.06450, equations 3 and 4.
    """

    def __init__(
        self,
        axis=-1,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        **kwargs,
    ):
        axis = settings.native(axis)
        if not isinstance(axis, (int, list, tuple)):
            raise TypeError(
                f"Expected an int or a list/tuple of ints for the argument 'axis', not {axis!r}."
            )
        rms_scaling = kwargs.pop("rms_scaling", False)
        if rms_scaling:
            warnings.warn("`rms_scaling` is deprecated: use RMSNormalization.", stacklevel=2)
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.axis = [axis] if isinstance(axis, int) else list(axis)
        self.supports_masking = True
        # The statistics need the input as it came, not rounded to half precision.
        self.autocast = False

    def build(self, input_shape):
        # Only this refuses an axis that there is not: the next line would wrap it around.
        self.compute_output_shape(input_shape)
        axes = sorted_axes(self.axis, len(input_shape))
        shape = tuple(input_shape[axis] for axis in axes)
        scaled, shifted = self.scale or self.rms_scaling, self.center and not self.rms_scaling
        own = {"autocast": False}
        self.gamma = settings.weight(self, "gamma", shape, **own) if scaled else None
        self.beta = settings.weight(self, "beta", shape, **own) if shifted else None

    def call(self, inputs):
        x = widen(inputs, self.compute_dtype)
        axes = sorted_axes(self.axis, len(x.shape))
        gamma, beta = spread(self.gamma, axes, x), spread(self.beta, axes, x)
        if self.rms_scaling:
            _, variance = moments(x, axes)
            y = x * ops.rsqrt(variance + self.epsilon) * gamma
        else:
            y = layer_normalization(x, gamma, beta, axes, self.epsilon)
        return ops.cast(y, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return check_axes(self.axis, input_shape)

    def get_config(self):
        return {**super().get_config(), "rms_scaling": self.rms_scaling}
