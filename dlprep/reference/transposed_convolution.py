r"""Transposed convolution, forward and backward: a convolution's gradient run as a layer."""

import numpy as np

from dlprep.reference.convolution import col2im, convolution, im2col


def transposed_convolution(X, W, b, stride=1):
    r"""Let every entry paint its kernel into a larger image, where the paintings add up.

    $$ Z_{m u v f} = b_f + \sum_{s i + a = u,\; s j + b = v} \sum_c X_{m i j c} W_{a b f c} $$

    Args:
        X: Images, shape `(m, rows, columns, channels)`.
        W: Kernel, shape `(*window, filters, channels)`.
        b: Bias, shape `(filters,)`.
        stride: Step $s$ between the painted kernels.

    Returns:
        Array $Z$ of shape `(m, height, width, filters)` with $s (n - 1) + k$ entries for $n$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.transposed_convolution import transposed_convolution
        >>> transposed_convolution(np.ones((2, 3, 4, 5)), np.ones((3, 2, 6, 5)), 0, stride=2).shape
        (2, 7, 8, 6)

    Reference:
        Dumoulin, Visin 2016, arXiv:1603.07285, chapter 4.
    """
    lengths = (stride * (n - 1) + k for n, k in zip(X.shape[1:3], W.shape[:2], strict=True))
    painted = np.tensordot(X, W, axes=[(3,), (3,)])
    return col2im(painted, (len(X), *lengths, W.shape[2]), stride) + b


def transposed_convolution_backward(dZ, X, W, stride=1):
    r"""Return the gradients of `transposed_convolution`: backwards it is the convolution.

    $$ dX = dZ * W, \quad dW = \sum \mathrm{im2col}(dZ)^T X, \quad db = \sum dZ $$

    Args:
        dZ: Gradient with respect to $Z$.
        X: Images of the forward pass.
        W: Kernel of the forward pass.
        stride: Step of the forward pass.

    Returns:
        The triple $(dX, dW, db)$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.transposed_convolution import transposed_convolution_backward
        >>> dZ, X, W = np.ones((2, 7, 8, 6)), np.ones((2, 3, 4, 5)), np.ones((3, 2, 6, 5))
        >>> [g.shape for g in transposed_convolution_backward(dZ, X, W, stride=2)]
        [(2, 3, 4, 5), (3, 2, 6, 5), (6,)]

    Reference:
        Dumoulin, Visin 2016, arXiv:1603.07285, chapter 4.
    """
    P = im2col(dZ, W.shape[:2], stride)
    dW = np.tensordot(P, X, axes=[(0, 1, 2), (0, 1, 2)])
    return convolution(dZ, W, 0, stride), dW, dZ.sum((0, 1, 2))
