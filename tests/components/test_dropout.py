import keras
import numpy as np
import pytest
from components.arrays import assert_close, assert_same
from keras import ops

from dlprep.layers import Dropout
from dlprep.layers.dropout import inverted_dropout, keep_mask
from dlprep.reference import dropout as reference

ONES = np.ones((100, 1000), "float32")


def test_equals_the_reference_with_the_same_mask():
    rng = np.random.default_rng(0)
    a, r = rng.normal(size=(3, 4)), reference.dropout_mask(rng, (3, 4), 0.3)
    given = inverted_dropout(ops.array(a, "float32"), ops.array(r > 0), 0.3)
    assert_close(given, reference.inverted_dropout(a, 0.3, r), rtol=1e-5)


def test_share_and_scale():
    y = ops.convert_to_numpy(Dropout(0.3, seed=1)(ONES, training=True))
    # 100,000 draws: the standard error is 0.0015.
    assert np.mean(y == 0) == pytest.approx(0.3, abs=0.006)
    assert_close(y[y != 0], 1 / 0.7, rtol=1e-6)


def test_inference_changes_nothing():
    assert_same(Dropout(0.9)(ONES, training=False), ONES)


def test_edges_of_the_rate():
    assert_same(Dropout(0)(ONES, training=True), ONES)
    assert_same(Dropout(1)(ONES, training=True), 0 * ONES)
    assert not hasattr(Dropout(0), "seed_generator")


def test_each_call_draws_anew_and_the_seed_repeats_the_row():
    first, second = Dropout(0.5, seed=3), Dropout(0.5, seed=3)
    a, b = (ops.convert_to_numpy(first(ONES, training=True)) for _ in range(2))
    assert np.any(a != b)
    assert_same(a, second(ONES, training=True))


def test_noise_shape_shares_the_fate_over_an_axis():
    y = ops.convert_to_numpy(Dropout(0.5, noise_shape=(None, 1), seed=0)(ONES, training=True))
    assert set(np.mean(y == 0, axis=1)) == {0.0, 1.0}


def test_dropped_infinity_is_zero():
    assert float(inverted_dropout(ops.array([np.inf]), ops.array([False]), 0.5)[0]) == 0


def test_rate_is_exact_in_half_precision():
    layer = Dropout(0.001, seed=0, dtype="float16")
    kept = ops.convert_to_numpy(layer(np.ones((1000, 1000)), training=True)) != 0
    assert np.mean(~kept) == pytest.approx(0.001, abs=2e-4)


def test_mask_is_drawn_from_the_generator():
    generator = keras.random.SeedGenerator(0)
    a, b = (ops.convert_to_numpy(keep_mask((1000,), 0.5, generator)) for _ in range(2))
    assert 0.4 < np.mean(a == b) < 0.6


@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_rate_must_be_a_probability(rate):
    with pytest.raises(ValueError, match="between 0 and 1"):
        Dropout(rate)


@pytest.mark.parametrize("noise_shape", ["ab", 3, (1.5,), (0, 2)])
def test_noise_shape_is_checked(noise_shape):
    with pytest.raises(ValueError, match="noise_shape"):
        Dropout(0.5, noise_shape=noise_shape)
