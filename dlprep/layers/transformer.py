"""Transformer blocks: attention and a feed-forward layer, each with a shortcut and a norm."""

from keras import activations, layers, ops, saving

from dlprep.layers.attention_heads import multi_head_attention
from dlprep.layers.core import Dense
from dlprep.layers.dropout import Dropout
from dlprep.layers.feed_forward import check_size
from dlprep.layers.layer_normalization import LayerNormalization
from dlprep.layers.multi_head_attention import MultiHeadAttention


def shortcut(x, branch, norm, normalize_first=True):
    r"""Add a branch to its input, with the norm before the branch or after the sum.

    $$ y = x + F(\mathrm{norm}(x)) \text{ (first)}, \quad y = \mathrm{norm}(x + F(x))
       \text{ (after)} $$

    With the norm first, the input reaches the output untouched through every block, so deep
    stacks train without warm-up.

    Args:
        x: Inputs of any shape.
        branch: Function $F$.
        norm: Function, a normalisation.
        normalize_first: Whether the norm comes first.

    Returns:
        Tensor of the shape of `x`.

    Example:
        >>> from dlprep.layers.transformer import shortcut
        >>> shortcut(3.0, branch=lambda x: 10 * x, norm=lambda x: x / 2)
        18.0

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.1 (after); Xiong et al. 2020,
        arXiv:2002.04745, figure 1 (first).
    """
    return x + branch(norm(x)) if normalize_first else norm(x + branch(x))


def write_cache(cache, keys, values, start):
    """Write keys and values of new positions into a cache.

    Args:
        cache: Tensor of shape `(batch, 2, length, heads, size)`: keys and values.
        keys: Keys of the new positions, shape `(batch, T, heads, size)`.
        values: Values of the new positions, likewise.
        start: Position of the first of them.

    Returns:
        The new cache.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.transformer import write_cache
        >>> new = ops.ones((1, 1, 2, 3))
        >>> cache = write_cache(ops.zeros((1, 2, 4, 2, 3)), new, new, start=2)
        >>> [float(value) for value in cache[0, 0, :, 0, 0]]
        [0.0, 0.0, 1.0, 0.0]

    Reference:
        Shazeer 2019, arXiv:1911.02150, section 2.4.
    """
    new = ops.cast(ops.stack([keys, values], axis=1), cache.dtype)
    return ops.slice_update(cache, (0, 0, start, 0, 0), new)


class Block(layers.Layer):
    """Base of the transformer blocks.

    Args:
        num_heads: Number of attention heads, a divisor of the vectors' size.
        hidden: Size of the feed-forward layer.
        dropout: Share of units dropped in training, after each branch and in the attention.
        activation: Activation of the feed-forward layer.
        normalize_first: Whether the norm comes before each branch.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If a size is not a positive integer, or the heads do not divide the vectors.

    Example:
        >>> from dlprep.layers import TransformerEncoder
        >>> TransformerEncoder(2, hidden=8).num_heads
        2
    """

    def __init__(
        self, num_heads, hidden, dropout=0.0, activation="relu", normalize_first=True, **kwargs
    ):
        check_size("num_heads", num_heads)
        check_size("hidden", hidden)
        super().__init__(**kwargs)
        self.num_heads, self.hidden, self.dropout = num_heads, hidden, dropout
        self.activation, self.normalize_first = activations.get(activation), normalize_first
        self.supports_masking = True

    def _build_attention(self, name, shape, memory_shape):
        size = shape[-1]
        if size % self.num_heads:
            raise ValueError(
                f"{self.num_heads} heads do not divide vectors of size {size}: choose a divisor."
            )
        attention = MultiHeadAttention(
            self.num_heads,
            size // self.num_heads,
            dropout=self.dropout,
            dtype=self.dtype_policy,
            name=name,
        )
        attention.build(shape, memory_shape)
        return attention

    def _build_norm(self, name, shape):
        norm = LayerNormalization(epsilon=1e-6, dtype=self.dtype_policy, name=name)
        norm.build(shape)
        return norm

    def _build_feed_forward(self, shape):
        policy = {"dtype": self.dtype_policy}
        self.up = Dense(self.hidden, self.activation, name="up", **policy)
        self.down = Dense(shape[-1], name="down", **policy)
        self.up.build(shape)
        self.down.build((*shape[:-1], self.hidden))
        self.feed_forward_norm = self._build_norm("feed_forward_norm", shape)
        self.drop = Dropout(self.dropout, name="drop", **policy)

    def _branch(self, x, branch, norm, training):
        def dropped(inputs):
            return self.drop(branch(inputs), training=training)

        return shortcut(x, dropped, norm, self.normalize_first)

    def _feed_forward(self, x, training):
        def branch(inputs):
            return self.down(self.up(inputs))

        return self._branch(x, branch, self.feed_forward_norm, training)

    def get_config(self):
        plain = ("num_heads", "hidden", "dropout", "normalize_first")
        own = {name: getattr(self, name) for name in plain}
        own["activation"] = activations.serialize(self.activation)
        return {**super().get_config(), **own}


@saving.register_keras_serializable(package="dlprep.layers")
class TransformerEncoder(Block):
    r"""Block in which every position looks at every other (`shortcut` around attention).

    $$ a = x + \mathrm{MultiHead}(\mathrm{norm}(x)), \quad
       y = a + g(\mathrm{norm}(a) W_1 + b_1) W_2 + b_2 $$

    Args:
        num_heads: Number of attention heads, a divisor of the vectors' size.
        hidden: Size of the feed-forward layer.
        dropout: Share of units dropped in training, after each branch and in the attention.
        activation: Activation $g$ of the feed-forward layer.
        normalize_first: Whether the norm comes before each branch instead of after the sum.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If a size is not a positive integer, or the heads do not divide the vectors.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import TransformerEncoder
        >>> tuple(TransformerEncoder(2, hidden=16)(np.ones((3, 5, 8))).shape)
        (3, 5, 8)

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.1.
    """

    def build(self, input_shape):
        self.attention = self._build_attention("attention", input_shape, input_shape)
        self.attention_norm = self._build_norm("attention_norm", input_shape)
        self._build_feed_forward(input_shape)

    def call(self, inputs, mask=None, attention_mask=None, training=False):
        def attend(x):
            masks = {"value_mask": mask, "attention_mask": attention_mask}
            return self.attention(x, x, training=training, **masks)

        x = self._branch(inputs, attend, self.attention_norm, training)
        return self._feed_forward(x, training)

    def compute_output_shape(self, input_shape):
        return input_shape


@saving.register_keras_serializable(package="dlprep.layers")
class TransformerDecoder(Block):
    r"""Block in which a position looks at itself and before, and at an encoder's output if given.

    $$ a = x + \mathrm{MultiHead}_{\mathrm{causal}}(\mathrm{norm}(x)), \quad
       c = a + \mathrm{MultiHead}(\mathrm{norm}(a), m) $$
    $$ y = c + g(\mathrm{norm}(c) W_1 + b_1) W_2 + b_2 $$

    For generation, `empty_cache` and the arguments `cache` and `start` keep the keys and values of
    earlier positions, so that a new one costs one step instead of all.

    Args:
        num_heads: Number of attention heads, a divisor of the vectors' size.
        hidden: Size of the feed-forward layer.
        dropout: Share of units dropped in training, after each branch and in the attention.
        activation: Activation of the feed-forward layer.
        normalize_first: Whether the norm comes before each branch instead of after the sum.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If a size is not a positive integer, or the heads do not divide the vectors.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import TransformerDecoder
        >>> layer = TransformerDecoder(2, hidden=16)
        >>> tuple(layer(np.ones((3, 5, 8)), np.ones((3, 7, 8))).shape)
        (3, 5, 8)

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.1.
    """

    def build(self, inputs_shape, memory_shape=None):
        self.attention = self._build_attention("attention", inputs_shape, inputs_shape)
        self.attention_norm = self._build_norm("attention_norm", inputs_shape)
        if memory_shape is not None:
            self.cross = self._build_attention("cross", inputs_shape, memory_shape)
            self.cross_norm = self._build_norm("cross_norm", inputs_shape)
        self._build_feed_forward(inputs_shape)

    def call(
        self,
        inputs,
        memory=None,
        inputs_mask=None,
        memory_mask=None,
        cache=None,
        start=0,
        training=False,
    ):
        new = []

        def attend(x):
            if cache is not None:
                output, updated = self._attend_cached(x, cache, start)
                new.append(updated)
                return output
            masks = {"value_mask": inputs_mask, "use_causal_mask": True}
            return self.attention(x, x, training=training, **masks)

        def attend_memory(x):
            return self.cross(x, memory, value_mask=memory_mask, training=training)

        x = self._branch(inputs, attend, self.attention_norm, training)
        if memory is not None:
            x = self._branch(x, attend_memory, self.cross_norm, training)
        x = self._feed_forward(x, training)
        return x if cache is None else (x, new[0])

    def _attend_cached(self, x, cache, start):
        query, key, value = (
            dense(x)
            for dense in (
                self.attention.query_dense,
                self.attention.key_dense,
                self.attention.value_dense,
            )
        )
        cache = write_cache(cache, key, value, start)
        asking = start + ops.arange(ops.shape(x)[1])
        seen = ops.arange(ops.shape(cache)[2])[None, :] <= asking[:, None]
        heads, _ = multi_head_attention(query, cache[:, 0], cache[:, 1], seen)
        return self.attention.output_dense(heads), cache

    def empty_cache(self, batch_size, length):
        """Return a cache without any positions.

        Args:
            batch_size: Number of rows.
            length: Number of positions that it can hold.
        """
        size = self.attention.key_dim
        return ops.zeros((batch_size, 2, length, self.num_heads, size), self.compute_dtype)

    def compute_output_shape(self, inputs_shape, memory_shape=None):
        return inputs_shape
