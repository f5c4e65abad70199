"""Slope of a network with respect to its input, inside a loss, on whichever backend runs."""

import keras
from keras import ops


def input_gradient(network, x, training=False):
    r"""Return the gradient of a network's output, summed, with respect to its input.

    $$ g_i = \nabla_{x_i} \sum_j f(x_j) $$

    Rows that do not influence one another each get their own gradient. It can be differentiated
    once more, for penalties on the slope. `keras.ops` has no gradients, so this is the one place
    with a function per backend.

    Args:
        network: A built Keras model.
        x: Its input, shape `(batch, ...)`.
        training: Whether the call is part of training; what it does to the network's state is
            forgotten.

    Returns:
        Tensor of the shape of `x`.

    Example:
        >>> import keras
        >>> from dlprep.models.input_gradient import input_gradient
        >>> network = keras.Sequential([keras.Input((1,)), keras.layers.Lambda(lambda x: x**2)])
        >>> float(input_gradient(network, keras.ops.array([[3.0]]))[0, 0])
        6.0

    Reference:
        Gulrajani et al. 2017, arXiv:1704.00028, equation 3.
    """
    weights, state = network.trainable_variables, network.non_trainable_variables

    def total(x):
        output, _ = network.stateless_call(weights, state, x, training=training)
        return ops.sum(output)

    return _BACKENDS[keras.backend.backend()](total, x)


def _tensorflow(function, x):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(x)
        value = function(x)
    return tape.gradient(value, x)


def _jax(function, x):
    import jax

    return jax.grad(function)(x)


def _torch(function, x):
    import torch

    with torch.enable_grad():
        x = x.detach().requires_grad_()
        return torch.autograd.grad(function(x), x, create_graph=True)[0]


_BACKENDS = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}
