r"""The linear variational autoencoder with explicit draws: its loss and its gradients."""

import numpy as np

from dlprep.reference.activations import sigmoid
from dlprep.reference.sampling import reparameterize, reparameterize_backward


def variational_autoencoder(X, epsilon, E, c, D, d, beta=1.0):
    r"""Return minus the evidence bound of data from 0 to 1.

    $$ J = \frac1m \sum_i \Big( \sum_j \big( \log(1 + e^{s_j}) - x_j s_j \big)
       + \frac\beta2 \sum_k \big( \mu_k^2 + e^{\lambda_k} - 1 - \lambda_k \big) \Big) $$
    $$ [\mu, \lambda] = x E + c, \quad z = \mu + e^{\lambda / 2} \epsilon, \quad s = z D + d $$

    Args:
        X: Examples as rows, shape `(m, n)`.
        epsilon: Standard normal draws, shape `(m, k)`.
        E: Encoder's weights, shape `(n, 2 k)`.
        c: Encoder's bias, shape `(2 k,)`.
        D: Decoder's weights, shape `(k, n)`.
        d: Decoder's bias, shape `(n,)`.
        beta: Weight $\beta$ of the divergence.

    Returns:
        The loss, a number, and the cache for the backward pass.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.variational_autoencoder import variational_autoencoder
        >>> zeros = [np.zeros(shape) for shape in [(1, 1), (2, 2), 2, (1, 2), 2]]
        >>> round(float(variational_autoencoder(np.ones((1, 2)), *zeros)[0]), 4)
        1.3863

    Reference:
        Kingma, Welling 2014, arXiv:1312.6114, equation 10 and appendix B.
    """
    mu, log_variance = np.split(X @ E + c, 2, 1)
    z = reparameterize(mu, log_variance, epsilon)
    S = z @ D + d
    surprise = np.sum(np.logaddexp(0.0, S) - X * S)
    divergence = np.sum(mu**2 + np.exp(log_variance) - 1 - log_variance) / 2
    return (surprise + beta * divergence) / len(X), (mu, log_variance, z, S)


def variational_autoencoder_backward(X, epsilon, D, cache, beta=1.0):
    r"""Return the gradients of `variational_autoencoder`.

    $$ ds = \frac{\sigma(s) - x}{m}, \quad dz = ds\, D^T, \quad
       d\mu = dz + \frac{\beta \mu}{m}, \quad
       d\lambda = \tfrac12 e^{\lambda / 2} \epsilon \odot dz + \frac{\beta (e^\lambda - 1)}{2 m} $$

    Args:
        X: Examples as rows.
        epsilon: Draws of the forward pass.
        D: Decoder's weights.
        cache: Second result of the forward pass.
        beta: Weight of the divergence.

    Returns:
        Gradients with respect to `E`, `c`, `D` and `d`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference import variational_autoencoder as vae
        >>> X, epsilon, D = np.ones((1, 2)), np.ones((1, 1)), np.zeros((1, 2))
        >>> J, cache = vae.variational_autoencoder(X, epsilon, np.zeros((2, 2)), 0, D, 0)
        >>> [g.shape for g in vae.variational_autoencoder_backward(X, epsilon, D, cache)]
        [(2, 2), (2,), (1, 2), (2,)]

    Reference:
        Kingma, Welling 2014, arXiv:1312.6114, equation 10, by the chain rule.
    """
    mu, log_variance, z, S = cache
    dS = (sigmoid(S)[0] - X) / len(X)
    dmu, dlog = reparameterize_backward(dS @ D.T, log_variance, epsilon)
    dmu = dmu + beta * mu / len(X)
    dlog = dlog + beta * (np.exp(log_variance) - 1) / (2 * len(X))
    dcode = np.concatenate([dmu, dlog], 1)
    return X.T @ dcode, dcode.sum(0), z.T @ dS, dS.sum(0)
