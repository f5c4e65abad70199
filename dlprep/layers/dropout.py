"""Dropout: silence random units in training, so that no unit can rely on another."""

from keras import ops, random, saving

from dlprep.layers import settings
from dlprep.layers.layer import Layer


def inverted_dropout(x, mask, rate):
    r"""Keep the units of the mask and scale them so that the expected output is the input.

    $$ y = \frac{m \odot x}{1 - p} $$

    The scaling sits in training ("inverted"), so inference needs no change. The handbook's classic
    form scales by $1 - p$ at test time instead.

    Args:
        x: Inputs of any shape.
        mask: Booleans of a shape that broadcasts to `x`; True keeps the unit, with probability
            $1 - p$.
        rate: Probability $p$ of dropping a unit, from 0 to 1.

    Returns:
        Tensor of the shape of `x`; zeros if `rate` is 1.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.dropout import inverted_dropout
        >>> y = inverted_dropout(ops.array([3.0, 5.0]), ops.array([True, False]), rate=0.25)
        >>> [float(value) for value in y]
        [4.0, 0.0]

    Reference:
        Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014, "Dropout: a simple way to
        prevent neural networks from overfitting", section 4 and section 10 (scaling in training).
    """
    # A select, not a product: 0 * inf would be nan.
    return ops.where(mask, x * (1 / (1 - rate)) if rate < 1 else x, 0.0)


def keep_mask(shape, rate, seed):
    r"""Draw a mask whose entries are True with probability $1 - p$, independently.

    $$ m_i \sim \mathrm{Bernoulli}(1 - p) $$

    Args:
        shape: Shape of the mask; entries may be tensors.
        rate: Probability $p$ of False.
        seed: A `keras.random.SeedGenerator`, or an integer for the same mask every time.

    Returns:
        Boolean tensor of the given shape.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.dropout import keep_mask
        >>> bool(ops.all(keep_mask((1000,), rate=0.0, seed=1)))
        True

    Reference:
        Srivastava et al. 2014, section 4, the first equation.
    """
    # Uniform draws in float32 whatever the policy: float16 has too few values below 1.
    return random.uniform(shape, dtype="float32", seed=seed) >= rate


@saving.register_keras_serializable(package="dlprep.layers")
class Dropout(Layer):
    r"""Drop units at random in training (`inverted_dropout`); do nothing in inference.

    $$ y = \frac{m \odot x}{1 - p}, \quad m_i \sim \mathrm{Bernoulli}(1 - p) $$

    A subclass overrides `call`; Keras's private methods are not called.

    Args:
        rate: Probability $p$ of dropping a unit, from 0 to 1.
        noise_shape: Shape of the mask, with 1 where units share their fate and None where the
            input's own size counts; None draws every unit by itself.
        seed: Integer that makes the masks reproducible.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Tensor of any shape.
        training: Whether units are dropped; otherwise the inputs are returned.

    Raises:
        ValueError: If `rate` is outside 0 to 1, or `noise_shape` is no sequence of positive
            integers and None.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import Dropout
        >>> y = Dropout(0.5, seed=1)(np.ones((2, 3)), training=True)
        >>> sorted({float(value) for value in np.ravel(y)})
        [0.0, 2.0]

    Reference:
        Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from
        overfitting", section 4.
    """

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.noise_shape = noise_sizes(noise_shape)
        if rate > 0:
            self.seed_generator = random.SeedGenerator(self.seed)
        self.supports_masking = True
        self._build_at_init()

    def call(self, inputs, training=False):
        inputs = ops.cast(inputs, self.compute_dtype)
        if not training or self.rate == 0:
            return inputs
        shape = mask_shape(inputs, self.noise_shape)
        return inverted_dropout(inputs, keep_mask(shape, self.rate, self.seed_generator), self.rate)

    def compute_output_shape(self, input_shape):
        return input_shape


def mask_shape(inputs, noise_shape):
    """Return the shape of the mask: the input's, with the sizes that `noise_shape` fixes.

    Args:
        inputs: The layer's input.
        noise_shape: Tuple of sizes and None, or None.

    Raises:
        ValueError: If it has not one entry for each axis.
    """
    shape = ops.shape(inputs)
    if noise_shape is None:
        return shape
    if len(noise_shape) != len(shape):
        raise ValueError(
            f"noise_shape={noise_shape} needs one size for each of the {len(shape)} axes of an "
            f"input of shape {tuple(inputs.shape)}."
        )
    return tuple(
        own if fixed is None else fixed for own, fixed in zip(shape, noise_shape, strict=True)
    )


def check_rate(rate, name="rate"):
    """Raise unless `rate` is a probability.

    Args:
        rate: The constructor's argument.
        name: Its name.

    Raises:
        ValueError: If it lies outside 0 to 1.
    """
    settings.check_range(0, 1, **{name: rate})


def noise_sizes(noise_shape):
    """Return `noise_shape` as a tuple of positive integers and None.

    Args:
        noise_shape: The constructor's argument.

    Raises:
        ValueError: If it is no such sequence.
    """
    problem = "Invalid value received for argument `noise_shape`. Expected "
    if noise_shape is None:
        return None
    if isinstance(noise_shape, str) or not hasattr(noise_shape, "__iter__"):
        raise ValueError(f"{problem}a tuple or list of integers. It is {noise_shape!r}.")
    sizes = settings.native(tuple(noise_shape))
    if not all(size is None or type(size) is int for size in sizes):
        raise ValueError(f"{problem}all elements to be integers or None. It is {sizes}.")
    if not all(size is None or size > 0 for size in sizes):
        raise ValueError(f"{problem}all dimensions to be positive integers or None. It is {sizes}.")
    return sizes
