"""Where in the sequence: added waves, and rotations of queries and keys."""

from keras import backend, layers, ops, saving

from dlprep.layers import settings


def frequencies(size, base=10000.0):
    r"""Return a geometric row of angular frequencies, from 1 down to nearly 1 / base.

    $$ \omega_k = \mathrm{base}^{-2 k / d}, \quad k = 0 \ldots d / 2 - 1 $$

    Args:
        size: Size $d$ of the vectors, even.
        base: Ratio of the largest to about the smallest frequency.

    Returns:
        Tensor of shape `(size / 2,)`.

    Raises:
        ValueError: If the size is odd.

    Example:
        >>> from dlprep.layers.position import frequencies
        >>> [round(float(w), 4) for w in frequencies(4)]
        [1.0, 0.01]

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5.
    """
    check_even(size)
    return ops.power(base, -ops.arange(0, size, 2, dtype="float32") / size)


def sinusoidal_positions(length, size, base=10000.0):
    r"""Return sines and cosines of the position at several frequencies, interleaved.

    $$ p_{t, 2k} = \sin(\omega_k t), \quad p_{t, 2k + 1} = \cos(\omega_k t) $$

    The encoding of $t + s$ is a rotation of that of $t$ by an angle that depends on $s$ alone.

    Args:
        length: Number of positions.
        size: Size of the vectors, even.
        base: Ratio of the largest to about the smallest frequency.

    Returns:
        Tensor of shape `(length, size)`.

    Example:
        >>> from dlprep.layers.position import sinusoidal_positions
        >>> [round(float(p), 4) for p in sinusoidal_positions(2, 2)[1]]
        [0.8415, 0.5403]

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5.
    """
    angles = ops.arange(length, dtype="float32")[:, None] * frequencies(size, base)
    waves = ops.stack([ops.sin(angles), ops.cos(angles)], axis=-1)
    return ops.reshape(waves, (-1, size))


def check_base(base):
    """Raise unless there are frequencies with this base."""
    if not isinstance(base, (int, float)) or not 0 < base < float("inf"):
        raise ValueError(f"`base` must be a positive number, not {base!r}.")


def check_even(size):
    """Raise unless vectors of this size are made of pairs."""
    if size % 2:
        raise ValueError(f"Positions need vectors of an even size, not {size}.")


def rotate(x, positions, base=10000.0, sequence_axis=-2, pairs="interleaved"):
    r"""Turn pairs of components by angles that grow with the position.

    $$ \begin{pmatrix} y_a \\ y_b \end{pmatrix} =
       \begin{pmatrix} \cos \omega_k t & -\sin \omega_k t \\ \sin \omega_k t & \cos \omega_k t
       \end{pmatrix} \begin{pmatrix} x_a \\ x_b \end{pmatrix}, \quad
       (a, b) = (2k, 2k + 1) \text{ or } (k, k + d / 2) $$

    The product of a turned query and a turned key depends on their distance alone.

    Args:
        x: Vectors of shape `(..., T, size)`, the size even, or with `T` on another axis.
        positions: Positions $t$ of shape `(T,)`.
        base: Ratio of the largest to about the smallest frequency.
        sequence_axis: Axis of `x` that holds the positions: 1 for `(batch, T, heads, size)`.
        pairs: "interleaved" for neighbours $(2k, 2k + 1)$, "half_split" for $(k, k + d / 2)$.

    Returns:
        Tensor of the shape of `x`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.position import rotate
        >>> y = rotate(ops.array([[1.0, 0.0]]), ops.array([1.0]))
        >>> [round(float(value), 4) for value in y[0]]
        [0.5403, 0.8415]

    Reference:
        Su et al. 2021, arXiv:2104.09864, equation 34.
    """
    x = ops.cast(x, backend.result_type(x.dtype, float))
    # Angles of long sequences need more digits than half precision has.
    wide = backend.result_type(x.dtype, "float32")
    angles = ops.cast(positions, wide)[:, None] * ops.cast(frequencies(x.shape[-1], base), wide)
    for _ in range(axis_from_the_end(sequence_axis, x.shape), -2):
        angles = ops.expand_dims(angles, 1)
    cos, sin = (ops.cast(wave, x.dtype) for wave in (ops.cos(angles), ops.sin(angles)))
    if pairs == "half_split":
        first, second = ops.split(x, 2, axis=-1)
        return ops.concatenate([first * cos - second * sin, first * sin + second * cos], axis=-1)
    even, odd = x[..., ::2], x[..., 1::2]
    turned = ops.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1)
    return ops.reshape(turned, ops.shape(x))


def axis_from_the_end(sequence_axis, shape):
    """Return the axis of the positions counted from the end; refuse one that cannot be."""
    axis = sequence_axis - len(shape) if sequence_axis >= 0 else sequence_axis
    if not -len(shape) <= axis <= -2:
        raise ValueError(
            f"`sequence_axis` must be an axis before the last one, but it is {sequence_axis} for "
            f"inputs of shape {tuple(shape)}."
        )
    return axis


@saving.register_keras_serializable(package="dlprep.layers")
class SinusoidalPositionEncoding(layers.Layer):
    r"""Add waves of the position to a sequence of vectors (`sinusoidal_positions`).

    $$ y_t = x_t + p_t $$

    Args:
        base: Ratio of the largest to about the smallest frequency.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If `base` is not positive or the vectors' size is odd.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.layers import Dense, SinusoidalPositionEncoding
        >>> tuple(SinusoidalPositionEncoding()(np.zeros((2, 7, 4))).shape)
        (2, 7, 4)
        >>> x = np.random.default_rng(0).normal(size=(256, 3, 4))
        >>> model = keras.Sequential([SinusoidalPositionEncoding(), Dense(4)])
        >>> model.compile(keras.optimizers.Adam(0.03), "mse")
        >>> loss = model.fit(x, x, epochs=5, verbose=0).history["loss"]
        >>> loss[-1] < 0.5 * loss[0]
        True

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5.
    """

    def __init__(self, base=10000.0, **kwargs):
        check_base(base)
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.supports_masking = True
        self._build_at_init()

    def call(self, inputs):
        waves = sinusoidal_positions(ops.shape(inputs)[-2], inputs.shape[-1], self.base)
        return ops.cast(inputs, self.compute_dtype) + ops.cast(waves, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        check_even(input_shape[-1])
        return input_shape

    def get_config(self):
        return {**super().get_config(), **settings.config(self, SinusoidalPositionEncoding)}


@saving.register_keras_serializable(package="dlprep.layers")
class RotaryEmbedding(layers.Layer):
    r"""Turn the vectors of a sequence by their position (`rotate`), for queries and keys.

    $$ y_t = R_t x_t $$

    Vectors of heads come as `(batch, T, heads, size)`, with `sequence_axis=1`, or as
    `(batch, heads, T, size)`, with the default: the shape does not tell, and a rotation along the
    heads goes unnoticed. Attention layers and transformer blocks take this layer as `rotation` and
    find the axis themselves.

    Weights trained with one kind of `pairs` need that kind. "interleaved" is RoFormer's, GPT-J's
    and that of Meta's code of Llama; "half_split" is GPT-NeoX's and KerasHub's `RotaryEmbedding`.

    Args:
        base: Ratio of the largest to about the smallest frequency.
        sequence_axis: Axis of the inputs that holds the positions; -2 for `(..., T, size)`.
        pairs: Which components turn together: "interleaved" for $(2k, 2k + 1)$, "half_split" for
            $(k, k + d / 2)$.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Vectors of shape `(..., T, size)`, the size even, or with `T` on `sequence_axis`.
        start: Position of the first of them, for sequences that come in pieces.

    Raises:
        ValueError: If `base` is not positive, `pairs` is unknown, the vectors' size is odd, or
            `sequence_axis` is their last axis or none.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.layers import RotaryEmbedding, TransformerEncoder
        >>> y = RotaryEmbedding(sequence_axis=1)(np.ones((2, 5, 3, 4)), start=5)
        >>> round(float(np.linalg.norm(y[0, 4, 2])), 4)
        2.0
        >>> x = np.random.default_rng(0).normal(size=(256, 2, 4))
        >>> rotation = RotaryEmbedding(pairs="half_split")
        >>> model = keras.Sequential([TransformerEncoder(1, hidden=16, rotation=rotation)])
        >>> model.compile(keras.optimizers.Adam(0.03), "mse", jit_compile=False)
        >>> loss = model.fit(x, x[:, ::-1], epochs=5, verbose=0).history["loss"]
        >>> loss[-1] < 0.8 * loss[0]
        True

    Reference:
        Su et al. 2021, arXiv:2104.09864, equation 34.
    """

    def __init__(self, base=10000.0, sequence_axis=-2, pairs="interleaved", **kwargs):
        check_base(base)
        if pairs not in ("interleaved", "half_split"):
            raise ValueError(f'`pairs` must be "interleaved" or "half_split", not {pairs!r}.')
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.supports_masking = True
        self._build_at_init()

    def call(self, inputs, start=0):
        return self.turn(inputs, self.sequence_axis, start)

    def turn(self, x, sequence_axis, start=0):
        """Turn vectors whose positions lie on this axis, instead of the layer's own.

        Args:
            x: Vectors, the last axis their size.
            sequence_axis: Axis of the positions.
            start: Position of the first of them.
        """
        axis = axis_from_the_end(sequence_axis, x.shape)
        positions = ops.add(start, ops.arange(ops.shape(x)[axis]))
        return rotate(x, positions, self.base, axis, self.pairs)

    def compute_output_shape(self, input_shape):
        check_even(input_shape[-1])
        axis_from_the_end(self.sequence_axis, input_shape)
        return input_shape

    def get_config(self):
        return {**super().get_config(), **settings.config(self, RotaryEmbedding)}


def as_rotation(rotation):
    """Return the argument `rotation` of a layer as a `RotaryEmbedding`, or None.

    Args:
        rotation: The constructor's argument, or its config.

    Raises:
        ValueError: If it is something else.
    """
    if isinstance(rotation, dict):
        rotation = saving.deserialize_keras_object(rotation)
    if rotation is not None and not isinstance(rotation, RotaryEmbedding):
        raise ValueError(f"`rotation` must be a RotaryEmbedding or None, not {rotation!r}.")
    return rotation
