"""The reparameterisation trick and its gradient."""

import numpy as np


def reparameterize(mu, log_variance, epsilon):
    r"""Shift and stretch standard normal noise.

    $$ z = \mu + \sigma \epsilon, \quad \sigma = e^{\frac12 \log \sigma^2} $$

    Args:
        mu: Means of any shape.
        log_variance: Log-variances of that shape.
        epsilon: Standard normal draws of that shape.

    Returns:
        Array $z$ of that shape.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.sampling import reparameterize
        >>> reparameterize(np.array([1.0]), np.array([0.0]), np.array([2.0])).tolist()
        [3.0]

    Reference:
        Kingma, Welling 2014, arXiv:1312.6114, section 2.4.
    """
    return mu + np.exp(log_variance / 2) * epsilon


def reparameterize_backward(dz, log_variance, epsilon):
    r"""Return the gradients of `reparameterize`.

    $$ d\mu = dz, \quad d\log\sigma^2 = \tfrac12 \sigma \epsilon \odot dz $$

    Args:
        dz: Gradient with respect to $z$.
        log_variance: Log-variances of the forward pass.
        epsilon: Draws of the forward pass.

    Returns:
        The gradients with respect to the means and the log-variances.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.sampling import reparameterize_backward
        >>> one = np.ones(1)
        >>> [g.tolist() for g in reparameterize_backward(one, 0 * one, 4 * one)]
        [[1.0], [2.0]]

    Reference:
        Kingma, Welling 2014, arXiv:1312.6114, section 2.4, by the chain rule.
    """
    return dz, dz * np.exp(log_variance / 2) * epsilon / 2
