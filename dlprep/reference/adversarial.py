r"""Adversarial games between a linear generator and a linear discriminator, gradients by hand.

The generator makes $\tilde x = z A + c$ of a code and the discriminator scores $s(x) = x w + b$.
"""

import numpy as np

from dlprep.reference.activations import sigmoid


def gan(X, Z, A, c, w, b):
    r"""Return both players' losses and the gradient of each with respect to its own weights.

    $$ L_D = \overline{\log(1 + e^{-s(x)})} + \overline{\log(1 + e^{s(\tilde x)})}, \quad
       L_G = \overline{\log(1 + e^{-s(\tilde x)})} $$
    $$ \frac{\partial L_D}{\partial w} = \overline{(\sigma(s(x)) - 1)\, x}
       + \overline{\sigma(s(\tilde x))\, \tilde x}, \quad
       \frac{\partial L_G}{\partial A} = \overline{z^T (\sigma(s(\tilde x)) - 1)\, w^T} $$

    Args:
        X: Real rows, shape `(m, n)`.
        Z: Codes, shape `(m, k)`.
        A: Generator's matrix, shape `(k, n)`.
        c: Generator's bias, shape `(n,)`.
        w: Discriminator's weights, shape `(n, 1)`.
        b: Discriminator's bias, shape `(1,)`.

    Returns:
        $(L_G, L_D)$ and the gradients $(dA, dc, dw, db)$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.adversarial import gan
        >>> one = np.ones((1, 1))
        >>> losses, gradients = gan(one, one, one, one[0], 0 * one, 0 * one[0])
        >>> [round(float(loss), 4) for loss in losses]
        [0.6931, 1.3863]

    Reference:
        Goodfellow et al. 2014, arXiv:1406.2661, equation 1 and section 3.
    """
    fake = Z @ A + c
    real, made = X @ w + b, fake @ w + b
    losses = np.mean(np.logaddexp(0, -made)), np.mean(np.logaddexp(0, -real))
    d_real, d_made = sigmoid(real)[0] - 1, sigmoid(made)[0]
    dw = np.mean(d_real * X + d_made * fake, 0)[:, None]
    db = np.mean(d_real + d_made, 0)
    d_fake = (d_made - 1) @ w.T / len(Z)
    total = losses[0], losses[1] + np.mean(np.logaddexp(0, made))
    return total, (Z.T @ d_fake, d_fake.sum(0), dw, db)


def wasserstein_gan(X, Z, A, c, w, b, penalty=10.0):
    r"""Return both players' losses and the gradient of each with respect to its own weights.

    $$ L_D = \overline{s(\tilde x)} - \overline{s(x)} + \lambda (\|w\| - 1)^2, \quad
       L_G = -\overline{s(\tilde x)} $$
    $$ \frac{\partial L_D}{\partial w} = \overline{\tilde x} - \overline{x}
       + 2 \lambda (\|w\| - 1) \frac{w}{\|w\|}, \quad
       \frac{\partial L_G}{\partial A} = -\overline{z^T w^T} $$

    The slope of a linear critic is $w$ at every point; its bias cancels.

    Args:
        X: Real rows, shape `(m, n)`.
        Z: Codes, shape `(m, k)`.
        A: Generator's matrix, shape `(k, n)`.
        c: Generator's bias, shape `(n,)`.
        w: Critic's weights, shape `(n, 1)`.
        b: Critic's bias, shape `(1,)`.
        penalty: Weight $\lambda$ of the penalty.

    Returns:
        $(L_G, L_D)$ and the gradients $(dA, dc, dw, db)$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.adversarial import wasserstein_gan
        >>> one = np.ones((1, 1))
        >>> losses, gradients = wasserstein_gan(one, one, one, one[0], one, one[0])
        >>> [float(loss) for loss in losses]
        [-3.0, 1.0]

    Reference:
        Arjovsky, Chintala, Bottou 2017, arXiv:1701.07875, equation 2; Gulrajani et al. 2017,
        arXiv:1704.00028, equation 3.
    """
    fake = Z @ A + c
    norm = np.linalg.norm(w)
    score = np.mean(fake @ w + b)
    critic = score - np.mean(X @ w + b) + penalty * (norm - 1) ** 2
    dw = np.mean(fake - X, 0)[:, None] + 2 * penalty * (norm - 1) * w / norm
    d_fake = -np.ones((len(Z), 1)) @ w.T / len(Z)
    return (-score, critic), (Z.T @ d_fake, d_fake.sum(0), dw, 0 * b)
