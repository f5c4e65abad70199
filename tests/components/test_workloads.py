"""The benchmark against Keras runs everything that Keras has too, and knows what is special."""

import keras
import pytest
from benchmarks import workloads
from components.cases.layers import LAYERS

import dlprep


@pytest.mark.parametrize("family", ["layers", "losses", "optimizers"])
def test_the_benchmark_runs_all_that_keras_has(family):
    ours, theirs = getattr(dlprep, family), getattr(keras, family)
    shared = {name for name in ours.__all__ if name[0].isupper() and hasattr(theirs, name)}
    assert set(getattr(workloads, family.upper())) == shared


@pytest.mark.parametrize(
    ("listed", "column"), [("CELLS", "cell"), ("INTEGERS", "high"), ("TWO_ARGUMENTS", "unpack")]
)
def test_what_is_special_of_a_layer_is_what_its_row_says(listed, column):
    special = {name for name in workloads.LAYERS if column in LAYERS[name]}
    assert getattr(workloads, listed) == special
