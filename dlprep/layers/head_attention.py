"""What multi-head and grouped-query attention share: masks, dropout, the gate and the way out."""

from operator import attrgetter

from keras import Operation, config, layers, ops, random

from dlprep.layers import settings
from dlprep.layers.attention_heads import fused_attention, multi_head_attention
from dlprep.layers.dot_product_attention import causal_mask, merge_masks, sliding_window_mask
from dlprep.layers.dropout import check_rate, inverted_dropout, keep_mask
from dlprep.stand_in import StandIn


class HeadAttention(layers.Layer, metaclass=StandIn):
    r"""Base of the layers that attend in heads between projections.

    $$ O = \sum_n \mathrm{Attention}(X W^Q_n, Y W^K_n, Y W^V_n)\, W^O_n $$

    A subclass builds `_query_dense`, `_key_dense`, `_value_dense`, `_output_dense` and, with
    `use_gate`, `_gate_dense`, and sets `_axes`, the axes attended over.

    Args:
        arguments: The subclass's constructor arguments by name.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If `dropout` is outside 0 to 1, or flash attention is to drop.

    Example:
        >>> from dlprep.layers import MultiHeadAttention
        >>> MultiHeadAttention(2, 3).supports_masking
        True

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2.
    """

    def __init__(self, arguments, **kwargs):
        check_rate(arguments["dropout"], "dropout")
        super().__init__(activity_regularizer=arguments["activity_regularizer"], **kwargs)
        settings.store(self, arguments)
        self.supports_masking = True
        if self.dropout > 0:
            self.seed_generator = random.SeedGenerator(self.seed)
            if self._flash():
                raise ValueError("Flash attention has no dropout: set dropout=0.0, or turn it off.")

    query_dense = property(attrgetter("_query_dense"))
    key_dense = property(attrgetter("_key_dense"))
    value_dense = property(attrgetter("_value_dense"))
    output_dense = property(attrgetter("_output_dense"))
    _sliding_window = property(attrgetter("sliding_window"))

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
        key = value if key is None else key
        lengths = ops.shape(query)[1], ops.shape(value)[1]
        causal = causal_mask(*lengths) if use_causal_mask else None
        near = sliding_window_mask(*lengths, self.sliding_window) if self.sliding_window else None
        masks = (query_mask, value_mask, key_mask, attention_mask, causal, near)
        output, weights = self.attend(
            self.project(query, key, value),
            merge_masks(*masks),
            training,
            return_attention_scores,
        )
        if self.use_gate:
            output = output * ops.sigmoid(self._gate_dense(query))
        output = self._output_dense(output)
        return (output, weights) if return_attention_scores else output

    def project(self, query, key, value):
        """Return queries, keys and values of the heads, each of shape `(batch, ..., heads, size)`.

        Args:
            query: Inputs that ask, shape `(batch, ..., features)`; as the next two.
            key: Inputs that answer.
            value: Inputs that are averaged.
        """
        return self._query_dense(query), self._key_dense(key), self._value_dense(value)

    def attend(self, heads, mask, training=False, return_attention_scores=False):
        """Return the heads' outputs and their weights, which are None under flash attention.

        Args:
            heads: Queries, keys and values from `project`.
            mask: Booleans that broadcast to the weights, or None.
            training: Whether weights are dropped.
            return_attention_scores: Whether the weights are wanted.
        """
        if self._flash():
            return fused_attention(*heads, mask, return_attention_scores), None

        def drop(weights):
            kept = keep_mask(ops.shape(weights), self.dropout, self.seed_generator)
            return inverted_dropout(weights, kept, self.dropout)

        dropping = drop if training and self.dropout > 0 else None
        return multi_head_attention(*heads, mask, dropping, self._axes)

    def _flash(self):
        return self.flash_attention or config.is_flash_attention_enabled()

    def compute_output_spec(self, *args, **kwargs):
        # By tracing: the layer's own rule would forget the second output, the weights.
        return Operation.compute_output_spec(self, *args, **kwargs)
