import numpy as np
import pytest
from components.arrays import array, assert_close, assert_same
from sklearn.preprocessing import MinMaxScaler

from dlprep.layers import MinMaxScaling
from dlprep.reference.scaling import min_max_scaling

rng = np.random.default_rng(0)
DATA = rng.normal(5, 2, size=(20, 3)) * [1, 100, 0] + [0, 0, 4]
NEW = rng.normal(5, 2, size=(6, 3))


def test_equals_the_reference_and_scikit_learn():
    layer = MinMaxScaling(low=-1.0, high=3.0)
    layer.adapt(DATA)
    expected = min_max_scaling(NEW, DATA.min(0), DATA.max(0), -1.0, 3.0)
    assert_close(layer(NEW), expected, rtol=1e-5, atol=1e-5)
    sklearn = MinMaxScaler((-1, 3)).fit(DATA).transform(NEW)
    assert_close(layer(NEW), sklearn, rtol=1e-5, atol=1e-5)


def test_batches_give_the_ranges_of_the_whole():
    whole, parts = MinMaxScaling(), MinMaxScaling()
    whole.adapt(DATA)
    parts.adapt([DATA[:7], DATA[7:]])
    assert_same(whole(NEW), parts(NEW))


def test_adapting_again_forgets():
    layer = MinMaxScaling()
    layer.adapt(1000 * DATA)
    layer.adapt(DATA)
    assert_close(array(layer(DATA))[:, :2].max(0), [1, 1], rtol=1e-6)


@pytest.mark.parametrize("axis", [None, 1, (1, -1)])
def test_axes_that_keep_their_own_range(axis):
    x = rng.normal(size=(4, 2, 3)).astype("float32")
    layer = MinMaxScaling(axis=axis)
    layer.adapt(x)
    reduced = {None: (0, 1, 2), 1: (0, 2), (1, -1): 0}[axis]
    low, high = x.min(reduced, keepdims=True), x.max(reduced, keepdims=True)
    assert_close(layer(x), (x - low) / (high - low), rtol=1e-5, atol=1e-6)


def test_wrong_arguments():
    with pytest.raises(ValueError, match="below"):
        MinMaxScaling(low=1.0, high=1.0)
    with pytest.raises(ValueError, match="Axis 3"):
        MinMaxScaling(axis=3).build((None, 2))
    with pytest.raises(ValueError, match="known size"):
        MinMaxScaling(axis=1).build((None, None, 2))
    layer = MinMaxScaling()
    layer.adapt(DATA)
    with pytest.raises(ValueError, match="ranges"):
        layer.adapt(DATA[:, :2])
