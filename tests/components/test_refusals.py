"""What cannot work is refused, and the message names it; what only just can is not."""

import re
from importlib import import_module

import keras
import numpy as np
import pytest
from components.arrays import assert_close
from components.cases.refusals import EDGES, REFUSED


def call(row):
    return f"{row[1]}({', '.join(f'{k}={v}' for k, v in row[2].items())})"


@pytest.mark.parametrize("row", REFUSED, ids=call)
def test_what_cannot_work_is_refused(row):
    family, name, arguments, message, *shape = row
    cls = getattr(import_module(f"dlprep.{family}"), name)
    if not shape:
        with pytest.raises(ValueError, match=message):
            cls(**arguments)
        return
    layer, x = cls(**arguments), np.ones(shape[0], "float32")
    options = {"training": True} if layer._call_has_training_arg else {}
    with pytest.raises(ValueError) as refusal:
        layer(x, **options)
    assert re.search(message, str(refusal.value), re.DOTALL)


@pytest.mark.parametrize("row", EDGES, ids=call)
def test_arguments_at_the_edge_do_what_they_do_in_keras(row):
    family, name, arguments, shape = row
    values = []
    for package in ("dlprep", "keras"):
        keras.utils.set_random_seed(0)
        one = getattr(import_module(f"{package}.{family}"), name)(**arguments)
        x = np.random.default_rng(0).normal(size=shape).astype("float32")
        options = {"training": True} if getattr(one, "_call_has_training_arg", False) else {}
        values.append(one(shape if family == "initializers" else keras.ops.array(x), **options))
    assert_close(*values, rtol=1e-5, atol=1e-6)
