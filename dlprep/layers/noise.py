"""Noise in training: added, multiplied, or a dropout that keeps mean and variance."""

import math

from keras import ops, random, saving

from dlprep.layers import settings
from dlprep.layers.dropout import keep_mask, mask_shape, noise_sizes
from dlprep.layers.layer import Layer

# Minus the floor of selu: its scale times its alpha.
SELU_FLOOR = -1.0507009873554804934193349852946 * 1.6732632423543772848170429916717


def gaussian(shape, mean, stddev, seed, dtype):
    r"""Draw normal numbers.

    $$ n \sim \mathcal N(\mu, \sigma^2) $$

    Args:
        shape: Shape of the result.
        mean: Mean $\mu$.
        stddev: Standard deviation $\sigma$.
        seed: A `keras.random.SeedGenerator` or an integer.
        dtype: Type of the result; the draw itself is in float32.

    Returns:
        Tensor of the given shape and type.

    Example:
        >>> from dlprep.layers.noise import gaussian
        >>> float(gaussian((1,), mean=2.0, stddev=0.0, seed=0, dtype="float32")[0])
        2.0

    Reference:
        Bishop 1995, "Training with noise is equivalent to Tikhonov regularization".
    """
    return ops.cast(random.normal(shape, mean, stddev, dtype="float32", seed=seed), dtype)


def alpha_dropout(x, mask, rate):
    r"""Set units to the floor of selu, then restore mean 0 and variance 1.

    $$ y = a\, (x \odot m + \alpha' (1 - m)) + b, \quad
       a = \left((1 - p)(1 + p\, \alpha'^2)\right)^{-1/2}, \quad b = -a\, p\, \alpha' $$

    Args:
        x: Inputs of any shape, made by selu: mean 0 and variance 1.
        mask: Booleans that broadcast to `x`; True keeps the unit.
        rate: Probability $p$ of dropping a unit.

    Returns:
        Tensor of the shape of `x`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.noise import alpha_dropout
        >>> y = alpha_dropout(ops.array([1.0, 2.0]), ops.array([True, True]), rate=0.0)
        >>> [float(value) for value in y]
        [1.0, 2.0]

    Reference:
        Klambauer et al. 2017, arXiv:1706.02515, section "New dropout technique".
    """
    if rate == 1:
        return ops.zeros_like(x)
    a = ((1 - rate) * (1 + rate * SELU_FLOOR**2)) ** -0.5
    return a * ops.where(mask, x, SELU_FLOOR) - a * rate * SELU_FLOOR


class Noise(Layer):
    """Base of the noise layers: settings, a seed, and nothing done in inference.

    Args:
        arguments: The subclass's constructor arguments by name.
        strength: The argument that at 0 switches the noise off.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Example:
        >>> from dlprep.layers import GaussianNoise
        >>> GaussianNoise(0.5).compute_output_shape((None, 3))
        (None, 3)
    """

    def __init__(self, arguments, strength, **kwargs):
        super().__init__(**kwargs)
        settings.store(self, arguments)
        self.strength = strength
        if strength > 0:
            self.seed_generator = random.SeedGenerator(self.seed)
        self.supports_masking = True
        self._build_at_init()

    def call(self, inputs, training=False):
        inputs = ops.cast(inputs, self.compute_dtype)
        return self.disturb(inputs) if training and self.strength > 0 else inputs

    def compute_output_shape(self, input_shape):
        return input_shape


@saving.register_keras_serializable(package="dlprep.layers")
class GaussianNoise(Noise):
    r"""Add normal noise in training (`gaussian`).

    $$ y = x + n, \quad n \sim \mathcal N(0, \sigma^2) $$

    Args:
        stddev: Standard deviation $\sigma$, from 0 to 1.
        seed: Integer that makes the noise reproducible.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Tensor of any shape.
        training: Whether noise is added; otherwise the inputs are returned.

    Raises:
        ValueError: If `stddev` is outside 0 to 1.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import GaussianNoise
        >>> float(GaussianNoise(0.5)(np.ones((1, 1)), training=False)[0, 0])
        1.0

    Reference:
        Bishop 1995, "Training with noise is equivalent to Tikhonov regularization".
    """

    def __init__(self, stddev, seed=None, **kwargs):
        super().__init__(locals(), stddev, **kwargs)

    def disturb(self, inputs):
        """Return the inputs with noise added.

        Args:
            inputs: Tensor of any shape.
        """
        shape, dtype = ops.shape(inputs), inputs.dtype
        return inputs + gaussian(shape, 0.0, self.stddev, self.seed_generator, dtype)


@saving.register_keras_serializable(package="dlprep.layers")
class GaussianDropout(Noise):
    r"""Multiply by normal noise with the mean and the variance of dropout's mask, in training.

    $$ y = x \odot n, \quad n \sim \mathcal N\left(1, \frac{p}{1 - p}\right) $$

    Args:
        rate: Probability $p$ of the dropout that the noise resembles, from 0 to below 1.
        seed: Integer that makes the noise reproducible.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Tensor of any shape.
        training: Whether noise is multiplied in; otherwise the inputs are returned.

    Raises:
        ValueError: If `rate` is outside 0 to 1, or 1 when the layer is called in training.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import GaussianDropout
        >>> float(GaussianDropout(0.5)(np.ones((1, 1)), training=False)[0, 0])
        1.0

    Reference:
        Srivastava et al. 2014, "Dropout", section 10.
    """

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(locals(), rate, **kwargs)

    def disturb(self, inputs):
        """Return the inputs multiplied by noise.

        Args:
            inputs: Tensor of any shape.

        Raises:
            ValueError: If the rate is 1, where the variance is infinite.
        """
        if self.rate == 1:
            raise ValueError("GaussianDropout(rate=1) has infinite variance: use a lower rate.")
        stddev = math.sqrt(self.rate / (1 - self.rate))
        shape, dtype = ops.shape(inputs), inputs.dtype
        return inputs * gaussian(shape, 1.0, stddev, self.seed_generator, dtype)


@saving.register_keras_serializable(package="dlprep.layers")
class AlphaDropout(Noise):
    r"""Drop units in training and keep mean 0 and variance 1 (`alpha_dropout`), for selu networks.

    $$ y = a\, (x \odot m + \alpha' (1 - m)) + b $$

    Args:
        rate: Probability $p$ of dropping a unit, from 0 to 1.
        noise_shape: Shape of the mask, as in `Dropout`.
        seed: Integer that makes the masks reproducible.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Tensor of any shape.
        training: Whether units are dropped; otherwise the inputs are returned.

    Raises:
        ValueError: If `rate` is outside 0 to 1 or `noise_shape` is no sequence of sizes.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import AlphaDropout
        >>> y = AlphaDropout(0.5, seed=0)(np.ones((1, 100)), training=True)
        >>> len({round(float(value), 3) for value in y[0]})
        2

    Reference:
        Klambauer et al. 2017, arXiv:1706.02515, section "New dropout technique".
    """

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        noise_shape = noise_sizes(noise_shape)
        super().__init__(locals(), rate, **kwargs)

    def disturb(self, inputs):
        """Return the inputs with units set to the floor of selu.

        Args:
            inputs: Tensor of any shape.
        """
        shape = mask_shape(inputs, self.noise_shape)
        return alpha_dropout(inputs, keep_mask(shape, self.rate, self.seed_generator), self.rate)
