"""A pytest plugin: Keras's own tests of one family get our objects where they ask for Keras's.

A test reaches a component through the family's namespace, through the module that defines it, or by
its name as a string. All three lead to ours; the rest of Keras keeps its own. How often each class
was made is told in the report.
"""

import functools
import importlib
import inspect
import json
import sys
import types
from collections import Counter

import pytest

# Where a family's `get` looks names up, beside the family's own namespace.
TABLES = ("ALL_OBJECTS_DICT", "ALL_CLASSES_DICT")
MADE = Counter()


def pytest_addoption(parser):
    parser.addoption("--family", required=True, help="such as layers or optimizers.schedules")


def pytest_configure(config):
    config.addinivalue_line("markers", "requires_trainable_backend: Keras's own")
    config.addinivalue_line("markers", "multi_device: Keras's own")
    sys.modules["conftest"] = stand_in()
    pairs = replacements(config.getoption("--family"))
    for original, ours in pairs.items():
        substitute(original, ours)
    counted = [ours for ours in pairs.values() if isinstance(ours, type)]
    for ours in counted:
        count(ours, counted)


@pytest.fixture(autouse=True, scope="session")
def told(record_testsuite_property):
    """Write into the report how often each class was made."""
    yield
    record_testsuite_property("made", json.dumps(MADE))


def count(ours, counted):
    """Count the instances of a class, and of classes that tests derive from it, by its name."""
    make = ours.__init__

    @functools.wraps(make)
    def counting(self, *args, **kwargs):
        nearest = next(cls for cls in type(self).__mro__ if cls in counted)
        MADE[ours.__name__] += nearest is ours
        make(self, *args, **kwargs)

    # Keras asks it for the names of positional arguments.
    counting.__signature__ = inspect.signature(make)
    ours.__init__ = counting


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
