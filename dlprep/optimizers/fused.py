"""One kernel per step: TensorFlow would otherwise pass over the memory once per operation."""

import functools

from keras import Variable, backend, optimizers

from dlprep.optimizers.averages import bias_correction

SMALLEST = 2**17


def fused_step(optimizer, variable, slots, rule, gradient, *weights, **options):
    """Take the step that a rule returns, in one kernel where that is faster.

    Adam reads and writes the memory of a variable about twelve times, operation by operation, and
    once when compiled. Variables of one shape share a kernel, which takes a fraction of a second
    to compile. Where TensorFlow has a kernel of the rule (`kernel_of`), nothing is compiled.
    Everywhere else the rule runs as it is written.

    Args:
        optimizer: The optimizer, built.
        variable: The model variable.
        slots: Its optimizer variables.
        rule: Function of the gradient, the weights if it wants them, the slots and the options.
        gradient: Gradient of the variable, dense.
        *weights: The variable's value, or nothing.
        **options: The rule's other arguments: tensors and plain numbers.
    """
    native, *own = map(_native, [variable, *slots])
    fast = backend.backend() == "tensorflow" and not hooked(optimizer)
    kernel = kernel_of(rule, [native, *own], gradient) if fast else None
    if kernel:
        import tensorflow as tf

        kernel(tf, native, *own, gradient, **_natives(options))
    elif fast and worth_compiling(gradient):
        given = {name: _read(value) for name, value in _natives(options).items()}
        handles, dtypes = zip(*((x.handle, x.dtype) for x in (native, *own)), strict=True)
        weights = [_read(_native(weight)) for weight in weights]
        compiled(rule, optimizer.moves)(handles, dtypes, gradient, *weights, **given)
    else:
        update, *values = rule(gradient, *weights, *slots, **options)
        for slot, value in zip(slots, values, strict=True):
            optimizer.assign(slot, value)
        getattr(optimizer, optimizer.moves)(variable, update)


def hooked(optimizer):
    """Return whether a subclass stores values in its own way, which a kernel would go around."""
    keras_own = ((name, getattr(optimizers.Optimizer, name)) for name in ("assign", "assign_sub"))
    return any(getattr(optimizer, name) != own.__get__(optimizer) for name, own in keras_own)


def worth_compiling(gradient):
    """Return whether a compiled step is faster: in a graph on the CPU, for a large variable."""
    import tensorflow as tf

    return (
        not tf.executing_eagerly()
        and (gradient.shape.num_elements() or 0) >= SMALLEST
        and not tf.distribute.has_strategy()
        and not tf.config.list_logical_devices("GPU")
    )


@functools.cache
def compiled(rule, moves):
    """Return the kernel of a rule."""
    import tensorflow as tf

    # It gets handles: a function that has seen variables is of no use to others of their shape
    # when they are gone.
    @tf.function(jit_compile=True, autograph=False)
    def kernel(handles, dtypes, *arguments, **options):
        own, *slots = zip(handles, dtypes, strict=True)
        slots = [tf.raw_ops.ReadVariableOp(resource=x, dtype=dtype) for x, dtype in slots]
        update, *values = rule(*arguments, *slots, **options)
        for handle, value in zip(handles[1:], values, strict=True):
            tf.raw_ops.AssignVariableOp(resource=handle, value=value)
        move = {"assign": tf.raw_ops.AssignVariableOp, "assign_sub": tf.raw_ops.AssignSubVariableOp}
        move[moves](resource=own[0], value=tf.cast(update, own[1]))

    return kernel


def _read(x):
    return x.read_value() if hasattr(x, "read_value") else x


def _native(x):
    if isinstance(x, Variable):
        return x.value
    # A NumPy number would become a tensor, and a rule takes logarithms of plain ones.
    return x.item() if hasattr(x, "item") else x


def _natives(options):
    return {name: _native(value) for name, value in options.items()}


def kernel_of(rule, variables, gradient):
    """Return TensorFlow's own kernel of a rule, or None where there is none that can be used."""
    if rule.__name__ not in KERNELS:
        return None
    import tensorflow as tf
    from tensorflow.python.ops.control_flow_util import GraphOrParentsInXlaContext

    usable = (
        {x.dtype for x in variables} == {gradient.dtype}
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
