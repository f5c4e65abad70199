"""Initializer whose kernel keeps lengths: an orthogonal matrix."""

import math

import keras
from keras import ops

from dlprep.initializers.initializer import store
from dlprep.initializers.random import RandomInitializer


def orthonormal(gaussian):
    r"""Return the orthogonal matrix nearest in spirit to a random one: its rotation.

    $$A = Q R, \qquad W = Q \operatorname{sign}(\operatorname{diag} R)$$

    The signs make $W$ uniform over all orthogonal matrices; without them it would depend on the
    algorithm behind `qr`.

    Args:
        gaussian: Matrix of independent normal values, shape `(rows, columns)`, rows >= columns.

    Returns:
        Matrix of that shape with orthonormal columns.

    Example:
        >>> from dlprep import initializers
        >>> tuple(initializers.orthonormal([[1.0, 2.0], [0.0, 1.0], [1.0, 0.0]]).shape)
        (3, 2)

    Reference:
        Mezzadri 2007, arXiv:math-ph/0609050, section 5.
    """
    q, r = ops.qr(ops.convert_to_tensor(gaussian))
    return q * ops.sign(ops.diagonal(r))


@keras.saving.register_keras_serializable(package="dlprep.initializers")
class Orthogonal(RandomInitializer):
    r"""Draw a kernel with orthonormal rows or columns, whichever are fewer.

    $$W^\top W = g^2 I \quad \text{or} \quad W W^\top = g^2 I$$

    All axes but the last count as rows. Signals and gradients keep their length through any number
    of linear layers, or steps of a recurrent one.

    Args:
        gain: $g$, factor of every length.
        seed: Integer, `keras.random.SeedGenerator` or `None`.

    Raises:
        ValueError: `seed` is none of these or `gain` not finite; or, when called, the shape has
            fewer than two axes.

    Example:
        >>> from dlprep import initializers
        >>> tuple(initializers.Orthogonal(seed=0)((3, 3)).shape)
        (3, 3)

    Reference:
        Saxe, McClelland, Ganguli 2014, arXiv:1312.6120, section 4.
    """

    def __init__(self, gain=1.0, seed=None):
        super().__init__(seed)
        store(self, gain=gain)

    def __call__(self, shape, dtype=None):
        if len(shape) < 2:
            raise ValueError(
                f"The tensor to initialize must be at least two-dimensional, received shape="
                f"{tuple(shape)}"
            )
        dtype = dtype or keras.backend.floatx()
        # Half precision has no QR decomposition.
        precise = keras.backend.result_type(dtype, "float32")
        rows, columns = math.prod(shape[:-1]), shape[-1]
        tall = (max(rows, columns), min(rows, columns))
        w = orthonormal(keras.random.normal(tall, seed=self.seed, dtype=precise))
        w = w if rows >= columns else ops.transpose(w)
        return ops.cast(self.gain * ops.reshape(w, shape), dtype)
