"""Normalisation layers, forward and backward: they differ only in the axes they average over."""

import numpy as np


def normalize(X, axes, epsilon):
    r"""Standardise over some axes.

    $$ \hat X = \frac{X - \mu}{\sqrt{\sigma^2 + \epsilon}} $$

    Args:
        X: Inputs of any shape.
        axes: Tuple of axes of the mean $\mu$ and the variance $\sigma^2$.
        epsilon: Number added to the variance.

    Returns:
        The pair of $\hat X$, shaped as `X`, and the deviation $\sqrt{\sigma^2 + \epsilon}$, with
        size 1 on the axes.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.normalization import normalize
        >>> [float(v) for v in normalize(np.array([1.0, 3.0]), (0,), 0.0)[0]]
        [-1.0, 1.0]

    Reference:
        Ioffe, Szegedy 2015, arXiv:1502.03167, algorithm 1; handbook, chapter 5.
    """
    mu = X.mean(axes, keepdims=True)
    deviation = np.sqrt(np.mean((X - mu) ** 2, axes, keepdims=True) + epsilon)
    return (X - mu) / deviation, deviation


def normalize_backward(dX_hat, X_hat, deviation, axes):
    r"""Return the gradient of `normalize` with respect to its input.

    The mean and the variance depend on every input, which takes two directions out of the gradient:

    $$ dX = \frac{1}{\sigma} \left( d\hat X - \overline{d\hat X}
       - \hat X \odot \overline{d\hat X \odot \hat X} \right) $$

    Args:
        dX_hat: Gradient with respect to $\hat X$.
        X_hat: First result of `normalize`.
        deviation: Second result of `normalize`.
        axes: Tuple of axes given to `normalize`; the bars are means over them.

    Returns:
        Array of the shape of `X_hat`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.normalization import normalize, normalize_backward
        >>> X_hat, deviation = normalize(np.array([1.0, 3.0]), (0,), 0.0)
        >>> float(normalize_backward(np.ones(2), X_hat, deviation, (0,)).sum())
        0.0

    Reference:
        Ioffe, Szegedy 2015, arXiv:1502.03167, section 3, the equations before algorithm 2, joined.
    """
    mean = dX_hat.mean(axes, keepdims=True)
    slope = (dX_hat * X_hat).mean(axes, keepdims=True)
    return (dX_hat - mean - X_hat * slope) / deviation


def batch_normalization(X, gamma, beta, epsilon=1e-3):
    r"""Standardise every feature over the examples, then scale and shift.

    $$ Y = \gamma \hat X + \beta $$

    Args:
        X: Inputs, shape `(m, ..., features)`; all axes but the last are averaged over.
        gamma: Scale $\gamma$, shape `(features,)`.
        beta: Shift $\beta$, shape `(features,)`.
        epsilon: Number added to the variance.

    Returns:
        The pair of $Y$, shaped as `X`, and the cache for the backward pass.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.normalization import batch_normalization
        >>> batch_normalization(np.ones((4, 2)), np.ones(2), np.zeros(2))[0].shape
        (4, 2)

    Reference:
        Ioffe, Szegedy 2015, arXiv:1502.03167, algorithm 1; handbook, chapter 5.
    """
    return _scaled(X, gamma, beta, tuple(range(X.ndim - 1)), epsilon)


def layer_normalization(X, gamma, beta, epsilon=1e-3):
    r"""Standardise every example over its features, then scale and shift.

    $$ Y = \gamma \hat X + \beta $$

    Args:
        X: Inputs, shape `(..., features)`; the last axis is averaged over.
        gamma: Scale $\gamma$, shape `(features,)`.
        beta: Shift $\beta$, shape `(features,)`.
        epsilon: Number added to the variance.

    Returns:
        The pair of $Y$, shaped as `X`, and the cache for the backward pass.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.normalization import layer_normalization
        >>> layer_normalization(np.ones((4, 2)), np.ones(2), np.zeros(2))[0].shape
        (4, 2)

    Reference:
        Ba, Kiros, Hinton 2016, arXiv:1607.06450, equations 3 and 4.
    """
    return _scaled(X, gamma, beta, (X.ndim - 1,), epsilon)


def group_normalization(X, groups, gamma, beta, epsilon=1e-3):
    r"""Standardise every group of channels of each example, then scale and shift.

    $$ Y = \gamma \hat X + \beta $$

    Args:
        X: Inputs, shape `(m, ..., channels)`.
        groups: Number of groups of neighbouring channels; one is the whole example.
        gamma: Scale $\gamma$, shape `(channels,)`.
        beta: Shift $\beta$, shape `(channels,)`.
        epsilon: Number added to the variance.

    Returns:
        The pair of $Y$, shaped as `X`, and the cache for the backward pass.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.normalization import group_normalization
        >>> X = np.array([[1.0, 3.0, 10.0, 30.0]])
        >>> group_normalization(X, 2, np.ones(4), np.zeros(4), epsilon=0.0)[0].tolist()
        [[-1.0, 1.0, -1.0, 1.0]]

    Reference:
        Wu, He 2018, arXiv:1803.08494, equations 1, 2 and 7.
    """
    axes = (*range(1, X.ndim - 1), X.ndim)
    X_hat, deviation = normalize(X.reshape(*X.shape[:-1], groups, -1), axes, epsilon)
    return gamma * X_hat.reshape(X.shape) + beta, (X_hat, deviation, gamma, axes)


def _scaled(X, gamma, beta, axes, epsilon):
    X_hat, deviation = normalize(X, axes, epsilon)
    return gamma * X_hat + beta, (X_hat, deviation, gamma, axes)


def normalization_backward(dY, cache):
    r"""Return the gradients of `batch_normalization`, `layer_normalization`, `group_normalization`.

    $$ d\gamma = \sum dY \odot \hat X, \quad d\beta = \sum dY, \quad d\hat X = \gamma \odot dY $$

    Args:
        dY: Gradient with respect to $Y$.
        cache: Second result of the forward pass.

    Returns:
        The triple $(dX, d\gamma, d\beta)$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.normalization import layer_normalization, normalization_backward
        >>> Y, cache = layer_normalization(np.eye(3), np.ones(3), np.zeros(3))
        >>> [gradient.shape for gradient in normalization_backward(Y, cache)]
        [(3, 3), (3,), (3,)]

    Reference:
        Ioffe, Szegedy 2015, arXiv:1502.03167, section 3, the equations before algorithm 2.
    """
    X_hat, deviation, gamma, axes = cache
    examples = tuple(range(dY.ndim - 1))
    # Groups are an axis of their own in the cache.
    dX = normalize_backward((gamma * dY).reshape(X_hat.shape), X_hat, deviation, axes)
    dgamma = np.sum(dY * X_hat.reshape(dY.shape), examples)
    return dX.reshape(dY.shape), dgamma, np.sum(dY, examples)


def rms_normalization(X, gamma, epsilon=1e-6):
    r"""Divide every example by the root mean square of its features, then scale.

    $$ Y = \gamma \frac{X}{\sqrt{\overline{X^2} + \epsilon}} $$

    Args:
        X: Inputs, shape `(..., features)`.
        gamma: Scale $\gamma$, shape `(features,)`.
        epsilon: Number added to the mean square.

    Returns:
        The pair of $Y$, shaped as `X`, and the cache for the backward pass.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.normalization import rms_normalization
        >>> [float(v) for v in rms_normalization(np.array([3.0, 3.0]), np.ones(2), 0.0)[0]]
        [1.0, 1.0]

    Reference:
        Zhang, Sennrich 2019, arXiv:1910.07467, equation 4.
    """
    root = np.sqrt(np.mean(X**2, -1, keepdims=True) + epsilon)
    return gamma * X / root, (X / root, root, gamma)


def rms_normalization_backward(dY, cache):
    r"""Return the gradients of `rms_normalization`.

    $$ dX = \frac{1}{\mathrm{rms}} \left( d\hat X - \hat X\, \overline{d\hat X \odot \hat X}
       \right), \quad d\gamma = \sum dY \odot \hat X $$

    Args:
        dY: Gradient with respect to $Y$.
        cache: Second result of the forward pass.

    Returns:
        The pair $(dX, d\gamma)$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.normalization import rms_normalization as rms
        >>> from dlprep.reference.normalization import rms_normalization_backward
        >>> [g.shape for g in rms_normalization_backward(np.eye(3), rms(np.eye(3), np.ones(3))[1])]
        [(3, 3), (3,)]

    Reference:
        Zhang, Sennrich 2019, arXiv:1910.07467, section 4.2.
    """
    X_hat, root, gamma = cache
    dX_hat = gamma * dY
    dX = (dX_hat - X_hat * np.mean(dX_hat * X_hat, -1, keepdims=True)) / root
    return dX, np.sum(dY * X_hat, tuple(range(dY.ndim - 1)))
