"""One kernel per step: TensorFlow would otherwise pass over the memory once per operation."""

import functools

from keras import Variable, backend

from dlprep.optimizers.kernels import kernel_of
from dlprep.optimizers.slots import take_step

SMALLEST = 2**17


def fused_step(optimizer, variable, slots, rule, gradient, *arguments):
    """Take the step that a rule returns, in one kernel where that is faster.

    Adam reads and writes the memory of a variable about twelve times, operation by operation, and
    once when compiled. It pays inside a TensorFlow graph on the CPU, for a dense gradient of at
    least `SMALLEST` components. Variables of one shape share a kernel, which takes a fraction of a
    second to compile. Where TensorFlow has a kernel of the rule (`kernel_of`), nothing is compiled.
    Everywhere else the rule runs as it is written.

    Args:
        optimizer: The optimizer, built.
        variable: The model variable.
        slots: Its optimizer variables.
        rule: Function of the gradient and the arguments that returns the update to subtract and one
            new value per slot; named, so that the next variable finds its kernel.
        gradient: Gradient of the variable, dense or sparse.
        *arguments: The rule's other arguments: the slots, then tensors and plain numbers.

    Example:
        >>> import keras
        >>> from dlprep.optimizers.adam import adam
        >>> from dlprep.optimizers.fused import fused_step
        >>> optimizer = keras.optimizers.Optimizer(learning_rate=0.1)
        >>> weight, m, v = (keras.Variable(value) for value in (1.0, 0.0, 0.0))
        >>> one = keras.ops.array(1.0)
        >>> fused_step(optimizer, weight, [m, v], adam, one, m, v, one, 0.1)
        >>> round(float(weight), 4)
        0.9

    Reference:
        Snider, Liang 2023, "Operator fusion in XLA: analysis and evaluation", arXiv:2301.13062.
    """
    native, *own = map(_native, [variable, *slots])
    kernel = kernel_of(rule, [native, *own], gradient)
    if kernel:
        import tensorflow as tf

        kernel(tf, native, *own, gradient, *map(_native, arguments[len(slots) :]))
    elif pays(gradient):
        _compiled(rule)(native, own, gradient, *map(_native, arguments))
    else:
        take_step(optimizer, variable, slots, rule(gradient, *arguments))


def pays(gradient):
    """Return whether a compiled step is faster for this gradient.

    Args:
        gradient: Gradient of a variable, dense or sparse.

    Example:
        >>> import keras
        >>> from dlprep.optimizers.fused import pays
        >>> pays(keras.ops.ones(3))
        False

    Reference:
        `fused_step`
    """
    if backend.backend() != "tensorflow":
        return False
    import tensorflow as tf

    return (
        not tf.executing_eagerly()
        and isinstance(gradient, tf.Tensor)
        and (gradient.shape.num_elements() or 0) >= SMALLEST
        and not tf.distribute.has_strategy()
        and not tf.config.list_logical_devices("GPU")
    )


@functools.cache
def _compiled(rule):
    import tensorflow as tf

    @tf.function(jit_compile=True, autograph=False)
    def kernel(variable, slots, *arguments):
        read = (x.read_value() if isinstance(x, tf.Variable) else x for x in arguments)
        update, *values = rule(*read)
        for slot, value in zip(slots, values, strict=True):
            slot.assign(value)
        variable.assign_sub(tf.cast(update, variable.dtype))

    return kernel


def _native(x):
    if isinstance(x, Variable):
        return x.value
    # A NumPy number would become a tensor, and a rule takes logarithms of plain ones.
    return x.item() if hasattr(x, "item") else x
