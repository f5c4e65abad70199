import numpy as np
from reference.finite_differences import assert_gradients

from dlprep.reference.attention import softmax
from dlprep.reference.feed_forward import (
    load_imbalance,
    load_imbalance_backward,
    mixture,
    mixture_backward,
    swiglu,
    swiglu_backward,
)
from dlprep.reference.position import rotate, rotate_backward, rotation, sinusoidal_positions

rng = np.random.default_rng(0)


def test_shifting_the_waves_is_a_rotation_that_depends_on_the_shift_alone():
    P = sinusoidal_positions(20, 6)
    turn = np.linalg.lstsq(P[:-3], P[3:], rcond=None)[0]
    np.testing.assert_allclose(P[:-3] @ turn, P[3:], atol=1e-9)


def test_product_of_turned_vectors_depends_on_their_distance_alone():
    q, k = rng.normal(size=6), rng.normal(size=6)
    first = (rotation(7, 6) @ q) @ (rotation(3, 6) @ k)
    second = (rotation(104, 6) @ q) @ (rotation(100, 6) @ k)
    np.testing.assert_allclose(first, second)


def test_rotation_gradient_equals_finite_differences():
    X, dY = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 3, 4))
    assert_gradients(lambda X: np.sum(dY * rotate(X)), (X,), (rotate_backward(dY),))


def test_swiglu_gradients_equal_finite_differences():
    arrays = [rng.normal(size=shape) for shape in [(4, 3), (3, 5), (3, 5), (5, 3)]]
    dY = rng.normal(size=(4, 3))
    gradients = swiglu_backward(dY, *arrays, swiglu(*arrays)[1])
    assert_gradients(lambda *a: np.sum(dY * swiglu(*a)[0]), arrays, gradients)


def test_mixture_gradients_equal_finite_differences():
    arrays = [rng.normal(size=shape) for shape in [(4, 3), (3, 5), (5, 3, 2), (5, 2, 3)]]
    dY = rng.normal(size=(4, 3))
    gradients = mixture_backward(dY, *arrays, mixture(*arrays, top=2)[1])
    assert_gradients(lambda *a: np.sum(dY * mixture(*a, top=2)[0]), arrays, gradients)


def test_only_the_best_experts_work():
    _, shares = mixture(*(rng.normal(size=s) for s in [(9, 3), (3, 5), (5, 3, 2), (5, 2, 3)]), 2)
    assert ((shares > 0).sum(1) == 2).all()
    np.testing.assert_allclose(shares.sum(1), 1)


def test_load_imbalance_gradient_equals_finite_differences():
    S = rng.normal(size=(6, 4))
    shares = (np.sort(S)[:, [1]] < S) / 2
    gradient = load_imbalance_backward(shares, softmax(S))
    assert_gradients(lambda S: load_imbalance(shares, softmax(S)), (S,), (gradient,))


def test_even_use_has_the_imbalance_one():
    np.testing.assert_allclose(load_imbalance(np.eye(4), np.full((4, 4), 0.25)), 1)
    crowd = np.eye(4)[[0, 0, 0, 0]]
    np.testing.assert_allclose(load_imbalance(crowd, crowd), 4)
