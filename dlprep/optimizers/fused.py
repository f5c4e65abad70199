"""One kernel per update: TensorFlow would otherwise pass over the memory once per operation."""

import functools

from keras import backend

SMALLEST = 2**17


def fused(update_step):
    """Compile an optimizer's `update_step` into one kernel where that pays.

    Adam reads and writes the memory of a variable about twelve times, operation by operation, and
    once when compiled. It pays inside a TensorFlow graph on the CPU, for a dense gradient and a
    variable of at least `SMALLEST` components: smaller ones would take hundreds of steps to win
    back the compilation. Everywhere else the update runs as it is written.

    Args:
        update_step: Method of an optimizer that takes a gradient, a variable and a learning rate.

    Returns:
        A method of the same signature, which does the same.

    Example:
        >>> from dlprep.optimizers import SGD
        >>> SGD.update_step.__name__
        'update_step'

    Reference:
        Snider, Liang 2023, "Operator fusion in XLA: analysis and evaluation", arXiv:2301.13062.
    """

    @functools.wraps(update_step)
    def run(self, gradient, variable, learning_rate):
        if not _pays(gradient, variable):
            return update_step(self, gradient, variable, learning_rate)
        import tensorflow as tf

        @tf.function(jit_compile=True, autograph=False)
        def kernel(gradient, learning_rate):
            update_step(self, gradient, variable, learning_rate)

        return kernel(gradient, tf.convert_to_tensor(learning_rate))

    return run


def _pays(gradient, variable):
    if backend.backend() != "tensorflow":
        return False
    import tensorflow as tf

    return (
        not tf.executing_eagerly()
        and variable.shape.num_elements() >= SMALLEST
        and isinstance(gradient, tf.Tensor)
        and not tf.distribute.has_strategy()
        and not tf.config.list_logical_devices("GPU")
    )
