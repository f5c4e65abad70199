"""Attention heads: linear maps into and out of them, and attention in each of them."""

import math

from keras import layers, ops

from dlprep.layers import settings
from dlprep.layers.dot_product_attention import dot_product_attention


class HeadProjection(layers.Layer):
    r"""Contract the last axes of the input with a weight of any rank.

    $$ y_{\ldots nh} = \sum_d x_{\ldots d} W_{dnh} + b_{nh} $$

    Into the heads, one axis becomes two; out of them, two become one.

    Args:
        output_dims: Tuple of the new axes' sizes.
        contracted: Number of the input's last axes that are summed over.
        use_bias: Whether $b$ is added.
        kernel_initializer: Initial $W$, shape the contracted axes and `output_dims`.
        bias_initializer: Initial $b$, shape `output_dims`.
        kernel_regularizer: Penalty on $W$.
        bias_regularizer: Penalty on $b$.
        activity_regularizer: Penalty on the output.
        kernel_constraint: Projection of $W$ after each update.
        bias_constraint: Projection of $b$ after each update.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers.attention_heads import HeadProjection
        >>> tuple(HeadProjection((2, 3))(np.ones((4, 5, 6))).shape)
        (4, 5, 2, 3)

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2, the matrices $W_i^Q$ and $W^O$.
    """

    def __init__(
        self,
        output_dims,
        contracted=1,
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
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        settings.store(self, locals())
        self.output_dims = tuple(output_dims)
        self.supports_masking = True

    def build(self, input_shape):
        shape = (*input_shape[-self.contracted :], *self.output_dims)
        draw = with_fans(self.kernel_initializer, self.contracted, len(shape))
        self.kernel = settings.weight(self, "kernel", shape, initializer=draw)
        self.bias = settings.weight(self, "bias", self.output_dims) if self.use_bias else None

    def call(self, inputs):
        y = ops.tensordot(inputs, self.kernel, axes=self.contracted)
        return y if self.bias is None else ops.add(y, self.bias)

    def compute_output_shape(self, input_shape):
        return (*input_shape[: -self.contracted], *self.output_dims)

    def get_config(self):
        return {**super().get_config(), **settings.config(self, HeadProjection)}


def with_fans(initializer, contracted, rank):
    """Return the initializer told which of a kernel's axes are inputs, where it scales by them.

    By itself it takes all axes but the last two for the window of a convolution.

    Args:
        initializer: A Keras initializer.
        contracted: Number of the kernel's first axes that are summed over; the rest are outputs.
        rank: Number of the kernel's axes.

    Example:
        >>> from dlprep import initializers
        >>> from dlprep.layers.attention_heads import with_fans
        >>> with_fans(initializers.GlorotUniform(), 1, 3).output_axes
        [1, 2]

    Reference:
        Glorot, Bengio 2010, "Understanding the difficulty of training deep feedforward neural
        networks".
    """
    if getattr(initializer, "input_axes", 0) is not None:
        return initializer
    axes = list(range(rank))
    fans = {"input_axes": axes[:contracted], "output_axes": axes[contracted:]}
    config = {**initializer.get_config(), "seed": initializer.seed, **fans}
    return type(initializer).from_config(config)


def projection_options(layer):
    """Return the settings that an attention layer passes on to its projections.

    Args:
        layer: A layer with the settings of `HeadProjection` from `use_bias` on.
    """
    shared = settings.names(HeadProjection)[2:]
    options = {name: getattr(layer, name) for name in shared if name != "activity_regularizer"}
    for name in ("kernel_initializer", "bias_initializer"):
        # A copy each: one seeded instance would give every projection the same draw.
        options[name] = type(options[name]).from_config(options[name].get_config())
    return {**options, "dtype": layer.dtype_policy}


def multi_head_attention(query, key, value, mask=None, drop=None, axes=(1,)):
    r"""Attend in every head by itself, over one or more axes.

    $$ \mathrm{head}_n = \mathrm{Attention}(Q_n, K_n, V_n) $$

    Args:
        query: Projected queries, shape `(batch, ..., heads, d)`, the axes in `axes` being $T$.
        key: Projected keys, shape `(batch, ..., heads, d)`, the same axes being $S$.
        value: Projected values, shape `(batch, ..., heads, v)`, likewise.
        mask: Booleans that broadcast to the weights, or None.
        drop: Function applied to the weights, or None.
        axes: Axes attended over; the others are treated like the batch.

    Returns:
        The heads' outputs, shaped as `query` but for the last axis of size `v`, and the weights of
        shape `(batch, ..., heads, T, S)`, with every attended axis of its own.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.attention_heads import multi_head_attention
        >>> output, weights = multi_head_attention(*(ops.ones((2, 5, 3, 4)) for _ in "QKV"))
        >>> tuple(output.shape), tuple(weights.shape)
        ((2, 5, 3, 4), (2, 3, 5, 5))

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2.
    """
    rank = len(query.shape)
    free = [axis for axis in range(rank - 1) if axis not in axes]
    order = [*free, *axes, rank - 1]
    query, key, value = (ops.transpose(x, order) for x in (query, key, value))
    batch = ops.shape(query)[: len(free)]
    targets, sources = (ops.shape(x)[len(free) : -1] for x in (query, key))
    query, key, value = (
        ops.reshape(x, (*ops.shape(x)[: len(free)], -1, x.shape[-1])) for x in (query, key, value)
    )
    if mask is not None:
        mask = align_mask(mask, len(free), targets, sources)
    output, weights = dot_product_attention(query, key, value, mask, drop)
    output = ops.reshape(output, (*batch, *targets, value.shape[-1]))
    back = sorted(range(rank), key=order.__getitem__)
    return ops.transpose(output, back), ops.reshape(weights, (*batch, *targets, *sources))


def align_mask(mask, free, targets, sources):
    """Return a mask that broadcasts to the weights of the heads, pairs of axes flattened.

    Args:
        mask: Booleans of shape `(batch, ..., T, S)` or less, every attended axis of its own.
        free: Number of axes of the weights before `T`.
        targets: Sizes of the axes that make up `T`.
        sources: Sizes of the axes that make up `S`.
    """
    pairs = len(targets) + len(sources)
    while len(mask.shape) < free + pairs:
        mask = ops.expand_dims(mask, -pairs - 1)
    if pairs == 2:
        return mask
    lead = ops.shape(mask)[:free]
    mask = ops.broadcast_to(mask, (*lead, *targets, *sources))
    flat = (math.prod(targets), math.prod(sources))
    return ops.reshape(mask, (*lead, *flat))


def fused_attention(query, key, value, mask, return_attention_scores):
    """Attend by the backend's fused kernel.

    Args:
        query: Projected queries, shape `(batch, T, heads, d)`; as the next two.
        key: Projected keys.
        value: Projected values.
        mask: Booleans that broadcast to `(batch, heads, T, S)` or to `(batch, T, S)`, or None.
        return_attention_scores: Whether the weights are wanted, which the kernel cannot give.

    Raises:
        ValueError: If the weights are wanted.
    """
    if return_attention_scores:
        raise ValueError("Returning attention scores is not supported with flash attention.")
    if mask is not None:
        mask = align_mask(mask, 2, (0,), (0,))
    return ops.dot_product_attention(query, key, value, mask=mask, flash_attention=True)


def check_lengths(value_shape, key_shape):
    """Raise unless there is a key for every value.

    Args:
        value_shape: Shape of the values.
        key_shape: Shape of the keys, or None where the values are the keys.

    Raises:
        ValueError: If their axes between the batch and the features differ.
    """
    if key_shape is not None and tuple(value_shape[1:-1]) != tuple(key_shape[1:-1]):
        raise ValueError(
            "All axes of value and key but the last must be equal: value has the shape "
            f"{tuple(value_shape)}, key {tuple(key_shape)}."
        )
