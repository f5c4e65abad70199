"""Gradients of a function of one tensor on whichever backend runs."""

import keras
import numpy as np


def value_and_gradient(function, x):
    """Return `function(x)` and the gradient of its sum with respect to `x`, as NumPy arrays."""
    x = np.asarray(x, "float32")
    value, gradient = _BACKENDS[keras.backend.backend()](function, x)
    assert gradient is not None, "the value does not depend on x"
    return keras.ops.convert_to_numpy(value), keras.ops.convert_to_numpy(gradient)


def _tensorflow(function, x):
    import tensorflow as tf

    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = function(x)
    return value, tape.gradient(value, x)


def _jax(function, x):
    import jax

    def summed(x):
        value = function(x)
        return value.sum(), value

    (_, value), gradient = jax.value_and_grad(summed, has_aux=True)(x)
    return value, gradient


def _torch(function, x):
    import torch

    x = torch.tensor(x, requires_grad=True)
    value = function(x)
    if value.requires_grad:
        value.sum().backward()
    return value, x.grad


_BACKENDS = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}
