"""Pooling over a whole feature map, forward and backward: one number per channel."""

import numpy as np


def global_max_pooling(X):
    r"""Keep the largest entry of every map.

    $$ y_{m c} = \max_i X_{m i c} $$

    Args:
        X: Sequences or images, shape `(m, ..., channels)`.

    Returns:
        Array of shape `(m, channels)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.global_pooling import global_max_pooling
        >>> global_max_pooling(np.array([[[1.0], [5.0], [2.0]]])).tolist()
        [[5.0]]

    Reference:
        Oquab, Bottou, Laptev, Sivic 2015, "Is object localization for free?", section 3.
    """
    return X.reshape(len(X), -1, X.shape[-1]).max(1)


def global_max_pooling_backward(dY, X):
    r"""Hand the gradient to the largest entry of every map, the first one of equals.

    $$ dX_{m i c} = dy_{m c}\, [i = \arg\max_j X_{m j c}] $$

    Args:
        dY: Gradient with respect to the output, shape `(m, channels)`.
        X: Input of the forward pass.

    Returns:
        Array of the shape of `X`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.global_pooling import global_max_pooling_backward
        >>> X = np.array([[[1.0], [5.0], [2.0]]])
        >>> global_max_pooling_backward(np.array([[3.0]]), X).tolist()
        [[[0.0], [3.0], [0.0]]]

    Reference:
        Oquab, Bottou, Laptev, Sivic 2015, "Is object localization for free?", section 3.
    """
    flat = X.reshape(len(X), -1, X.shape[-1])
    won = np.arange(flat.shape[1])[:, None] == flat.argmax(1)[:, None, :]
    return (won * dY[:, None]).reshape(X.shape)


def global_average_pooling(X, mask=None):
    r"""Keep the mean of every map, over the entries that count.

    $$ y_{m c} = \frac{\sum_i r_{m i} X_{m i c}}{\sum_i r_{m i}} $$

    Args:
        X: Sequences or images, shape `(m, ..., channels)`.
        mask: Zeros and ones $r$ of shape `(m, ...)`, or None for ones; where none counts, the
            mean is 0.

    Returns:
        Array of shape `(m, channels)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.global_pooling import global_average_pooling
        >>> X, mask = np.array([[[1.0], [5.0], [2.0]]]), np.array([[1.0, 1.0, 0.0]])
        >>> global_average_pooling(X, mask).tolist()
        [[3.0]]

    Reference:
        Lin, Chen, Yan 2013, arXiv:1312.4400, section 3.2.
    """
    return np.sum(_shares(X, mask) * X, tuple(range(1, X.ndim - 1)))


def global_average_pooling_backward(dY, X, mask=None):
    r"""Share the gradient out evenly among the entries that count.

    $$ dX_{m i c} = \frac{r_{m i}}{\sum_j r_{m j}}\, dy_{m c} $$

    Args:
        dY: Gradient with respect to the output, shape `(m, channels)`.
        X: Input of the forward pass.
        mask: Mask of the forward pass, or None.

    Returns:
        Array of the shape of `X`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.global_pooling import global_average_pooling_backward
        >>> global_average_pooling_backward(np.array([[6.0]]), np.zeros((1, 3, 1))).tolist()
        [[[2.0], [2.0], [2.0]]]

    Reference:
        Lin, Chen, Yan 2013, arXiv:1312.4400, section 3.2.
    """
    places = (len(X), *[1] * (X.ndim - 2), X.shape[-1])
    return _shares(X, mask) * dY.reshape(places)


def _shares(X, mask):
    r = np.ones(X.shape[:-1]) if mask is None else np.asarray(mask, float)
    count = np.sum(r, tuple(range(1, r.ndim)), keepdims=True)
    return (r / np.maximum(count, 1))[..., None]
