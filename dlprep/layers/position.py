"""Where in the sequence: added waves, and rotations of queries and keys."""

from keras import layers, ops, saving

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
    if size % 2:
        raise ValueError(f"Positions need vectors of an even size, not {size}.")
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


def rotate(x, positions, base=10000.0):
    r"""Turn pairs of components by angles that grow with the position.

    $$ \begin{pmatrix} y_{2k} \\ y_{2k+1} \end{pmatrix} =
       \begin{pmatrix} \cos \omega_k t & -\sin \omega_k t \\ \sin \omega_k t & \cos \omega_k t
       \end{pmatrix} \begin{pmatrix} x_{2k} \\ x_{2k+1} \end{pmatrix} $$

    The product of a turned query and a turned key depends on their distance alone.

    Args:
        x: Vectors of shape `(..., T, size)`, the size even.
        positions: Positions $t$ of shape `(T,)`.
        base: Ratio of the largest to about the smallest frequency.

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
    # Angles of long sequences need more digits than half precision has.
    angles = ops.cast(positions, "float32")[:, None] * frequencies(x.shape[-1], base)
    cos, sin = (ops.cast(wave, x.dtype) for wave in (ops.cos(angles), ops.sin(angles)))
    even, odd = x[..., ::2], x[..., 1::2]
    turned = ops.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1)
    return ops.reshape(turned, ops.shape(x))


@saving.register_keras_serializable(package="dlprep.layers")
class SinusoidalPositionEncoding(layers.Layer):
    r"""Add waves of the position to a sequence of vectors (`sinusoidal_positions`).

    $$ y_t = x_t + p_t $$

    Args:
        base: Ratio of the largest to about the smallest frequency.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If the vectors' size is odd.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import SinusoidalPositionEncoding
        >>> tuple(SinusoidalPositionEncoding()(np.zeros((2, 7, 4))).shape)
        (2, 7, 4)

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5.
    """

    def __init__(self, base=10000.0, **kwargs):
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.supports_masking = True
        self._build_at_init()

    def call(self, inputs):
        waves = sinusoidal_positions(ops.shape(inputs)[-2], inputs.shape[-1], self.base)
        return inputs + ops.cast(waves, inputs.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), **settings.config(self, SinusoidalPositionEncoding)}


@saving.register_keras_serializable(package="dlprep.layers")
class RotaryEmbedding(layers.Layer):
    r"""Turn the vectors of a sequence by their position (`rotate`), for queries and keys.

    $$ y_t = R_t x_t $$

    Args:
        base: Ratio of the largest to about the smallest frequency.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Vectors of shape `(..., T, size)`, the size even.
        start: Position of the first of them, for sequences that come in pieces.

    Raises:
        ValueError: If the vectors' size is odd.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import RotaryEmbedding
        >>> y = RotaryEmbedding()(np.array([[[3.0, 4.0]]]), start=5)
        >>> round(float(np.linalg.norm(y)), 4)
        5.0

    Reference:
        Su et al. 2021, arXiv:2104.09864, equation 34.
    """

    def __init__(self, base=10000.0, **kwargs):
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.supports_masking = True
        self._build_at_init()

    def call(self, inputs, start=0):
        positions = start + ops.arange(ops.shape(inputs)[-2], dtype="float32")
        return rotate(inputs, positions, self.base)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), **settings.config(self, RotaryEmbedding)}
