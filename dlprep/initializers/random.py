"""Initializers that draw from one distribution, whatever the shape."""

import random

import keras


class RandomInitializer(keras.initializers.Initializer):
    """An initializer with a seed.

    The same object gives the same values at every call, as in Keras: pass a
    `keras.random.SeedGenerator` for fresh ones.

    Args:
        seed: integer, `keras.random.SeedGenerator`, or `None` to draw one from Python's `random`
            (which `keras.utils.set_random_seed` seeds).

    Raises:
        ValueError: `seed` is something else.
    """

    def __init__(self, seed=None):
        self._seed_argument = seed
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
        return {"seed": keras.saving.serialize_keras_object(self._seed_argument)}
