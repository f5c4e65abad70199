r"""Divergences between distributions, rates and directions, and their gradients, written out."""

import numpy as np

from dlprep.reference.activations import log_softmax, softmax

# Keras's default `epsilon`.
EPSILON = 1e-7


def kl_divergence(y, p):
    r"""Return the Kullback-Leibler divergence and its gradient.

    $$D = \sum_c y_c \log \frac{y_c}{p_c},
    \qquad \frac{\partial D}{\partial p_c} = -\frac{y_c}{p_c}$$

    Args:
        y: Distribution, shape `(..., C)`.
        p: Predicted distribution of that shape; both are clipped to [1e-7, 1].

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.divergences import kl_divergence
        >>> loss, gradient = kl_divergence(np.array([[1.0, 0.0]]), np.array([[0.5, 0.5]]))
        >>> np.round(loss, 4).tolist()
        [0.6931]

    Reference:
        Kullback, Leibler 1951, On Information and Sufficiency, equation 2.4.
    """
    y, inside = np.clip(y, EPSILON, 1.0), (p >= EPSILON) & (p <= 1.0)
    p = np.clip(p, EPSILON, 1.0)
    return np.sum(y * np.log(y / p), -1), -y / p * inside


def poisson(y, rate):
    r"""Return the negative log-likelihood of counts and its gradient.

    $$\ell = \frac1d \sum_i \lambda_i - y_i \log \lambda_i,
    \qquad d\lambda_i = \frac1d \Big( 1 - \frac{y_i}{\lambda_i} \Big)$$

    Args:
        y: Counts, shape `(..., d)`.
        rate: $\lambda$, of that shape; 1e-7 is added inside the logarithm.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.divergences import poisson
        >>> loss, gradient = poisson(np.array([[0.0]]), np.array([[2.0]]))
        >>> np.round(loss, 4).tolist()
        [2.0]

    Reference:
        McCullagh, Nelder 1989, Generalized Linear Models, section 6.2.
    """
    loss = rate - y * np.log(rate + EPSILON)
    return np.mean(loss, -1), (1.0 - y / (rate + EPSILON)) / rate.shape[-1]


def cosine_similarity(y, y_hat):
    r"""Return minus the cosine and its gradient.

    $$\ell = -u \cdot v, \quad u = \frac{y}{\|y\|}, \ v = \frac{\hat y}{\|\hat y\|},
    \qquad \frac{\partial \ell}{\partial \hat y} = -\frac{u - (u \cdot v) v}{\|\hat y\|}$$

    Args:
        y: Targets, shape `(..., d)`.
        y_hat: Predictions of that shape.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.divergences import cosine_similarity
        >>> loss, gradient = cosine_similarity(np.array([[0.0, 2.0]]), np.array([[0.0, 5.0]]))
        >>> np.round(loss, 4).tolist()
        [-1.0]

    Reference:
        https://keras.io/api/losses/regression_losses/#cosinesimilarity-class
    """
    length = np.linalg.norm(y_hat, axis=-1, keepdims=True)
    u, v = y / np.linalg.norm(y, axis=-1, keepdims=True), y_hat / length
    cosine = np.sum(u * v, -1, keepdims=True)
    return -cosine[..., 0], -(u - cosine * v) / length


def distillation_loss(y, z, temperature=2.0, alpha=0.5):
    r"""Return the loss of a student and its gradient.

    $$\ell = (1 - \alpha) \operatorname{CE}(y, p) + \alpha T^2 D(q^T \| p^T),
    \qquad dz = (1 - \alpha) (p \textstyle\sum_c y_c - y) + \alpha T (p^T - q^T)$$

    Args:
        y: Labels and the teacher's logits, joined: shape `(..., 2 C)`.
        z: The student's logits, shape `(..., C)`.
        temperature: $T$.
        alpha: $\alpha$.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.divergences import distillation_loss
        >>> y, z = np.array([[0.0, 1.0, 3.0, 3.0]]), np.array([[5.0, 5.0]])
        >>> loss, gradient = distillation_loss(y, z)
        >>> np.round(loss, 4).tolist()
        [0.3466]

    Reference:
        Hinton, Vinyals, Dean 2015, arXiv:1503.02531, equations 2 to 4.
    """
    label, teacher = np.split(y, 2, -1)
    log_q, log_p = log_softmax(teacher / temperature), log_softmax(z / temperature)
    hard = -np.sum(label * log_softmax(z), -1)
    soft = np.sum(np.exp(log_q) * (log_q - log_p), -1)
    gradient = (1.0 - alpha) * (softmax(z) * np.sum(label, -1, keepdims=True) - label)
    gradient += alpha * temperature * (np.exp(log_p) - np.exp(log_q))
    return (1.0 - alpha) * hard + alpha * temperature**2 * soft, gradient
