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
