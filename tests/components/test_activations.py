"""What every activation has to do, checked on each row of the table."""

import inspect

import keras
import numpy as np
import pytest
from components.cases import ACTIVATIONS
from components.gradients import value_and_gradient

from dlprep import activations
from dlprep.reference import activations as reference

# Left of, at and right of every kink in the table, for all of which the reference has a side.
GRID = np.float32([[-30, -6, -3, -1.7, -1, -0.6, -0.1], [0, 0.2, 0.5, 0.7, 1, 2.5, 30]])
IN_KERAS = [name for name in ACTIVATIONS if hasattr(keras.activations, name)]
IN_REFERENCE = [name for name in ACTIVATIONS if hasattr(reference, name)]
OVER_AN_AXIS = {"softmax"}


def activation(name, namespace=activations):
    """Return the activation of a row with its settings filled in."""
    function = getattr(namespace, name)
    return lambda x: function(x, **ACTIVATIONS[name])


def test_every_activation_has_a_row():
    assert sorted(ACTIVATIONS) == list(activations.__all__)


@pytest.mark.parametrize("name", sorted(set(IN_REFERENCE) - OVER_AN_AXIS))
def test_value_and_slope_equal_the_reference(name):
    value, slope = value_and_gradient(activation(name), GRID)
    expected, expected_slope = activation(name, reference)(GRID.astype("float64"))
    np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-12)
    np.testing.assert_allclose(slope, expected_slope, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", IN_KERAS)
def test_signature_and_values_are_those_of_keras(name):
    theirs = getattr(keras.activations, name)
    assert str(inspect.signature(getattr(activations, name))) == str(inspect.signature(theirs))
    expected = keras.ops.convert_to_numpy(activation(name, keras.activations)(GRID))
    given = keras.ops.convert_to_numpy(activation(name)(GRID))
    np.testing.assert_allclose(given, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_value_and_gradient_are_finite_far_out(name):
    value, gradient = value_and_gradient(activation(name), [[-1e4, 0.0, 1e4], [1e4, 1e4, -1e4]])
    assert np.isfinite(value).all()
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_comes_back_and_is_rounded_once(name, dtype):
    x = keras.ops.convert_to_tensor(np.float32([[-3.0, 0.5], [2.0, 0.25]]), dtype=dtype)
    half = activation(name)(x)
    assert keras.backend.standardize_dtype(half.dtype) == dtype
    full = keras.ops.convert_to_numpy(activation(name)(keras.ops.cast(x, "float32")))
    half = keras.ops.convert_to_numpy(keras.ops.cast(half, "float32"))
    # Half of the spacing of numbers near 1: 2^-11 and 2^-8.
    np.testing.assert_allclose(half, full, rtol={"float16": 6e-4, "bfloat16": 5e-3}[dtype])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_nan_is_not_hidden(name):
    value = keras.ops.convert_to_numpy(activation(name)(np.full((2, 2), np.nan, "float32")))
    assert np.isnan(value).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_takes_lists_integers_and_symbolic_tensors(name):
    listed = keras.ops.convert_to_numpy(activation(name)([[1.0, -2.0]]))
    assert listed.shape == np.shape(activation(name)(np.array([[1, -2]])))
    symbolic = activation(name)(keras.KerasTensor((None, 4)))
    real = activation(name)(np.ones((3, 4), "float32"))
    assert symbolic.shape[1:] == tuple(real.shape)[1:]
    assert symbolic.shape[0] is None


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_is_found_by_its_registered_name(name):
    function = getattr(activations, name)
    assert keras.saving.get_registered_name(function) == f"dlprep.activations>{name}"
    config = keras.saving.serialize_keras_object(function)
    assert keras.saving.deserialize_keras_object(config) is function


def test_softmax_and_its_gradient_equal_the_reference():
    x = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
    weights = np.random.default_rng(1).normal(size=(3, 4)).astype("float32")
    value, gradient = value_and_gradient(lambda x: activations.softmax(x, axis=0) * weights, x)
    expected = reference.softmax(x.astype("float64"), axis=0)
    np.testing.assert_allclose(value, expected * weights, rtol=1e-5)
    np.testing.assert_allclose(
        gradient, reference.softmax_backward(weights, expected, axis=0), rtol=1e-5, atol=1e-7
    )


def test_softmax_over_two_axes_adds_up_to_one():
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    total = keras.ops.convert_to_numpy(activations.softmax(x, axis=(1, 2))).sum((1, 2))
    np.testing.assert_allclose(total, [1.0, 1.0], rtol=1e-5)


def test_tanh_is_exact_near_zero():
    np.testing.assert_allclose(activations.tanh(np.float32([1e-6, -1e-4])), [1e-6, -1e-4], 1e-5)
