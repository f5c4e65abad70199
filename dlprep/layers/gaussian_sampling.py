"""Reparameterisation: draw from a normal distribution so that its parameters get a gradient."""

from keras import backend, ops, random, saving

from dlprep.layers import settings
from dlprep.layers.layer import Layer


def reparameterize(mean, log_variance, noise):
    r"""Shift and stretch standard normal noise.

    $$ z = \mu + e^{\frac12 \log \sigma^2} \odot \epsilon, \quad \epsilon \sim \mathcal N(0, 1) $$

    Args:
        mean: Means $\mu$ of any shape.
        log_variance: Log-variances $\log \sigma^2$ of that shape.
        noise: Draws $\epsilon$ of that shape.

    Returns:
        Draws $z$ of that shape, with a gradient for $\mu$ and $\log \sigma^2$.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.gaussian_sampling import reparameterize
        >>> float(reparameterize(ops.array([1.0]), ops.array([0.0]), ops.array([2.0]))[0])
        3.0

    Reference:
        Kingma, Welling 2014, arXiv:1312.6114, section 2.4 and equation 10.
    """
    return mean + ops.exp(0.5 * log_variance) * noise


@saving.register_keras_serializable(package="dlprep.layers")
class GaussianSampling(Layer):
    r"""Draw from the normal distribution whose mean and log-variance come in (`reparameterize`).

    $$ z = \mu + \sigma \odot \epsilon, \quad \epsilon \sim \mathcal N(0, 1) $$

    It draws in training and in inference alike: the draw is the model, not a regulariser.

    Args:
        seed: Integer that makes the draws reproducible.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If the input is not a pair of tensors of one shape.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.layers import Dense, GaussianSampling
        >>> mean, log_variance = np.ones((2, 3)), np.full((2, 3), -100.0)
        >>> float(GaussianSampling()([mean, log_variance])[0, 0])
        1.0
        >>> x = np.random.default_rng(0).normal(size=(256, 4))
        >>> inputs = keras.Input((4,))
        >>> z = GaussianSampling()([Dense(4)(inputs), Dense(4)(inputs)])
        >>> model = keras.Model(inputs, Dense(4)(z))
        >>> model.compile(keras.optimizers.Adam(0.03), "mse")
        >>> loss = model.fit(x, x, epochs=5, verbose=0).history["loss"]
        >>> loss[-1] < 0.5 * loss[0]
        True

    Reference:
        Kingma, Welling 2014, arXiv:1312.6114, section 2.4 and equation 10.
    """

    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.seed_generator = random.SeedGenerator(self.seed)

    def build(self, input_shape):
        pair = [tuple(shape) for shape in input_shape] if _is_pair(input_shape) else None
        if pair is None or pair[0] != pair[1]:
            raise ValueError(
                "GaussianSampling needs [mean, log_variance], two tensors of one shape, but was "
                f"given the shape {input_shape}."
            )

    def call(self, inputs):
        mean, log_variance = inputs
        wide = backend.result_type(mean.dtype, "float32")
        noise = random.normal(ops.shape(mean), dtype=wide, seed=self.seed_generator)
        z = reparameterize(ops.cast(mean, wide), ops.cast(log_variance, wide), noise)
        return ops.cast(z, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape[0]


def _is_pair(shape):
    return len(shape) == 2 and all(isinstance(part, (list, tuple)) for part in shape)
