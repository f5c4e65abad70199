import numpy as np
import pytest
from components.arrays import array, assert_close, assert_same
from components.gradients import value_and_gradient
from keras import ops

from dlprep.layers import GaussianSampling
from dlprep.layers.gaussian_sampling import reparameterize
from dlprep.reference import sampling as reference

rng = np.random.default_rng(0)


def test_values_and_gradients_equal_the_reference():
    mean, log_variance, noise = rng.normal(size=(3, 4, 2))
    fixed = ops.array(mean, "float32"), ops.array(noise, "float32")
    value, gradient = value_and_gradient(
        lambda log: reparameterize(fixed[0], log, fixed[1]), log_variance
    )
    assert_close(value, reference.reparameterize(mean, log_variance, noise), rtol=1e-5, atol=1e-6)
    _, expected = reference.reparameterize_backward(np.ones((4, 2)), log_variance, noise)
    assert_close(gradient, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("training", [True, False])
def test_draws_have_the_mean_and_variance_asked_for(training):
    shape = (100_000, 1)
    inputs = [np.full(shape, 2.0), np.full(shape, np.log(9.0))]
    z = array(GaussianSampling(seed=1)(inputs, training=training))
    # Standard errors: 0.0095 of the mean, 0.04 of the variance.
    assert z.mean() == pytest.approx(2, abs=0.05)
    assert z.var() == pytest.approx(9, abs=0.2)


def test_each_call_draws_anew_and_the_seed_repeats_the_row():
    inputs = [np.zeros((3, 2)), np.zeros((3, 2))]
    first, second = GaussianSampling(seed=3), GaussianSampling(seed=3)
    a, b = (array(first(inputs)) for _ in range(2))
    assert np.all(a != b)
    assert_same(a, second(inputs))


def test_integers_do_not_round_the_draws():
    inputs = [np.full((2, 3), 4), np.zeros((2, 3), int)]
    z = array(GaussianSampling(seed=3)(inputs))
    assert_same(z, GaussianSampling(seed=3)([x.astype("float32") for x in inputs]))


@pytest.mark.parametrize("inputs", [np.ones((2, 3)), [np.ones((2, 3)), np.ones((2, 1))]])
def test_input_must_be_a_pair_of_one_shape(inputs):
    with pytest.raises(ValueError, match="log_variance"):
        GaussianSampling()(inputs)
