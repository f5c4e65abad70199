"""What every constraint has to do, checked on each row of the table."""

import inspect
import json

import keras
import numpy as np
import pytest
from components.cases.constraints import CONSTRAINTS
from components.gradients import value_and_gradient

from dlprep import constraints
from dlprep.reference.constraints import nearest_non_negative, nearest_norm

W = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
REFERENCE = {
    "MaxNorm": lambda W: nearest_norm(W, 0.0, 1.5, 1),
    "MinMaxNorm": lambda W: 0.7 * nearest_norm(W, 2.0, 2.5, 1) + 0.3 * W,
    "NonNeg": nearest_non_negative,
    "UnitNorm": lambda W: nearest_norm(W, 1.0, 1.0, 1),
}


def make(name, namespace=constraints):
    return getattr(namespace, name)(**CONSTRAINTS[name])


def numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


def test_every_constraint_has_a_row_and_a_reference():
    public = [name for name in constraints.__all__ if name[0].isupper()]
    assert sorted(CONSTRAINTS) == sorted(REFERENCE) == public


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_projection_equals_the_reference_and_keras(name):
    np.testing.assert_allclose(numpy(make(name)(W)), REFERENCE[name](W), rtol=1e-5)
    expected = numpy(make(name, keras.constraints)(W))
    np.testing.assert_allclose(numpy(make(name)(W)), expected, rtol=1e-5)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_signature_is_that_of_keras_and_config_survives_json(name):
    ours, theirs = make(name), make(name, keras.constraints)
    assert str(inspect.signature(type(ours))) == str(inspect.signature(type(theirs)))
    assert ours.get_config() == theirs.get_config() == CONSTRAINTS[name]
    revived = type(ours).from_config(json.loads(json.dumps(ours.get_config())))
    assert revived.get_config() == ours.get_config()
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(ours))
    assert type(again) is type(ours)


@pytest.mark.parametrize("name", sorted(CONSTRAINTS.keys() - {"MinMaxNorm"}))
def test_what_is_allowed_stays(name):
    once = numpy(make(name)(W))
    # Keras's epsilon in the denominator takes a little off every time.
    np.testing.assert_allclose(numpy(make(name)(once)), once, rtol=1e-5)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_half_precision_norms_do_not_overflow(name):
    weights = keras.ops.cast(np.full((4, 4), 300.0), "float16")
    given = make(name)(weights)
    assert keras.backend.standardize_dtype(given.dtype) == "float16"
    expected = numpy(make(name)(np.full((4, 4), 300.0, "float32")))
    np.testing.assert_allclose(numpy(keras.ops.cast(given, "float32")), expected, rtol=1e-3)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_holds_after_training_steps(name):
    layer = keras.layers.Dense(3, kernel_constraint=make(name))
    model = keras.Sequential([keras.Input((5,)), layer])
    model.compile(keras.optimizers.SGD(0.5), "mse")
    model.fit(np.ones((8, 5)), np.full((8, 3), 9.0), epochs=2, verbose=0)
    kernel = numpy(layer.kernel)
    norms = np.linalg.norm(kernel, axis=1)
    held = {
        "MaxNorm": (norms <= 1.5 + 1e-5).all(),
        "MinMaxNorm": (norms > 0.7 * 2.0).all(),
        "NonNeg": (kernel >= 0).all(),
        "UnitNorm": np.allclose(norms, 1.0, atol=1e-5),
    }
    assert held[name]


def test_a_norm_may_span_several_axes():
    filters = np.random.default_rng(1).normal(size=(3, 3, 2, 4)).astype("float32")
    given = numpy(constraints.UnitNorm(axis=[0, 1, 2])(filters))
    np.testing.assert_allclose((given**2).sum((0, 1, 2)), np.ones(4), rtol=1e-5)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_the_gradient_at_zero_is_finite(name):
    value, gradient = value_and_gradient(make(name), np.zeros((3, 2)))
    assert (value == 0).all()
    assert np.isfinite(gradient).all()
