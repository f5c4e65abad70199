"""TensorFlow's own kernels of three rules: one pass over the memory, not one per operation."""

from keras import backend

from dlprep.optimizers.averages import bias_correction


def kernel_of(rule, variables, gradient):
    """Return TensorFlow's kernel of a rule, or None where there is none that can be used.

    Args:
        rule: A rule of this package, such as `adam`.
        variables: The model variable and its optimizer variables, of TensorFlow.
        gradient: Gradient of the variable, dense or sparse.

    Example:
        >>> import keras
        >>> from dlprep.optimizers.kernels import kernel_of
        >>> from dlprep.optimizers.sgd import sgd
        >>> kernel_of(sgd, [], keras.ops.ones(3)) is None
        True

    Reference:
        https://www.tensorflow.org/api_docs/python/tf/raw_ops
    """
    if backend.backend() != "tensorflow" or rule.__name__ not in KERNELS:
        return None
    import tensorflow as tf
    from tensorflow.python.ops.control_flow_util import GraphOrParentsInXlaContext

    usable = (
        isinstance(gradient, tf.Tensor)
        and {x.dtype for x in variables} == {gradient.dtype}
        and not tf.distribute.has_strategy()
        # XLA joins the operations of the rule itself.
        and not GraphOrParentsInXlaContext(tf.compat.v1.get_default_graph())
    )
    return KERNELS[rule.__name__] if usable else None


def _momentum(tf, variable, velocity, gradient, learning_rate, momentum, nesterov):
    tf.raw_ops.ResourceApplyKerasMomentum(
        var=variable.handle,
        accum=velocity.handle,
        lr=learning_rate,
        grad=gradient,
        momentum=momentum,
        use_nesterov=nesterov,
    )


def _adadelta(tf, variable, mean_gradient, mean_update, gradient, learning_rate, rho, epsilon):
    tf.raw_ops.ResourceApplyAdadelta(
        var=variable.handle,
        accum=mean_gradient.handle,
        accum_update=mean_update.handle,
        lr=learning_rate,
        rho=rho,
        epsilon=epsilon,
        grad=gradient,
    )


def _adamax(tf, variable, m, u, gradient, step, learning_rate, beta_1, beta_2, epsilon):
    rate = learning_rate / bias_correction(beta_1, step)
    tf.raw_ops.ResourceApplyAdaMax(
        var=variable.handle,
        m=m.handle,
        v=u.handle,
        beta1_power=tf.zeros_like(rate),
        lr=rate,
        beta1=beta_1,
        beta2=beta_2,
        epsilon=epsilon,
        grad=gradient,
    )


# Not Adam's: it rounds 1 - beta_2 to four digits, and a square that overflows makes NaN of it.
KERNELS = {"adadelta": _adadelta, "adamax": _adamax, "momentum": _momentum}
