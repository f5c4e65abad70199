"""What every activation has to do, checked on each row of the table."""

import inspect

import keras
import numpy as np
import pytest
from components.cases.activations import ACTIVATIONS
from components.gradients import value_and_gradient

from dlprep import activations
from dlprep.reference import activations as basic
from dlprep.reference import gates, rectifiers

# Left of, at and right of every kink in the table, for all of which the reference has a side.
GRID = np.float32([[-30, -6, -3, -1.7, -1, -0.6, -0.1], [0, 0.2, 0.5, 0.7, 1, 2.5, 30]])
IN_KERAS = [name for name in ACTIVATIONS if hasattr(keras.activations, name)]
ORACLES = vars(basic) | vars(gates) | vars(rectifiers)
OVER_AN_AXIS = {
    name
    for name in ORACLES.keys() & ACTIVATIONS.keys()
    if "axis" in inspect.signature(getattr(activations, name)).parameters
}
# On TensorFlow Keras 3.15 adds up the running sums where algorithm 1 adds up the scores.
WRONG_IN_KERAS = {"sparsemax"}
# Its value at 1e4 is beyond float32.
OVERFLOWS = {"exponential"}


def activation(name, namespace=activations):
    """Return the activation of a row with its settings filled in."""
    function = getattr(namespace, name)
    return lambda x: function(x, **ACTIVATIONS[name])


def test_every_activation_has_a_row():
    assert sorted(ACTIVATIONS) == list(activations.__all__)


@pytest.mark.parametrize("name", sorted(ORACLES.keys() & ACTIVATIONS.keys() - OVER_AN_AXIS))
def test_value_and_slope_equal_the_reference(name):
    value, slope = value_and_gradient(activation(name), GRID)
    expected, expected_slope = ORACLES[name](GRID.astype("float64"), **ACTIVATIONS[name])
    np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-12)
    # The slope of a saturated tanh is 1 - tanh^2, and float32's steps just below 1 are 6e-8.
    np.testing.assert_allclose(slope, expected_slope, rtol=1e-5, atol=3e-7)


@pytest.mark.parametrize("name", IN_KERAS)
def test_signature_and_values_are_those_of_keras(name):
    theirs = getattr(keras.activations, name)
    assert str(inspect.signature(getattr(activations, name))) == str(inspect.signature(theirs))
    expected = keras.ops.convert_to_numpy(activation(name, keras.activations)(GRID))
    given = keras.ops.convert_to_numpy(activation(name)(GRID))
    if name in WRONG_IN_KERAS:
        assert not np.allclose(given, expected, rtol=1e-5, atol=1e-6), "no exception is needed"
        return
    np.testing.assert_allclose(given, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_value_and_gradient_are_finite_far_out(name):
    value, gradient = value_and_gradient(activation(name), [[-1e4, 0.0, 1e4], [1e4, 1e4, -1e4]])
    if name in OVERFLOWS:
        assert np.isinf(value).any(), "no exception is needed"
        return
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
    listed = keras.ops.convert_to_numpy(activation(name)([[1.0, -2.0], [2.0, 3.0]]))
    assert listed.shape == np.shape(activation(name)(np.array([[1, -2], [2, 3]])))
    symbolic = activation(name)(keras.KerasTensor((4, 4, None)))
    real = activation(name)(np.ones((4, 4, 3), "float32"))
    assert symbolic.shape[:2] == tuple(real.shape)[:2]
    assert symbolic.shape[2] is None


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_is_found_by_its_registered_name(name):
    function = getattr(activations, name)
    registered = keras.saving.get_registered_name(function)
    assert registered == f"dlprep.activations>{function.__name__}"
    assert function.__name__ in activations.__all__
    config = keras.saving.serialize_keras_object(function)
    assert keras.saving.deserialize_keras_object(config) is function


@pytest.mark.parametrize("name", sorted(OVER_AN_AXIS))
def test_gradients_over_an_axis_equal_the_reference(name):
    settings = {"axis": 1, "pieces": 3} if name == "maxout" else {"axis": 1}
    x = np.random.default_rng(0).normal(size=(3, 6, 2)).astype("float32")
    exact = ORACLES[name](x.astype("float64"), **settings)
    weights = np.random.default_rng(1).normal(size=exact.shape).astype("float32")
    function = getattr(activations, name)
    value, gradient = value_and_gradient(
        lambda x: keras.ops.multiply(function(x, **settings), weights), x
    )
    np.testing.assert_allclose(value, exact * weights, rtol=1e-5, atol=1e-7)
    given = exact if name.endswith("softmax") else x.astype("float64")
    expected = ORACLES[f"{name}_backward"](weights, given, **settings)
    np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-6)


def test_sparsemax_is_the_nearest_distribution():
    x = np.float32([[0.1, 0.0, -3.0], [5.0, 0.0, 4.5], [0.0, 0.0, 0.0]])
    expected = [[0.55, 0.45, 0.0], [0.75, 0.0, 0.25], [1 / 3, 1 / 3, 1 / 3]]
    np.testing.assert_allclose(activations.sparsemax(x), expected, rtol=1e-5, atol=1e-7)
    columns = keras.ops.transpose(activations.sparsemax(x.T, axis=0))
    np.testing.assert_allclose(columns, expected, rtol=1e-5, atol=1e-7)


def test_exact_gelu_equals_the_reference():
    value, slope = value_and_gradient(activations.gelu, GRID)
    expected, expected_slope = gates.gelu(GRID.astype("float64"))
    # 1 + erf loses its digits on the left.
    np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(slope, expected_slope, rtol=1e-5, atol=1e-6)


def test_small_values_of_the_smooth_ones_survive():
    x = np.float32([-20.0])
    np.testing.assert_allclose(activations.softplus(x), np.exp(-20.0), rtol=1e-5)
    np.testing.assert_allclose(activations.log_sigmoid(-x), -np.exp(-20.0), rtol=1e-5)
    np.testing.assert_allclose(activations.squareplus(10 * x), 0.5 * 4 / 400.01, rtol=1e-5)


@pytest.mark.parametrize(
    "pieces, axis, shape",
    [(0, -1, (2, 4)), (-2, -1, (2, 4)), (2.0, -1, (2, 4)), (2, 2, (2, 4)), (2, -3, (2, 4)),
     (2, 1, (2, None))],
)  # fmt: skip
def test_maxout_needs_a_known_axis_and_a_whole_number_of_pieces(pieces, axis, shape):
    with pytest.raises(ValueError, match=rf"pieces={pieces} and axis={axis} .*\(2, "):
        activations.maxout(keras.KerasTensor(shape), pieces, axis)


@pytest.mark.parametrize("name", ["glu", "swiglu", "maxout"])
def test_an_axis_that_cannot_be_divided_is_refused(name):
    settings = {"pieces": 2} if name == "maxout" else {}
    with pytest.raises(ValueError, match=r"\(2, 3\)"):
        getattr(activations, name)(np.ones((2, 3)), **settings)


@pytest.mark.parametrize("axis", [2, -3])
@pytest.mark.parametrize("name", ["glu", "swiglu"])
def test_an_axis_that_there_is_not_is_refused(name, axis):
    with pytest.raises(ValueError, match=rf"\(2, 4\) with axis={axis}"):
        getattr(activations, name)(np.ones((2, 4)), axis)


def test_prelu_learns_its_slopes():
    x, weights = np.float32([[-2.0, 3.0], [-1.0, -4.0]]), np.float32([[1.0, 2.0], [3.0, 4.0]])
    _, gradient = value_and_gradient(
        lambda alpha: keras.ops.multiply(activations.prelu(x, alpha), weights), [0.1, 0.2]
    )
    np.testing.assert_allclose(gradient, rectifiers.prelu_alpha(weights, x).sum(0), rtol=1e-5)


@pytest.mark.parametrize("name", ["heaviside", "sign"])
def test_steps_pass_a_zero_gradient_and_not_none(name):
    value, gradient = value_and_gradient(getattr(activations, name), [-2.0, 3.0])
    assert gradient.tolist() == [0.0, 0.0]
    assert value.tolist() == {"heaviside": [0.0, 1.0], "sign": [-1.0, 1.0]}[name]


def test_softmax_over_two_axes_adds_up_to_one():
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    total = keras.ops.convert_to_numpy(activations.softmax(x, axis=(1, 2))).sum((1, 2))
    np.testing.assert_allclose(total, [1.0, 1.0], rtol=1e-5)


def test_tanh_is_exact_near_zero():
    np.testing.assert_allclose(activations.tanh(np.float32([1e-6, -1e-4])), [1e-6, -1e-4], 1e-5)
