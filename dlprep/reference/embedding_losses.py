r"""Losses that compare the embeddings of a batch, and the gradients of their sums, written out."""

import numpy as np

from dlprep.reference.activations import log_softmax, softmax


def contrastive_loss(y, d, margin=1.0):
    r"""Return the loss of pairs, alike (1) or not (0), and its gradient.

    $$\ell = \frac1n \sum_i \tfrac12 y_i d_i^2 + \tfrac12 (1 - y_i) \max(0, m - d_i)^2$$

    Args:
        y: 1 for alike, shape `(..., n)`.
        d: Distances of that shape.
        margin: $m$.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.embedding_losses import contrastive_loss
        >>> loss, gradient = contrastive_loss(np.array([[0.0]]), np.array([[0.5]]))
        >>> np.round(loss, 4).tolist()
        [0.125]

    Reference:
        Hadsell, Chopra, LeCun 2006, equations 4 to 8.
    """
    short = np.maximum(margin - d, 0.0)
    loss = y * d**2 / 2 + (1 - y) * short**2 / 2
    return np.mean(loss, -1), (y * d - (1 - y) * short) / d.shape[-1]


def triplet_loss(y, z, margin=0.2):
    r"""Return the batch-hard triplet loss and its gradient.

    $$\ell_i = \max \big( 0, m + \| z_i - z_j \|^2 - \| z_i - z_k \|^2 \big),
    \qquad d z_i = 2 (z_k - z_j),\ d z_j = 2 (z_j - z_i),\ d z_k = 2 (z_i - z_k)$$

    Args:
        y: Class labels, shape `(n,)`.
        z: Embeddings, shape `(n, d)`.
        margin: $m$.

    Returns:
        `(loss, gradient)`: one value per row, and the gradient of their sum, like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.embedding_losses import triplet_loss
        >>> loss, gradient = triplet_loss(np.array([0, 0, 1]), np.array([[0.0], [1.0], [1.0]]))
        >>> np.round(loss, 4).tolist()
        [0.2, 1.2, 0.0]

    Reference:
        Schroff, Kalenichenko, Philbin 2015, arXiv:1503.03832, equation 3.
    """
    loss, gradient = np.zeros(len(z)), np.zeros_like(z)
    for i in range(len(z)):
        distance = np.sum((z[i] - z) ** 2, -1)
        companions = [j for j in range(len(z)) if y[j] == y[i] and j != i]
        strangers = [k for k in range(len(z)) if y[k] != y[i]]
        if not companions or not strangers:
            continue
        j, k = max(companions, key=lambda j: distance[j]), min(strangers, key=lambda k: distance[k])
        loss[i] = max(0.0, margin + distance[j] - distance[k])
        if loss[i] > 0:
            gradient[i] += 2 * (z[k] - z[j])
            gradient[j] += 2 * (z[j] - z[i])
            gradient[k] += 2 * (z[i] - z[k])
    return loss, gradient


def info_nce(t, p, temperature=0.1):
    r"""Return the loss of finding the own row in the other view, and its gradient.

    $$\ell_i = -\log \operatorname{softmax}_k(\cos(p_i, t_k) / \tau)_i$$

    Args:
        t: Embeddings of one view, shape `(n, d)`.
        p: Embeddings of the other.
        temperature: $\tau$.

    Returns:
        `(loss, gradient)`: one value per row, and the gradient of their sum, like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.embedding_losses import info_nce
        >>> loss, gradient = info_nce(np.eye(2)[[0, 0]], np.eye(2)[[0, 0]])
        >>> np.round(loss, 4).tolist()
        [0.6931, 0.6931]

    Reference:
        van den Oord, Li, Vinyals 2018, arXiv:1807.03748, equation 4.
    """
    u, v = _unit(t), _unit(p)
    similar = v @ u.T / temperature
    ds = softmax(similar) - np.eye(len(p))
    return -np.diagonal(log_softmax(similar)), _unit_backward(ds @ u / temperature, p)


def nt_xent(t, p, temperature=0.1):
    r"""Return the loss of finding the own row among all rows of both views, and its gradient.

    $$\ell_i = \tfrac12 \big( \ell(p_i, t_i) + \ell(t_i, p_i) \big),
    \qquad \ell(a, b) = -\log \frac{e^{\cos(a, b) / \tau}}{\sum_{c \ne a} e^{\cos(a, c) / \tau}}$$

    Args:
        t: Embeddings of one view, shape `(n, d)`.
        p: Embeddings of the other.
        temperature: $\tau$.

    Returns:
        `(loss, gradient)`: one value per row, and the gradient of their sum, like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.embedding_losses import nt_xent
        >>> loss, gradient = nt_xent(np.eye(2)[[0, 0]], np.eye(2)[[0, 0]])
        >>> np.round(loss, 4).tolist()
        [1.0986, 1.0986]

    Reference:
        Chen et al. 2020, arXiv:2002.05709, equation 1.
    """
    n = len(p)
    both = np.concatenate([_unit(p), _unit(t)])
    similar = np.where(np.eye(2 * n), -np.inf, both @ both.T / temperature)
    own = np.roll(np.eye(2 * n), n, 1)
    loss = -np.sum(np.where(own, log_softmax(similar), 0.0), -1)
    ds = (softmax(similar) - own) / 2
    d_both = (ds + ds.T) @ both / temperature
    return (loss[:n] + loss[n:]) / 2, _unit_backward(d_both[:n], p)


def _unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def _unit_backward(dv, x):
    length, v = np.linalg.norm(x, axis=-1, keepdims=True), _unit(x)
    return (dv - np.sum(dv * v, -1, keepdims=True) * v) / length
