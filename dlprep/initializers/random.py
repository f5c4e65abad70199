"""Initializers that draw from one distribution, whatever the shape."""

import random

import keras

from dlprep.initializers.initializer import Initializer, store


class RandomInitializer(Initializer):
    """An initializer with a seed.

    The same object gives the same values at every call, as in Keras: pass a
    `keras.random.SeedGenerator` for fresh ones.

    Args:
        seed: Integer, `keras.random.SeedGenerator`, or `None` to draw one from Python's `random`
            (which `keras.utils.set_random_seed` seeds).

    Raises:
        ValueError: `seed` is something else.
    """

    def __init__(self, seed=None):
        self._init_seed = seed
        if isinstance(seed, dict):
            seed = keras.saving.deserialize_keras_object(seed)
        elif seed is None:
            seed = random.randint(1, int(1e9))
        if not isinstance(seed, int | keras.random.SeedGenerator):
            raise ValueError(
                f"`seed` argument should be an instance of `keras.random.SeedGenerator()` or an "
                f"integer, received {seed!r}"
            )
        self.seed = seed

    def get_config(self):
        seed = keras.saving.serialize_keras_object(self._init_seed)
        return {**super().get_config(), "seed": seed}


@keras.saving.register_keras_serializable(package="dlprep.initializers")
class RandomNormal(RandomInitializer):
    r"""Draw from a normal distribution.

    $$w \sim \mathcal N(\mu, \sigma^2)$$

    The same spread for every shape: in a deep network signals grow or die, see `VarianceScaling`.

    Args:
        mean: $\mu$.
        stddev: $\sigma \ge 0$.
        seed: Integer, `keras.random.SeedGenerator` or `None`.

    Raises:
        ValueError: `seed` is none of these, a number not finite or `stddev` negative.

    Example:
        >>> from dlprep import initializers
        >>> tuple(initializers.RandomNormal(seed=0)((3, 3)).shape)
        (3, 3)

    Reference:
        https://keras.io/api/layers/initializers/#randomnormal-class
    """

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        super().__init__(seed)
        store(self, mean=mean, stddev=stddev)

    def __call__(self, shape, dtype=None):
        return keras.random.normal(shape, self.mean, self.stddev, dtype=dtype, seed=self.seed)


@keras.saving.register_keras_serializable(package="dlprep.initializers")
class TruncatedNormal(RandomInitializer):
    r"""Draw from a normal distribution, again where a value is beyond two standard deviations.

    $$w \sim \mathcal N(\mu, \sigma^2) \text{ given } |w - \mu| \le 2 \sigma,
    \qquad \operatorname{Var} w \approx 0.774\, \sigma^2$$

    Args:
        mean: $\mu$.
        stddev: $\sigma \ge 0$, before cutting.
        seed: Integer, `keras.random.SeedGenerator` or `None`.

    Raises:
        ValueError: `seed` is none of these, a number not finite or `stddev` negative.

    Example:
        >>> from dlprep import initializers
        >>> tuple(initializers.TruncatedNormal(seed=0)((3, 3)).shape)
        (3, 3)

    Reference:
        https://keras.io/api/layers/initializers/#truncatednormal-class
    """

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        super().__init__(seed)
        store(self, mean=mean, stddev=stddev)

    def __call__(self, shape, dtype=None):
        return keras.random.truncated_normal(
            shape, self.mean, self.stddev, dtype=dtype, seed=self.seed
        )


@keras.saving.register_keras_serializable(package="dlprep.initializers")
class RandomUniform(RandomInitializer):
    r"""Draw from a uniform distribution.

    $$w \sim U[a, b), \qquad \operatorname{Var} w = \frac{(b - a)^2}{12}$$

    Args:
        minval: $a$.
        maxval: $b$.
        seed: Integer, `keras.random.SeedGenerator` or `None`.

    Raises:
        ValueError: `seed` is none of these, a number not finite or `minval` above `maxval`.

    Example:
        >>> from dlprep import initializers
        >>> tuple(initializers.RandomUniform(seed=0)((3, 3)).shape)
        (3, 3)

    Reference:
        https://keras.io/api/layers/initializers/#randomuniform-class
    """

    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        super().__init__(seed)
        store(self, minval=minval, maxval=maxval)
        if minval > maxval:
            raise ValueError(f"`minval` exceeds `maxval`: received {minval} and {maxval}")

    def __call__(self, shape, dtype=None):
        return keras.random.uniform(shape, self.minval, self.maxval, dtype=dtype, seed=self.seed)
