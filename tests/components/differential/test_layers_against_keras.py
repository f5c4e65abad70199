"""Our layers equal Keras's on random configurations: values, gradients and weights after a call."""

import keras
import pytest
from components.differential.comparison import (
    EXAMPLES,
    TOLERANCE,
    assert_equal_to_keras,
    flags,
    seeds,
)
from components.differential.feed_forward import FEED_FORWARD
from components.differential.sequences import SEQUENCES
from hypothesis import given
from hypothesis import strategies as st

from dlprep import layers

CASES = FEED_FORWARD | SEQUENCES


def test_every_layer_that_keras_has_is_compared():
    assert sorted(CASES) == [name for name in layers.__all__ if hasattr(keras.layers, name)]


@pytest.mark.parametrize("name", CASES)
@EXAMPLES
@given(data=st.data(), seed=seeds, dtype=st.sampled_from(sorted(TOLERANCE)), traced=flags)
def test_layer_equals_that_of_keras(name, data, seed, dtype, traced):
    case = data.draw(CASES[name])
    assert_equal_to_keras(name, case, seed, case.only or dtype, traced)
