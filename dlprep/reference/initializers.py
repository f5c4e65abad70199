"""The moments that an initializer promises."""

import math


def uniform(low, high):
    r"""Return mean, variance and range of a uniform distribution.

    $$\mu = \frac{a + b}{2}, \qquad \sigma^2 = \frac{(b - a)^2}{12}$$

    Args:
        low: $a$.
        high: $b$.

    Returns:
        `(mean, variance, low, high)`.

    Example:
        >>> from dlprep.reference.initializers import uniform
        >>> uniform(-3.0, 3.0)
        (0.0, 3.0, -3.0, 3.0)

    Reference:
        Glorot, Bengio 2010, equation 1, where the variance of the common choice is worked out.
    """
    return (low + high) / 2, (high - low) ** 2 / 12, low, high


def truncated_normal(stddev, mean=0.0):
    r"""Return the moments of a normal that is drawn again beyond two standard deviations.

    $$\operatorname{Var} = \sigma^2 \Big( 1 - \frac{4\, \varphi(2)}{2 \Phi(2) - 1} \Big)
    \approx 0.7737\, \sigma^2$$

    Args:
        stddev: $\sigma$ before cutting.
        mean: $\mu$.

    Returns:
        `(mean, variance, low, high)`.

    Example:
        >>> from dlprep.reference.initializers import truncated_normal
        >>> round(truncated_normal(1.0)[1], 4)
        0.7737

    Reference:
        Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, section 13.10.1.
    """
    density = math.exp(-2.0) / math.sqrt(2.0 * math.pi)
    inside = math.erf(math.sqrt(2.0))
    variance = stddev**2 * (1.0 - 4.0 * density / inside)
    return mean, variance, mean - 2 * stddev, mean + 2 * stddev


def scaled(scale, fan, distribution="uniform"):
    r"""Return the moments of weights whose variance is a scale over a fan.

    $$\operatorname{Var} w = s / n, \qquad |w| \le \sqrt{3 s / n} \text{ if uniform},
    \qquad |w| \le 2 \sqrt{s / n} / 0.8796 \text{ if cut normal}$$

    Args:
        scale: $s$: 1 for Glorot and LeCun, 2 for He.
        fan: $n$: fan-in, fan-out or their mean.
        distribution: `"uniform"` or `"truncated_normal"`.

    Returns:
        `(mean, variance, low, high)`.

    Example:
        >>> from dlprep.reference.initializers import scaled
        >>> scaled(2.0, 8)[1]
        0.25

    Reference:
        He et al. 2015, arXiv:1502.01852, equation 10.
    """
    variance = scale / fan
    width = 3.0 if distribution == "uniform" else 4.0 / truncated_normal(1.0)[1]
    limit = math.sqrt(width * variance)
    return 0.0, variance, -limit, limit
