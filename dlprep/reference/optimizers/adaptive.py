"""Rules that divide each component of the gradient by a root of its past squares."""

import numpy as np


def rmsprop(theta, g, v, eta=0.001, beta=0.9, epsilon=1e-7):
    r"""Divide the gradient by the root of its mean square.

    $$ v_t = \beta v_{t-1} + (1 - \beta) g^2, \qquad
       \theta \leftarrow \theta - \frac{\eta}{\sqrt{v_t + \epsilon}} g $$

    Args:
        theta: Parameters $\theta$, an array of any shape.
        g: Gradient, of the same shape.
        v: Mean square $v_{t-1}$, of the same shape.
        eta: Learning rate $\eta$.
        beta: Share of the old mean square that is kept.
        epsilon: Small number under the root.

    Returns:
        The new parameters and the new mean square.

    Example:
        >>> from dlprep.reference.optimizers import rmsprop
        >>> theta, v = rmsprop(1.0, 2.0, v=0.0, eta=0.25, beta=0.75, epsilon=0.0)
        >>> float(theta), v
        (0.5, 1.0)

    Reference:
        Tieleman, Hinton 2012, lecture 6.5; Deep Learning Fundamentals Handbook, chapter 4.
    """
    v = beta * v + (1 - beta) * g**2
    return theta - eta * g / np.sqrt(v + epsilon), v


def centered_rmsprop(theta, g, n, a, delta, eta=0.001, rho=0.9, gamma=0.0, epsilon=1e-7):
    r"""Divide the gradient by the root of its variance, and accumulate the steps.

    $$ n_t = \rho n_{t-1} + (1 - \rho) g^2, \qquad a_t = \rho a_{t-1} + (1 - \rho) g $$
    $$ \Delta_t = \gamma \Delta_{t-1} - \eta \frac{g}{\sqrt{n_t - a_t^2 + \epsilon}}, \qquad
       \theta \leftarrow \theta + \Delta_t $$

    Args:
        theta: Parameters $\theta$, an array of any shape.
        g: Gradient, of the same shape.
        n: Mean square $n_{t-1}$, of the same shape.
        a: Mean $a_{t-1}$, of the same shape.
        delta: Last step $\Delta_{t-1}$, of the same shape.
        eta: Learning rate $\eta$.
        rho: Share of the old averages that is kept.
        gamma: Share $\gamma$ of the last step that is kept.
        epsilon: Small number under the root.

    Returns:
        The new parameters, mean square, mean and step.

    Example:
        >>> from dlprep.reference.optimizers import centered_rmsprop
        >>> theta, n, a, delta = centered_rmsprop(1.0, 2.0, 0.0, 0.0, 0.0, 0.25, 0.5, epsilon=0.0)
        >>> float(theta), n, a
        (0.5, 2.0, 1.0)

    Reference:
        Graves 2013, arXiv:1308.0850, equations 38 to 41.
    """
    n = rho * n + (1 - rho) * g**2
    a = rho * a + (1 - rho) * g
    delta = gamma * delta - eta * g / np.sqrt(n - a**2 + epsilon)
    return theta + delta, n, a, delta


def adagrad(theta, g, v, eta=0.001, epsilon=1e-7):
    r"""Divide the gradient by the root of the sum of its past squares.

    $$ v_t = v_{t-1} + g^2, \qquad
       \theta \leftarrow \theta - \frac{\eta}{\sqrt{v_t + \epsilon}} g $$

    Args:
        theta: Parameters $\theta$, an array of any shape.
        g: Gradient, of the same shape.
        v: Sum of squares $v_{t-1}$, of the same shape.
        eta: Learning rate $\eta$.
        epsilon: Small number under the root.

    Returns:
        The new parameters and the new sum of squares.

    Example:
        >>> from dlprep.reference.optimizers import adagrad
        >>> theta, v = adagrad(1.0, 3.0, v=16.0, eta=0.5, epsilon=0.0)
        >>> round(float(theta), 4), v
        (0.7, 25.0)

    Reference:
        Duchi, Hazan, Singer 2011, equation 1 with the diagonal matrix; Mountassir, figure 43.
    """
    v = v + g**2
    return theta - eta * g / np.sqrt(v + epsilon), v


def adadelta(theta, g, v, d, eta=1.0, rho=0.95, epsilon=1e-6):
    r"""Step by the ratio of two root mean squares, of the past steps and of the gradients.

    $$ v_t = \rho v_{t-1} + (1 - \rho) g^2, \qquad
       \Delta = \frac{\sqrt{d_{t-1} + \epsilon}}{\sqrt{v_t + \epsilon}} g, \qquad
       d_t = \rho d_{t-1} + (1 - \rho) \Delta^2, \qquad \theta \leftarrow \theta - \eta \Delta $$

    Args:
        theta: Parameters $\theta$, an array of any shape.
        g: Gradient, of the same shape.
        v: Mean square of the gradients $v_{t-1}$, of the same shape.
        d: Mean square of the steps $d_{t-1}$, of the same shape.
        eta: Factor on the step; the paper has none.
        rho: Share of the old mean squares that is kept.
        epsilon: Small number under both roots.

    Returns:
        The new parameters and both mean squares.

    Example:
        >>> from dlprep.reference.optimizers import adadelta
        >>> theta, v, d = adadelta(1.0, 2.0, 0.0, 0.0, rho=0.75, epsilon=1e-4)
        >>> round(float(theta), 4)
        0.98

    Reference:
        Zeiler 2012, arXiv:1212.5701, algorithm 1.
    """
    v = rho * v + (1 - rho) * g**2
    delta = np.sqrt(d + epsilon) / np.sqrt(v + epsilon) * g
    return theta - eta * delta, v, rho * d + (1 - rho) * delta**2
