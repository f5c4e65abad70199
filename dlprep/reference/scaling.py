r"""Scaling of features, standard or to an interval, forward and backward."""

import numpy as np


def standardize(X, mu, variance):
    r"""Give each feature the mean 0 and the variance 1.

    $$ X' = \frac{X - \mu}{\sigma} $$

    Args:
        X: Examples as rows, shape `(m, n)`.
        mu: Mean of each feature in the training data, shape `(n,)`.
        variance: Variance $\sigma^2$, shape `(n,)`.

    Returns:
        Array of the shape of `X`; a constant feature becomes 0.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.scaling import standardize
        >>> standardize(np.array([[5.0]]), np.array([2.0]), np.array([4.0])).tolist()
        [[1.5]]

    Reference:
        Okoli's notes, feature scaling; LeCun, Bottou, Orr, Mueller 1998, "Efficient backprop",
        section 4.3.
    """
    return (X - mu) / np.sqrt(np.where(variance > 0, variance, 1.0))


def standardize_backward(dX, variance):
    r"""Return the gradient of `standardize` with respect to the unscaled features.

    $$ dX = \frac{dX'}{\sigma} $$

    Args:
        dX: Gradient with respect to the scaled features, shape `(m, n)`.
        variance: Variance $\sigma^2$ of the forward pass.

    Returns:
        Array of the shape of `dX`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.scaling import standardize_backward
        >>> standardize_backward(np.array([[3.0]]), np.array([4.0])).tolist()
        [[1.5]]

    Reference:
        LeCun, Bottou, Orr, Mueller 1998, "Efficient backprop", section 4.3.
    """
    return dX / np.sqrt(np.where(variance > 0, variance, 1.0))


def min_max_scaling(X, minimum, maximum, low=0.0, high=1.0):
    r"""Map each feature's range to an interval.

    $$ X' = a + (b - a) \frac{X - x_{\min}}{x_{\max} - x_{\min}} $$

    Args:
        X: Examples as rows, shape `(m, n)`.
        minimum: Smallest value of each feature in the training data, shape `(n,)`.
        maximum: Largest value, shape `(n,)`.
        low: Lower end $a$.
        high: Upper end $b$.

    Returns:
        Array of the shape of `X`; a feature whose range is empty is shifted only.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.scaling import min_max_scaling
        >>> min_max_scaling(np.array([[4.0]]), np.array([2.0]), np.array([10.0])).tolist()
        [[0.25]]

    Reference:
        Okoli's notes, feature scaling; Han, Kamber, Pei 2011, "Data mining: concepts and
        techniques", equation 3.8.
    """
    return low + (high - low) * (X - minimum) / _width(minimum, maximum)


def min_max_scaling_backward(dX, minimum, maximum, low=0.0, high=1.0):
    r"""Return the gradient of `min_max_scaling` with respect to the unscaled features.

    $$ dX = \frac{b - a}{x_{\max} - x_{\min}}\, dX' $$

    Args:
        dX: Gradient with respect to the scaled features, shape `(m, n)`.
        minimum: Smallest value of each feature in the training data.
        maximum: Largest value.
        low: Lower end $a$.
        high: Upper end $b$.

    Returns:
        Array of the shape of `dX`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.scaling import min_max_scaling_backward
        >>> min_max_scaling_backward(np.array([[4.0]]), np.array([2.0]), np.array([10.0])).tolist()
        [[0.5]]

    Reference:
        Han, Kamber, Pei 2011, "Data mining: concepts and techniques", equation 3.8.
    """
    return (high - low) * dX / _width(minimum, maximum)


def _width(minimum, maximum):
    return np.where(maximum > minimum, maximum - minimum, 1.0)
