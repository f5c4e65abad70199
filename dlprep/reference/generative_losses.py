r"""Losses of generative models and their gradients, written out."""

import numpy as np

from dlprep.reference.activations import sigmoid


def wasserstein_loss(y, s):
    r"""Return minus the signed scores and the gradient.

    $$\ell = -\frac1d \sum_i y_i s_i, \qquad \frac{\partial \ell}{\partial s_i} = -\frac{y_i}{d}$$

    Args:
        y: 1 where the score should rise, -1 where it should fall, shape `(..., d)`.
        s: Scores of that shape.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.generative_losses import wasserstein_loss
        >>> loss, gradient = wasserstein_loss(np.array([[-1.0]]), np.array([[3.0]]))
        >>> np.round(loss, 4).tolist()
        [3.0]

    Reference:
        Arjovsky, Chintala, Bottou 2017, arXiv:1701.07875, equation 2.
    """
    return -np.mean(y * s, -1), -y / s.shape[-1]


def gradient_penalty(g, target=1.0):
    r"""Return the penalty on a critic's slope and its gradient with respect to that slope.

    $$\ell = (\|g\| - 1)^2,
    \qquad \frac{\partial \ell}{\partial g} = 2 (\|g\| - 1) \frac{g}{\|g\|}$$

    Args:
        g: Gradients of the critic's scores with respect to its inputs, shape `(n, d)`.
        target: The slope asked for.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.generative_losses import gradient_penalty
        >>> loss, gradient = gradient_penalty(np.array([[3.0, 4.0]]))
        >>> np.round(loss, 4).tolist()
        [16.0]

    Reference:
        Gulrajani et al. 2017, arXiv:1704.00028, equation 3.
    """
    norm = np.linalg.norm(g, axis=-1, keepdims=True)
    return (norm[:, 0] - target) ** 2, 2 * (norm - target) * g / norm


def non_saturating_gan(y, z):
    r"""Return the cross-entropy of real (1) against generated (0) and its gradient.

    $$\ell = -\frac1d \sum_i y_i \log \sigma(z_i) + (1 - y_i) \log(1 - \sigma(z_i)),
    \qquad \frac{\partial \ell}{\partial z_i} = \frac1d (\sigma(z_i) - y_i)$$

    Args:
        y: 1 for rows to be called real, shape `(..., d)`.
        z: The discriminator's logits of that shape.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.generative_losses import non_saturating_gan
        >>> loss, gradient = non_saturating_gan(np.array([[1.0]]), np.array([[0.0]]))
        >>> np.round(loss, 4).tolist()
        [0.6931]

    Reference:
        Goodfellow et al. 2014, arXiv:1406.2661, section 3.
    """
    loss = y * np.logaddexp(0.0, -z) + (1 - y) * np.logaddexp(0.0, z)
    return np.mean(loss, -1), (sigmoid(z)[0] - y) / z.shape[-1]


def saturating_generator(z):
    r"""Return the generator's minimax loss and its gradient.

    $$\ell = \frac1d \sum_i \log(1 - \sigma(z_i)),
    \qquad \frac{\partial \ell}{\partial z_i} = -\frac{\sigma(z_i)}{d}$$

    Args:
        z: The discriminator's logits on generated rows, shape `(..., d)`.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.generative_losses import saturating_generator
        >>> loss, gradient = saturating_generator(np.array([[0.0]]))
        >>> np.round(loss, 4).tolist()
        [-0.6931]

    Reference:
        Goodfellow et al. 2014, arXiv:1406.2661, equation 1.
    """
    return -np.mean(np.logaddexp(0.0, z), -1), -sigmoid(z)[0] / z.shape[-1]


def gaussian_kl(p, q):
    r"""Return the divergence between diagonal normals and its gradient.

    $$D = \frac12 \sum_j \lambda^p_j - \lambda^q_j
    + \frac{e^{\lambda^q_j} + (\mu^q_j - \mu^p_j)^2}{e^{\lambda^p_j}} - 1,
    \qquad d\mu^q = \frac{\mu^q - \mu^p}{e^{\lambda^p}},
    \quad d\lambda^q = \frac{e^{\lambda^q - \lambda^p} - 1}{2}$$

    Args:
        p: Prior, [mean, log-variance], joined: shape `(..., 2 k)`.
        q: Posterior, likewise.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.generative_losses import gaussian_kl
        >>> loss, gradient = gaussian_kl(np.array([[0.0, 0.0]]), np.array([[2.0, 0.0]]))
        >>> np.round(loss, 4).tolist()
        [2.0]

    Reference:
        Kingma, Welling 2014, arXiv:1312.6114, appendix B.
    """
    (mean_p, log_p), (mean_q, log_q) = np.split(p, 2, -1), np.split(q, 2, -1)
    ratio, gap = np.exp(log_q - log_p), (mean_q - mean_p) * np.exp(-log_p)
    loss = np.sum(log_p - log_q + ratio + gap * (mean_q - mean_p) - 1.0, -1) / 2
    return loss, np.concatenate([gap, (ratio - 1.0) / 2], -1)


def negative_elbo(x, y_hat, beta=1.0):
    r"""Return the negative evidence lower bound of a Bernoulli decoder and its gradient.

    $$-\mathrm{ELBO} = \sum_i \log(1 + e^{z_i}) - x_i z_i + \beta D$$

    Args:
        x: Data in [0, 1], shape `(..., d)`.
        y_hat: Logits, mean and log-variance, joined: shape `(..., d + 2 k)`.
        beta: $\beta$.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.generative_losses import negative_elbo
        >>> loss, gradient = negative_elbo(np.array([[1.0]]), np.array([[0.0, 2.0, 0.0]]))
        >>> np.round(loss, 4).tolist()
        [2.6931]

    Reference:
        Kingma, Welling 2014, arXiv:1312.6114, equation 3.
    """
    z, code = np.split(y_hat, [x.shape[-1]], -1)
    distance, d_code = gaussian_kl(np.zeros_like(code), code)
    cost = np.sum(np.logaddexp(0.0, z) - x * z, -1)
    return cost + beta * distance, np.concatenate([sigmoid(z)[0] - x, beta * d_code], -1)
