"""Initializers without chance."""

import keras
from keras import ops

from dlprep.initializers.initializer import Initializer, store


@keras.saving.register_keras_serializable(package="dlprep.initializers")
class Zeros(Initializer):
    r"""Start at zero.

    $$w = 0$$

    Right for biases. Units whose incoming and outgoing weights are all zero (or all equal) stay
    equal for ever: the symmetry is never broken.

    Example:
        >>> from dlprep import initializers
        >>> float(initializers.Zeros()((1,))[0])
        0.0

    Reference:
        Goodfellow, Bengio, Courville 2016, Deep Learning, section 8.4.
    """

    def __call__(self, shape, dtype=None):
        return ops.zeros(shape, dtype=dtype)


@keras.saving.register_keras_serializable(package="dlprep.initializers")
class Ones(Initializer):
    r"""Start at one.

    $$w = 1$$

    Right for the scale of a normalization.

    Example:
        >>> from dlprep import initializers
        >>> float(initializers.Ones()((1,))[0])
        1.0

    Reference:
        https://keras.io/api/layers/initializers/#ones-class
    """

    def __call__(self, shape, dtype=None):
        return ops.ones(shape, dtype=dtype)


@keras.saving.register_keras_serializable(package="dlprep.initializers")
class Constant(Initializer):
    r"""Start at a given value, or at given values.

    $$w = c$$

    A bias of 1 opens an LSTM's forget gate; a bias of $\log \frac{p}{1 - p}$ starts a classifier
    at the base rate $p$.

    Args:
        value: $c$: a number, or an array that broadcasts to the shape.

    Raises:
        ValueError: `value` is no number or not finite.

    Example:
        >>> from dlprep import initializers
        >>> float(initializers.Constant(3.0)((1,))[0])
        3.0

    Reference:
        https://keras.io/api/layers/initializers/#constant-class
    """

    def __init__(self, value=0.0):
        if value is None or isinstance(value, str):
            raise ValueError(f"`value` has to be a number or an array, received {value!r}")
        store(self, value=value)

    def __call__(self, shape, dtype=None):
        dtype = dtype or keras.backend.floatx()
        return ops.broadcast_to(ops.cast(self.value, dtype), shape)

    def get_config(self):
        return {"value": keras.saving.serialize_keras_object(self.value)}

    @classmethod
    def from_config(cls, config):
        return cls(keras.saving.deserialize_keras_object(config["value"]))


@keras.saving.register_keras_serializable(package="dlprep.initializers")
class Identity(Initializer):
    r"""Start at a multiple of the identity: a linear layer that passes its input on.

    $$W = g I$$

    Recurrent rectifier networks remember longest from here.

    Args:
        gain: $g$, the value on the diagonal.

    Raises:
        ValueError: `gain` is not finite; or, when called, the shape has not two axes.

    Example:
        >>> from dlprep import initializers
        >>> float(initializers.Identity(2.0)((3, 3))[1, 1])
        2.0

    Reference:
        Le, Jaitly, Hinton 2015, arXiv:1504.00941, section 3.
    """

    def __init__(self, gain=1.0):
        store(self, gain=gain)

    def __call__(self, shape, dtype=None):
        if len(shape) != 2:
            raise ValueError(
                f"Identity matrix initializer can only be used for 2D matrices, received shape="
                f"{tuple(shape)}"
            )
        return self.gain * ops.eye(*shape, dtype=dtype or keras.backend.floatx())
