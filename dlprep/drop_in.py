"""How a family stands in for Keras's: what it does not reimplement, it hands on from there."""

import difflib
import functools
import inspect
import sys
from importlib import import_module


def hand_on(package, keras_family=None):
    """Return `__getattr__` and `__dir__` for the module of a family.

    Args:
        package: Name of the module, such as `dlprep.layers`; its `__all__` holds what is ours.
        keras_family: Where Keras has the family, if not under the same name.

    Returns:
        Two functions. The first finds what Keras's family has and ours lacks, an alias such as
        `MaxPool2D` as the class of ours that it means, `get` and `deserialize` such that a bare
        name finds ours first. The second lists both families' names.
    """
    theirs = import_module(f"keras.{keras_family or package.removeprefix('dlprep.')}")
    family = Family(sys.modules[package], theirs)
    return family.attribute, family.names


class Family:
    """A family of ours beside Keras's.

    Args:
        ours: The module of our family.
        theirs: That of Keras's.
    """

    def __init__(self, ours, theirs):
        self.ours, self.theirs = ours, theirs

    def names(self):
        """Return the public names of both."""
        return sorted({*self.ours.__all__, *(n for n in dir(self.theirs) if n[0] != "_")})

    def attribute(self, name):
        """Return what Keras's family has under a name, or what of ours it means."""
        if name.startswith("_") or not hasattr(self.theirs, name):
            raise AttributeError(self.missing(name), name=name, obj=self.ours)
        found = getattr(self.theirs, name)
        return self.ours_first(found) if name in ("get", "deserialize") else self.counterpart(found)

    def missing(self, name):
        """Say that neither family has a name, and which is the nearest."""
        near = difflib.get_close_matches(name, self.names(), n=1)
        hint = f" The nearest name is {near[0]!r}." if near else ""
        return f"Neither {self.ours.__name__} nor {self.theirs.__name__} has {name!r}.{hint}"

    def counterpart(self, found):
        """Return ours for a class or function of Keras's that we have too, else what was given."""
        known = getattr(found, "__module__", "").startswith("keras.")
        name = getattr(found, "__name__", None)
        return getattr(self.ours, name) if known and name in self.ours.__all__ else found

    def ours_first(self, function):
        """Return Keras's `get` or `deserialize`, changed such that bare names mean ours."""
        signature = inspect.signature(function)

        @functools.wraps(function)
        def changed(*args, **kwargs):
            bound = signature.bind(*args, **kwargs)
            first = next(iter(bound.arguments))
            given = bound.arguments[first]
            bound.arguments[first] = self.completed(given, bound.arguments.get("custom_objects"))
            found = function(*bound.args, **bound.kwargs)
            return self.alias(found) if isinstance(given, str) else found

        return changed

    def alias(self, found):
        """Return ours for what Keras made of a short name such as `mse`, if we have it."""
        theirs = found if inspect.isfunction(found) else type(found)
        ours = self.counterpart(theirs)
        return found if ours is theirs else made(ours)

    def completed(self, identifier, custom_objects):
        """Return our object for its bare name, and a configuration of ours with its module."""
        bare = isinstance(identifier, dict) and not {"module", "registered_name"} & {*identifier}
        name = identifier.get("class_name") if bare else identifier
        if not isinstance(name, str):
            return identifier
        registered = saving().get_registered_object(name, custom_objects)
        if registered is not None:
            return identifier if bare else made(registered)
        thing = self.named(name)
        # Keras decides whether "binary_accuracy" is the function or the class.
        if thing is None or (inspect.isfunction(thing) and hasattr(self.theirs, name)):
            return identifier
        if not bare:
            return made(thing)
        return {**identifier, "registered_name": saving().get_registered_name(thing)}

    def named(self, name):
        """Return our class or function of a bare name, or None."""
        things = {name: getattr(self.ours, name) for name in self.ours.__all__}
        # Keras writes the names of classes in lower case too, with or without underscores.
        classes = {key.lower(): thing for key, thing in things.items() if inspect.isclass(thing)}
        return things.get(name) or classes.get(name.lower().replace("_", ""))


def made(thing):
    """Return a function as it is, and an object of a class."""
    return thing() if inspect.isclass(thing) else thing


def saving():
    """Return Keras's module, not before it is needed."""
    return import_module("keras.saving")
