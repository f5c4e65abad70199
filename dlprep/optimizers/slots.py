"""The memory of an optimizer: creating its variables, and taking one step with them."""

from keras import backend, ops


def precision(dtype):
    """Return the type to compute updates in: float32, or the variable's own where it is wider.

    Args:
        dtype: Type of the model variable, such as `"float16"`.

    Returns:
        Name of a float type.

    Example:
        >>> from dlprep.optimizers.slots import precision
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
        >>> from dlprep.optimizers.slots import add_slots
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
        >>> from dlprep.optimizers.slots import add_slot
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


def operands(gradient, variable, learning_rate):
    """Return gradient and learning rate in the precision of the update.

    Args:
        gradient: Gradient of the variable, dense or sparse.
        variable: The model variable.
        learning_rate: Step size of this step.

    Example:
        >>> import keras
        >>> from dlprep.optimizers.slots import operands
        >>> gradient, _ = operands(keras.ops.ones(1), keras.Variable([1.0], dtype="float16"), 0.1)
        >>> keras.backend.standardize_dtype(gradient.dtype)
        'float32'

    Reference:
        Micikevicius et al. 2018, "Mixed precision training", arXiv:1710.03740, section 3.
    """
    dtype = precision(variable.dtype)
    return ops.cast(gradient, dtype), ops.cast(learning_rate, dtype)


def step_number(optimizer, variable):
    """Return the number of this step, which begins at one, in the precision of the update.

    Args:
        optimizer: The optimizer, built.
        variable: The model variable.

    Example:
        >>> import keras
        >>> from dlprep.optimizers.slots import step_number
        >>> optimizer = keras.optimizers.Optimizer(learning_rate=0.1)
        >>> float(step_number(optimizer, keras.Variable([1.0])))
        1.0

    Reference:
        Kingma, Ba 2015, arXiv:1412.6980, algorithm 1.
    """
    step = getattr(optimizer, "_step", None)
    step = optimizer.iterations + 1 if step is None else step
    return ops.cast(step, precision(variable.dtype))


def take_step(optimizer, variable, slots, result):
    """Store what a rule returned: subtract the update, keep the new memory.

    Args:
        optimizer: The optimizer, built.
        variable: The model variable.
        slots: Its optimizer variables.
        result: The update and one new value per slot.

    Example:
        >>> import keras
        >>> from dlprep.optimizers.slots import take_step
        >>> optimizer, weight = keras.optimizers.Optimizer(learning_rate=0.1), keras.Variable(1.0)
        >>> take_step(optimizer, weight, [], [keras.ops.array(0.25)])
        >>> float(weight)
        0.75

    Reference:
        Kingma, Ba 2015, arXiv:1412.6980, algorithm 1.
    """
    update, *values = result
    for slot, value in zip(slots, values, strict=True):
        optimizer.assign(slot, value)
    optimizer.assign_sub(variable, update)
