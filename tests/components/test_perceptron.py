import re

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close, assert_same
from components.gradients import value_and_gradient
from keras import ops

from dlprep.layers import Perceptron
from dlprep.layers.perceptron import perceptron, perceptron_rule
from dlprep.reference import perceptron as reference

rng = np.random.default_rng(0)
X, Y = rng.normal(size=(5, 3)), rng.integers(0, 2, (5, 1)).astype(float)
W, B = rng.normal(size=(3, 1)), rng.normal(size=1)


def test_answers_and_rule_equal_the_reference():
    x, y, w, b = (ops.array(value, "float32") for value in (X, Y, W, B))
    expected = reference.perceptron(X, W[:, 0], B[0])
    assert_same(perceptron(x, w, b)[:, 0], expected)
    for row in range(5):
        kernel, bias = perceptron_rule(x[row : row + 1], y[row : row + 1], w, b, 0.3)
        v, c = reference.perceptron_rule(X[row], Y[row, 0], W[:, 0], B[0], 0.3)
        assert_close(np.append(array(kernel), array(bias)), np.append(v, c), rtol=1e-5)


def test_a_batch_adds_the_moves_of_its_examples():
    x, y, w, b = (ops.array(value, "float32") for value in (X, 1 - reference_answers(), W, B))
    moves = [perceptron_rule(x[i : i + 1], y[i : i + 1], w, b)[0] - w for i in range(5)]
    assert_close(perceptron_rule(x, y, w, b)[0] - w, sum(moves), rtol=1e-5)


def reference_answers():
    return reference.perceptron(X, W[:, 0], B[0])[:, None]


def test_learning_one_by_one_makes_the_mistakes_of_the_reference():
    x = rng.normal(size=(20, 2))
    y = (x @ [1.0, -2.0] > 0.1).astype(float)
    unit, mistakes = Perceptron(), 0
    *_, expected = reference.train_perceptron(x, y)
    for _ in range(200):
        more = sum(int(unit.learn(x[i : i + 1], y[i : i + 1, None])) for i in range(20))
        mistakes += more
        if not more:
            break
    assert mistakes == expected > 0
    assert_same(unit(x)[:, 0], y)


def test_gradient_descent_on_half_the_squared_error_is_the_rule():
    by_rule, by_descent = (Perceptron(2, kernel_initializer="ones") for _ in range(2))
    targets = rng.integers(0, 2, (5, 2)).astype("float32")
    by_rule.learn(X, targets, 0.5)
    model = keras.Sequential([keras.Input((3,)), by_descent])
    # The mean over ten entries: a rate ten times as high, and half of it for the square's slope.
    model.compile(keras.optimizers.SGD(0.5 * 10 / 2), "mse")
    model.train_on_batch(X, targets)
    assert_close(by_rule.kernel, by_descent.kernel, rtol=1e-5)
    assert_close(by_rule.bias, by_descent.bias, rtol=1e-5)


def test_answers_are_exact_and_the_gradient_passes_straight_through():
    def unit(x):
        return perceptron(x, ops.array([[1.0]]), ops.array([0.0]))

    value, gradient = value_and_gradient(unit, [[1e8], [0.1], [0.0], [-3.3]])
    assert_same(value[:, 0], [1, 1, 1, 0])
    assert_same(gradient[:, 0], [1, 1, 1, 1])


def test_units_must_be_a_positive_integer():
    with pytest.raises(ValueError, match="units"):
        Perceptron(0)


@pytest.mark.parametrize(
    ("x", "y"),
    [((4, 3), (4,)), ((4, 3), (3, 1)), ((4, 3), (4, 2)), ((3,), (1,)), ((2, 4, 3), (2, 1))],
)
def test_shapes_that_do_not_fit_are_told(x, y):
    with pytest.raises(
        ValueError, match=rf"\(batch, 1\).*{re.escape(str(x))}.*{re.escape(str(y))}"
    ):
        Perceptron().learn(np.ones(x), np.ones(y))
