import numpy as np
import pytest
from reference.finite_differences import assert_gradients

from dlprep.reference.dropout import (
    classic_dropout,
    dropout_mask,
    inverted_dropout,
    inverted_dropout_backward,
)

rng = np.random.default_rng(0)


def test_mask_keeps_the_share_one_minus_p():
    assert dropout_mask(rng, (100_000,), 0.3).mean() == pytest.approx(0.7, abs=0.01)


@pytest.mark.parametrize("dropout", [classic_dropout, inverted_dropout])
def test_training_and_testing_agree_on_average(dropout):
    a = np.full(100_000, 3.0)
    training = dropout(a, 0.3, dropout_mask(rng, a.shape, 0.3))
    assert training.mean() == pytest.approx(dropout(a, 0.3).mean(), rel=0.02)


def test_inverted_dropout_leaves_testing_alone_and_classic_does_not():
    a = np.array([2.0])
    assert inverted_dropout(a, 0.5) == 2.0
    assert classic_dropout(a, 0.5) == 1.0


def test_dropping_all_units_gives_zero():
    np.testing.assert_array_equal(inverted_dropout(np.ones(3), 1.0, np.zeros(3)), 0)


def test_gradient_equals_finite_differences():
    a, r, dA = rng.normal(size=4), np.array([1.0, 0, 1, 0]), rng.normal(size=4)
    gradient = inverted_dropout_backward(dA, 0.4, r)
    assert_gradients(lambda a: np.sum(dA * inverted_dropout(a, 0.4, r)), (a,), (gradient,))
