r"""Penalties $\Omega(W)$ on weights and their gradients.

$\lambda$ multiplies the plain sum, as in Keras. The notes' $\frac{\lambda}{2m} \|W\|^2$ is this one
with $\lambda / 2m$ in place of $\lambda$.
"""

import numpy as np


def l1(W, lambd):
    r"""Return the penalty on absolute weights and its (sub)gradient.

    $$\Omega = \lambda \sum |w|,
    \qquad \frac{\partial \Omega}{\partial w} = \lambda \operatorname{sign} w$$

    Args:
        W: Weights of any shape.
        lambd: $\lambda$.

    Returns:
        `(penalty, gradient)`: a number and an array like `W`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.penalties import l1
        >>> float(l1(np.array([1.0, -3.0]), 0.5)[0])
        2.0

    Reference:
        Tibshirani 1996, Regression Shrinkage and Selection via the Lasso.
    """
    return lambd * np.sum(np.abs(W)), lambd * np.sign(W)


def l2(W, lambd):
    r"""Return the penalty on squared weights and its gradient.

    $$\Omega = \lambda \sum w^2, \qquad \frac{\partial \Omega}{\partial w} = 2 \lambda w$$

    Args:
        W: Weights of any shape.
        lambd: $\lambda$.

    Returns:
        `(penalty, gradient)`: a number and an array like `W`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.penalties import l2
        >>> float(l2(np.array([1.0, -3.0]), 0.5)[0])
        5.0

    Reference:
        Krogh, Hertz 1991, A Simple Weight Decay Can Improve Generalization, equation 1.
    """
    return lambd * np.sum(W**2), 2.0 * lambd * W


def l1_l2(W, lambd_1, lambd_2):
    r"""Return the elastic-net penalty and its (sub)gradient.

    $$\Omega = \lambda_1 \sum |w| + \lambda_2 \sum w^2$$

    Args:
        W: Weights of any shape.
        lambd_1: $\lambda_1$.
        lambd_2: $\lambda_2$.

    Returns:
        `(penalty, gradient)`: a number and an array like `W`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.penalties import l1_l2
        >>> float(l1_l2(np.array([1.0, -3.0]), 0.5, 0.5)[0])
        7.0

    Reference:
        Zou, Hastie 2005, Regularization and Variable Selection via the Elastic Net, equation 3.
    """
    (first, d_first), (second, d_second) = l1(W, lambd_1), l2(W, lambd_2)
    return first + second, d_first + d_second


def orthogonal(W, lambd):
    r"""Return the mean absolute cosine between pairs of rows and its (sub)gradient.

    $$\Omega = \frac{\lambda}{P} \sum_{i < j} |u_i \cdot u_j|, \quad u_i = \frac{w_i}{\|w_i\|},
    \qquad \frac{\partial \Omega}{\partial w_i} = \frac{\lambda}{P \|w_i\|}
    \sum_{j \ne i} \operatorname{sign}(u_i \cdot u_j) \big( u_j - (u_i \cdot u_j) u_i \big)$$

    Args:
        W: Matrix of $n$ rows; $P = n (n - 1) / 2$.
        lambd: $\lambda$.

    Returns:
        `(penalty, gradient)`: a number and an array like `W`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.penalties import orthogonal
        >>> float(orthogonal(np.array([[1.0, 0.0], [2.0, 0.0]]), 0.5)[0])
        0.5

    Reference:
        https://keras.io/api/layers/regularizers/#orthogonalregularizer-class
    """
    length = np.linalg.norm(W, axis=1, keepdims=True)
    U = W / length
    cosines = U @ U.T * (1.0 - np.eye(len(W)))
    scale = 2.0 * lambd / (len(W) * (len(W) - 1))
    side = np.sign(cosines)
    along = np.sum(side * cosines, axis=1, keepdims=True) * U
    return scale * np.sum(np.abs(cosines)) / 2, scale * (side @ U - along) / length
