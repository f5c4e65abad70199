import numpy as np
import pytest
from components.arrays import array, assert_close, assert_same
from keras import ops

from dlprep.layers import ClassicDropout
from dlprep.layers.classic_dropout import classic_dropout
from dlprep.reference import dropout as reference

rng = np.random.default_rng(0)
ONES = np.ones((100, 1000), "float32")


def test_equals_the_reference_in_training_and_at_test_time():
    a, r = rng.normal(size=(3, 4)), reference.dropout_mask(rng, (3, 4), 0.3)
    x = ops.array(a, "float32")
    training, testing = classic_dropout(x, 0.3, ops.array(r > 0)), classic_dropout(x, 0.3)
    assert_close(training, reference.classic_dropout(a, 0.3, r), rtol=1e-5)
    assert_close(testing, reference.classic_dropout(a, 0.3), rtol=1e-5)


def test_training_and_inference_agree_on_average():
    layer = ClassicDropout(0.3, seed=1)
    training = array(layer(ONES, training=True))
    assert set(np.unique(training)) == {0.0, 1.0}
    # 100,000 draws: the standard error is 0.0015.
    assert training.mean() == pytest.approx(0.7, abs=0.006)
    assert_close(layer(ONES), 0.7 * ONES, rtol=1e-6)


def test_edges_of_the_rate():
    for training in (True, False):
        assert_same(ClassicDropout(0)(ONES, training=training), ONES)
        assert_same(ClassicDropout(1)(ONES, training=training), 0 * ONES)


def test_rate_must_be_a_probability():
    with pytest.raises(ValueError, match="between 0 and 1"):
        ClassicDropout(-0.1)
