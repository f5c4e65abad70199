"""Activations against their equations: on both sides of every edge, and exactly there."""

import itertools

import keras
import numpy as np
import pytest
from components.arrays import array
from components.cases.activations import ACTIVATIONS, REFUSED, VARIANTS
from components.gradients import value_and_gradient
from components.oracles.activations import ORACLES

from dlprep import activations

# Where a formula changes, with the settings of the table.
EDGES = np.array([-6, -3, -2, -1, -0.625, -0.5, 0, 0.5, 0.625, 1, 2, 3, 6])
RNG = np.random.default_rng(0)
FLAT = np.concatenate([EDGES, EDGES - 1e-3, EDGES + 1e-3, [-30, 30], 3 * RNG.normal(size=23)])
X = RNG.permutation(FLAT).reshape(4, 4, 4).astype("float32").astype("float64")
CASES = [
    pytest.param(name, settings, id=f"{name}-{number}")
    for name in ACTIVATIONS
    for number, settings in enumerate([ACTIVATIONS[name], *VARIANTS.get(name, [])])
]
every = pytest.mark.parametrize("name, settings", CASES)


def test_every_activation_has_an_oracle():
    assert sorted(ORACLES) == activations.__all__


@every
def test_values_follow_the_equation(name, settings):
    expected = ORACLES[name](X, **settings)
    given = array(getattr(activations, name)(X.astype("float32"), **settings))
    # Functions that cancel far on the left lose digits there, not size.
    np.testing.assert_allclose(given, expected, rtol=2e-6, atol=2e-6 if name == "gelu" else 1e-7)


@pytest.mark.skipif(keras.backend.backend() == "jax", reason="JAX has no double precision")
@every
def test_double_precision_is_kept(name, settings):
    given = array(getattr(activations, name)(X, **settings))
    assert given.dtype == "float64"
    np.testing.assert_allclose(given, ORACLES[name](X, **settings), rtol=1e-10, atol=1e-14)


@every
def test_the_gradient_is_a_slope_of_the_equation(name, settings):
    """At an edge it lies between the slopes of both sides, elsewhere all three are one."""
    x, oracle = X, ORACLES[name]
    share = np.random.default_rng(1).uniform(1, 2, oracle(x, **settings).shape)
    _, gradient = value_and_gradient(
        lambda x: keras.ops.multiply(
            getattr(activations, name)(x, **settings), share.astype("float32")
        ),
        x,
    )
    step = 1e-6

    def slope(sign):
        here = oracle(x, **settings)
        slopes = np.zeros_like(x)
        for place in np.ndindex(x.shape):
            moved = x.copy()
            moved[place] += sign * step
            slopes[place] = sign * ((oracle(moved, **settings) - here) * share).sum() / step
        return slopes

    sides = slope(-1), slope(1)
    steps = np.abs(sides).max(0) > 1e4  # The function jumps here and has no slope.
    margin = 1e-4 + 1e-4 * np.abs(sides).max(0) * ~steps
    assert (gradient >= np.minimum(*sides) - margin)[~steps].all()
    assert (gradient <= np.maximum(*sides) + margin)[~steps].all()
    assert np.isfinite(gradient).all()


@every
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_gradients_are_bounded_at_zero_and_far_out(name, settings, dtype):
    far = 100.0 if "glu" in name else 1e4  # The square is a value of gated units.
    rows = [[0.0] * 4, [far, far, -far, 0.0], [-far] * 4, [far] * 4]
    function = getattr(activations, name)
    if name == "exponential":
        rows = rows[:1]  # Its slope is its value.
    x = np.float32(rows)[..., None] * np.ones(4, "float32")
    value, gradient = value_and_gradient(
        lambda x: function(keras.ops.cast(x, dtype), **settings), x
    )
    assert np.isfinite(value).all()
    # The slope of a product is its other factor.
    assert np.abs(gradient).max() <= (110 if "glu" in name else 10)
    assert np.isfinite(gradient).all()


@every
@pytest.mark.parametrize(
    ("dtype", "far"),
    [("float16", 6e4), *itertools.product(["float32", "bfloat16"], [1e10, 3e19, 3e38])],
)
def test_what_the_dtype_holds_comes_out_with_a_finite_slope(name, settings, dtype, far):
    """No square, cube or quotient on the way is larger than it can hold."""
    x = np.resize([far, -far, 1.0, 0.0], (4, 4, 4))
    with np.errstate(over="ignore"):
        expected = ORACLES[name](x, **settings)
    value, gradient = value_and_gradient(
        lambda x: getattr(activations, name)(keras.ops.cast(x, dtype), **settings), x
    )
    held = np.abs(expected) < (6.5e4 if dtype == "float16" else 3.3e38)
    np.testing.assert_allclose(value[held], expected[held], rtol=1e-2, atol=1e-6)
    if name not in ("exponential", "swiglu"):  # Their slopes are as large as their values.
        assert np.isfinite(gradient).all()


@every
def test_can_stand_in_a_functional_model(name, settings):
    inputs = keras.Input(batch_shape=X.shape)
    model = keras.Model(inputs, getattr(activations, name)(inputs, **settings))
    np.testing.assert_allclose(array(model(X)), ORACLES[name](X, **settings), 1e-5, atol=2e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_takes_variables(name):
    x = np.float32([[-1.0, 2.0], [0.5, 3.0]])
    forms = [keras.Variable]
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        forms.append(tf.Variable)
    function = getattr(activations, name)
    for form in forms:
        given = array(function(form(x), **ACTIVATIONS[name]))
        np.testing.assert_array_equal(given, array(function(x, **ACTIVATIONS[name])))


@pytest.mark.parametrize("name, setting, value", REFUSED)
def test_settings_that_cannot_work_are_refused(name, setting, value):
    with pytest.raises(ValueError, match=f"{setting} must be .*{value}"):
        getattr(activations, name)(np.ones(2, "float32"), **{setting: value})


@pytest.mark.parametrize("name", ["softmax", "sparsemax"])
@pytest.mark.parametrize("shift", [2e7, -1e9, 1e30])
def test_probabilities_do_not_depend_on_where_the_scores_are(name, shift):
    for scores in ([0.0, 0.0], [0.0, -1e31]):
        x = np.float32([scores]) + np.float32(shift)
        given = array(getattr(activations, name)(x))
        np.testing.assert_allclose(given.sum(), 1.0, rtol=1e-6)
        np.testing.assert_allclose(given[0, 0], 1.0 if scores[1] else 0.5, rtol=1e-6)
