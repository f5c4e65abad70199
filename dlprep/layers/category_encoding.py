"""Category encoding: integers as indicator vectors or as counts."""

import numbers

from keras import KerasTensor, layers, ops, saving

from dlprep.layers import settings
from dlprep.layers.layer import Layer


def one_hot(tokens, size, dtype="float32", sparse=False):
    r"""Give every token a vector that is 1 at its place.

    $$ y_{i k} = [t_i = k] $$

    Args:
        tokens: Integers $t$ of any shape, from 0 to below `size`; others give zeros.
        size: Number of places.
        dtype: Type of the result.
        sparse: Whether to return a sparse tensor, where the backend has them.

    Returns:
        Tensor of the shape of `tokens` and one more axis of `size`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.category_encoding import one_hot
        >>> [float(value) for value in one_hot(ops.array([1]), 3)[0]]
        [0.0, 1.0, 0.0]

    Reference:
        Goodfellow, Bengio, Courville 2016, "Deep Learning", section 12.4.2.
    """
    return ops.one_hot(tokens, size, dtype=dtype, sparse=sparse)


def counts(tokens, size, weights=None, dtype="float32", sparse=False):
    r"""Count how often every token occurs in a row.

    $$ y_k = \sum_i w_i [t_i = k] $$

    Args:
        tokens: Integers $t$ of shape `(..., T)`.
        size: Number of places.
        weights: Weights $w$ of the shape of `tokens`, or None for 1.
        dtype: Type of the result.
        sparse: Whether to return a sparse tensor, where the backend has them.

    Returns:
        Tensor of shape `(..., size)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.category_encoding import counts
        >>> [float(value) for value in counts(ops.array([1, 1, 2]), 3)]
        [0.0, 2.0, 1.0]

    Reference:
        Manning, Raghavan, Schuetze 2008, "Introduction to information retrieval", section 6.2.
    """
    hot = one_hot(tokens, size, dtype, sparse)
    if weights is not None:
        # In full shape: a sparse factor does not broadcast.
        weights = ops.expand_dims(ops.cast(weights, dtype), -1)
        hot = ops.multiply(hot, ops.broadcast_to(weights, (*ops.shape(tokens), size)))
    return ops.sum(hot, axis=-2)


@saving.register_keras_serializable(package="dlprep.layers")
class CategoryEncoding(Layer, layers.CategoryEncoding):
    r"""Encode integers as indicator vectors (`one_hot`) or as counts (`counts`).

    $$ y_{i k} = [t_i = k] \text{ (one hot)}, \quad y_k = \max_i [t_i = k] \text{ (multi hot)},
       \quad y_k = \sum_i [t_i = k] \text{ (count)} $$

    Of Keras's class it has the type, which `FeatureSpace` asks for, and the constructor. Inside a
    `tf.data` pipeline it needs the TensorFlow backend.

    Args:
        num_tokens: Number of categories.
        output_mode: "one_hot" for a vector per token, "multi_hot" for one per row that is 1 at
            every token present, "count" for one per row with the counts.
        sparse: Whether to return sparse tensors, where the backend has them.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Integers of shape `(..., T)`, from 0 to below `num_tokens`.
        count_weights: Weights of the integers, of their shape; with "count" only.

    Raises:
        ValueError: If an argument is missing or unknown, or weights come without "count".

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import CategoryEncoding
        >>> layer = CategoryEncoding(num_tokens=4, output_mode="count")
        >>> [float(value) for value in layer(np.array([[1, 1, 3]]))[0]]
        [0.0, 2.0, 0.0, 1.0]

    Reference:
        Goodfellow, Bengio, Courville 2016, "Deep Learning", section 12.4.2.
    """

    def __init__(self, num_tokens=None, output_mode="multi_hot", sparse=False, **kwargs):
        if num_tokens is None:
            raise ValueError("num_tokens must be set to use this layer.")
        if not isinstance(num_tokens, numbers.Integral) or num_tokens < 1:
            raise ValueError(f"`num_tokens` must be >= 1, an integer, not {num_tokens!r}.")
        super().__init__(settings.native(num_tokens), output_mode, sparse, **kwargs)

    def call(self, inputs, count_weights=None):
        if count_weights is not None and self.output_mode != "count":
            raise ValueError(
                "`count_weights` is not used when `output_mode` is not 'count', but it is "
                f"{self.output_mode!r}."
            )
        return self._encode(inputs, count_weights)

    def _encode(self, inputs, count_weights=None):
        tokens = ops.convert_to_tensor(inputs)
        tokens = ops.reshape(tokens, (1,)) if len(tokens.shape) == 0 else tokens
        size, dtype = self.num_tokens, self.compute_dtype
        if self.output_mode == "count":
            return counts(tokens, size, count_weights, dtype, self.sparse)
        if self.output_mode == "multi_hot":
            return ops.multi_hot(tokens, size, dtype=dtype, sparse=self.sparse)
        if len(tokens.shape) > 1 and tokens.shape[-1] == 1:
            tokens = ops.squeeze(tokens, -1)
        return one_hot(tokens, size, dtype, self.sparse)

    def compute_output_shape(self, input_shape):
        shape = tuple(input_shape)
        per_token = self.output_mode == "one_hot" and (len(shape) == 1 or shape[-1:] != (1,))
        return (*(shape if per_token and shape else shape[:-1]), self.num_tokens)

    def compute_output_spec(self, inputs, count_weights=None):
        shape = self.compute_output_shape(inputs.shape)
        return KerasTensor(shape, dtype=self.compute_dtype, sparse=self.sparse)
