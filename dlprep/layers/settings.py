"""Constructor arguments of a layer: checked, resolved as Keras does, kept for config and weights.

Every layer here keeps each argument under its own name, so the signature of `__init__` is also the
list of what `get_config` has to return. An argument whose name ends in `activation`, `initializer`,
`regularizer` or `constraint` may be a string, a config or an object, and Keras's `get` of that
family resolves it. Constructors pass `locals()`, so that a signature is written only once.
"""

import inspect
import math
import numbers

from keras import activations, constraints, initializers, regularizers

FAMILIES = {
    "activation": activations,
    "initializer": initializers,
    "regularizer": regularizers,
    "constraint": constraints,
}

# Of these no other value makes sense; Keras takes any.
RANGES = {
    "rate": (0, 1),
    "stddev": (0, 1),
    "momentum": (0, 1),
    "renorm_momentum": (0, 1),
    "epsilon": (0, math.inf),
}

# Keras's base layer keeps and writes the first three itself; LoRA stands in some signatures only so
# that calls written for Keras bind; `output_shape` would hide what model summaries read.
ELSEWHERE = ("name", "dtype", "trainable", "lora_rank", "lora_alpha", "output_shape")


def family(name):
    """Return the Keras module that reads and writes the setting `name`, or None for plain values.

    Args:
        name: An argument's name, for example `kernel_initializer`.
    """
    return FAMILIES.get(name.rpartition("_")[2])


def names(cls):
    """Return the names of the arguments of `cls.__init__`, without `self` and `**kwargs`.

    Args:
        cls: A class.
    """
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    return [p.name for p in parameters if p.kind is not p.VAR_KEYWORD]


def pick(arguments, cls):
    """Return those of the arguments that `cls.__init__` takes too.

    Args:
        arguments: Dict by name, for example `locals()` of a constructor.
        cls: A class.
    """
    return {name: arguments[name] for name in names(cls) if name in arguments}


def check_positive(**sizes):
    """Raise unless every size is a positive integer.

    Args:
        **sizes: The constructor's arguments by name.

    Raises:
        ValueError: If one is not.
    """
    for name, size in sizes.items():
        if not isinstance(size, numbers.Integral) or isinstance(size, bool) or size <= 0:
            raise ValueError(
                f"Invalid value for argument `{name}`. Expected a strictly positive value. "
                f"Received {name}={size!r}. `{name}` must be a positive integer."
            )


def check_range(low, high, **values):
    """Raise unless every value is a finite number in a range.

    Args:
        low: Least value.
        high: Greatest value.
        **values: The constructor's arguments by name.

    Raises:
        ValueError: If one is not.
    """
    for name, value in values.items():
        real = isinstance(value, numbers.Real) and math.isfinite(value)
        if not real or not low <= value <= high:
            raise ValueError(
                f"Invalid value received for argument `{name}`. Expected a float value between "
                f"{low} and {high}, but {name}={value!r} came."
            )


def store(layer, arguments):
    """Set each argument on the layer under its own name, resolved by its family.

    Args:
        layer: The layer under construction, after `super().__init__`.
        arguments: `locals()` of the constructor.

    Raises:
        ValueError: If one is outside of its range in `RANGES`.
    """
    for name, value in arguments.items():
        if name in RANGES:
            check_range(*RANGES[name], **{name: value})
        if name not in ("self", "kwargs", "__class__", *ELSEWHERE):
            kind = family(name)
            setattr(layer, name, kind.get(value) if kind else native(value))


def native(value):
    """Return NumPy numbers, also in a list or tuple, as Python's, which a JSON config can hold.

    Args:
        value: A constructor's argument.
    """
    if isinstance(value, numbers.Number) and hasattr(value, "item"):
        return value.item()
    return type(value)(map(native, value)) if type(value) in (list, tuple) else value


def config(layer, cls):
    """Return the constructor arguments of `cls`, read from the layer, as a config.

    Args:
        layer: An instance of `cls`.
        cls: The class whose `__init__` names the arguments, or a list of names.
    """
    found = {}
    for name in cls if isinstance(cls, list) else names(cls):
        if name not in ELSEWHERE:
            value = getattr(layer, name)
            kind = family(name)
            found[name] = kind.serialize(value) if kind else plain(value)
    return found


def plain(value):
    """Return the tracked lists and dicts that Keras makes of a layer's attributes as plain ones.

    Args:
        value: An attribute's value.
    """
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def weight(layer, name, shape, prefix=None, **options):
    """Add the weight `name` with the initializer, regularizer and constraint set for it.

    Args:
        layer: The layer under construction, inside `build`.
        name: The weight's name; `kernel` looks up `kernel_initializer` and so on, and
            `recurrent_kernel` looks up `recurrent_initializer`.
        shape: Shape of the weight.
        prefix: What to look up instead.
        **options: Further arguments of `add_weight`.
    """
    if prefix is None:
        prefix = name if hasattr(layer, f"{name}_initializer") else name.partition("_")[0]
    given = {
        kind: getattr(layer, f"{prefix}_{kind}", None)
        for kind in ("initializer", "regularizer", "constraint")
    }
    return layer.add_weight(name=name, shape=shape, **{**given, **options})


def copies(initializer, count):
    """Return initializers that draw apart: one instance repeats its draw each time it is called.

    Args:
        initializer: A Keras initializer; with an integer seed, the copies count up from it.
        count: Number of copies.
    """
    if not isinstance(initializer, initializers.Initializer):
        return [initializer] * count
    config = initializer.get_config()
    seed = config.get("seed")
    step = [{"seed": seed + i} if isinstance(seed, int) else {} for i in range(count)]
    return [type(initializer).from_config({**config, **seeds}) for seeds in step]


def kernels(layer, shapes):
    """Add several weights with the settings for kernels, drawn apart, as attributes of the layer.

    Args:
        layer: The layer under construction, inside `build`.
        shapes: Dict from the weights' names to their shapes.
    """
    draws = copies(layer.kernel_initializer, len(shapes))
    for (name, shape), draw in zip(shapes.items(), draws, strict=True):
        setattr(layer, name, weight(layer, name, shape, prefix="kernel", initializer=draw))
