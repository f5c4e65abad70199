"""Fully connected layer: every output is a weighted sum of all inputs, plus a bias."""

from keras import InputSpec, layers, ops, saving

from dlprep.layers import settings
from dlprep.stand_in import StandIn


def dense(x, kernel, bias=None):
    r"""Multiply the last axis by a matrix and add a bias.

    $$ z = x W + b $$

    The handbook stores examples as columns and writes $z = W x + b$; Keras stores them as rows.

    Args:
        x: Inputs of shape `(..., inputs)`.
        kernel: Weights $W$ of shape `(inputs, units)`.
        bias: Bias $b$ of shape `(units,)`, or None for no bias.

    Returns:
        Tensor of shape `(..., units)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.dense import dense
        >>> z = dense(ops.array([[-1.0, 2.0]]), ops.array([[1.0], [3.0]]), ops.array([5.0]))
        >>> float(z[0, 0])
        10.0

    Reference:
        Rumelhart, Hinton, Williams 1986, "Learning representations by back-propagating errors",
        equation 1.
    """
    z = ops.matmul(x, kernel)
    return z if bias is None else ops.add(z, bias)


@saving.register_keras_serializable(package="dlprep.layers")
class Dense(layers.Layer, metaclass=StandIn):
    r"""Fully connected layer with an activation; its mathematics is the function `dense`.

    $$ y = g(x W + b) $$

    LoRA and quantisation are not offered here: `lora_rank` and `quantization_config` stand in the
    signature so that calls written for Keras bind, and raise when they are used; `enable_lora` is
    missing and `quantize` raises. `LoRADense.from_dense` adapts a trained layer.

    Args:
        units: Number of outputs, a positive integer.
        activation: Function $g$ applied to the weighted sum; None leaves it as it is.
        use_bias: Whether $b$ is added.
        kernel_initializer: Initial values of $W$, shape `(inputs, units)`.
        bias_initializer: Initial values of $b$, shape `(units,)`.
        kernel_regularizer: Penalty on $W$, added to the loss.
        bias_regularizer: Penalty on $b$.
        activity_regularizer: Penalty on the output.
        kernel_constraint: Projection of $W$ after each update.
        bias_constraint: Projection of $b$ after each update.
        lora_rank: Must be None; `LoRADense` is the low-rank layer.
        lora_alpha: Only read together with `lora_rank`, so it has no effect.
        quantization_config: Must be None.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Tensor of shape `(batch, ..., inputs)`.
        training: Not read; for callers that hand it to every layer.

    Raises:
        ValueError: If `units` is not a positive integer, or LoRA or quantisation is asked for.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import Dense
        >>> tuple(Dense(4, activation="relu")(np.ones((2, 3))).shape)
        (2, 4)

    Reference:
        Rumelhart, Hinton, Williams 1986, "Learning representations by back-propagating errors",
        equations 1 and 2.
    """

    lora_enabled, lora_rank, lora_alpha = False, None, None

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        lora_rank=None,
        lora_alpha=None,
        quantization_config=None,
        **kwargs,
    ):
        settings.check_positive(units=units)
        refuse_adapters("Dense", lora_rank, quantization_config)
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        settings.store(self, locals())
        self.input_spec = InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape):
        self.kernel = settings.weight(self, "kernel", (input_shape[-1], self.units))
        self.bias = settings.weight(self, "bias", (self.units,)) if self.use_bias else None
        self.input_spec = InputSpec(min_ndim=2, axes={-1: input_shape[-1]})

    def call(self, inputs, training=None):
        z = dense(inputs, self.kernel, self.bias)
        return z if self.activation is None else self.activation(z)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        own = settings.config(self, Dense)
        # Keras leaves this key to its base layer, which writes it only when there is a penalty.
        del own["activity_regularizer"]
        return {**own, **super().get_config()}


def refuse_adapters(name, lora_rank, quantization_config):
    """Raise when a layer is asked for LoRA or quantisation, which dlprep leaves to Keras.

    Args:
        name: Class name for the message.
        lora_rank: The constructor's argument.
        quantization_config: The constructor's argument.

    Raises:
        ValueError: If either argument is set.
    """
    if lora_rank:
        raise ValueError(
            f"{name} has no LoRA (lora_rank={lora_rank!r}): use LoRADense, or keras.layers.{name}."
        )
    if quantization_config is not None:
        raise ValueError(
            f"{name} cannot be quantised (quantization_config={quantization_config!r}): "
            f"use keras.layers.{name}."
        )
