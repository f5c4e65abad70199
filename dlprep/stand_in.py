"""What lets a component stand in for Keras's class of its name where code asks `isinstance`.

Code that fine-tunes asks `isinstance(layer, layers.BatchNormalization)` of a base that was trained
with Keras's own layers. With our name the answer has to be the same, so the classes of every family
that Keras has carry this metaclass. The other direction does not hold: Keras's class does not know
ours, and `isinstance(ours, keras.layers.Dense)` is False, unless a docstring says otherwise.
"""

import inspect

import keras


class StandIn(type(keras.layers.Layer)):
    """Metaclass whose classes accept instances and subclasses of Keras's class of their name.

    Only the class itself is widened: a user's subclass accepts its own instances alone.
    """

    def __instancecheck__(cls, instance):
        return super().__instancecheck__(instance) or issubclass(type(instance), cls)

    def __subclasscheck__(cls, subclass):
        return super().__subclasscheck__(subclass) or issubclass(subclass, cls.counterpart())

    def counterpart(cls):
        """Return Keras's class of this class's name and family, or an empty tuple."""
        package, _, place = cls.__module__.partition(".")
        home = keras.optimizers if place.startswith("schedules") else keras
        family = getattr(home, place.partition(".")[0], None) if package == "dlprep" else None
        return getattr(family, cls.__name__, ())

    def arguments(cls):
        """Return the names of the constructor's arguments, without `**kwargs`.

        Of a user's subclass those of the class it extends: its own are for its own config.
        """
        ours = next(base for base in cls.__mro__ if base.__module__.startswith("dlprep."))
        parameters = list(inspect.signature(ours.__init__).parameters.values())[1:]
        kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
        return [parameter.name for parameter in parameters if parameter.kind not in kinds]
