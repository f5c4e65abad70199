"""Low-rank adaptation: a frozen matrix, and a thin trainable product beside it."""

from keras import layers, ops, saving

from dlprep.layers import settings
from dlprep.layers.dense import dense


def lora(x, kernel, down, up, scale=1.0, bias=None):
    r"""Multiply by a matrix and by a product of two thin ones.

    $$ z = x W + s\, (x A) B + b $$

    The paper stores examples as columns and writes $W_0 x + B A x$. Forming $A B$ would cost as
    much as $W$; $x A$ first costs next to nothing.

    Args:
        x: Inputs of shape `(..., inputs)`.
        kernel: Frozen weights $W$ of shape `(inputs, units)`.
        down: $A$, shape `(inputs, rank)`.
        up: $B$, shape `(rank, units)`.
        scale: Factor $s$.
        bias: Bias $b$ of shape `(units,)`, or None.

    Returns:
        Tensor of shape `(..., units)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.lora_dense import lora
        >>> one = ops.ones((1, 1))
        >>> float(lora(3 * one, one, one, 2 * one, scale=0.5)[0, 0])
        6.0

    Reference:
        Hu et al. 2021, arXiv:2106.09685, equation 3.
    """
    return dense(x, kernel, bias) + scale * ops.matmul(ops.matmul(x, down), up)


@saving.register_keras_serializable(package="dlprep.layers")
class LoRADense(layers.Layer):
    r"""Fully connected layer whose weights are frozen but for a low-rank product (`lora`).

    $$ y = g\left(x W + \frac{\alpha}{r} (x A) B + b\right) $$

    $W$ and $b$ are not trainable: load them, or assign those of a trained `Dense` layer. $B$ starts
    at zero, so the layer starts as that one. `merge` folds the product into $W$ for inference.

    Args:
        units: Number of outputs.
        rank: Rank $r$ of the product.
        alpha: Numerator $\alpha$ of the product's factor; None takes `rank`, factor 1.
        activation: Function $g$; None leaves the sum as it is.
        use_bias: Whether $b$ is added.
        kernel_initializer: Initial $W$, shape `(inputs, units)`.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If `units` or `rank` is not a positive integer.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import LoRADense
        >>> layer = LoRADense(8, rank=2)
        >>> y = layer(np.ones((1, 10)))
        >>> [tuple(weight.shape) for weight in layer.trainable_weights]
        [(10, 2), (2, 8)]

    Reference:
        Hu et al. 2021, arXiv:2106.09685, equation 3 and section 4.1.
    """

    def __init__(
        self,
        units,
        rank,
        alpha=None,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        settings.check_positive(units=units, rank=rank)
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.supports_masking = True

    def build(self, input_shape):
        inputs, frozen = input_shape[-1], {"trainable": False}
        self.kernel = settings.weight(self, "kernel", (inputs, self.units), **frozen)
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias", shape=(self.units,), initializer="zeros", **frozen
            )
        self.down = self.add_weight(name="down", shape=(inputs, self.rank), initializer="he_normal")
        self.up = self.add_weight(name="up", shape=(self.rank, self.units), initializer="zeros")

    def call(self, inputs):
        z = lora(inputs, self.kernel, self.down, self.up, self._factor(), self.bias)
        return z if self.activation is None else self.activation(z)

    def _factor(self):
        return 1.0 if self.alpha is None else self.alpha / self.rank

    def merge(self):
        """Add the product to the frozen weights and start it again from zero.

        The layer's output stays the same.
        """
        product = ops.matmul(self.down, self.up)
        self.kernel.assign_add(self._factor() * product)
        self.up.assign(ops.zeros(self.up.shape))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        return {**super().get_config(), **settings.config(self, LoRADense)}
