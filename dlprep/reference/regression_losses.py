r"""Losses of residuals $e = \hat y - y$ that are calmer than the square, and their gradients."""

import numpy as np


def mean_absolute_error(y, y_hat):
    r"""Return the mean of absolute residuals and its (sub)gradient.

    $$\ell = \frac1d \sum_i |e_i|,
    \qquad \frac{\partial \ell}{\partial \hat y_i} = \frac1d \operatorname{sign}(e_i)$$

    Args:
        y: Targets, shape `(..., d)`.
        y_hat: Predictions of that shape.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.regression_losses import mean_absolute_error
        >>> loss, gradient = mean_absolute_error(np.array([[0.0]]), np.array([[3.0]]))
        >>> np.round(loss, 4).tolist()
        [3.0]

    Reference:
        Goodfellow, Bengio, Courville 2016, Deep Learning, section 6.2.1.2.
    """
    e = y_hat - y
    return np.mean(np.abs(e), -1), np.sign(e) / e.shape[-1]


def huber(y, y_hat, delta=1.0):
    r"""Return the Huber loss and its gradient, the clipped residual.

    $$\ell = \frac1d \sum_i \begin{cases} \frac12 e_i^2 & |e_i| \le \delta \\
    \delta |e_i| - \frac12 \delta^2 & |e_i| > \delta \end{cases}
    \qquad \frac{\partial \ell}{\partial \hat y_i} = \frac1d \operatorname{clip}(e_i, \pm \delta)$$

    Args:
        y: Targets, shape `(..., d)`.
        y_hat: Predictions of that shape.
        delta: $\delta > 0$.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.regression_losses import huber
        >>> loss, gradient = huber(np.array([[0.0]]), np.array([[3.0]]))
        >>> np.round(loss, 4).tolist()
        [2.5]

    Reference:
        Huber 1964, Robust Estimation of a Location Parameter, section 4.
    """
    e = y_hat - y
    far = delta * np.abs(e) - delta**2 / 2
    loss = np.where(np.abs(e) <= delta, e**2 / 2, far)
    return np.mean(loss, -1), np.clip(e, -delta, delta) / e.shape[-1]


def log_cosh(y, y_hat):
    r"""Return the mean logarithm of the hyperbolic cosine and its gradient.

    $$\ell = \frac1d \sum_i \log \cosh e_i,
    \qquad \frac{\partial \ell}{\partial \hat y_i} = \frac1d \tanh e_i$$

    Args:
        y: Targets, shape `(..., d)`.
        y_hat: Predictions of that shape.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.regression_losses import log_cosh
        >>> loss, gradient = log_cosh(np.array([[0.0]]), np.array([[1.0]]))
        >>> np.round(loss, 4).tolist()
        [0.4338]

    Reference:
        https://keras.io/api/losses/regression_losses/#logcosh-class
    """
    e = y_hat - y
    loss = np.logaddexp(e, -e) - np.log(2.0)
    return np.mean(loss, -1), np.tanh(e) / e.shape[-1]
