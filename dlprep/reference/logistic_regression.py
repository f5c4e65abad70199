r"""Logistic regression as a network of one layer, and gradient descent with a stopping rule.

Examples are columns: $X$ is $(n_x, m)$, $w$ is $(n_x, 1)$, $Y$ is $(1, m)$.
"""

import numpy as np


def gradient_descent(theta, gradient, alpha=0.01, tolerance=1e-6, max_iter=1000):
    r"""Step against the gradient until it is short, or the steps are used up.

    $$ \theta \leftarrow \theta - \alpha \nabla J(\theta) \quad\text{while}\quad
       \lVert \nabla J(\theta) \rVert \ge \epsilon \ \text{and}\ iter < max\_iter $$

    Args:
        theta: Initial parameters $\theta^0$, an array.
        gradient: Function of the parameters that returns $\nabla J(\theta)$, of the same shape.
        alpha: Learning rate $\alpha$.
        tolerance: Norm $\epsilon$ below which the gradient counts as zero.
        max_iter: Largest number of steps.

    Returns:
        The parameters, and the number of steps taken.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.logistic_regression import gradient_descent
        >>> theta, steps = gradient_descent(np.array([4.0]), lambda t: 2 * t, alpha=0.25)
        >>> steps
        23

    Reference:
        Okoli, "Notes on deep learning", algorithm 1.1.
    """
    steps = 0
    while steps < max_iter:
        slope = gradient(theta)
        if np.linalg.norm(slope) < tolerance:
            break
        theta = theta - alpha * slope
        steps += 1
    return theta, steps


def sigmoid(z):
    r"""Return $\sigma(z) = 1 / (1 + e^{-z})$ without overflow.

    Args:
        z: Numbers, an array of any shape.

    Returns:
        Array of the same shape.

    Example:
        >>> from dlprep.reference.logistic_regression import sigmoid
        >>> float(sigmoid(0.0))
        0.5

    Reference:
        Okoli, "Notes on deep learning", section 1.2.1.
    """
    return np.exp(-np.logaddexp(0.0, -np.asarray(z, "float64")))


def predict_probability(w, b, X):
    r"""Return the probability of class one: $\hat y = \sigma(w^T X + b)$.

    Args:
        w: Weights, shape `(nx, 1)`.
        b: Bias, a number.
        X: Inputs, shape `(nx, m)`.

    Returns:
        Array of shape `(1, m)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.logistic_regression import predict_probability
        >>> predict_probability(np.zeros((2, 1)), 0.0, np.ones((2, 3)))[0].tolist()
        [0.5, 0.5, 0.5]

    Reference:
        Okoli, "Notes on deep learning", section 1.2.1.
    """
    return sigmoid(w.T @ X + b)


def cost(w, b, X, Y, penalty=0.0):
    r"""Return the mean cross-entropy and the L2 penalty on the weights.

    $$ J(w, b) = -\frac{1}{m} \sum_{i=1}^m \big(y^{(i)} \ln \hat y^{(i)}
       + (1 - y^{(i)}) \ln(1 - \hat y^{(i)})\big) + \frac{\lambda}{2 m} \lVert w \rVert_2^2 $$

    From $z = w^T x + b$ the loss is $\ln(1 + e^z) - y z$, which no prediction makes infinite.

    Args:
        w: Weights, shape `(nx, 1)`.
        b: Bias, a number.
        X: Inputs, shape `(nx, m)`.
        Y: Labels 0 or 1, shape `(1, m)`.
        penalty: Strength $\lambda$; the bias is spared.

    Returns:
        The cost $J$, a float.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.logistic_regression import cost
        >>> round(float(cost(np.zeros((1, 1)), 0.0, np.ones((1, 1)), np.ones((1, 1)))), 4)
        0.6931

    Reference:
        Okoli, "Notes on deep learning", sections 1.2.1 and 2.2.1.
    """
    z = w.T @ X + b
    return np.mean(np.logaddexp(0.0, z) - Y * z) + penalty / (2 * Y.shape[1]) * np.sum(w**2)


def gradients(w, b, X, Y, penalty=0.0):
    r"""Return the gradients of the cost.

    $$ dz = \hat y - y, \qquad dw = \frac{1}{m} X \, dz^T + \frac{\lambda}{m} w, \qquad
       db = \frac{1}{m} \sum_i dz^{(i)} $$

    Args:
        w: Weights, shape `(nx, 1)`.
        b: Bias, a number.
        X: Inputs, shape `(nx, m)`.
        Y: Labels 0 or 1, shape `(1, m)`.
        penalty: Strength $\lambda$.

    Returns:
        $dw$ of shape `(nx, 1)` and $db$, a float.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.logistic_regression import gradients
        >>> dw, db = gradients(np.zeros((1, 1)), 0.0, np.array([[2.0]]), np.array([[1.0]]))
        >>> float(dw[0, 0]), float(db)
        (-1.0, -0.5)

    Reference:
        Okoli, "Notes on deep learning", section 1.2.
    """
    m = Y.shape[1]
    dz = predict_probability(w, b, X) - Y
    return X @ dz.T / m + penalty / m * w, np.sum(dz) / m


def fit(X, Y, alpha=0.1, penalty=0.0, tolerance=1e-6, max_iter=1000):
    r"""Train by gradient descent from zero; the cost is convex, so the start does not matter.

    $$ w \leftarrow w - \alpha \, dw, \qquad b \leftarrow b - \alpha \, db $$

    Args:
        X: Inputs, shape `(nx, m)`.
        Y: Labels 0 or 1, shape `(1, m)`.
        alpha: Learning rate $\alpha$.
        penalty: Strength $\lambda$ of the L2 penalty.
        tolerance: Norm of the gradient at which to stop.
        max_iter: Largest number of steps.

    Returns:
        Weights of shape `(nx, 1)`, bias, and the number of steps taken.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.logistic_regression import fit
        >>> w, b, steps = fit(np.array([[-1.0, 1.0]]), np.array([[0.0, 1.0]]), penalty=0.1)
        >>> w.shape, round(abs(float(b)), 4)
        ((1, 1), 0.0)

    Reference:
        Okoli, "Notes on deep learning", section 1.2.1 and algorithm 1.1.
    """

    def slope(theta):
        dw, db = gradients(theta[:-1], theta[-1], X, Y, penalty)
        return np.vstack([dw, [[db]]])

    theta, steps = gradient_descent(np.zeros((len(X) + 1, 1)), slope, alpha, tolerance, max_iter)
    return theta[:-1], theta[-1, 0], steps
