"""Group normalisation: standardise groups of channels of each example."""

import math

from keras import InputSpec, ops, saving

from dlprep.layers import settings
from dlprep.layers.layer import Layer
from dlprep.layers.moments import check_axes, standardize
from dlprep.layers.precision import widen


def group_normalization(x, groups, gamma=None, beta=None, epsilon=1e-3):
    r"""Standardise every group of channels of each example, then scale and shift.

    $$ y = \gamma \frac{x - \mu_g}{\sqrt{\sigma_g^2 + \epsilon}} + \beta $$

    One group for all channels normalises over everything, one per channel over its map only.

    Args:
        x: Inputs of shape `(batch, ..., channels)`, float32 or wider.
        groups: Number of groups, a divisor of the channels.
        gamma: Scale $\gamma$ of shape `(channels,)`, or None for 1.
        beta: Shift $\beta$ of shape `(channels,)`, or None for 0.
        epsilon: Number $\epsilon$ added to the variance.

    Returns:
        Tensor of the shape of `x`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.group_normalization import group_normalization
        >>> y = group_normalization(ops.array([[1.0, 3.0, 10.0, 30.0]]), groups=2, epsilon=0.0)
        >>> [float(value) for value in y[0]]
        [-1.0, 1.0, -1.0, 1.0]

    Reference:
        Wu, He 2018, arXiv:1803.08494, equations 1, 2 and 7.
    """
    shape = ops.shape(x)
    batch, channels = shape[0], shape[-1]
    maps = ops.reshape(x, (batch, math.prod(shape[1:-1]), channels))

    def average(maps):
        # First over the map, whose rows are all channels: a reduction over both at once is slow.
        parts = ops.reshape(ops.mean(maps, axis=1), (batch, groups, channels // groups))
        spread = ops.broadcast_to(ops.mean(parts, axis=-1, keepdims=True), ops.shape(parts))
        return ops.reshape(spread, (batch, 1, channels))

    mean = average(maps)
    variance = average(ops.square(maps - mean))
    return ops.reshape(standardize(maps, mean, variance, gamma, beta, epsilon), shape)


@saving.register_keras_serializable(package="dlprep.layers")
class GroupNormalization(Layer):
    r"""Standardise groups of channels of each example (`group_normalization`).

    $$ y = \gamma \frac{x - \mu_g}{\sqrt{\sigma_g^2 + \epsilon}} + \beta $$

    A subclass overrides `build` and `call`; Keras's private methods, such as
    `_reshape_into_groups`, are not called.

    Args:
        groups: Number of groups; -1 takes one per channel (instance normalisation).
        axis: The channel axis.
        epsilon: Number $\epsilon$ added to the variance.
        center: Whether $\beta$ is added.
        scale: Whether $\gamma$ multiplies.
        beta_initializer: Initial $\beta$, shape `(channels,)`.
        gamma_initializer: Initial $\gamma$, shape `(channels,)`.
        beta_regularizer: Penalty on $\beta$.
        gamma_regularizer: Penalty on $\gamma$.
        beta_constraint: Projection of $\beta$ after each update.
        gamma_constraint: Projection of $\gamma$ after each update.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If `epsilon` is negative, the input has not the axis, or its channels cannot be
            split into the groups.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import GroupNormalization
        >>> tuple(GroupNormalization(groups=2)(np.ones((3, 5, 5, 4))).shape)
        (3, 5, 5, 4)

    Reference:
        Wu, He 2018, arXiv:1803.08494, equations 1, 2 and 7.
    """

    def __init__(
        self,
        groups=32,
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
        groups = settings.native(groups)
        if type(groups) is not int or (groups <= 0 and groups != -1):
            raise ValueError(
                "Received an invalid value for argument `groups`: it must be a positive integer or "
                f"-1, not {groups!r}."
            )
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.supports_masking = True
        # The statistics need the input as it came, not rounded to half precision.
        self.autocast = False

    def build(self, input_shape):
        channels = check_axes(self.axis, input_shape)[self.axis]
        check_groups(channels, self.groups, self.axis, input_shape)
        own = {"autocast": False}
        self.gamma = settings.weight(self, "gamma", (channels,), **own) if self.scale else None
        self.beta = settings.weight(self, "beta", (channels,), **own) if self.center else None
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: channels})

    def call(self, inputs):
        x = widen(ops.copy(inputs), self.compute_dtype)
        x = ops.moveaxis(x, self.axis, -1)
        groups = x.shape[-1] if self.groups == -1 else self.groups
        weights = (None if w is None else ops.cast(w, x.dtype) for w in (self.gamma, self.beta))
        y = group_normalization(x, groups, *weights, self.epsilon)
        return ops.cast(ops.moveaxis(y, -1, self.axis), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return check_axes(self.axis, input_shape)


def check_groups(channels, groups, axis, input_shape):
    """Raise unless the channels can be split into the groups.

    Args:
        channels: Number of channels.
        groups: Number of groups, or -1.
        axis: The channel axis.
        input_shape: Shape of the layer's input.

    Raises:
        ValueError: If they cannot.
    """
    if channels is None:
        raise ValueError(
            f"Axis {axis} of input tensor should have a defined dimension but the layer received "
            f"an input with shape {input_shape}."
        )
    if channels < groups:
        raise ValueError(
            f"Number of groups ({groups}) cannot be more than the number of channels ({channels})."
        )
    if channels % groups:
        raise ValueError(
            f"Number of groups ({groups}) must be a multiple of the number of channels "
            f"({channels}): choose a divisor."
        )
