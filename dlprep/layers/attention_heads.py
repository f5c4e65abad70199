"""Attention heads: linear maps into and out of them, attention in each, and the layers' base."""

import math
from operator import attrgetter

from keras import Operation, config, layers, ops, random, saving

from dlprep.layers import settings
from dlprep.layers.dot_product_attention import (
    attended_last,
    causal_mask,
    dot_product_attention,
    fused_attention,
    hide_unseen,
    merge_masks,
    sliding_window_mask,
    with_axes,
)
from dlprep.layers.dropout import check_rate, inverted_dropout, keep_mask
from dlprep.layers.position import as_rotation
from dlprep.stand_in import StandIn


def multi_head_attention(query, key, value, mask=None, drop=None):
    r"""Attend in every head by itself.

    $$ \mathrm{head}_n = \mathrm{Attention}(Q_n, K_n, V_n) $$

    Args:
        query: Projected queries, shape `(batch, T, heads, d)`.
        key: Projected keys, shape `(batch, S, heads, d)`.
        value: Projected values, shape `(batch, S, heads, v)`.
        mask: Booleans that broadcast to `(batch, T, S)` or to the weights, or None.
        drop: Function applied to the weights, or None.

    Returns:
        The heads' outputs, shape `(batch, T, heads, v)`, and the weights, shape
        `(batch, heads, T, S)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.attention_heads import multi_head_attention
        >>> output, weights = multi_head_attention(*(ops.ones((2, 5, 3, 4)) for _ in "QKV"))
        >>> tuple(output.shape), tuple(weights.shape)
        ((2, 5, 3, 4), (2, 3, 5, 5))

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2.
    """
    query, key, value = (ops.swapaxes(x, -3, -2) for x in (query, key, value))
    mask = None if mask is None else with_axes(mask, len(query.shape))
    output, weights = dot_product_attention(query, key, value, mask, drop)
    return ops.swapaxes(output, -3, -2), weights


def attend_over_axes(query, key, value, mask=None, drop=None, axes=(1,)):
    """Attend over several axes as if they were one; the others are treated like the batch.

    Args:
        query: Projected queries, shape `(batch, ..., heads, d)`; as the next two.
        key: Projected keys.
        value: Projected values.
        mask: Booleans that broadcast to the weights, with or without an axis of heads, or None.
        drop: Function applied to the weights, or None.
        axes: Axes attended over, counted from the front.

    Returns:
        What `multi_head_attention` returns, every attended axis of its own.
    """
    rank = len(query.shape)
    if tuple(axes) == (rank - 3,):
        return multi_head_attention(query, key, value, mask, drop)
    order, free = [*attended_last(axes, rank - 1), rank - 2, rank - 1], rank - 2 - len(axes)
    query, key, value = (ops.transpose(x, order) for x in (query, key, value))
    batch = ops.shape(query)[:free]
    targets, sources = (ops.shape(x)[free:-2] for x in (query, key))
    pairs = ((query, targets), (key, sources), (value, sources))
    flat = (ops.reshape(x, (*batch, math.prod(axes), *x.shape[-2:])) for x, axes in pairs)
    mask = None if mask is None else flat_pairs(mask, targets, sources)
    output, weights = multi_head_attention(*flat, mask, drop)
    output = ops.reshape(output, (*batch, *targets, *output.shape[-2:]))
    back = sorted(range(rank), key=order.__getitem__)
    weights = ops.reshape(weights, (*batch, weights.shape[-3], *targets, *sources))
    return ops.transpose(output, back), weights


def flat_pairs(mask, targets, sources):
    """Turn a mask of pairs of positions on several axes into one on one axis each."""
    lead = ops.shape(mask)[: -len(targets) - len(sources)]
    mask = ops.broadcast_to(mask, (*lead, *targets, *sources))
    return ops.reshape(mask, (*lead, math.prod(targets), math.prod(sources)))


class HeadProjection(layers.Layer):
    r"""Contract the last axes of the input with a weight of any rank.

    $$ y_{\ldots nh} = \sum_d x_{\ldots d} W_{dnh} + b_{nh} $$

    Into the heads, one axis becomes two; out of them, two become one.
    """

    def __init__(
        self,
        output_dims,
        contracted=1,
        activation=None,
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
        return self.activation(y if self.bias is None else y + self.bias)

    def compute_output_shape(self, input_shape):
        return (*input_shape[: -self.contracted], *self.output_dims)


def with_fans(initializer, contracted, rank):
    """Return the initializer told that a kernel's first axes are inputs and the rest are outputs.

    By itself it takes all axes but the last two for the window of a convolution.
    """
    if getattr(initializer, "input_axes", 0) is not None:
        return initializer
    axes = list(range(rank))
    fans = {"input_axes": axes[:contracted], "output_axes": axes[contracted:]}
    options = {**initializer.get_config(), "seed": initializer.seed, **fans}
    return type(initializer).from_config(options)


class HeadAttention(layers.Layer, metaclass=StandIn):
    r"""Base of the layers that attend in heads between projections.

    $$ O = \sum_n \mathrm{Attention}(X W^Q_n, Y W^K_n, Y W^V_n)\, W^O_n $$

    A subclass's `build` calls `build_projections`. As in Keras, a user's subclass may override
    `_compute_attention_mask`, which merges the masks, and `_compute_attention`.
    """

    def __init__(self, arguments, **kwargs):
        check_rate(arguments["dropout"], "dropout")
        super().__init__(activity_regularizer=arguments["activity_regularizer"], **kwargs)
        settings.store(self, {**arguments, "rotation": as_rotation(arguments["rotation"])})
        self.supports_masking = True
        self._axes = (1,)
        if self.dropout > 0:
            self.seed_generator = random.SeedGenerator(self.seed)
            if self._flash():
                raise ValueError("Flash attention has no dropout: set dropout=0.0, or turn it off.")

    query_dense = property(attrgetter("_query_dense"))
    key_dense = property(attrgetter("_key_dense"))
    value_dense = property(attrgetter("_value_dense"))
    output_dense = property(attrgetter("_output_dense"))
    _sliding_window = property(attrgetter("sliding_window"))

    def build_projections(self, shapes, queries, keys, values, output):
        """Build the maps into the heads, each given as its number and size, and out of them."""
        query, value, key = shapes
        wide = (queries[0], values[1])
        self._query_dense = self._projection("query", query, queries)
        self._key_dense = self._projection("key", key or value, keys)
        if self.use_gate:
            self._gate_dense = self._projection("gate", query, wide, activation="sigmoid")
        self._value_dense = self._projection("value", value, values)
        heads = (*query[:-1], *wide)
        self._output_dense = self._projection("attention_output", heads, output, contracted=2)

    def _projection(self, name, shape, sizes, contracted=1, activation=None):
        options = {option: getattr(self, option) for option in settings.names(HeadProjection)[3:]}
        for option in ("kernel_initializer", "bias_initializer"):
            # A copy each draws apart; with an integer seed all draw alike, as in Keras.
            (options[option],) = settings.copies(options[option], 1)
        projection = HeadProjection(
            sizes, contracted, activation, **options, dtype=self.dtype_policy, name=name
        )
        projection.build(shape)
        return projection

    def call(
        self,
        query,
        value,
        key=None,
        query_mask=None,
        value_mask=None,
        key_mask=None,
        attention_mask=None,
        return_attention_scores=False,
        training=None,
        use_causal_mask=False,
    ):
        if return_attention_scores and self._flash():
            raise ValueError("Returning attention scores is not supported with flash attention.")
        masks = {"query_mask": query_mask, "value_mask": value_mask, "key_mask": key_mask}
        masks |= {"attention_mask": attention_mask, "use_causal_mask": use_causal_mask}
        mask = self._compute_attention_mask(query, value, **masks)
        key = value if key is None else key
        query, value, key = hide_unseen(mask, query, value, key, self._axes)
        wanted = {"return_attention_scores": True} if return_attention_scores else {}
        heads = self.project(query, key, value)
        output, weights = self._compute_attention(*heads, mask, training, **wanted)
        if self.use_gate:
            output = output * self._gate_dense(query)
        output = self._output_dense(output)
        return (output, weights) if return_attention_scores else output

    def _compute_attention_mask(
        self,
        query,
        value,
        query_mask=None,
        value_mask=None,
        key_mask=None,
        attention_mask=None,
        use_causal_mask=False,
    ):
        ordered = self._masks_of_order(query, value, use_causal_mask, self.sliding_window)
        masks = (query_mask, value_mask, key_mask, attention_mask, *ordered)
        return merge_masks(*masks, axes=self._axes, rank=len(query.shape))

    def _masks_of_order(self, query, key, causal, window=None):
        """Return the causal mask and that of a window, or None where there is none."""
        if not causal and not window:
            return None, None
        if len(self._axes) > 1:
            raise ValueError(
                "A causal mask and `sliding_window` need the order of one axis, but attention runs "
                f"over {self._axes}: choose one by `attention_axes`, or pass an `attention_mask`."
            )
        lengths = (ops.shape(query)[self._axes[0]], ops.shape(key)[self._axes[0]])
        near = sliding_window_mask(*lengths, window) if window else None
        return causal_mask(*lengths) if causal else None, near

    def project(self, query, key, value, start=0):
        """Return queries, keys and values of the heads, each of shape `(batch, ..., heads, size)`.

        `start` is the position of the first of them, for the rotation.
        """
        query, key = self._query_dense(query), self._key_dense(key)
        if self.rotation is not None:
            query, key = (self.rotation.turn(x, self._axes[0], start) for x in (query, key))
        return query, key, self._value_dense(value)

    def _compute_attention(
        self,
        query,
        key,
        value,
        attention_mask=None,
        training=None,
        return_attention_scores=False,
        use_causal_mask=False,
    ):
        if use_causal_mask:
            inputs = {"axes": self._axes, "rank": len(query.shape) - 1}
            causal, _ = self._masks_of_order(query, key, causal=True)
            attention_mask = merge_masks(None, None, None, attention_mask, causal, **inputs)
        # Over other axes there is no fused kernel; Keras goes without it too.
        if self._flash() and (len(query.shape), *self._axes) == (4, 1):
            return fused_attention(query, key, value, attention_mask), None

        def drop(weights):
            kept = keep_mask(ops.shape(weights), self.dropout, self.seed_generator)
            return inverted_dropout(weights, kept, self.dropout)

        dropping = drop if training and self.dropout > 0 else None
        return attend_over_axes(query, key, value, attention_mask, dropping, self._axes)

    def _flash(self):
        return self.flash_attention or config.is_flash_attention_enabled()

    def compute_output_spec(self, *args, **kwargs):
        # By tracing: the layer's own rule would forget the second output, the weights.
        return Operation.compute_output_spec(self, *args, **kwargs)

    def get_config(self):
        return {**super().get_config(), "rotation": saving.serialize_keras_object(self.rotation)}
