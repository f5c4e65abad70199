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


def amsgrad(
    theta, g, m, v, v_hat, t, alpha=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8, correct=True
):
    r"""Divide Adam's mean gradient by the root of the largest mean square so far.

    $$ \hat v_t = \max(\hat v_{t-1}, v_t), \qquad
       \theta \leftarrow \theta - \alpha
       \frac{m_t / (1 - \beta_1^t)}{\sqrt{\hat v_t / (1 - \beta_2^t)} + \epsilon} $$

    with `correct=False` as the paper has it, without the two corrections.

    Args:
        theta: Parameters $\theta$, an array of any shape.
        g: Gradient, of the same shape.
        m: Mean gradient $m_{t-1}$, of the same shape.
        v: Mean square $v_{t-1}$, of the same shape.
        v_hat: Largest mean square $\hat v_{t-1}$, of the same shape.
        t: Number of this step, 1 at first.
        alpha: Learning rate $\alpha$.
        beta_1: Share of the old mean gradient that is kept.
        beta_2: Share of the old mean square that is kept.
        epsilon: Small number added to the root.
        correct: Whether to correct for the start at zero, as Keras and PyTorch do; the paper does
            not.

    Returns:
        The new parameters, mean gradient, mean square and largest mean square.

    Example:
        >>> from dlprep.reference.optimizers import amsgrad
        >>> theta, _, _, v_hat = amsgrad(1.0, 2.0, 0.0, 0.0, 0.16, t=1, alpha=0.5, correct=False)
        >>> round(float(theta), 4), float(v_hat)
        (0.75, 0.16)

    Reference:
        Reddi, Kale, Kumar 2018, arXiv:1904.09237, algorithm 2.
    """
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    v_hat = np.maximum(v_hat, v)
    shares = (1 - beta_1**t, 1 - beta_2**t) if correct else (1.0, 1.0)
    step = m / shares[0] / (np.sqrt(v_hat / shares[1]) + epsilon)
    return theta - alpha * step, m, v, v_hat


def adamax(theta, g, m, u, t, alpha=0.001, beta_1=0.9, beta_2=0.999, epsilon=0.0):
    r"""Divide the mean gradient by the fading maximum of the gradients.

    $$ m_t = \beta_1 m_{t-1} + (1 - \beta_1) g, \quad u_t = \max(\beta_2 u_{t-1}, |g|), \quad
       \theta \leftarrow \theta - \frac{\alpha}{1 - \beta_1^t} \frac{m_t}{u_t + \epsilon} $$

    Args:
        theta: Parameters $\theta$, an array of any shape.
        g: Gradient, of the same shape.
        m: Mean gradient $m_{t-1}$, of the same shape.
        u: Fading maximum $u_{t-1}$, of the same shape.
        t: Number of this step, 1 at first.
        alpha: Learning rate $\alpha$.
        beta_1: Share of the old mean gradient that is kept.
        beta_2: Factor by which the maximum fades.
        epsilon: Small number added to the maximum; the paper has none.

    Returns:
        The new parameters, mean gradient and maximum.

    Example:
        >>> from dlprep.reference.optimizers import adamax
        >>> theta, m, u = adamax(1.0, 2.0, 0.0, 4.0, t=1, alpha=0.5, beta_2=0.75)
        >>> round(float(theta), 4), float(u)
        (0.6667, 3.0)

    Reference:
        Kingma, Ba 2015, arXiv:1412.6980, algorithm 2.
    """
    m = beta_1 * m + (1 - beta_1) * g
    u = np.maximum(beta_2 * u, np.abs(g))
    return theta - alpha / (1 - beta_1**t) * m / (u + epsilon), m, u


def nadam(
    theta, g, m, v, t, alpha=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8, decay=0.96 ** (1 / 250)
):
    r"""Take Adam's step with the momentum of the next step.

    $$ \mu_t = \beta_1 (1 - 0.5 d^t), \qquad
       \hat m_t = \frac{\mu_{t+1} m_t}{1 - \prod_{i=1}^{t+1} \mu_i}
       + \frac{(1 - \mu_t) g}{1 - \prod_{i=1}^t \mu_i}, \qquad
       \theta \leftarrow \theta - \alpha \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon} $$

    As in Keras and PyTorch $m$ itself is averaged with $\beta_1$; the paper averages with $\mu_t$.

    Args:
        theta: Parameters $\theta$, an array of any shape.
        g: Gradient, of the same shape.
        m: Mean gradient $m_{t-1}$, of the same shape.
        v: Mean square $v_{t-1}$, of the same shape.
        t: Number of this step, 1 at first.
        alpha: Learning rate $\alpha$.
        beta_1: Largest momentum.
        beta_2: Share of the old mean square that is kept.
        epsilon: Small number added to the corrected root.
        decay: Base $d$ of the momentum's warm-up; Keras's is 0.96.

    Returns:
        The new parameters, mean gradient and mean square.

    Example:
        >>> from dlprep.reference.optimizers import nadam
        >>> theta, m, v = nadam(1.0, 2.0, 0.0, 0.0, t=1, alpha=0.1, decay=0.96)
        >>> round(float(theta), 4)
        0.8937

    Reference:
        Dozat 2016, "Incorporating Nesterov momentum into Adam", algorithm 2 and section 3.
    """
    mu = beta_1 * (1 - 0.5 * decay ** np.arange(1, t + 2))
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    m_hat = mu[t] * m / (1 - mu.prod()) + (1 - mu[t - 1]) * g / (1 - mu[:t].prod())
    return theta - alpha * m_hat / (np.sqrt(v / (1 - beta_2**t)) + epsilon), m, v


def radam(theta, g, m, v, t, alpha=0.001, beta_1=0.9, beta_2=0.999, epsilon=0.0):
    r"""Take Adam's step, shortened while the mean square is uncertain, or a plain one at first.

    $$ \rho_\infty = \frac{2}{1 - \beta_2} - 1, \qquad
       \rho_t = \rho_\infty - \frac{2 t \beta_2^t}{1 - \beta_2^t} $$
    $$ r_t = \sqrt{\frac{(\rho_t - 4)(\rho_t - 2) \rho_\infty}
       {(\rho_\infty - 4)(\rho_\infty - 2) \rho_t}}, \qquad
       \theta \leftarrow \theta - \alpha r_t \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon} $$

    and $\theta \leftarrow \theta - \alpha \hat m_t$ while $\rho_t \le 4$.

    Args:
        theta: Parameters $\theta$, an array of any shape.
        g: Gradient, of the same shape.
        m: Mean gradient $m_{t-1}$, of the same shape.
        v: Mean square $v_{t-1}$, of the same shape.
        t: Number of this step, 1 at first.
        alpha: Learning rate $\alpha$.
        beta_1: Share of the old mean gradient that is kept.
        beta_2: Share of the old mean square that is kept.
        epsilon: Small number added to the corrected root; the paper has none.

    Returns:
        The new parameters, mean gradient and mean square.

    Example:
        >>> from dlprep.reference.optimizers import radam
        >>> theta, m, v = radam(1.0, 2.0, 0.0, 0.0, t=1, alpha=0.25)
        >>> round(float(theta), 4)
        0.5

    Reference:
        Liu et al. 2020, "On the variance of the adaptive learning rate and beyond",
        arXiv:1908.03265, algorithm 2.
    """
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    m_hat = m / (1 - beta_1**t)
    limit = 2 / (1 - beta_2) - 1
    rho = limit - 2 * t * beta_2**t / (1 - beta_2**t)
    if rho <= 4:
        return theta - alpha * m_hat, m, v
    r = np.sqrt((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho))
    return theta - alpha * r * m_hat / (np.sqrt(v / (1 - beta_2**t)) + epsilon), m, v
