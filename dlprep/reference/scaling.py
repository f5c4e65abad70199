"""Min-max scaling of features."""

import numpy as np


def min_max_scaling(X, minimum, maximum, low=0.0, high=1.0):
    r"""Map each feature's range to an interval.

    $$ X' = a + (b - a) \frac{X - x_{\min}}{x_{\max} - x_{\min}} $$

    Backwards, $dX = dX' \odot (b - a) / (x_{\max} - x_{\min})$.

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
    width = np.where(maximum > minimum, maximum - minimum, 1.0)
    return low + (high - low) * (X - minimum) / width
