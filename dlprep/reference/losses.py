r"""Losses $\ell(y, \hat y)$ and their gradients $\partial \ell / \partial \hat y$, written out.

Every function returns the pair (one value per row, gradient of a row's value). Outputs lie along
the last axis. A cost is the mean of the rows' values; its gradient carries the factor $1/m$ then.
"""

import numpy as np

from dlprep.reference.activations import sigmoid, softmax


def mean_squared_error(y, y_hat):
    r"""Return the mean of squared residuals and its gradient.

    $$\ell = \frac1d \sum_i (y_i - \hat y_i)^2, \qquad
    \frac{\partial \ell}{\partial \hat y_i} = \frac2d (\hat y_i - y_i)$$

    Args:
        y: Targets, shape `(..., d)`.
        y_hat: Predictions of that shape.

    Returns:
        `(loss, gradient)` of shapes `(...)` and `(..., d)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.losses import mean_squared_error
        >>> loss, gradient = mean_squared_error(np.array([[0.0]]), np.array([[3.0]]))
        >>> float(loss[0]), float(gradient[0, 0])
        (9.0, 6.0)

    Reference:
        Goodfellow, Bengio, Courville 2016, Deep Learning, equation 5.4.
    """
    residual = y_hat - y
    return np.mean(residual**2, -1), 2.0 * residual / y.shape[-1]


def binary_crossentropy(y, z, label_smoothing=0.0):
    r"""Return the cross-entropy of yes/no labels and its gradient, from logits.

    $$\ell = \frac1d \sum_i \big[ \log(1 + e^{z_i}) - y_i z_i \big], \qquad
    \frac{\partial \ell}{\partial z_i} = \frac1d (\sigma(z_i) - y_i)$$

    Args:
        y: Labels in [0, 1], shape `(..., d)`.
        z: Logits of that shape.
        label_smoothing: $s$; labels become $y (1 - s) + s / 2$.

    Returns:
        `(loss, gradient)` of shapes `(...)` and `(..., d)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.losses import binary_crossentropy
        >>> loss, gradient = binary_crossentropy(np.array([[1.0]]), np.array([[0.0]]))
        >>> round(float(loss[0]), 4), float(gradient[0, 0])
        (0.6931, -0.5)

    Reference:
        Deep Learning Fundamentals Handbook, chapter 2, the cost function of logistic regression.
    """
    y = y * (1.0 - label_smoothing) + label_smoothing / 2.0
    loss = np.logaddexp(0.0, z) - y * z
    return np.mean(loss, -1), (sigmoid(z)[0] - y) / y.shape[-1]


def categorical_crossentropy(y, z, label_smoothing=0.0):
    r"""Return the cross-entropy of a distribution over classes and its gradient, from logits.

    $$\ell = -\sum_c y_c \log p_c, \quad p = \operatorname{softmax}(z), \qquad
    \frac{\partial \ell}{\partial z} = p \textstyle\sum_c y_c - y$$

    Args:
        y: Labels, shape `(..., C)`, one-hot or soft.
        z: Logits of that shape.
        label_smoothing: $s$; labels become $y (1 - s) + s / C$.

    Returns:
        `(loss, gradient)` of shapes `(...)` and `(..., C)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.losses import categorical_crossentropy
        >>> loss, gradient = categorical_crossentropy(np.array([[1.0, 0.0]]), np.zeros((1, 2)))
        >>> round(float(loss[0]), 4), gradient.tolist()
        (0.6931, [[-0.5, 0.5]])

    Reference:
        Bishop 2006, Pattern Recognition and Machine Learning, equations 4.108 and 4.109.
    """
    y = y * (1.0 - label_smoothing) + label_smoothing / y.shape[-1]
    shifted = z - np.max(z, -1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), -1, keepdims=True))
    return -np.sum(y * log_p, -1), softmax(z) * np.sum(y, -1, keepdims=True) - y


def sparse_categorical_crossentropy(c, z):
    r"""Return the cross-entropy of class indices and its gradient, from logits.

    $$\ell = -\log p_c, \quad p = \operatorname{softmax}(z), \qquad
    \frac{\partial \ell}{\partial z_k} = p_k - \delta_{kc}$$

    Args:
        c: Class indices, shape `(...)`.
        z: Logits, shape `(..., C)`.

    Returns:
        `(loss, gradient)` of shapes `(...)` and `(..., C)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.losses import sparse_categorical_crossentropy
        >>> loss, gradient = sparse_categorical_crossentropy(np.array([0]), np.zeros((1, 2)))
        >>> round(float(loss[0]), 4), gradient.tolist()
        (0.6931, [[-0.5, 0.5]])

    Reference:
        Bishop 2006, Pattern Recognition and Machine Learning, equations 4.108 and 4.109.
    """
    return categorical_crossentropy(np.eye(z.shape[-1])[c], z)
