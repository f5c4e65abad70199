"""Every function of the reference shows its use, and needs NumPy alone."""

import ast
import doctest
import importlib
import inspect
import re
import sys
from pathlib import Path

import pytest

import dlprep.reference

ROOT = Path(dlprep.reference.__file__).parent
MODULES = [
    ".".join(("dlprep.reference", *path.relative_to(ROOT).with_suffix("").parts))
    for path in sorted(ROOT.rglob("*.py"))
    if path.stem != "__init__"
]


def imported(module):
    """Return the names of the modules that a module imports."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


@pytest.mark.parametrize("name", MODULES)
def test_a_module_needs_numpy_alone(name):
    for given in imported(importlib.import_module(name)):
        root = given.partition(".")[0]
        allowed = root == "numpy" or root in sys.stdlib_module_names
        assert allowed or given.startswith("dlprep.reference"), given


@pytest.mark.parametrize("name", MODULES)
def test_every_function_has_an_example_that_runs(name):
    module = importlib.import_module(name)
    functions = {
        public: thing
        for public, thing in vars(module).items()
        if inspect.isfunction(thing) and thing.__module__ == name and public[0] != "_"
    }
    runner = doctest.DocTestRunner(verbose=False)
    for test in doctest.DocTestFinder().find(module, name):
        assert runner.run(test).failed == 0
    for public, thing in functions.items():
        assert re.search("^Example:", inspect.getdoc(thing), re.MULTILINE), public
