"""Adam and its relatives: a mean gradient over the root of a mean square."""

import numpy as np


def adam(theta, g, m, v, t, alpha=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    r"""Divide the mean gradient by the root of the mean square, both corrected for their start.

    $$ m_t = \beta_1 m_{t-1} + (1 - \beta_1) g, \quad v_t = \beta_2 v_{t-1} + (1 - \beta_2) g^2 $$
    $$ \theta \leftarrow \theta - \alpha \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}, \quad
       \hat m_t = \frac{m_t}{1 - \beta_1^t}, \quad \hat v_t = \frac{v_t}{1 - \beta_2^t} $$

    Args:
        theta: Parameters $\theta$, an array of any shape.
        g: Gradient, of the same shape.
        m: Mean gradient $m_{t-1}$, of the same shape.
        v: Mean square $v_{t-1}$, of the same shape.
        t: Number of this step, 1 at first.
        alpha: Learning rate $\alpha$.
        beta_1: Share of the old mean gradient that is kept.
        beta_2: Share of the old mean square that is kept.
        epsilon: Small number added to the corrected root.

    Returns:
        The new parameters, mean gradient and mean square.

    Example:
        >>> from dlprep.reference.optimizers import adam
        >>> theta, m, v = adam(1.0, 2.0, 0.0, 0.0, t=1, alpha=0.5, epsilon=0.0)
        >>> round(float(theta), 4)
        0.5

    Reference:
        Kingma, Ba 2015, arXiv:1412.6980, algorithm 1.
    """
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
    return theta - alpha * m_hat / (np.sqrt(v_hat) + epsilon), m, v


def adamw(theta, g, m, v, t, alpha=0.001, weight_decay=0.004, **options):
    r"""Take Adam's step and, apart from it, shrink the parameters.

    $$ \theta \leftarrow \theta - \alpha \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}
       - \alpha \lambda \theta $$

    Args:
        theta: Parameters $\theta$, an array of any shape.
        g: Gradient, of the same shape, without any penalty on $\theta$.
        m: Mean gradient $m_{t-1}$, of the same shape.
        v: Mean square $v_{t-1}$, of the same shape.
        t: Number of this step, 1 at first.
        alpha: Learning rate $\alpha$, which scales the decay as well.
        weight_decay: Decay $\lambda$.
        **options: `beta_1`, `beta_2` and `epsilon` of `adam`.

    Returns:
        The new parameters, mean gradient and mean square.

    Example:
        >>> from dlprep.reference.optimizers import adamw
        >>> theta, m, v = adamw(1.0, 0.0, 0.0, 0.0, t=1, alpha=0.5, weight_decay=0.5)
        >>> float(theta)
        0.75

    Reference:
        Loshchilov, Hutter 2019, arXiv:1711.05101, algorithm 2, the multiplier being the learning
        rate.
    """
    decayed = theta - alpha * weight_decay * theta
    return adam(decayed, g, m, v, t, alpha, **options)
