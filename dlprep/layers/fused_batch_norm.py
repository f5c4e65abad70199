"""Batch normalisation by TensorFlow's own kernel."""

import math

from keras import backend, ops

# Per example; below it the kernel costs more to start than it saves.
SMALLEST = 2**12
# Less is refused on a GPU.
SMALLEST_EPSILON = 1.001e-5


def fused_batch_norm(x, gamma, beta, mean=None, variance=None, epsilon=1e-3):
    r"""Standardise each channel, passing over the memory as rarely as one can.

    $$ y = \gamma \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta $$

    Training takes a third to two thirds of the time of the same, operation by operation.

    Args:
        x: Inputs of shape `(batch, ..., channels)` that `kernel_takes` has said yes to.
        gamma: Scale $\gamma$ of shape `(channels,)`, or None for 1.
        beta: Shift $\beta$ of that shape, or None for 0.
        mean: Mean $\mu$ of that shape, or None for the inputs' own.
        variance: Variance $\sigma^2$ of that shape, or None with the mean.
        epsilon: Number $\epsilon$ added to the variance.

    Returns:
        The standardised inputs, and the mean and the variance of each channel.

    Reference:
        Ioffe, Szegedy 2015, arXiv:1502.03167, algorithms 1 and 2.
    """
    import tensorflow as tf

    channels, own = x.shape[-1:], mean is None
    y, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
        x=ops.reshape(x, (-1, 1, 1, *channels)),
        scale=ops.ones(channels, x.dtype) if gamma is None else ops.cast(gamma, x.dtype),
        offset=ops.zeros(channels, x.dtype) if beta is None else ops.cast(beta, x.dtype),
        mean=[] if own else ops.cast(mean, x.dtype),
        variance=[] if own else ops.cast(variance, x.dtype),
        epsilon=epsilon,
        is_training=own,
    )
    if own:
        # The kernel divides the squares by one less than their number.
        number = tf.cast(tf.size(x) // channels[0], x.dtype)
        variance = variance * tf.maximum(number - 1, 1) / number
    return ops.reshape(y, ops.shape(x)), mean, variance


def kernel_takes(x, axis, epsilon):
    """Return whether `fused_batch_norm` can take the input, and the input is large enough.

    Args:
        x: Inputs of any shape.
        axis: Channel axis of the layer.
        epsilon: Number added to the variance.
    """
    example = tuple(x.shape[1:])
    return (
        backend.backend() == "tensorflow"
        and axis in (-1, len(example))
        and example[-1] is not None
        and x.dtype == "float32"
        and epsilon >= SMALLEST_EPSILON
        and (None in example or math.prod(example) >= SMALLEST)
    )
