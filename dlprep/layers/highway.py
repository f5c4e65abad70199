"""Highway layer: a learned gate decides how much of the input passes unchanged."""

from keras import initializers, ops, saving

from dlprep.layers import settings
from dlprep.layers.dense import dense
from dlprep.layers.layer import Layer


def highway(x, h, gate):
    r"""Mix a layer's output with its input, entry by entry.

    $$ y = T \odot H(x) + (1 - T) \odot x $$

    Args:
        x: Inputs of any shape.
        h: Transformed inputs $H(x)$ of that shape.
        gate: Transform gate $T$ of that shape, from 0 (carry) to 1 (transform).

    Returns:
        Tensor of that shape.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.highway import highway
        >>> float(highway(ops.array([1.0]), ops.array([5.0]), ops.array([0.25]))[0])
        2.0

    Reference:
        Srivastava, Greff, Schmidhuber 2015, arXiv:1505.00387, equation 3.
    """
    return x + gate * (h - x)


@saving.register_keras_serializable(package="dlprep.layers")
class Highway(Layer):
    r"""Fully connected layer that can let its input pass (`highway`).

    $$ T = \sigma(x W_T + b_T), \quad y = T \odot g(x W_H + b_H) + (1 - T) \odot x $$

    The gate starts nearly closed, so that a deep stack starts as nearly the identity.

    Args:
        activation: Function $g$ of the transformed input.
        transform_bias: Initial $b_T$; negative values carry.
        kernel_initializer: Initial $W_H$ and $W_T$, shape `(features, features)`.
        bias_initializer: Initial $b_H$, shape `(features,)`.
        kernel_regularizer: Penalty on $W_H$ and $W_T$.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If no activation, initializer or regularizer has a name that is given.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.layers import Dense, Highway
        >>> [float(value) for value in Highway(transform_bias=-100.0)(np.array([[1.0, 2.0]]))[0]]
        [1.0, 2.0]
        >>> x = np.random.default_rng(0).normal(size=(256, 4))
        >>> model = keras.Sequential([Highway(), Highway(), Dense(1)])
        >>> model.compile(keras.optimizers.Adam(0.03), "mse")
        >>> loss = model.fit(x, np.sin(x[:, :1]), epochs=5, verbose=0).history["loss"]
        >>> loss[-1] < 0.5 * loss[0]
        True

    Reference:
        Srivastava, Greff, Schmidhuber 2015, arXiv:1505.00387, equation 3 and section 2.2.
    """

    def __init__(
        self,
        activation="relu",
        transform_bias=-1.0,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.supports_masking = True

    def build(self, input_shape):
        size = input_shape[-1]
        settings.kernels(self, dict.fromkeys(("kernel", "gate_kernel"), (size, size)))
        self.bias = settings.weight(self, "bias", (size,))
        start = initializers.Constant(self.transform_bias)
        self.gate_bias = self.add_weight(name="gate_bias", shape=(size,), initializer=start)

    def call(self, inputs):
        inputs = ops.cast(inputs, self.compute_dtype)
        h = self.activation(dense(inputs, self.kernel, self.bias))
        gate = ops.sigmoid(dense(inputs, self.gate_kernel, self.gate_bias))
        return highway(inputs, h, gate)

    def compute_output_shape(self, input_shape):
        return input_shape
