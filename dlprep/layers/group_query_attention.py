"""Grouped-query attention: several query heads share one head of keys and values."""

from keras import ops, saving

from dlprep.layers import settings
from dlprep.layers.attention_heads import HeadAttention
from dlprep.layers.dot_product_attention import check_lengths


def share_heads(x, repeats):
    r"""Hand each head of keys or values to a group of query heads.

    $$ x'_{n} = x_{\lfloor n / r \rfloor} $$

    Args:
        x: Keys or values, shape `(batch, S, heads, size)`.
        repeats: Number $r$ of query heads in a group.

    Returns:
        Tensor of shape `(batch, S, repeats * heads, size)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.group_query_attention import share_heads
        >>> x = ops.reshape(ops.array([1.0, 2.0]), (1, 1, 2, 1))
        >>> [float(value) for value in share_heads(x, 2)[0, 0, :, 0]]
        [1.0, 1.0, 2.0, 2.0]

    Reference:
        Ainslie et al. 2023, arXiv:2305.13245, section 2.2.
    """
    return ops.repeat(x, repeats, axis=2)


@saving.register_keras_serializable(package="dlprep.layers")
class GroupQueryAttention(HeadAttention):
    r"""Multi-head attention in which groups of query heads share keys and values (`share_heads`).

    $$ \mathrm{head}_i = \mathrm{Attention}(Q W_i^Q, K W_{\lfloor i / r \rfloor}^K,
       V W_{\lfloor i / r \rfloor}^V) $$

    A key/value cache shrinks by the factor $r$. One head of keys and values is multi-query
    attention, as many as query heads is multi-head attention. A query that may look at nothing
    averages all values. As in Keras, a subclass may override `_compute_attention_mask` and
    `_compute_attention`; Keras's other private names are not called.
    Keras's class is called `GroupedQueryAttention` inside, and its weight files name it so: bring
    weights over with `set_weights(theirs.get_weights())`.

    Args:
        head_dim: Size of a query, key and value in each head.
        num_query_heads: Number of query heads.
        num_key_value_heads: Number of key and value heads, a divisor of the former.
        dropout: Share of the attention weights dropped in training.
        use_bias: Whether the projections add a bias.
        sliding_window: Width of the window of `sliding_window_mask`, or None.
        flash_attention: Whether to use the backend's fused kernel, which gives no weights and has
            no dropout; None follows `keras.config.enable_flash_attention`.
        kernel_initializer: Initial projections; as in Keras, an integer seed makes those of one
            shape equal.
        bias_initializer: Initial biases.
        kernel_regularizer: Penalty on each projection.
        bias_regularizer: Penalty on each bias.
        activity_regularizer: Penalty on the output and on each projection's.
        kernel_constraint: Projection of the kernels after each update.
        bias_constraint: Projection of the biases after each update.
        use_gate: Whether each head's output is multiplied by a sigmoid of the projected query.
        seed: Integer that makes the dropout masks reproducible.
        rotation: `RotaryEmbedding` that turns queries and keys by their position, along the
            sequence, whatever its own axis; None for no positions.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        query: Inputs that ask, shape `(batch, T, features)`.
        value: Inputs that are averaged, shape `(batch, S, features)`.
        key: Inputs that answer, likewise; None takes `value`.
        query_mask: Booleans of shape `(batch, T)`, False for queries that may look at nothing, such
            as padding.
        value_mask: Booleans of shape `(batch, S)`, False where nobody may look.
        key_mask: Booleans of shape `(batch, S)`, likewise.
        attention_mask: Booleans that broadcast to `(batch, T, S)`: which query may look at which
            key.
        return_attention_scores: Whether to return the weights too, shape `(batch, heads, T, S)`.
        training: Whether weights are dropped.
        use_causal_mask: Whether a query may look at its own position and those before only.

    Raises:
        ValueError: If the heads cannot be grouped, a size is not positive, `dropout` is outside 0
            to 1, flash attention is to drop or to return weights, the inputs do not have three
            axes, or the lengths of key and value differ. In a functional model also if the sizes
            of query and value differ.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import GroupQueryAttention
        >>> layer = GroupQueryAttention(3, num_query_heads=4, num_key_value_heads=2)
        >>> tuple(layer(np.ones((2, 5, 6)), np.ones((2, 7, 6))).shape)
        (2, 5, 6)

    Reference:
        Ainslie et al. 2023, arXiv:2305.13245, section 2.2.
    """

    def __init__(
        self,
        head_dim,
        num_query_heads,
        num_key_value_heads,
        dropout=0.0,
        use_bias=True,
        sliding_window=None,
        flash_attention=None,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        use_gate=False,
        seed=None,
        *,
        rotation=None,
        **kwargs,
    ):
        settings.check_positive(head_dim=head_dim, num_query_heads=num_query_heads)
        settings.check_positive(num_key_value_heads=num_key_value_heads)
        settings.check_positive(sliding_window=1 if sliding_window is None else sliding_window)
        if num_query_heads % num_key_value_heads:
            raise ValueError(
                "`num_query_heads` must be divisible by `num_key_value_heads`: "
                f"{num_query_heads} and {num_key_value_heads}."
            )
        super().__init__(locals(), **kwargs)
        self.num_repeats = num_query_heads // num_key_value_heads

    def build(self, query_shape, value_shape, key_shape=None):
        if len(query_shape) != 3 or len(value_shape) != 3:
            raise ValueError(
                "Queries and values need a batch, a sequence and features, not the shapes "
                f"{tuple(query_shape)} and {tuple(value_shape)}."
            )
        check_lengths(value_shape, key_shape)
        self.feature_dim = query_shape[-1]
        queries = self.num_query_heads, self.head_dim
        pairs = self.num_key_value_heads, self.head_dim
        shapes = query_shape, value_shape, key_shape
        self.build_projections(shapes, queries, pairs, pairs, query_shape[-1:])

    def project(self, query, key, value, start=0):
        query, key, value = super().project(query, key, value, start)
        return query, *(share_heads(x, self.num_repeats) for x in (key, value))

    def compute_output_shape(self, query_shape, value_shape, key_shape=None):
        if query_shape[-1] != value_shape[-1]:
            raise ValueError(
                f"The last sizes of query and value must be equal, not {query_shape[-1]} and "
                f"{value_shape[-1]}."
            )
        check_lengths(value_shape, key_shape)
        return tuple(query_shape)

    def compute_output_spec(self, query, value, key=None, *masks, **kwargs):
        self.compute_output_shape(query.shape, value.shape, None if key is None else key.shape)
        return super().compute_output_spec(query, value, key, *masks, **kwargs)

    def get_config(self):
        return {**settings.config(self, GroupQueryAttention), **super().get_config()}
