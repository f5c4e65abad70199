"""The network's gradients against finite differences, and its steps by hand."""

import numpy as np
import pytest

from dlprep.reference import network

SETTINGS = [
    ("relu", "sigmoid", "binary_cross_entropy"),
    ("tanh", "softmax", "cross_entropy"),
    ("sigmoid", "sigmoid", "squared_error"),
    ("tanh", "linear", "squared_error"),
    ("linear", "tanh", "squared_error"),
]


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def labels(output, rng, m=6):
    if output in ("linear", "tanh"):
        return rng.normal(size=(3, m))
    return np.eye(3)[rng.integers(3, size=m)].T


@pytest.mark.parametrize(("hidden", "output", "loss"), SETTINGS)
@pytest.mark.parametrize("penalty", [0.0, 0.7])
def test_the_gradients_equal_finite_differences(hidden, output, loss, penalty, rng):
    X, Y = rng.normal(size=(4, 6)), labels(output, rng)
    parameters = network.initialize([4, 5, 4, 3], rng)
    parameters = {k: v + 0.1 * rng.normal(size=v.shape) for k, v in parameters.items()}

    def cost(p):
        return network.cost(network.forward(X, p, hidden, output)[0], Y, p, penalty, loss)

    _, cache = network.forward(X, parameters, hidden, output)
    gradients = network.backward(parameters, cache, Y, hidden, output, loss, penalty)
    assert network.gradient_check(cost, parameters, gradients) < 1e-7

    def cost_of_inputs(p):
        return network.cost(network.forward(p["X"], parameters, hidden, output)[0], Y, loss=loss)

    by_input = network.numerical_gradients(cost_of_inputs, {"X": X})
    np.testing.assert_allclose(gradients["dA0"] / 6, by_input["dX"], atol=1e-8)


def test_a_wrong_gradient_fails_the_check(rng):
    X, Y = rng.normal(size=(3, 5)), np.ones((1, 5))
    parameters = network.initialize([3, 4, 1], rng)
    _, cache = network.forward(X, parameters)
    gradients = network.backward(parameters, cache, Y)
    gradients["dW1"] = gradients["dW1"] * 1.01

    def cost(p):
        return network.cost(network.forward(X, p)[0], Y)

    assert network.gradient_check(cost, parameters, gradients) > 1e-3


def test_the_delta_rule_equals_backpropagation_of_the_squared_error(rng):
    x, y = rng.normal(size=(4, 1)), rng.uniform(size=(2, 1))
    parameters = network.initialize([4, 5, 3, 2], rng, scale=1.0)
    _, cache = network.forward(x, parameters, "sigmoid", "sigmoid")
    deltas, by_delta = network.delta_rule(parameters, cache, y)
    full = network.backward(parameters, cache, y, "sigmoid", "sigmoid", "squared_error")
    for name, gradient in by_delta.items():
        np.testing.assert_allclose(gradient, full[name])
    for layer, delta in enumerate(deltas, 1):
        np.testing.assert_allclose(delta, full[f"dZ{layer}"])


def test_the_short_output_error_is_the_handbooks_product(rng):
    parameters = network.initialize([3, 1], rng)
    Y = rng.integers(2, size=(1, 6))
    A, cache = network.forward(rng.normal(size=(3, 6)), parameters)
    dA = -Y / A + (1 - Y) / (1 - A)
    dZ = network.backward(parameters, cache, Y)["dZ1"]
    np.testing.assert_allclose(dZ, dA * A * (1 - A))


def test_forward_by_hand():
    parameters = {
        "W1": np.array([[1.0, -1.0], [0.5, 0.5]]),
        "b1": np.array([[0.0], [-2.0]]),
        "W2": np.array([[2.0, 1.0]]),
        "b2": np.array([[-1.0]]),
    }
    prediction, cache = network.forward([[2.0], [1.0]], parameters, output="linear")
    np.testing.assert_allclose(cache["Z1"], [[1.0], [-0.5]])
    np.testing.assert_allclose(cache["A1"], [[1.0], [0.0]])
    np.testing.assert_allclose(prediction, [[1.0]])


def test_a_certain_and_wrong_prediction_costs_a_finite_amount():
    for loss in ("binary_cross_entropy", "cross_entropy"):
        assert 700 < network.cost([[0.0]], [[1.0]], loss=loss) < 710
        assert network.cost([[1.0]], [[1.0]], loss=loss) == 0.0


def test_extreme_inputs_saturate_without_a_warning():
    parameters = {"W1": np.array([[1.0], [-1.0]]), "b1": np.zeros((2, 1))}
    for output in ("sigmoid", "softmax"):
        prediction, _ = network.forward([[1e4, -1e4]], parameters, output=output)
        np.testing.assert_array_equal(prediction, np.eye(2))


def test_a_loss_that_does_not_fit_the_output_is_named(rng):
    parameters = network.initialize([2, 3], rng)
    _, cache = network.forward(np.ones((2, 1)), parameters, output="softmax")
    with pytest.raises(ValueError, match="'binary_cross_entropy'.*'softmax'"):
        network.backward(parameters, cache, np.ones((3, 1)), output="softmax")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p, c: network.cost(c["A1"], c["A1"], loss="mse"), "`loss`.*squared_error.*'mse'"),
        (lambda p, c: network.forward(c["A0"], p, hidden="x"), "`hidden`.*'relu'.*'x'"),
        (lambda p, c: network.forward(c["A0"], p, hidden="softmax"), "`hidden`.*'softmax'"),
        (lambda p, c: network.forward(c["A0"], p, output="x"), "`output`.*'softmax'.*'x'"),
        (lambda p, c: network.backward(p, c, c["A1"], hidden="x"), "`hidden`.*'relu'.*'x'"),
        (lambda p, c: network.backward(p, c, c["A1"], output="x"), "`output`.*'tanh'.*'x'"),
        (lambda p, c: network.backward(p, c, c["A1"], loss="mse"), "`loss`.*squared_error.*'mse'"),
        (lambda p, c: network.initialize([2, 3], None, "lecun"), "`scale`.*'he'.*'lecun'"),
    ],
)
def test_an_unknown_name_is_told_with_those_that_there_are(call, message, rng):
    parameters = network.initialize([2, 3], rng)
    _, cache = network.forward(np.ones((2, 1)), parameters)
    with pytest.raises(ValueError, match=message):
        call(parameters, cache)


@pytest.mark.parametrize(("scale", "deviation"), [("he", 0.1), ("xavier", 0.5**0.5 / 10), (2, 2.0)])
def test_initial_weights_have_the_stated_deviation(scale, deviation, rng):
    parameters = network.initialize([200, 300], rng, scale)
    assert parameters["W1"].std() == pytest.approx(deviation, rel=0.02)
    assert not parameters["b1"].any()


def test_equal_initial_units_stay_equal(rng):
    X, Y = rng.normal(size=(3, 8)), rng.integers(2, size=(1, 8))
    parameters = network.initialize([3, 4, 1], rng, scale=0.0)
    for _ in range(5):
        _, cache = network.forward(X, parameters, "sigmoid")
        parameters = network.update(parameters, network.backward(parameters, cache, Y, "sigmoid"))
    np.testing.assert_array_equal(parameters["W1"], parameters["W1"][:1].repeat(4, 0))


def test_mini_batches_hold_every_example_once_with_its_label(rng):
    X = np.arange(10.0).reshape(1, 10)
    batches = network.mini_batches(X, X * 2, 4, rng)
    assert [x.shape[1] for x, _ in batches] == [4, 4, 2]
    joined = np.concatenate([x for x, _ in batches], axis=1)
    assert sorted(joined[0]) == list(range(10))
    assert list(joined[0]) != list(range(10))
    assert all((y == 2 * x).all() for x, y in batches)


def test_training_learns_exclusive_or(rng):
    X, Y = np.array([[0, 0, 1, 1], [0, 1, 0, 1]]), np.array([[0, 1, 1, 0]])
    parameters = network.initialize([2, 8, 1], rng)
    for _ in range(500):
        _, cache = network.forward(X, parameters, "tanh")
        parameters = network.update(parameters, network.backward(parameters, cache, Y, "tanh"), 0.5)
    np.testing.assert_array_equal(network.predict(X, parameters, "tanh"), Y)


def test_softmax_predicts_the_largest_class():
    parameters = {"W1": np.array([[1.0], [0.0], [-1.0]]), "b1": np.zeros((3, 1))}
    predicted = network.predict([[2.0, -2.0]], parameters, output="softmax")
    np.testing.assert_array_equal(predicted, [0, 2])
