"""Constructor arguments of a layer: resolved as Keras does, kept for the config and the weights.

Every layer here keeps each argument under its own name, so the signature of `__init__` is also the
list of what `get_config` has to return. An argument whose name ends in `activation`, `initializer`,
`regularizer` or `constraint` may be a string, a config or an object, and Keras's `get` of that
family resolves it.
"""

import inspect

from keras import activations, constraints, initializers, regularizers

FAMILIES = {
    "activation": activations,
    "initializer": initializers,
    "regularizer": regularizers,
    "constraint": constraints,
}


def family(name):
    """Return the Keras module that reads and writes the setting `name`, or None for plain values.

    Args:
        name: An argument's name, for example `kernel_initializer`.
    """
    return FAMILIES.get(name.rpartition("_")[2])


def store(layer, **arguments):
    """Set each argument on the layer under its own name, resolved by its family.

    Args:
        layer: The layer under construction, after `super().__init__`.
        **arguments: Name and value as the constructor received them.
    """
    for name, value in arguments.items():
        kind = family(name)
        setattr(layer, name, kind.get(value) if kind else value)


# Keras's base layer writes `activity_regularizer` itself when there is one; the others stand in
# some signatures only so that calls written for Keras bind.
NOT_IN_CONFIG = ("self", "activity_regularizer", "lora_rank", "lora_alpha")


def config(layer, cls):
    """Return the constructor arguments of `cls`, read from the layer, as a config.

    Args:
        layer: An instance of `cls`.
        cls: The class whose `__init__` names the arguments.
    """
    found = {}
    for name, parameter in inspect.signature(cls.__init__).parameters.items():
        if name in NOT_IN_CONFIG or parameter.kind is parameter.VAR_KEYWORD:
            continue
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


def weight(layer, name, shape, **options):
    """Add the weight `name` with the initializer, regularizer and constraint set for it.

    Args:
        layer: The layer under construction, inside `build`.
        name: The weight's name; `kernel` looks up `kernel_initializer` and so on.
        shape: Shape of the weight.
        **options: Further arguments of `add_weight`.
    """
    given = {
        kind: getattr(layer, f"{name}_{kind}", None)
        for kind in ("initializer", "regularizer", "constraint")
    }
    return layer.add_weight(name=name, shape=shape, **given, **options)
