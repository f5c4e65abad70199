import numpy as np

from dlprep.reference.perceptron import perceptron, perceptron_rule, train_perceptron

X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])


def test_the_step_is_closed_from_above():
    assert perceptron(np.array([[1.0]]), np.array([1.0]), -1.0)[0] == 1


def test_right_answers_change_nothing():
    w, b = perceptron_rule(np.array([2.0]), 1.0, np.array([1.0]), 0.0)
    assert (w[0], b) == (1.0, 0.0)


def test_and_is_learned_within_the_bound_of_novikoff():
    y = np.array([0.0, 0, 0, 1])
    w, b, mistakes = train_perceptron(X, y)
    np.testing.assert_array_equal(perceptron(X, w, b), y)
    signs, inputs = np.where(y, 1, -1), np.c_[X, np.ones(4)]
    separator = np.array([1.0, 1.0, -1.5])
    margin = np.min(signs * (inputs @ separator)) / np.linalg.norm(separator)
    assert 0 < mistakes <= np.max(np.sum(inputs**2, 1)) / margin**2


def test_exclusive_or_is_never_learned():
    y = np.array([0.0, 1, 1, 0])
    w, b, mistakes = train_perceptron(X, y, max_epochs=50)
    assert mistakes >= 50
    assert np.any(perceptron(X, w, b) != y)


def test_the_rate_only_scales():
    y = np.array([0.0, 1, 1, 1])
    (w, b, mistakes), (v, c, others) = (train_perceptron(X, y, eta) for eta in (1.0, 0.1))
    assert mistakes == others
    np.testing.assert_allclose(np.append(v, c), 0.1 * np.append(w, b), atol=1e-12)
