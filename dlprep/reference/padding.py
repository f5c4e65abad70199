r"""Padding of images with zeros, forward and backward, for convolution windows."""

import numpy as np


def margins(n, size, stride=1, dilation=1, causal=False):
    r"""Return how many zeros an axis gets before and after.

    As many as $\lceil n / s \rceil$ windows need, the odd one after; causally all before, as many
    as one window looks back:

    $$ p = \max\big( (\lceil n / s \rceil - 1)\, s + d (k - 1) + 1 - n,\, 0 \big) $$

    Args:
        n: Length of the axis.
        size: Size $k$ of the window.
        stride: Step $s$ between windows.
        dilation: Distance $d$ between a window's entries.
        causal: Whether no window may look ahead.

    Returns:
        The pair of numbers of zeros.

    Example:
        >>> from dlprep.reference.padding import margins
        >>> margins(5, 4), margins(5, 4, causal=True)
        ((1, 2), (3, 0))

    Reference:
        Dumoulin, Visin 2016, arXiv:1603.07285, section 2.2; van den Oord et al. 2016,
        arXiv:1609.03499, section 2.1 (causal).
    """
    if causal:
        return dilation * (size - 1), 0
    p = max((-(-n // stride) - 1) * stride + dilation * (size - 1) + 1 - n, 0)
    return p // 2, p - p // 2


def pad(X, rows, columns):
    r"""Put zeros around images.

    $$ Y_{m,\, u + p,\, v + q,\, c} = X_{m u v c}, \quad 0 \text{ elsewhere} $$

    Args:
        X: Images, shape `(m, height, width, channels)`.
        rows: Pair of numbers of rows before, $p$, and after.
        columns: Pair of numbers of columns before, $q$, and after.

    Returns:
        Larger images.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.padding import pad
        >>> pad(np.ones((1, 1, 1, 1)), (0, 0), (1, 2))[0, 0, :, 0].tolist()
        [0.0, 1.0, 0.0, 0.0]

    Reference:
        Dumoulin, Visin 2016, arXiv:1603.07285, section 2.2.
    """
    return np.pad(X, [(0, 0), rows, columns, (0, 0)])


def pad_backward(dY, rows, columns):
    r"""Cut the margins off: zeros have no gradient.

    $$ dX_{m u v c} = dY_{m,\, u + p,\, v + q,\, c} $$

    Args:
        dY: Gradient with respect to the padded images.
        rows: Pair of numbers of rows before, $p$, and after.
        columns: Pair of numbers of columns before, $q$, and after.

    Returns:
        Gradient with respect to the images.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.padding import pad_backward
        >>> pad_backward(np.arange(4.0).reshape(1, 1, 4, 1), (0, 0), (1, 2)).tolist()
        [[[[1.0]]]]

    Reference:
        Dumoulin, Visin 2016, arXiv:1603.07285, section 2.2.
    """
    height, width = dY.shape[1:3]
    return dY[:, rows[0] : height - rows[1], columns[0] : width - columns[1]]
