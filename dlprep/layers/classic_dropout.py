"""Dropout as first published: units shrink at test time instead of growing in training."""

from keras import ops, random, saving

from dlprep.layers import settings
from dlprep.layers.dropout import keep_mask
from dlprep.layers.layer import Layer


def classic_dropout(x, rate, mask=None):
    r"""Silence units in training, shrink all of them at test time.

    $$ y = m \odot x \text{ in training}, \quad y = (1 - p)\, x \text{ at test time} $$

    The next layer sees the same expectation in both. `inverted_dropout` has the factor in training
    instead, so that inference costs nothing.

    Args:
        x: Inputs of any shape.
        rate: Probability $p$ of dropping a unit, from 0 to 1.
        mask: Booleans $m$ that broadcast to `x`, True where a unit stays; None at test time.

    Returns:
        Tensor of the shape of `x`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.classic_dropout import classic_dropout
        >>> float(classic_dropout(ops.array([4.0]), rate=0.25)[0])
        3.0

    Reference:
        Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014, "Dropout: a simple way to
        prevent neural networks from overfitting", section 4 and figure 2; Deep Learning
        Fundamentals Handbook, chapter 5.
    """
    if mask is None:
        return (1 - rate) * x
    # A select, not a product: 0 * inf would be nan.
    return ops.where(mask, x, 0.0)


@saving.register_keras_serializable(package="dlprep.layers")
class ClassicDropout(Layer):
    r"""Drop units at random in training and shrink all in inference (`classic_dropout`).

    $$ y = m \odot x, \; m_i \sim \mathrm{Bernoulli}(1 - p) \text{ in training}, \quad
       y = (1 - p)\, x \text{ in inference} $$

    Args:
        rate: Probability $p$ of dropping a unit, from 0 to 1.
        seed: Integer that makes the masks reproducible.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Tensor of any shape.
        training: Whether units are dropped; otherwise all are shrunk.

    Raises:
        ValueError: If `rate` is outside 0 to 1.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.layers import ClassicDropout, Dense
        >>> float(ClassicDropout(0.25)(np.array([[4.0]]), training=False)[0, 0])
        3.0
        >>> x = np.random.default_rng(0).normal(size=(256, 4))
        >>> model = keras.Sequential([ClassicDropout(0.1), Dense(1)])
        >>> model.compile(keras.optimizers.Adam(0.03), "mse")
        >>> loss = model.fit(x, x[:, :1], epochs=5, verbose=0).history["loss"]
        >>> loss[-1] < 0.5 * loss[0]
        True

    Reference:
        Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from
        overfitting", section 4 and figure 2.
    """

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.seed_generator = random.SeedGenerator(self.seed)
        self.supports_masking = True
        self._build_at_init()

    def call(self, inputs, training=False):
        inputs = ops.cast(inputs, self.compute_dtype)
        if not training:
            return classic_dropout(inputs, self.rate)
        mask = keep_mask(ops.shape(inputs), self.rate, self.seed_generator)
        return classic_dropout(inputs, self.rate, mask)

    def compute_output_shape(self, input_shape):
        return input_shape
