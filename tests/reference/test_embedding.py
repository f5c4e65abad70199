import numpy as np
from reference.finite_differences import assert_gradients

from dlprep.reference.embedding import (
    counts,
    counts_backward,
    embedding,
    embedding_backward,
    multi_hot,
    one_hot,
)

rng = np.random.default_rng(0)
TOKENS = np.array([[1, 3, 1], [0, 1, 1]])


def test_looking_up_is_a_product_with_one_hot_rows():
    E = rng.normal(size=(5, 2))
    np.testing.assert_allclose(embedding(TOKENS, E), one_hot(TOKENS, 5) @ E)


def test_gradients_of_a_repeated_token_add_up():
    E, dY = rng.normal(size=(5, 2)), rng.normal(size=(2, 3, 2))
    gradient = embedding_backward(dY, TOKENS, E)
    assert_gradients(lambda E: np.sum(dY * embedding(TOKENS, E)), (E,), (gradient,))
    np.testing.assert_array_equal(gradient[[2, 4]], 0)


def test_weights_of_counts_get_the_gradient_of_their_token():
    w, dY = rng.normal(size=(2, 3)), rng.normal(size=(2, 5))
    gradient = counts_backward(dY, TOKENS)
    assert_gradients(lambda w: np.sum(dY * counts(TOKENS, 5, w)), (w,), (gradient,))


def test_counts_and_presence():
    np.testing.assert_array_equal(counts(TOKENS, 4), [[0, 2, 0, 1], [1, 2, 0, 0]])
    np.testing.assert_array_equal(multi_hot(TOKENS, 4), [[0, 1, 0, 1], [1, 1, 0, 0]])
    np.testing.assert_array_equal(one_hot([4, -1], 4), np.zeros((2, 4)))
