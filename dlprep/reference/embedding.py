r"""Tokens as vectors: one-hot, counted, or looked up in a table, forward and backward."""

import numpy as np


def one_hot(T, n):
    r"""Give every token a vector that is 1 at its place.

    $$ y_{i k} = [t_i = k] $$

    Args:
        T: Integers of any shape, from 0 to $n - 1$; others give zeros.
        n: Number of places.

    Returns:
        Array of the shape of `T` and one more axis of `n`.

    Example:
        >>> from dlprep.reference.embedding import one_hot
        >>> one_hot([1], 3).tolist()
        [[0.0, 1.0, 0.0]]

    Reference:
        Goodfellow, Bengio, Courville 2016, "Deep Learning", section 12.4.2.
    """
    return (np.asarray(T)[..., None] == np.arange(n)).astype(float)


def multi_hot(T, n):
    r"""Mark the tokens that a row has, however often.

    $$ y_k = \max_i [t_i = k] $$

    Args:
        T: Integers of shape `(..., tokens)`.
        n: Number of places.

    Returns:
        Array of shape `(..., n)`.

    Example:
        >>> from dlprep.reference.embedding import multi_hot
        >>> multi_hot([1, 1], 3).tolist()
        [0.0, 1.0, 0.0]

    Reference:
        Goodfellow, Bengio, Courville 2016, "Deep Learning", section 12.4.2.
    """
    return one_hot(T, n).max(-2)


def counts(T, n, w=1.0):
    r"""Count the tokens of a row.

    $$ y_k = \sum_i w_i [t_i = k] $$

    Args:
        T: Integers of shape `(..., tokens)`.
        n: Number of places.
        w: Weight of every token, of the shape of `T`.

    Returns:
        Array of shape `(..., n)`.

    Example:
        >>> from dlprep.reference.embedding import counts
        >>> counts([1, 1, 2], 3).tolist()
        [0.0, 2.0, 1.0]

    Reference:
        Manning, Raghavan, Schuetze 2008, "Introduction to information retrieval", section 6.2.
    """
    return np.sum(np.asarray(w)[..., None] * one_hot(T, n), -2)


def counts_backward(dY, T):
    r"""Hand every weight the gradient at its token's place.

    $$ dw_i = dy_{t_i} $$

    Args:
        dY: Gradient with respect to the counts, shape `(..., n)`.
        T: Tokens of the forward pass.

    Returns:
        Gradient with respect to the weights, of the shape of `T`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.embedding import counts_backward
        >>> counts_backward(np.array([5.0, 7.0]), np.array([1, 1, 0])).tolist()
        [7.0, 7.0, 5.0]

    Reference:
        Manning, Raghavan, Schuetze 2008, "Introduction to information retrieval", section 6.2.
    """
    return np.take_along_axis(dY, T, -1)


def embedding(T, E):
    r"""Look the vector of every token up.

    $$ y_i = E_{t_i}, \quad \text{the same as } \mathrm{onehot}(t_i)\, E $$

    Args:
        T: Integers of any shape.
        E: Vectors as rows, shape `(n, size)`.

    Returns:
        Array of the shape of `T` and one more axis of `size`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.embedding import embedding
        >>> embedding([1], np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
        [[3.0, 4.0]]

    Reference:
        Bengio, Ducharme, Vincent, Jauvin 2003, "A neural probabilistic language model", section 2.
    """
    return E[np.asarray(T)]


def embedding_backward(dY, T, E):
    r"""Add the gradient of every place to the row of its token; rows not looked up get zero.

    $$ dE_k = \sum_i [t_i = k]\, dy_i $$

    Args:
        dY: Gradient with respect to the vectors, shape `(*T.shape, size)`.
        T: Tokens of the forward pass.
        E: Table of the forward pass.

    Returns:
        Gradient with respect to the table, of its shape.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.embedding import embedding_backward
        >>> embedding_backward(np.array([[2.0], [3.0]]), [1, 1], np.zeros((2, 1))).tolist()
        [[0.0], [5.0]]

    Reference:
        Bengio, Ducharme, Vincent, Jauvin 2003, "A neural probabilistic language model", section 2.
    """
    dE = np.zeros_like(E)
    # A plain `dE[T] += dY` would keep only the last of a token's gradients.
    np.add.at(dE, np.asarray(T), dY)
    return dE
