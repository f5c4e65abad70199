"""Multi-head attention: several attentions side by side, each in its own projection."""

from keras import saving

from dlprep.layers import settings
from dlprep.layers.attention_heads import HeadAttention
from dlprep.layers.dot_product_attention import check_lengths


@saving.register_keras_serializable(package="dlprep.layers")
class MultiHeadAttention(HeadAttention):
    r"""Project to heads, attend in each (`multi_head_attention`), and project back.

    $$ \mathrm{MultiHead}(Q, K, V) = \mathrm{Concat}(\mathrm{head}_1, \ldots, \mathrm{head}_n) W^O,
       \quad \mathrm{head}_i = \mathrm{Attention}(Q W_i^Q, K W_i^K, V W_i^V) $$

    A query that may look at nothing averages all values. As in Keras, a subclass may override
    `_compute_attention_mask`, which merges the masks, and `_compute_attention`, which gets the
    heads' queries, keys and values and the merged mask; Keras's other private names are not called.
    Masks lie along the attended axes, where Keras's causal and sliding ones take the first axis.

    Args:
        num_heads: Number of heads.
        key_dim: Size of a query and of a key in each head.
        value_dim: Size of a value in each head; None takes `key_dim`.
        dropout: Share of the attention weights dropped in training.
        use_bias: Whether the projections add a bias.
        output_shape: Size or sizes of the output after the batch and attended axes; None takes the
            query's last size.
        attention_axes: Axes attended over; None takes all but the batch and the features.
        sliding_window: Width of the window of `sliding_window_mask`, or None.
        flash_attention: Whether to use the backend's fused kernel, which gives no weights and has
            no dropout; None follows `keras.config.enable_flash_attention`.
        kernel_initializer: Initial projections, shapes `(features, heads, size)` and
            `(heads, value_dim, *output_shape)`; as in Keras, an integer seed makes those of one
            shape equal.
        bias_initializer: Initial biases.
        kernel_regularizer: Penalty on each projection.
        bias_regularizer: Penalty on each bias.
        activity_regularizer: Penalty on the output and on each projection's.
        kernel_constraint: Projection of the kernels after each update.
        bias_constraint: Projection of the biases after each update.
        use_gate: Whether each head's output is multiplied by a sigmoid of the projected query.
        seed: Integer that makes the dropout masks reproducible.
        rotation: `RotaryEmbedding` that turns queries and keys by their position, along the axis
            attended over, whatever its own; None for no positions.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        query: Inputs $Q$ that ask, shape `(batch, T, features)`, or with several axes for $T$.
        value: Inputs $V$ that are averaged, shape `(batch, S, features)`.
        key: Inputs $K$ that answer, likewise; None takes `value`.
        query_mask: Booleans of shape `(batch, T)`, False for queries that may look at nothing, such
            as padding; of more axes, all but the features, or the batch and those attended over.
        value_mask: Booleans of shape `(batch, S)`, False where nobody may look, likewise.
        key_mask: Booleans of shape `(batch, S)`, likewise.
        attention_mask: Booleans that broadcast to `(batch, T, S)`: which query may look at which
            key; with several axes for $T$ and $S$, as many for each here.
        return_attention_scores: Whether to return the weights too, shape `(batch, heads, T, S)`.
        training: Whether weights are dropped.
        use_causal_mask: Whether a query may look at its own position and those before only.

    Raises:
        ValueError: If a size is not a positive integer, `dropout` is outside 0 to 1, flash
            attention is to drop or to return weights, an axis to attend over does not exist, the
            inputs have none, the axes of key and value differ, a mask has too few axes or too many,
            or a causal mask or `sliding_window` meets several axes to attend over.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import MultiHeadAttention
        >>> layer, x = MultiHeadAttention(num_heads=2, key_dim=3), np.ones((4, 5, 6))
        >>> tuple(layer(x, x, use_causal_mask=True).shape)
        (4, 5, 6)

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2.
    """

    def __init__(
        self,
        num_heads,
        key_dim,
        value_dim=None,
        dropout=0.0,
        use_bias=True,
        output_shape=None,
        attention_axes=None,
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
        value_dim = key_dim if value_dim is None else value_dim
        settings.check_positive(num_heads=num_heads, key_dim=key_dim, value_dim=value_dim)
        settings.check_positive(sliding_window=1 if sliding_window is None else sliding_window)
        super().__init__(locals(), **kwargs)
        self.attention_axes = as_axes(attention_axes)
        self._output_shape = as_tuple(output_shape)

    def build(self, query_shape, value_shape, key_shape=None):
        output = self.compute_output_shape(query_shape, value_shape, key_shape)
        rank = len(query_shape)
        self._axes = attended_axes(self.attention_axes, rank)
        if self.rotation is not None and len(self._axes) > 1:
            raise ValueError(f"A rotation turns along one axis, not {self._axes}: attend over one.")
        queries, values = ((self.num_heads, size) for size in (self.key_dim, self.value_dim))
        shapes = query_shape, value_shape, key_shape
        self.build_projections(shapes, queries, queries, values, output[rank - 1 :])
        # This layer penalises its output itself.
        self._output_dense.activity_regularizer = None

    def compute_output_shape(self, query_shape, value_shape, key_shape=None):
        check_lengths(value_shape, key_shape)
        return (*query_shape[:-1], *(self._output_shape or query_shape[-1:]))

    def get_config(self):
        own = {**settings.config(self, MultiHeadAttention), "output_shape": self._output_shape}
        return {**own, **super().get_config()}


def as_tuple(output_shape):
    """Return the sizes of the output as a tuple, or None.

    Args:
        output_shape: The constructor's argument.

    Raises:
        ValueError: If it is neither a positive integer nor a sequence of them.
    """
    if not output_shape:
        return None
    output_shape = settings.native(output_shape)
    if isinstance(output_shape, int):
        output_shape = (output_shape,)
    sizes = output_shape if isinstance(output_shape, (list, tuple)) else ()
    if not sizes or not all(isinstance(size, int) and size > 0 for size in sizes):
        raise ValueError(
            f"Invalid `output_shape`: {output_shape!r}. It must be a positive integer or a tuple "
            "of them."
        )
    return tuple(sizes)


def as_axes(attention_axes):
    """Return the attended axes as a tuple, or None.

    Args:
        attention_axes: The constructor's argument.

    Raises:
        ValueError: If it is neither an integer nor a sequence of them.
    """
    attention_axes = settings.native(attention_axes)
    if attention_axes is None or isinstance(attention_axes, (list, tuple)):
        return attention_axes
    if isinstance(attention_axes, int):
        return (attention_axes,)
    raise ValueError(f"`attention_axes` must be an int, list, or tuple, not {attention_axes!r}.")


def attended_axes(attention_axes, rank):
    """Return the axes attended over, counted from the front.

    Args:
        attention_axes: Tuple of axes, or None for all but the batch and the features.
        rank: Number of axes of the inputs.

    Raises:
        ValueError: If the inputs have no such axis.
    """
    if rank < 3:
        raise ValueError(
            "Attention needs inputs of a batch, at least one axis to attend over, and features, "
            f"not of {rank} axes: add an axis."
        )
    given = range(1, rank - 1) if attention_axes is None else attention_axes
    axes = tuple(axis + rank if axis < 0 else axis for axis in given)
    if len(set(axes)) < len(axes) or not all(0 <= axis < rank - 1 for axis in axes):
        raise ValueError(
            f"`attention_axes` must be different axes of the {rank} that the inputs have, the last "
            f"one excepted, not {tuple(given)}."
        )
    return axes
