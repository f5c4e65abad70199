"""Transformer blocks: attention and a feed-forward layer, each with a shortcut and a norm."""

from keras import layers, ops, saving

from dlprep.layers import settings
from dlprep.layers.dense import Dense
from dlprep.layers.dot_product_attention import hide
from dlprep.layers.dropout import Dropout, check_rate
from dlprep.layers.layer_normalization import LayerNormalization
from dlprep.layers.multi_head_attention import MultiHeadAttention
from dlprep.layers.position import as_rotation


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


class Block(layers.Layer):
    """Base of the transformer blocks: what surrounds their attention."""

    def __init__(
        self,
        num_heads,
        hidden,
        dropout=0.0,
        activation="relu",
        normalize_first=True,
        *,
        rotation=None,
        **kwargs,
    ):
        settings.check_positive(num_heads=num_heads, hidden=hidden)
        check_rate(dropout, "dropout")
        rotation = as_rotation(rotation)
        super().__init__(**kwargs)
        settings.store(self, settings.pick(locals(), Block))
        self.supports_masking = True

    def _build_attention(self, name, shape, memory_shape, rotation=None):
        size = shape[-1]
        if size % self.num_heads:
            raise ValueError(
                f"{self.num_heads} heads do not divide vectors of size {size}: choose a divisor."
            )
        attention = MultiHeadAttention(
            self.num_heads,
            size // self.num_heads,
            dropout=self.dropout,
            rotation=rotation,
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
        own = settings.config(self, Block)
        own["rotation"] = saving.serialize_keras_object(self.rotation)
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
        rotation: `RotaryEmbedding` that turns queries and keys of the heads by their
            position, or None for no positions.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Vectors of shape `(batch, T, size)`.
        mask: Booleans of shape `(batch, T)`, False where nobody may look, such as at padding.
        attention_mask: Booleans that broadcast to `(batch, T, T)`: which position may look at
            which.
        training: Whether units are dropped.

    Raises:
        ValueError: If a size is not a positive integer, `dropout` is outside 0 to 1, the heads do
            not divide the vectors, or the inputs are no sequences.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.layers import TransformerEncoder
        >>> tuple(TransformerEncoder(2, hidden=16)(np.ones((3, 5, 8))).shape)
        (3, 5, 8)
        >>> x = np.random.default_rng(0).normal(size=(256, 3, 4))
        >>> y = x.mean(1, keepdims=True) + 0 * x
        >>> model = keras.Sequential([TransformerEncoder(2, hidden=16)])
        >>> model.compile(keras.optimizers.Adam(0.03), "mse", jit_compile=False)
        >>> loss = model.fit(x, y, epochs=5, verbose=0).history["loss"]
        >>> loss[-1] < 0.8 * loss[0]
        True

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.1.
    """

    def build(self, input_shape):
        self.attention = self._build_attention("attention", input_shape, input_shape, self.rotation)
        self.attention_norm = self._build_norm("attention_norm", input_shape)
        self._build_feed_forward(input_shape)

    def call(self, inputs, mask=None, attention_mask=None, training=False):
        def attend(x):
            masks = {"value_mask": mask, "attention_mask": attention_mask}
            return self.attention(x, x, training=training, **masks)

        # Padding that is no number would reach every weight's gradient.
        inputs = hide(ops.cast(inputs, self.compute_dtype), mask)
        x = self._branch(inputs, attend, self.attention_norm, training)
        return self._feed_forward(x, training)

    def compute_output_shape(self, input_shape):
        return input_shape
