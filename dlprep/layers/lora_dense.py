"""Low-rank adaptation: a frozen matrix, and a thin trainable product beside it."""

import math
import numbers

from keras import layers, ops, saving

from dlprep.layers import settings
from dlprep.layers.dense import Dense, dense


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

    $W$ and $b$ are not trainable: `from_dense` takes those of a trained `Dense` layer. $A$ starts
    as `HeNormal` draws it and $B$ at zero, so the layer starts as that one. `merge` folds the
    product into $W$ and returns a plain `Dense` layer.

    Args:
        units: Number of outputs.
        rank: Rank $r$ of the product.
        alpha: Numerator $\alpha$ of the product's factor; None takes `rank`, factor 1.
        activation: Function $g$; None leaves the sum as it is.
        use_bias: Whether $b$ is added.
        kernel_initializer: Initial $W$, shape `(inputs, units)`.
        bias_initializer: Initial $b$, shape `(units,)`.
        kernel_regularizer: Penalty on $W$ in the layer that `merge` returns, as frozen weights have
            none; so the next three.
        bias_regularizer: Penalty on $b$.
        kernel_constraint: Projection of $W$ after each update.
        bias_constraint: Projection of $b$ after each update.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If `units` or `rank` is not a positive integer, or `alpha` not a finite number.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.layers import Dense, LoRADense
        >>> x = np.random.default_rng(0).normal(size=(256, 4))
        >>> trained = Dense(3)
        >>> y = trained(x) + x[:, :1]
        >>> model = keras.Sequential([LoRADense.from_dense(trained, rank=1)])
        >>> model.compile(keras.optimizers.Adam(0.1), "mse")
        >>> loss = model.fit(x, y, epochs=5, verbose=0).history["loss"]
        >>> loss[-1] < 0.1 * loss[0]
        True

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
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        settings.check_positive(units=units, rank=rank)
        if alpha is not None and not (isinstance(alpha, numbers.Real) and math.isfinite(alpha)):
            raise ValueError(f"`alpha` must be a finite number or None, not {alpha!r}.")
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.supports_masking = True

    def build(self, input_shape):
        inputs, frozen = input_shape[-1], {"trainable": False}
        self.kernel = settings.weight(self, "kernel", (inputs, self.units), **frozen)
        shape = (self.units,)
        self.bias = settings.weight(self, "bias", shape, **frozen) if self.use_bias else None
        self.down = self.add_weight(name="down", shape=(inputs, self.rank), initializer="he_normal")
        self.up = self.add_weight(name="up", shape=(self.rank, self.units), initializer="zeros")

    def call(self, inputs):
        z = lora(inputs, self.kernel, self.down, self.up, self._factor(), self.bias)
        return z if self.activation is None else self.activation(z)

    def _factor(self):
        return 1.0 if self.alpha is None else self.alpha / self.rank

    @classmethod
    def from_dense(cls, dense, rank, alpha=None, **kwargs):
        """Return a layer that adapts a trained one: same outputs, its weights copied and frozen.

        Args:
            dense: A built `Dense` layer, of Keras or of dlprep.
            rank: Rank of the product.
            alpha: Numerator of the product's factor, or None.
            **kwargs: Options of every Keras layer; name and dtype are the layer's by default.

        Raises:
            ValueError: If it is no such layer, not built yet, or quantised.
        """
        fits = isinstance(dense, (layers.Dense, Dense)) and dense.built
        if not fits or getattr(dense, "quantization_mode", None):
            raise ValueError(f"`from_dense` needs a built Dense, not quantised: {dense!r} came.")
        shared = settings.names(cls)[3:]
        options = {name: getattr(dense, name) for name in (*shared, *CARRIED)}
        options["dtype"] = dense.dtype_policy
        layer = cls(dense.units, rank, alpha, **{**options, **kwargs})
        layer.build((None, dense.kernel.shape[0]))
        layer.kernel.assign(dense.kernel)
        if layer.use_bias:
            layer.bias.assign(dense.bias)
        return layer

    def merge(self):
        """Add the product to the frozen weights and start it again from zero.

        The layer's output stays the same.

        Returns:
            A `Dense` layer with the merged weights, which has the same output and is trainable.
        """
        product = ops.matmul(self.down, self.up)
        self.kernel.assign_add(self._factor() * product)
        self.up.assign(ops.zeros(self.up.shape))
        shared = ("units", *settings.names(LoRADense)[3:], *CARRIED)
        merged = Dense(**{name: getattr(self, name) for name in shared}, dtype=self.dtype_policy)
        merged.build((None, self.kernel.shape[0]))
        merged.set_weights([self.kernel, *([self.bias] if self.use_bias else [])])
        return merged

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        return {**super().get_config(), **settings.config(self, LoRADense)}


# What a layer and its adapted or merged form share, beside their arguments of one name.
CARRIED = ("name", "activity_regularizer")
