"""Keep what a user's code changes by accident away from the code that grades it."""

import builtins
import contextlib
import functools
import inspect
import json
import math
import os
import random
import reprlib
import sys
import time
import traceback
import warnings
from collections.abc import Iterator
from types import ModuleType

USED = (
    *(builtins, contextlib, functools, inspect, json, math, os),
    *(random, reprlib, sys, time, traceback),
)
"""Python's modules that the grading uses after a user's code has run, and those of chance."""


class Guard:
    """A user's code and its check run in one interpreter; its settings are theirs apart.

    Args:
        exercise: The module of the check; what the modules it names hold is put back too.
    """

    def __init__(self, exercise: ModuleType):
        import numpy as np

        named = [value for value in vars(exercise).values() if isinstance(value, ModuleType)]
        self._modules = [*USED, np, np.linalg, np.random, *named]
        self._chance = _chance()

    @contextlib.contextmanager
    def apart(self) -> Iterator[None]:
        """Let the user's code run, then put back what it changed.

        That is: names in modules, NumPy's error state and print options, filters of warnings, the
        limit of recursion, the folder, the environment. Global chance goes on for each by itself.
        """
        import numpy as np

        before = [(vars(module), dict(vars(module))) for module in self._modules]
        limit, folder, environment = sys.getrecursionlimit(), os.getcwd(), dict(os.environ)
        chance = _chance(self._chance)
        try:
            with np.errstate(), np.printoptions(), warnings.catch_warnings():
                yield
        finally:
            for names, values in before:
                names.update(values)
            sys.setrecursionlimit(limit)
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(environment)
            self._chance = _chance(chance)


def copied(value: object) -> object:
    """Return a value with copies of its arrays, in lists and dictionaries too."""
    import numpy as np

    if isinstance(value, list | tuple):
        return [copied(part) for part in value]
    if isinstance(value, dict):
        return {key: copied(part) for key, part in value.items()}
    return value.copy() if isinstance(value, np.ndarray) else value


def unchanged(value: object, copy: object) -> bool:
    """Return whether a value is still what `copied` made a copy of."""
    import numpy as np

    if isinstance(value, list | tuple):
        return len(value) == len(copy) and all(map(unchanged, value, copy))
    if isinstance(value, dict):
        return value.keys() == copy.keys() and all(unchanged(value[key], copy[key]) for key in copy)
    if isinstance(value, np.ndarray):
        alike = (value.shape, value.dtype) == (copy.shape, copy.dtype)
        return alike and value.tobytes() == copy.tobytes()
    return value is copy


def _chance(states: tuple | None = None) -> tuple:
    """Return the states of the global generators, after which they may get others."""
    import numpy as np

    found = random.getstate(), np.random.get_state()
    if states:
        random.setstate(states[0])
        np.random.set_state(states[1])
    return found
