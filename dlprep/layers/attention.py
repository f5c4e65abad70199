"""Attention over one sequence of values: by a dot product, or by a small network (additive)."""

from keras import Operation, layers, ops, random, saving

from dlprep.layers import settings
from dlprep.layers.dot_product_attention import causal_mask, hide, masked_softmax, merge_masks
from dlprep.layers.dropout import check_rate, inverted_dropout, keep_mask
from dlprep.layers.precision import widen
from dlprep.stand_in import StandIn


def dot_scores(query, key):
    r"""Score every key for every query by their product.

    $$ s_{ij} = q_i \cdot k_j $$

    Args:
        query: Queries, shape `(batch, T, size)`.
        key: Keys, shape `(batch, S, size)`.

    Returns:
        Scores of shape `(batch, T, S)`, in float32 or wider, as products soon pass float16's end.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.attention import dot_scores
        >>> float(dot_scores(ops.ones((1, 2, 3)), ops.ones((1, 4, 3)))[0, 0, 0])
        3.0

    Reference:
        Luong, Pham, Manning 2015, arXiv:1508.04025, section 3.1, "dot".
    """
    return ops.matmul(widen(query), ops.swapaxes(widen(key), -1, -2))


def additive_scores(query, key, scale=1.0, weight=1.0):
    r"""Score every key for every query by a layer of tanh units.

    $$ s_{ij} = w \sum_c a_c \tanh(b\, (q_{i c} + k_{j c})) $$

    Args:
        query: Queries, shape `(batch, T, size)`.
        key: Keys, shape `(batch, S, size)`.
        scale: Factor inside, $b$.
        weight: Factors outside, $w a$: a number, or one per component.

    Returns:
        Scores of shape `(batch, T, S)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.attention import additive_scores
        >>> tuple(additive_scores(ops.ones((1, 2, 3)), ops.ones((1, 4, 3))).shape)
        (1, 2, 4)

    Reference:
        Bahdanau, Cho, Bengio 2014, arXiv:1409.0473, section A.1.2.
    """
    query, key = scale * query, scale * key
    units = ops.tanh(ops.expand_dims(query, -2) + ops.expand_dims(key, -3))
    # A product with a matrix of one column: the weighted units need no memory of their own.
    weight = ops.broadcast_to(ops.cast(weight, units.dtype), ops.shape(units)[-1:])
    return ops.squeeze(ops.matmul(units, ops.expand_dims(weight, -1)), -1)


@saving.register_keras_serializable(package="dlprep.layers")
class Attention(layers.Layer, metaclass=StandIn):
    r"""Average the values by how well their keys match each query (`dot_scores`, unscaled).

    $$ y_i = \sum_j \mathrm{softmax}_j(s_{ij})\, v_j $$

    It is called on `[query, value]` or `[query, value, key]`, with a mask for each. As in Keras, a
    subclass may override `_calculate_scores(query, key)`, `_calculate_score_mask` and
    `_apply_scores`.

    Args:
        use_scale: Whether a learned factor multiplies the scores.
        score_mode: "dot", or "concat" for `additive_scores` with one learned factor.
        dropout: Share of the weights dropped in training.
        seed: Integer that makes the dropout masks reproducible.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: List of the query, shape `(batch, T, size)`, the value, `(batch, S, features)`, and
            the key, `(batch, S, size)`, which may be left out if it is the value.
        mask: List of the query's booleans, shape `(batch, T)`, False where the output is to be 0,
            and the value's, `(batch, S)`, False where nobody may look; each may be None. A third
            one, the key's, is not read.
        training: Whether weights are dropped.
        return_attention_scores: Whether to return the weights too, shape `(batch, T, S)`.
        use_causal_mask: Whether a query may look at its own position and those before only.

    Raises:
        ValueError: If `score_mode` is unknown, `dropout` is outside 0 to 1, or the inputs or masks
            are no list of 2 or 3.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import Attention
        >>> tuple(Attention()([np.ones((2, 5, 3)), np.ones((2, 7, 3))]).shape)
        (2, 5, 3)

    Reference:
        Luong, Pham, Manning 2015, arXiv:1508.04025, equations 7 and 8.
    """

    def __init__(self, use_scale=False, score_mode="dot", dropout=0.0, seed=None, **kwargs):
        if score_mode not in ("dot", "concat"):
            raise ValueError(
                "Invalid value for argument score_mode. Expected one of {'dot', 'concat'}, not "
                f"{score_mode!r}."
            )
        check_rate(dropout, "dropout")
        super().__init__(**kwargs)
        settings.store(self, locals())
        if dropout > 0:
            self.seed_generator = random.SeedGenerator(self.seed)

    def build(self, input_shape):
        self._check(input_shape)
        self.scale = self._factor("scale") if self.use_scale else None
        concat = self.score_mode == "concat"
        self.concat_score_weight = self._factor("concat_score_weight") if concat else None

    def _factor(self, name):
        return self.add_weight(name=name, shape=(), initializer="ones")

    def _calculate_scores(self, query, key):
        scale = 1.0 if self.scale is None else self.scale
        if self.score_mode == "concat":
            return additive_scores(query, key, scale, self.concat_score_weight)
        return dot_scores(query, key) * scale

    def call(
        self,
        inputs,
        mask=None,
        training=False,
        return_attention_scores=False,
        use_causal_mask=False,
    ):
        self._check(inputs, mask)
        query_mask, value_mask = mask[:2] if mask else (None, None)
        tensors = map(ops.copy, (*inputs[:2], inputs[-1]))
        query, value, key = (ops.cast(x, self.compute_dtype) for x in tensors)
        value, key = hide(value, value_mask), hide(key, value_mask)
        scores = self._calculate_scores(hide(query, query_mask), key)
        seen = self._calculate_score_mask(scores, value_mask, use_causal_mask)
        output, weights = self._apply_scores(scores, value, seen, training)
        if query_mask is not None:
            output = ops.where(ops.expand_dims(ops.cast(query_mask, "bool"), -1), output, 0)
        return (output, weights) if return_attention_scores else output

    def _calculate_score_mask(self, scores, v_mask, use_causal_mask):
        causal = causal_mask(*ops.shape(scores)[-2:]) if use_causal_mask else None
        rank = len(scores.shape)
        return merge_masks(None, v_mask, None, causal, axes=(rank - 2,), rank=rank)

    def _apply_scores(self, scores, value, scores_mask=None, training=False):
        weights = ops.cast(masked_softmax(scores, scores_mask), value.dtype)
        if training and self.dropout > 0:
            kept = keep_mask(ops.shape(weights), self.dropout, self.seed_generator)
            weights = inverted_dropout(weights, kept, self.dropout)
        return ops.matmul(weights, value), weights

    def compute_mask(self, inputs, mask=None):
        self._check(inputs, mask)
        return None if mask is None or mask[0] is None else ops.convert_to_tensor(mask[0])

    def compute_output_shape(self, input_shape):
        return (*input_shape[0][:-1], input_shape[1][-1])

    def compute_output_spec(self, *args, **kwargs):
        # By tracing: the layer's own rule would forget the second output, the weights.
        return Operation.compute_output_spec(self, *args, **kwargs)

    def _check(self, inputs, mask=None):
        name = type(self).__name__
        if not isinstance(inputs, list):
            raise ValueError(
                f"{name} layer must be called on a list: [query, value] or [query, value, key]."
            )
        if mask is not None and not isinstance(mask, list):
            raise ValueError(f"{name} layer mask must be a list: [query_mask, value_mask].")
        for given in (inputs, mask or inputs):
            if len(given) not in (2, 3):
                raise ValueError(f"{name} layer takes lists of length 2 or 3, not {len(given)}.")

    def get_config(self):
        return {**super().get_config(), **settings.config(self, Attention)}


@saving.register_keras_serializable(package="dlprep.layers")
class AdditiveAttention(Attention):
    r"""Average the values by a small network's score of their keys (`additive_scores`).

    $$ y_i = \sum_j \mathrm{softmax}_j\Big(\sum_c a_c \tanh(q_{i c} + k_{j c})\Big)\, v_j $$

    It is called on `[query, value]` or `[query, value, key]`, with a mask for each.

    Args:
        use_scale: Whether the components' factors $a$ are learned, instead of 1.
        dropout: Share of the weights dropped in training.
        **kwargs: `seed`, and options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: List of the query, shape `(batch, T, size)`, the value, `(batch, S, features)`, and
            the key, `(batch, S, size)`, which may be left out if it is the value.
        mask: List of the query's booleans, shape `(batch, T)`, False where the output is to be 0,
            and the value's, `(batch, S)`, False where nobody may look; each may be None. A third
            one, the key's, is not read.
        training: Whether weights are dropped.
        return_attention_scores: Whether to return the weights too, shape `(batch, T, S)`.
        use_causal_mask: Whether a query may look at its own position and those before only.

    Raises:
        ValueError: If `dropout` is outside 0 to 1, or the inputs or masks are no list of 2 or 3.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import AdditiveAttention
        >>> tuple(AdditiveAttention()([np.ones((2, 5, 3)), np.ones((2, 7, 3))]).shape)
        (2, 5, 3)

    Reference:
        Bahdanau, Cho, Bengio 2014, arXiv:1409.0473, equation 6 and section A.1.2.
    """

    def __init__(self, use_scale=True, dropout=0.0, **kwargs):
        super().__init__(use_scale=use_scale, dropout=dropout, **kwargs)

    def build(self, input_shape):
        self._check(input_shape)
        size, initial = (input_shape[0][-1],), "glorot_uniform"
        self.scale = None
        if self.use_scale:
            self.scale = self.add_weight(name="scale", shape=size, initializer=initial)

    def _calculate_scores(self, query, key):
        return additive_scores(query, key, weight=1.0 if self.scale is None else self.scale)

    def get_config(self):
        own = super().get_config()
        del own["score_mode"]
        return own
