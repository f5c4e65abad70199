r"""Fully connected layer, forward and backward, with examples as columns.

The handbook writes $Z^{[l]} = W^{[l]} A^{[l-1]} + b^{[l]}$. Gradients carry no factor $1/m$: where
the cost is an average over $m$ examples, that factor is already in $dZ$.
"""

import numpy as np


def dense(A, W, b):
    r"""Return the weighted sums of a layer.

    $$ Z = W A + b $$

    Args:
        A: Activations of the layer before, shape `(inputs, m)`.
        W: Weights, shape `(units, inputs)`.
        b: Bias, shape `(units, 1)`.

    Returns:
        Array $Z$ of shape `(units, m)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.dense import dense
        >>> dense(np.ones((3, 5)), np.ones((2, 3)), np.ones((2, 1))).shape
        (2, 5)

    Reference:
        Deep Learning Fundamentals Handbook, chapter 3, forward pass; Rumelhart, Hinton, Williams
        1986, equation 1.
    """
    return W @ A + b


def dense_backward(dZ, A, W):
    r"""Return the gradients of the cost with respect to the input, the weights and the bias.

    $$ dA = W^T dZ, \quad dW = dZ\, A^T, \quad db = \sum_{i=1}^{m} dZ^{(i)} $$

    Args:
        dZ: Gradient with respect to $Z$, shape `(units, m)`.
        A: Input of the forward pass, shape `(inputs, m)`.
        W: Weights, shape `(units, inputs)`.

    Returns:
        The triple $(dA, dW, db)$, shaped as `A`, `W` and `(units, 1)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.dense import dense_backward
        >>> dA, dW, db = dense_backward(np.ones((2, 5)), np.ones((3, 5)), np.ones((2, 3)))
        >>> dA.shape, dW.shape, db.shape
        ((3, 5), (2, 3), (2, 1))

    Reference:
        Deep Learning Fundamentals Handbook, chapter 3, backward pass; Rumelhart, Hinton, Williams
        1986, equations 4 to 7.
    """
    return W.T @ dZ, dZ @ A.T, np.sum(dZ, axis=1, keepdims=True)
