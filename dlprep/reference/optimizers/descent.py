"""Gradient descent, momentum in both conventions, Nesterov, and the average behind them."""

import numpy as np


def exponentially_weighted_average(values, beta=0.9, correct=False):
    r"""Average a series with weights that fade by the factor $\beta$ per step.

    $$ V_t = \beta V_{t-1} + (1 - \beta) \theta_t, \qquad \hat V_t = \frac{V_t}{1 - \beta^t} $$

    Args:
        values: The series $\theta_1, \dots, \theta_T$ along the first axis, shape `(T, ...)`.
        beta: Share of the old average that is kept, in $[0, 1)$.
        correct: Whether to correct the bias of the start at $V_0 = 0$.

    Returns:
        The averages $V_1, \dots, V_T$, of the shape of `values`.

    Example:
        >>> from dlprep.reference.optimizers import exponentially_weighted_average
        >>> exponentially_weighted_average([10.0, 10.0]).round(4).tolist()
        [1.0, 1.9]

    Reference:
        Okoli, "Notes on deep learning", section 2.3.2; Kingma, Ba 2015, arXiv:1412.6980, section 3.
    """
    values = np.asarray(values, "float64")
    averages = np.empty_like(values)
    average = np.zeros(values.shape[1:])
    for t, value in enumerate(values, 1):
        average = beta * average + (1 - beta) * value
        averages[t - 1] = average / (1 - beta**t) if correct else average
    return averages


def gradient_descent(theta, g, eta=0.01):
    r"""Step against the gradient; with the gradient of a mini-batch this is SGD.

    $$ \theta \leftarrow \theta - \eta g $$

    Args:
        theta: Parameters $\theta$, an array of any shape.
        g: Gradient $\nabla_\theta J(\theta)$, of the same shape.
        eta: Learning rate $\eta$.

    Returns:
        The new parameters.

    Example:
        >>> from dlprep.reference.optimizers import gradient_descent
        >>> gradient_descent(1.0, 2.0, eta=0.25)
        0.5

    Reference:
        Cauchy 1847; Robbins, Monro 1951, "A stochastic approximation method".
    """
    return theta - eta * g


def momentum(theta, g, v, eta=0.01, gamma=0.9):
    r"""Step along an accumulated velocity: the handbook's formula, PyTorch's and Keras's sense.

    $$ v_t = \gamma v_{t-1} + \eta g, \qquad \theta \leftarrow \theta - v_t $$

    Args:
        theta: Parameters $\theta$, an array of any shape.
        g: Gradient, of the same shape.
        v: Velocity $v_{t-1}$, of the same shape.
        eta: Learning rate $\eta$.
        gamma: Share $\gamma$ of the velocity that is kept.

    Returns:
        The new parameters and the new velocity.

    Example:
        >>> from dlprep.reference.optimizers import momentum
        >>> momentum(1.0, 2.0, v=0.5, eta=0.25, gamma=0.5)
        (0.25, 0.75)

    Reference:
        Polyak 1964, "Some methods of speeding up the convergence of iteration methods", equation 9;
        Deep Learning Fundamentals Handbook, chapter 4.
    """
    v = gamma * v + eta * g
    return theta - v, v


def averaged_momentum(theta, g, v, alpha=0.01, beta=0.9):
    r"""Step along an average of the gradients: the convention of the notes and the slides.

    $$ v_t = \beta v_{t-1} + (1 - \beta) g, \qquad \theta \leftarrow \theta - \alpha v_t $$

    It takes the same steps as `momentum` with $\gamma = \beta$ and $\eta = (1 - \beta) \alpha$.

    Args:
        theta: Parameters $\theta$, an array of any shape.
        g: Gradient, of the same shape.
        v: Average gradient $v_{t-1}$, of the same shape.
        alpha: Learning rate $\alpha$.
        beta: Share $\beta$ of the average that is kept.

    Returns:
        The new parameters and the new average.

    Example:
        >>> from dlprep.reference.optimizers import averaged_momentum
        >>> averaged_momentum(1.0, 2.0, v=0.0, alpha=0.25, beta=0.5)
        (0.75, 1.0)

    Reference:
        Okoli, "Notes on deep learning", section 2.3.2.
    """
    v = beta * v + (1 - beta) * g
    return theta - alpha * v, v


def nesterov(theta, g, v, eta=0.01, gamma=0.9):
    r"""Step along a velocity that looks ahead, with the gradient taken at $\theta$ itself.

    $$ v_t = \gamma v_{t-1} + \eta g, \qquad \theta \leftarrow \theta - (\gamma v_t + \eta g) $$

    Here $\theta$ stands for the point after the look ahead, $\tilde\theta - \gamma v$, where
    Nesterov's own variable is $\tilde\theta$: the same path, but the gradient is needed only where
    the parameters are.

    Args:
        theta: Parameters after the look ahead, an array of any shape.
        g: Gradient at `theta`, of the same shape.
        v: Velocity $v_{t-1}$, of the same shape.
        eta: Learning rate $\eta$.
        gamma: Share $\gamma$ of the velocity that is kept.

    Returns:
        The new parameters and the new velocity.

    Example:
        >>> from dlprep.reference.optimizers import nesterov
        >>> nesterov(1.0, 2.0, v=0.0, eta=0.25, gamma=0.5)
        (0.25, 0.5)

    Reference:
        Sutskever, Martens, Dahl, Hinton 2013, equations 3 and 4; Bengio, Boulanger-Lewandowski,
        Pascanu 2013, arXiv:1212.0901, equation 7.
    """
    v = gamma * v + eta * g
    return theta - (gamma * v + eta * g), v
