import numpy as np
import pytest
from reference.finite_differences import assert_gradients

from dlprep.reference import activations, gates, rectifiers

Z = np.array([[-4.0, -1.3, -0.2], [0.1, 0.8, 3.0]])
WEIGHTS = np.random.default_rng(0).normal(size=Z.shape)
ELEMENTWISE = [
    (activations.heaviside, {}),
    (activations.linear, {}),
    (activations.relu, {"negative_slope": 0.1, "max_value": 2.5, "threshold": 0.5}),
    (activations.sigmoid, {}),
    (activations.sign, {}),
    (activations.tanh, {}),
    (gates.gelu, {}),
    (gates.gelu, {"approximate": True}),
    (gates.silu, {}),
    (rectifiers.elu, {"alpha": 0.7}),
    (rectifiers.leaky_relu, {"negative_slope": 0.3}),
    (rectifiers.prelu, {"alpha": np.array([0.1, 0.2, 0.3])}),
    (rectifiers.selu, {}),
    (rectifiers.softplus, {}),
]


@pytest.mark.parametrize(("function", "settings"), ELEMENTWISE)
def test_slopes_equal_finite_differences(function, settings):
    _, slope = function(Z, **settings)
    assert_gradients(lambda Z: np.sum(function(Z, **settings)[0]), [Z], [slope])


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_backward_from_the_output_equals_finite_differences(name):
    forward, backward = getattr(activations, name), getattr(activations, f"{name}_backward")
    gradient = backward(WEIGHTS, forward(Z, axis=0), axis=0)
    assert_gradients(lambda Z: np.sum(WEIGHTS * forward(Z, axis=0)), [Z], [gradient])


@pytest.mark.parametrize(
    ("forward", "backward"),
    [
        (gates.glu, gates.glu_backward),
        (gates.swiglu, gates.swiglu_backward),
        (
            lambda Z, axis: rectifiers.maxout(Z, 2, axis),
            lambda dA, Z, axis: rectifiers.maxout_backward(dA, Z, 2, axis),
        ),
    ],
)
def test_backward_from_the_input_equals_finite_differences(forward, backward):
    dA = WEIGHTS[:1]
    gradient = backward(dA, Z, 0)
    assert_gradients(lambda Z: np.sum(dA * forward(Z, 0)), [Z], [gradient])


def test_the_slopes_of_prelu_learn():
    alpha = np.full(Z.shape, 0.2)
    gradient = rectifiers.prelu_alpha(WEIGHTS, Z)
    assert_gradients(lambda a: np.sum(WEIGHTS * rectifiers.prelu(Z, a)[0]), [alpha], [gradient])


def test_values_by_hand():
    assert activations.sigmoid(np.log(3.0))[0] == pytest.approx(0.75)
    assert activations.tanh(np.log(3.0))[0] == pytest.approx(0.8)
    np.testing.assert_allclose(activations.softmax(np.log([1.0, 3.0])), [0.25, 0.75])
    np.testing.assert_array_equal(activations.relu([-2.0, 0.0, 2.0])[0], [0.0, 0.0, 2.0])
    np.testing.assert_array_equal(activations.relu([-2.0, 0.0, 2.0])[1], [0.0, 0.0, 1.0])


def test_nothing_overflows_far_out():
    with np.errstate(all="raise", under="ignore"):
        for function in (activations.sigmoid, activations.tanh):
            assert np.isfinite(function(np.array([-1e4, 1e4]))).all()
        assert np.isfinite(activations.softmax(np.array([-1e4, 1e4]))).all()
