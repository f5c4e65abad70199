"""Residual connections: a layer learns what to add to its input, always or at random."""

from keras import layers, ops, random, saving

from dlprep.layers import settings
from dlprep.layers.dropout import check_rate, keep_mask


def shortcut(x, kernel=None, strides=None):
    r"""Carry the input past a layer, projected where the shapes differ.

    $$ s(x) = W_s x $$

    With strides this is a convolution of width 1: positions are skipped, then features mixed.

    Args:
        x: Inputs of shape `(batch, ..., inputs)`.
        kernel: Projection $W_s$ of shape `(inputs, outputs)`, or None for the identity.
        strides: One stride for each axis between the batch and the features, or None.

    Returns:
        Tensor of the shape that the layer puts out.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.residual import shortcut
        >>> tuple(shortcut(ops.ones((2, 5, 3)), ops.ones((3, 4)), strides=[2]).shape)
        (2, 3, 4)

    Reference:
        He, Zhang, Ren, Sun 2015, arXiv:1512.03385, equation 2 and section 3.3, option B.
    """
    if strides is not None:
        x = x[(slice(None), *(slice(None, None, stride) for stride in strides))]
    return x if kernel is None else ops.matmul(x, kernel)


def strides_between(input_shape, output_shape):
    """Return the strides that take the input's inner axes to the output's, or None for no stride.

    Args:
        input_shape: Shape `(batch, ..., inputs)`.
        output_shape: Shape `(batch, ..., outputs)`.

    Raises:
        ValueError: If no strides do.
    """
    strides = []
    for before, after in zip(input_shape[1:-1], output_shape[1:-1], strict=False):
        known = before is not None and after is not None
        strides.append(max(-(-before // max(after, 1)), 1) if known else 1)
        if known and -(-before // strides[-1]) != after:
            strides = None
            break
    if strides is None or len(input_shape) != len(output_shape):
        raise ValueError(
            "A residual connection needs a layer whose output can be reached from its input by "
            f"whole strides, but the layer turns {tuple(input_shape)} into {tuple(output_shape)}."
        )
    return strides if any(stride > 1 for stride in strides) else None


@saving.register_keras_serializable(package="dlprep.layers")
class Residual(layers.Wrapper):
    r"""Add a layer's output to its input (`shortcut`).

    $$ y = F(x) + W_s x $$

    $W_s$ is the identity, without weights, where input and output have the same shape. An axis of
    unknown size counts as unchanged.

    Args:
        layer: The layer $F$, or a whole model.
        projection_initializer: Initial $W_s$, shape `(inputs, outputs)`, where shapes differ.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Tensor of shape `(batch, ..., inputs)`.
        training: Whether the call is part of training; the layer learns it from Keras.

    Raises:
        ValueError: When built, if no strides take the input's axes to the output's.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.layers import Dense, Residual
        >>> layer = Residual(Dense(3, kernel_initializer="zeros"))
        >>> [float(value) for value in layer(np.array([[1.0, 2.0, 3.0]]))[0]]
        [1.0, 2.0, 3.0]
        >>> x = np.random.default_rng(0).normal(size=(256, 4))
        >>> model = keras.Sequential([Residual(Dense(4, "tanh")), Dense(1)])
        >>> model.compile(keras.optimizers.Adam(0.03), "mse")
        >>> loss = model.fit(x, np.sin(x[:, :1]), epochs=5, verbose=0).history["loss"]
        >>> loss[-1] < 0.5 * loss[0]
        True

    Reference:
        He, Zhang, Ren, Sun 2015, arXiv:1512.03385, equations 1 and 2.
    """

    def __init__(self, layer, projection_initializer="glorot_uniform", **kwargs):
        super().__init__(layer, **kwargs)
        settings.store(self, {"projection_initializer": projection_initializer})
        self.supports_masking = True
        self.projection = None

    def build(self, input_shape):
        super().build(input_shape)
        output_shape = self.layer.compute_output_shape(input_shape)
        self._strides = strides_between(input_shape, output_shape)
        if input_shape[-1] != output_shape[-1]:
            shape = (input_shape[-1], output_shape[-1])
            self.projection = settings.weight(self, "projection", shape)

    def call(self, inputs, training=None):
        branch = self.weigh(self.layer(inputs), training)
        carried = ops.cast(inputs, self.compute_dtype)
        carried = shortcut(carried, self.projection, self._strides)
        # The wrapped layer may follow another dtype policy.
        return carried + ops.cast(branch, carried.dtype)

    def weigh(self, branch, training):
        """Return the layer's output as it is added.

        Args:
            branch: Output of the wrapped layer.
            training: Whether the call is part of training.
        """
        return branch

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)

    def get_config(self):
        own = settings.config(self, ["projection_initializer"])
        return {**super().get_config(), **own}


def stochastic_depth(branch, rate, kept=None):
    r"""Drop a whole branch in training, shrink it at test time.

    $$ F'(x) = b\, F(x) \text{ in training}, \quad F'(x) = (1 - p)\, F(x) \text{ at test time} $$

    Args:
        branch: Output $F(x)$ of shape `(batch, ...)`.
        rate: Probability $p$ of dropping the branch.
        kept: Booleans $b$ of a shape that broadcasts to the branch, or None at test time.

    Returns:
        Tensor of the shape of `branch`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.residual import stochastic_depth
        >>> float(stochastic_depth(ops.array([4.0]), rate=0.25)[0])
        3.0

    Reference:
        Huang, Sun, Liu, Sedra, Weinberger 2016, arXiv:1603.09382, equations 2 and 5.
    """
    if kept is None:
        return (1 - rate) * branch
    return ops.where(kept, branch, 0.0)


@saving.register_keras_serializable(package="dlprep.layers")
class StochasticDepth(Residual):
    r"""Residual connection around a layer that sleeps at random (`stochastic_depth`).

    $$ y = W_s x + b\, F(x), \; b \sim \mathrm{Bernoulli}(1 - p) \text{ in training}, \quad
       y = W_s x + (1 - p)\, F(x) \text{ in inference} $$

    The paper draws $b$ once per batch and saves the time of the sleeping layer; here every example
    draws its own, which gives a smoother gradient and saves nothing. The paper's $p_l$ is the
    chance of survival, here $1 - p$.

    Args:
        layer: The layer $F$, or a whole model.
        rate: Probability $p$ of dropping the layer, from 0 to 1.
        projection_initializer: Initial $W_s$ where shapes differ, as in `Residual`.
        seed: Integer that makes the draws reproducible.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Tensor of shape `(batch, ..., inputs)`.
        training: Whether the layer may be dropped; otherwise its output is shrunk.

    Raises:
        ValueError: If `rate` is outside 0 to 1.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.layers import Dense, StochasticDepth
        >>> layer = StochasticDepth(Dense(1, kernel_initializer="ones"), rate=0.5)
        >>> float(layer(np.array([[4.0]]), training=False)[0, 0])
        6.0
        >>> x = np.random.default_rng(0).normal(size=(256, 4))
        >>> model = keras.Sequential([StochasticDepth(Dense(4, "tanh"), 0.2), Dense(1)])
        >>> model.compile(keras.optimizers.Adam(0.03), "mse")
        >>> loss = model.fit(x, x[:, :1], epochs=5, verbose=0).history["loss"]
        >>> loss[-1] < 0.5 * loss[0]
        True

    Reference:
        Huang, Sun, Liu, Sedra, Weinberger 2016, arXiv:1603.09382, equations 2 and 5.
    """

    def __init__(
        self, layer, rate=0.5, projection_initializer="glorot_uniform", seed=None, **kwargs
    ):
        check_rate(rate)
        super().__init__(layer, projection_initializer, **kwargs)
        settings.store(self, {"rate": rate, "seed": seed})
        self.seed_generator = random.SeedGenerator(self.seed)

    def weigh(self, branch, training):
        """Return the layer's output, dropped or shrunk.

        Args:
            branch: Output of the wrapped layer.
            training: Whether the call is part of training.
        """
        if not training:
            return stochastic_depth(branch, self.rate)
        shape = (ops.shape(branch)[0], *(1 for _ in branch.shape[1:]))
        return stochastic_depth(branch, self.rate, keep_mask(shape, self.rate, self.seed_generator))

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
