"""Embedding: a learned vector for every token."""

import warnings

from keras import KerasTensor, layers, ops, saving

from dlprep.layers import settings
from dlprep.layers.dense import refuse_adapters
from dlprep.stand_in import StandIn


def embedding(tokens, table):
    r"""Look the vector of every token up.

    $$ y_i = E_{t_i} $$

    The same as a product of one-hot rows with the table, without forming them.

    Args:
        tokens: Integers $t$ of any shape, from 0 to below the table's length.
        table: Vectors $E$ of shape `(tokens, size)`.

    Returns:
        Tensor of the shape of `tokens` and one more axis of `size`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.embedding import embedding
        >>> [float(v) for v in embedding(ops.array([1]), ops.array([[1.0, 2.0], [3.0, 4.0]]))[0]]
        [3.0, 4.0]

    Reference:
        Bengio, Ducharme, Vincent, Jauvin 2003, "A neural probabilistic language model", section 2.
    """
    return ops.take(table, tokens, axis=0)


@saving.register_keras_serializable(package="dlprep.layers")
class Embedding(layers.Layer, metaclass=StandIn):
    r"""Give every token its learned vector (`embedding`).

    $$ y_i = E_{t_i} $$

    LoRA and quantisation are not offered here: `lora_rank`, `quantization_config` and `quantize`
    raise, and `enable_lora` is missing. Tokens below 0 or from `input_dim` on are not checked, as
    in Keras: what they give depends on the backend.

    Args:
        input_dim: Number of tokens.
        output_dim: Size of a vector.
        embeddings_initializer: Initial $E$, shape `(input_dim, output_dim)`.
        embeddings_regularizer: Penalty on $E$.
        embeddings_constraint: Projection of $E$ after each update.
        mask_zero: Whether token 0 is padding, which later layers shall skip.
        weights: Array to start $E$ from, or None.
        lora_rank: Must be None.
        lora_alpha: Only read together with `lora_rank`, so it has no effect.
        quantization_config: Must be None.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`; the deprecated
            `input_length` is dropped.

    Raises:
        ValueError: If a size is not a positive integer, or LoRA or quantisation is asked for.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import Embedding
        >>> tuple(Embedding(100, 8)(np.array([[4, 20, 7]])).shape)
        (1, 3, 8)

    Reference:
        Bengio, Ducharme, Vincent, Jauvin 2003, "A neural probabilistic language model", section 2.
    """

    lora_enabled, lora_rank, lora_alpha = False, None, None

    def __init__(
        self,
        input_dim,
        output_dim,
        embeddings_initializer="uniform",
        embeddings_regularizer=None,
        embeddings_constraint=None,
        mask_zero=False,
        weights=None,
        lora_rank=None,
        lora_alpha=None,
        quantization_config=None,
        **kwargs,
    ):
        settings.check_positive(input_dim=input_dim, output_dim=output_dim)
        refuse_adapters("Embedding", lora_rank, quantization_config)
        if kwargs.pop("input_length", None) is not None:
            warnings.warn("`input_length` is deprecated: leave it out.", stacklevel=2)
        super().__init__(**kwargs)
        settings.store(self, {k: v for k, v in locals().items() if k != "weights"})
        self.supports_masking = mask_zero
        # Tokens must not be rounded to half precision.
        self.autocast = False
        if weights is not None:
            self.build()
            self.set_weights(weights if isinstance(weights, list) else [weights])

    def build(self, input_shape=None):
        if not self.built:
            self.embeddings = settings.weight(self, "embeddings", (self.input_dim, self.output_dim))
            self.built = True

    def call(self, inputs):
        tokens = inputs if inputs.dtype in ("int32", "int64") else ops.cast(inputs, "int32")
        return ops.cast(embedding(tokens, self.embeddings), self.compute_dtype)

    def compute_mask(self, inputs, mask=None):
        return ops.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape):
        return (*input_shape, self.output_dim)

    def compute_output_spec(self, inputs):
        shape = self.compute_output_shape(inputs.shape)
        ragged = getattr(inputs, "ragged", False)
        return KerasTensor(shape, dtype=self.compute_dtype, ragged=ragged)

    def get_config(self):
        kept = [name for name in settings.names(Embedding) if name != "weights"]
        own = settings.config(self, [*kept, "activity_regularizer"])
        return {**super().get_config(), **own}
