"""A pytest plugin: Keras's own tests of one family get our objects where they ask for Keras's.

A test reaches a component through the family's namespace, through the module that defines it, or by
its name as a string. All three lead to ours; the rest of Keras keeps its own.
"""

import importlib
import sys
import types

import pytest

# Where a family's `get` looks names up, beside the family's own namespace.
TABLES = ("ALL_OBJECTS_DICT", "ALL_CLASSES_DICT")


def pytest_addoption(parser):
    parser.addoption("--family", required=True, help="such as layers or optimizers.schedules")


def pytest_configure(config):
    config.addinivalue_line("markers", "requires_trainable_backend: Keras's own")
    config.addinivalue_line("markers", "multi_device: Keras's own")
    sys.modules["conftest"] = stand_in()
    for original, ours in replacements(config.getoption("--family")).items():
        substitute(original, ours)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("multi_device"):
            item.add_marker(pytest.mark.skip(reason="needs several devices"))


def stand_in():
    """Return what Keras's tests import from a conftest that its wheel does not hold."""
    import keras

    def skip_if_backend(name, reason):
        return pytest.mark.skipif(keras.backend.backend() == name, reason=reason)

    module = types.ModuleType("conftest")
    module.skip_if_backend = skip_if_backend
    return module


def replacements(family):
    """Return Keras's object -> ours for every public name that both have."""
    keras_family = importlib.import_module(f"keras.{family}")
    our_family = importlib.import_module(f"dlprep.{family}")
    pairs = {}
    for name in our_family.__all__:
        original, ours = getattr(keras_family, name, None), getattr(our_family, name)
        # An object's own name counts before its aliases: `orthogonal` is a class in Keras.
        if callable(original) and (original not in pairs or name == original.__name__):
            pairs[original] = ours
    return pairs


def substitute(original, ours):
    """Put ours in the module that defines the original and in the packages above it.

    Keras's tests ask there; our own code asks the public namespace, which keeps Keras's.
    """
    defining = original.__module__
    parts = defining.split(".")
    packages = {".".join(parts[:length]) for length in range(3, len(parts) + 1)}
    for name in packages:
        namespace = vars(sys.modules[name])
        for key, value in list(namespace.items()):
            if value is original:
                namespace[key] = ours
        for table in TABLES:
            names = namespace.get(table, {})
            names.update({key: ours for key, value in names.items() if value is original})
