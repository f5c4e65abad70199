"""Logistic regression by hand, against finite differences and against scikit-learn."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from dlprep.reference import logistic_regression as logistic
from dlprep.reference import network


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3, 40))
    Y = (np.array([[1.0, -2.0, 0.5]]) @ X + rng.normal(size=(1, 40)) > 0).astype(float)
    return X, Y


@pytest.mark.parametrize("penalty", [0.0, 0.5])
def test_the_gradients_equal_finite_differences(data, penalty):
    X, Y = data
    parameters = {"w": np.array([[0.3], [-0.1], [0.2]]), "b": np.array(0.4)}

    def cost(p):
        return logistic.cost(p["w"], p["b"], X, Y, penalty)

    dw, db = logistic.gradients(parameters["w"], parameters["b"], X, Y, penalty)
    assert network.gradient_check(cost, parameters, {"dw": dw, "db": db}) < 1e-7


def test_it_is_the_network_of_one_layer(data):
    X, Y = data
    w, b = np.array([[0.3], [-0.1], [0.2]]), 0.4
    parameters = {"W1": w.T, "b1": np.array([[b]])}
    prediction, cache = network.forward(X, parameters)
    by_network = network.backward(parameters, cache, Y, penalty=0.5)
    dw, db = logistic.gradients(w, b, X, Y, penalty=0.5)
    np.testing.assert_allclose(logistic.predict_probability(w, b, X), prediction)
    np.testing.assert_allclose(by_network["dW1"], dw.T)
    np.testing.assert_allclose(by_network["db1"], [[db]])
    cost = network.cost(prediction, Y, parameters, 0.5)
    assert logistic.cost(w, b, X, Y, penalty=0.5) == pytest.approx(cost)


def test_the_fit_equals_that_of_scikit_learn(data):
    X, Y = data
    w, b, _ = logistic.fit(X, Y, alpha=0.5, penalty=1.0, tolerance=1e-10, max_iter=20000)
    expected = LogisticRegression(C=1.0, tol=1e-12, max_iter=1000).fit(X.T, Y[0])
    np.testing.assert_allclose(w.T, expected.coef_, rtol=1e-5)
    assert b == pytest.approx(expected.intercept_[0], rel=1e-5)


def test_descent_stops_at_the_tolerance_or_at_the_last_step():
    theta, steps = logistic.gradient_descent(np.array([8.0]), lambda t: t, 0.5, tolerance=1.5)
    assert (theta[0], steps) == (1.0, 3)
    theta, steps = logistic.gradient_descent(np.array([8.0]), lambda t: t, 0.5, max_iter=2)
    assert (theta[0], steps) == (2.0, 2)
    theta, steps = logistic.gradient_descent(np.array([0.0]), lambda t: t)
    assert steps == 0


def test_certain_and_wrong_costs_the_logit():
    X, Y = np.array([[1.0]]), np.array([[0.0]])
    assert logistic.cost(np.array([[1e4]]), 0.0, X, Y) == 1e4
    np.testing.assert_array_equal(logistic.sigmoid([-1e4, 1e4]), [0.0, 1.0])
