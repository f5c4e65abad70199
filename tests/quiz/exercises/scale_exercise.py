"""A layer with one weight a feature, as an exercise."""

import keras
import numpy as np
from keras import layers, ops

START = "ones"


@keras.saving.register_keras_serializable(package="exercise")
class Scale(layers.Layer):
    """Multiply each feature by a weight of its own.

    Args:
        start: initializer of the weights.
        **kwargs: arguments of `keras.layers.Layer`.
    """

    def __init__(self, start=START, **kwargs):
        super().__init__(**kwargs)
        self.start = start

    def build(self, shape):
        """Create the weights."""
        self.secret = self.add_weight(shape=(shape[-1],), initializer=self.start)

    def call(self, x):
        return self._scaled(x)

    def _scaled(self, x):
        return ops.multiply(x, self.secret)

    def get_config(self):
        return {**super().get_config(), "start": self.start}


def check(candidate, lab):
    x = lab.rng.normal(size=(3, 2)).astype("float32")
    layer = candidate(name="scale")
    lab.close("it begins as the identity", layer(x), x, given=x)
    lab.expect("there is a weight for each feature", layer.count_params() == 2, x)
    twice = candidate(start=keras.initializers.Constant(2.0))
    lab.close("the initializer is used", twice(x), 2 * x, given=x)
    model = keras.Sequential([candidate()])
    model.compile("sgd", "mse")
    model.fit(x, np.zeros_like(x), verbose=0)
    lab.expect("the weights learn", bool(np.all(model.layers[0](np.ones((1, 2))) < 1)))
    config = twice.get_config()
    lab.expect("the config knows the initializer", "start" in config, got=config)


class wrong_constant(Scale):
    def build(self, shape):
        self.secret = 1.0


class wrong_scalar(Scale):
    def build(self, shape):
        self.secret = self.add_weight(shape=(), initializer=self.start)


class right_by_matrix(Scale):
    def _scaled(self, x):
        return x @ ops.diag(self.secret)
