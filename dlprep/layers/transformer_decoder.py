"""The transformer's decoder block, and the cache with which it generates step by step."""

from keras import Operation, ops, saving

from dlprep.layers.dot_product_attention import hide
from dlprep.layers.transformer import Block


def write_cache(cache, keys, values, start, mask=None):
    """Write keys and values of new positions into a cache.

    Args:
        cache: Pair: keys and values, a tensor of shape `(batch, 2, length, heads, size)`, and
            which positions may be looked at, booleans of shape `(batch, length)`.
        keys: Keys of the new positions, shape `(batch, T, heads, size)`.
        values: Values of the new positions, likewise.
        start: Position of the first of them. Only a Python integer is checked: past the end, a
            tensor overwrites the last positions on TensorFlow and JAX.
        mask: Booleans of shape `(batch, T)`, False for new positions where nobody may look; None
            for all True.

    Returns:
        The new cache.

    Raises:
        ValueError: If the cache has too few positions.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.transformer_decoder import write_cache
        >>> new, empty = ops.ones((1, 1, 2, 3)), ops.zeros((1, 2, 4, 2, 3))
        >>> pairs, visible = write_cache((empty, ops.zeros((1, 4), "bool")), new, new, start=2)
        >>> [float(value) for value in pairs[0, 0, :, 0, 0]]
        [0.0, 0.0, 1.0, 0.0]
        >>> [int(value) for value in visible[0]]
        [0, 0, 1, 0]

    Reference:
        Shazeer 2019, arXiv:1911.02150, section 2.4.
    """
    pairs, visible = cache
    check_room(start, keys.shape[1], pairs.shape[2])
    new = ops.cast(ops.stack([keys, values], axis=1), pairs.dtype)
    mask = ops.ones(ops.shape(keys)[:2]) if mask is None else mask
    mask = ops.cast(mask, visible.dtype)
    return (
        ops.slice_update(pairs, (0, 0, start, 0, 0), new),
        ops.slice_update(visible, (0, start), mask),
    )


def check_room(start, count, length):
    """Raise if new positions are known not to fit into a cache.

    Args:
        start: Position of the first, an integer or a tensor.
        count: Number of new positions, or None where it is not known yet.
        length: Number of positions of the cache, or None.

    Raises:
        ValueError: If they do not fit.
    """
    if None in (count, length) or not isinstance(start, int):
        return
    if start < 0 or start + count > length:
        raise ValueError(
            f"The cache holds {length} positions, so {count} from start={start} on do not fit: "
            "make a longer one with `empty_cache`."
        )


@saving.register_keras_serializable(package="dlprep.layers")
class TransformerDecoder(Block):
    r"""Block in which a position looks at itself and before, and at an encoder's output if given.

    $$ a = x + \mathrm{MultiHead}_{\mathrm{causal}}(\mathrm{norm}(x)), \quad
       c = a + \mathrm{MultiHead}(\mathrm{norm}(a), m) $$
    $$ y = c + g(\mathrm{norm}(c) W_1 + b_1) W_2 + b_2 $$

    For generation, `empty_cache` and the arguments `cache` and `start` keep the keys and values of
    earlier positions, so that a new one costs one step instead of all. The outputs are those of
    one call on the whole sequence; masked positions, which may see nothing, are the exception.

    Args:
        num_heads: Number of attention heads, a divisor of the vectors' size.
        hidden: Size of the feed-forward layer.
        dropout: Share of units dropped in training, after each branch and in the attention.
        activation: Activation of the feed-forward layer.
        normalize_first: Whether the norm comes before each branch instead of after the sum.
        rotation: `RotaryEmbedding` that turns queries and keys of the self-attention by their
            position, or None for no positions.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Vectors of shape `(batch, T, size)`.
        memory: Vectors $m$ to look at, shape `(batch, S, features)`, such as an encoder's output,
            or None. A layer that is to get one needs it from its first call on.
        inputs_mask: Booleans of shape `(batch, T)`, False where nobody may look, such as at
            padding.
        memory_mask: Booleans of shape `(batch, S)`, likewise.
        cache: What `empty_cache` or the last call returned, or None. With it, `inputs` and
            `inputs_mask` are the new positions alone, and the call returns a pair, the output and
            the new cache.
        start: Position of the first of the new ones in the cache (`write_cache`).
        training: Whether units are dropped.

    Raises:
        ValueError: If a size is not a positive integer, `dropout` is outside 0 to 1, the heads do
            not divide the vectors, the inputs are no sequences, the cache has too few positions,
            or a layer built without `memory` gets one.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.layers import TransformerDecoder
        >>> layer = TransformerDecoder(2, hidden=16)
        >>> tuple(layer(np.ones((3, 5, 8)), np.ones((3, 7, 8))).shape)
        (3, 5, 8)
        >>> x = np.random.default_rng(0).normal(size=(256, 3, 4))
        >>> model = keras.Sequential([TransformerDecoder(2, hidden=16)])
        >>> model.compile(keras.optimizers.Adam(0.03), "mse", jit_compile=False)
        >>> loss = model.fit(x, np.cumsum(x, axis=1), epochs=5, verbose=0).history["loss"]
        >>> loss[-1] < 0.8 * loss[0]
        True

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.1.
    """

    def build(self, inputs_shape, memory_shape=None):
        self.attention = self._build_attention(
            "attention", inputs_shape, inputs_shape, self.rotation
        )
        self.attention_norm = self._build_norm("attention_norm", inputs_shape)
        self.cross = None
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
        if memory is not None and self.cross is None:
            raise ValueError(
                f"{self.name!r} was built without `memory`, so it has no weights to look at one: "
                "pass `memory` in the first call, or `memory_shape` to `build`."
            )

        def attend(x):
            nonlocal cache
            if cache is not None:
                output, cache = self._attend_cached(x, inputs_mask, cache, start, training)
                return output
            masks = {"value_mask": inputs_mask, "use_causal_mask": True}
            return self.attention(x, x, training=training, **masks)

        def attend_memory(x):
            return self.cross(x, memory, value_mask=memory_mask, training=training)

        # Padding that is no number would reach every weight's gradient.
        inputs = hide(ops.cast(inputs, self.compute_dtype), inputs_mask)
        x = self._branch(inputs, attend, self.attention_norm, training)
        if memory is not None:
            x = self._branch(x, attend_memory, self.cross_norm, training)
        x = self._feed_forward(x, training)
        return x if cache is None else (x, cache)

    def _attend_cached(self, x, mask, cache, start, training):
        query, key, value = self.attention.project(x, x, x, start)
        cache = write_cache(cache, key, value, start, mask)
        pairs, visible = cache
        asking = ops.add(start, ops.arange(ops.shape(x)[1]))
        before = ops.less_equal(ops.arange(ops.shape(pairs)[2])[None, :], asking[:, None])
        seen = ops.logical_and(before, ops.cast(visible, "bool")[:, None])
        heads = (query, pairs[:, 0], pairs[:, 1])
        output, _ = self.attention._compute_attention(*heads, seen, training)
        return self.attention.output_dense(output), cache

    def empty_cache(self, batch_size, length):
        """Return a cache without any positions.

        Args:
            batch_size: Number of rows.
            length: Number of positions that it can hold.

        Returns:
            The pair that `write_cache` takes: zeros, and booleans that are all False.

        Raises:
            ValueError: If the layer is not built yet, so that the size of its keys is unknown.
        """
        if not self.built:
            raise ValueError(f"Build or call {self.name!r} first: its inputs set the cache's size.")
        shape = (batch_size, 2, length, self.num_heads, self.attention.key_dim)
        return ops.zeros(shape, self.compute_dtype), ops.zeros((batch_size, length), "bool")

    def compute_output_shape(self, inputs_shape, memory_shape=None):
        return inputs_shape

    def compute_output_spec(self, *args, **kwargs):
        # By tracing: the layer's own rule would forget the second output, the cache.
        return Operation.compute_output_spec(self, *args, **kwargs)
