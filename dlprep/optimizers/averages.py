r"""Exponentially weighted averages: the memory of every adaptive optimizer.

An average that starts at zero is too small at first; dividing it by the bias correction
$1 - \beta^t$ mends that.
"""

import math

from keras import backend, ops


def moving_average(average, value, beta):
    r"""Move an exponentially weighted average towards a new value.

    $$ v_t = \beta v_{t-1} + (1 - \beta) \theta_t $$

    Args:
        average: The average so far $v_{t-1}$, a tensor of any shape.
        value: The new value $\theta_t$, of the same shape.
        beta: Share of the old average that is kept, a float in $[0, 1)$; the average reaches back
            over about $1 / (1 - \beta)$ values.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.averages import moving_average
        >>> round(float(moving_average(ops.array(10.0), ops.array(20.0), beta=0.9)), 4)
        11.0

    Reference:
        Kingma, Ba 2015, arXiv:1412.6980, algorithm 1.
    """
    return ops.add(ops.multiply(beta, average), ops.multiply(1 - beta, value))


def bias_correction(beta, step):
    r"""Return the total weight of the values in an average that began at zero.

    $$ 1 - \beta^t = -\operatorname{expm1}(t \ln \beta) $$

    Args:
        beta: Share of the old average that is kept, a float in $[0, 1)$.
        step: Number of values averaged $t \ge 1$, a float tensor.

    Returns:
        Tensor of the shape of `step`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.averages import bias_correction
        >>> round(float(bias_correction(0.9, ops.array(2.0))), 4)
        0.19

    Reference:
        Kingma, Ba 2015, arXiv:1412.6980, section 3.
    """
    # float32 holds 0.999 only to 1e-8, so 1 - beta would be off by 5e-5 of itself; ln(beta) is
    # taken in double precision and rounded once.
    rate = math.log(beta) if beta > 0 else -math.inf
    return ops.negative(ops.expm1(ops.multiply(step, rate)))


def precision(dtype):
    """Return the type to compute updates in: float32, or the variable's own where it is wider.

    Args:
        dtype: Type of the model variable, such as `"float16"`.

    Returns:
        Name of a float type.

    Example:
        >>> from dlprep.optimizers.averages import precision
        >>> precision("float16"), precision("float64")
        ('float32', 'float64')

    Reference:
        Micikevicius et al. 2018, "Mixed precision training", arXiv:1710.03740, section 3.
    """
    return backend.result_type(dtype, "float32")


def add_slots(optimizer, variables, names, initializer="zeros"):
    """Create optimizer variables shaped like the model's and never narrower than float32.

    The square of a gradient of 1e-4 is zero in float16, and a step divided by its root explodes.

    Args:
        optimizer: The optimizer under construction, inside `build`.
        variables: Model variables.
        names: Names of the slots of each variable, a list of strings.
        initializer: Keras initializer of their first values.

    Returns:
        One list of optimizer variables per name, each in the order of `variables`.

    Example:
        >>> import keras
        >>> from dlprep.optimizers.averages import add_slots
        >>> optimizer = keras.optimizers.Optimizer(learning_rate=0.1)
        >>> (velocities,) = add_slots(optimizer, [keras.Variable([1.0, 2.0])], ["velocity"])
        >>> tuple(velocities[0].shape)
        (2,)

    Reference:
        Micikevicius et al. 2018, "Mixed precision training", arXiv:1710.03740, section 3.
    """
    rows = [[add_slot(optimizer, v, name, initializer) for name in names] for v in variables]
    return [[row[i] for row in rows] for i in range(len(names))]


def add_slot(optimizer, variable, name, initializer="zeros"):
    """Create one optimizer variable for a model variable; see `add_slots`.

    Args:
        optimizer: The optimizer under construction, inside `build`.
        variable: A model variable.
        name: Name of the slot.
        initializer: Keras initializer of its first values.

    Returns:
        The optimizer variable, or None where Keras overwrites the variable with its gradient.

    Example:
        >>> import keras
        >>> from dlprep.optimizers.averages import add_slot
        >>> optimizer = keras.optimizers.Optimizer(learning_rate=0.1)
        >>> tuple(add_slot(optimizer, keras.Variable([1.0]), "velocity").shape)
        (1,)

    Reference:
        Micikevicius et al. 2018, "Mixed precision training", arXiv:1710.03740, section 3.
    """
    if getattr(variable, "overwrite_with_gradient", False):
        return None
    dtype = precision(variable.dtype)
    if dtype == backend.standardize_dtype(variable.dtype):
        return optimizer.add_variable_from_reference(variable, name, initializer)
    return optimizer.add_variable(
        variable.shape,
        initializer,
        dtype,
        layout=getattr(variable, "_layout", None),
        name=f"{variable.path.replace('/', '_')}_{name}",
    )
