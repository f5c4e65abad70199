"""Every option of every public component is set in some row of the tables, away from its default.

What no row can say has a test of its own, which `cases/option_exceptions.py` names.
"""

import importlib
import inspect
import re
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import keras
import numpy as np
import pytest
from components.cases.activations import ACTIVATIONS
from components.cases.activations import VARIANTS as FURTHER_ACTIVATIONS
from components.cases.callbacks import CALLBACKS
from components.cases.callbacks import VARIANTS as FURTHER_CALLBACKS
from components.cases.constraints import CONSTRAINTS
from components.cases.initializers import INITIALIZERS
from components.cases.layer_options import options_of, rows
from components.cases.layers import LAYERS
from components.cases.losses import LOSSES
from components.cases.losses import VARIANTS as FURTHER_LOSSES
from components.cases.metrics import METRICS
from components.cases.models import MODELS
from components.cases.optimizers import OPTIMIZERS
from components.cases.option_exceptions import EXCEPTIONS
from components.cases.regularizers import REGULARIZERS
from components.cases.schedules import SCHEDULES

from dlprep import layers

HERE = Path(__file__).parent


def of_layer(name):
    """Return the rows of a layer: its own, the one for sequences, and those of its options."""
    own = [LAYERS[name].get(column, {}) for column in ("kwargs", "sequence")]
    return [*(row(layers) if callable(row) else row for row in own), *map(options_of, rows(name))]


# family -> name -> what a call of it may be given, row by row
TABLES = {
    "activations": {n: [row, *FURTHER_ACTIVATIONS.get(n, [])] for n, row in ACTIVATIONS.items()},
    "callbacks": {n: [row, *FURTHER_CALLBACKS.get(n, [])] for n, row in CALLBACKS.items()},
    "constraints": {name: [row] for name, row in CONSTRAINTS.items()},
    "initializers": {name: [row] for name, row in INITIALIZERS.items()},
    "layers": {name: of_layer(name) for name in LAYERS},
    "losses": {
        name: [row.get("kwargs", {}), *(settings for settings, _ in FURTHER_LOSSES.get(name, []))]
        for name, row in LOSSES.items()
    },
    "metrics": {name: [row["kwargs"] for row in rows] for name, rows in METRICS.items()},
    "models": {name: [row["kwargs"]()] for name, row in MODELS.items()},
    "optimizers": OPTIMIZERS,
    "regularizers": {name: [row] for name, row in REGULARIZERS.items()},
    "schedules": SCHEDULES,
}
BASES = {
    "layers": keras.layers.Layer,
    "losses": keras.losses.Loss,
    "metrics": keras.metrics.Metric,
    "models": keras.Model,
}


def options(family, name):
    """Return the options of a component with their defaults, beside those of Keras's base class."""
    component = getattr(importlib.import_module(f"dlprep.{family}"), name)
    taken = inspect.signature(component).parameters
    base = inspect.signature(BASES[family]).parameters if family in BASES else {}
    # An optimizer tells its own from those of Keras's base class.
    common = {"name", "dtype", *base, *(taken.keys() - getattr(component, "options", taken))}
    common -= {"activity_regularizer", "reduction"}
    return {
        key: parameter.default
        for key, parameter in taken.items()
        if parameter.default is not parameter.empty and key not in common
    }


def differ(value, default):
    """Say whether a value is another than the default."""
    same = value is default or (type(value) is type(default) and value == default)
    return not same and not (np.ndim(value) == 0 and value == default)


@cache
def unset():
    """Return `family.name.option` of each option that no row sets to another value."""
    return [
        f"{family}.{name}.{option}"
        for family, table in TABLES.items()
        for name, given in table.items()
        for option, default in options(family, name).items()
        if not any(option in row and differ(row[option], default) for row in given)
    ]


def test_every_option_is_set_in_some_row_or_has_a_test_of_its_own():
    assert [one for one in unset() if not any(fnmatch(one, key) for key in EXCEPTIONS)] == []


@pytest.mark.parametrize("pattern", EXCEPTIONS)
def test_an_exception_is_needed_and_its_test_is_there(pattern):
    excused = {one.rpartition(".")[2] for one in unset() if fnmatch(one, pattern)}
    assert excused, "no exception is needed"
    _, file, test = EXCEPTIONS[pattern]
    text = (HERE / f"{file}.py").read_text("utf-8")
    assert re.search(rf"^def {test}\(", text, re.MULTILINE), "there is no such test"
    assert {option for option in excused if option not in text} == set(), "it is not tested there"


@pytest.mark.parametrize("family", TABLES)
def test_every_public_class_is_in_the_tables(family):
    names = importlib.import_module(f"dlprep.{family}").__all__
    classes = {name for name in names if name[0].isupper() or family == "activations"}
    assert classes == set(TABLES[family])
