r"""Convolutions that do not mix all channels, forward and backward: grouped, depthwise, separable.

Images are arrays of shape `(m, height, width, channels)`, without padding: pad the input first.
"""

import numpy as np

from dlprep.reference.convolution import col2im, convolution, convolution_backward, im2col


def grouped_convolution(X, W, b, groups, stride=1, dilation=1):
    r"""Convolve parts of the channels by themselves and put the results side by side.

    $$ Z = [X^{(1)} * W^{(1)}, \ldots, X^{(g)} * W^{(g)}] + b $$

    Args:
        X: Images, shape `(m, height, width, channels)`.
        W: Kernel, shape `(*window, channels / groups, filters)`.
        b: Bias, shape `(filters,)`.
        groups: Number $g$ of parts.
        stride: Step between windows.
        dilation: Distance between a window's entries.

    Returns:
        Array $Z$ of shape `(m, rows, columns, filters)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.grouped_convolution import grouped_convolution
        >>> X, W = np.ones((2, 6, 7, 4)), np.ones((3, 3, 2, 6))
        >>> grouped_convolution(X, W, np.zeros(6), groups=2).shape
        (2, 4, 5, 6)

    Reference:
        Krizhevsky, Sutskever, Hinton 2012, "ImageNet classification", section 3.5 and figure 2.
    """
    parts = zip(np.split(X, groups, -1), np.split(W, groups, -1), strict=True)
    return np.concatenate([convolution(x, w, 0, stride, dilation) for x, w in parts], -1) + b


def grouped_convolution_backward(dZ, X, W, groups, stride=1, dilation=1):
    r"""Return the gradients of `grouped_convolution`: those of its parts.

    $$ dX = [dX^{(1)}, \ldots, dX^{(g)}], \quad dW = [dW^{(1)}, \ldots, dW^{(g)}] $$

    Args:
        dZ: Gradient with respect to $Z$.
        X: Images of the forward pass.
        W: Kernel of the forward pass.
        groups: Number $g$ of parts.
        stride: Step between windows.
        dilation: Distance between a window's entries.

    Returns:
        The triple $(dX, dW, db)$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.grouped_convolution import grouped_convolution_backward
        >>> dZ, X, W = np.ones((2, 4, 5, 6)), np.ones((2, 6, 7, 4)), np.ones((3, 3, 2, 6))
        >>> [g.shape for g in grouped_convolution_backward(dZ, X, W, groups=2)]
        [(2, 6, 7, 4), (3, 3, 2, 6), (6,)]

    Reference:
        Goodfellow, Bengio, Courville 2016, "Deep Learning", equations 9.11 and 9.13, for each part.
    """
    parts = zip(*(np.split(array, groups, -1) for array in (dZ, X, W)), strict=True)
    gradients = [convolution_backward(*part, stride, dilation) for part in parts]
    return tuple(np.concatenate(kind, -1) for kind in zip(*gradients, strict=True))


def depthwise_convolution(X, W, b, stride=1, dilation=1):
    r"""Slide kernels of their own over every channel.

    $$ Z_{m i j,\, c K + k} = b_{c K + k} + \sum_{a, b} X_{m,\, s i + d a,\, s j + d b,\, c}
       W_{a b c k} $$

    Args:
        X: Images, shape `(m, height, width, channels)`.
        W: Kernels, shape `(*window, channels, K)`.
        b: Bias, shape `(channels * K,)`.
        stride: Step $s$ between windows.
        dilation: Distance $d$ between a window's entries.

    Returns:
        Array $Z$ of shape `(m, rows, columns, channels * K)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.grouped_convolution import depthwise_convolution
        >>> depthwise_convolution(np.ones((2, 6, 7, 4)), np.ones((3, 3, 4, 2)), np.zeros(8)).shape
        (2, 4, 5, 8)

    Reference:
        Howard et al. 2017, arXiv:1704.04861, equation 3.
    """
    Z = np.einsum("mijabc,abck->mijck", im2col(X, W.shape[:2], stride, dilation), W)
    return Z.reshape(*Z.shape[:3], -1) + b


def depthwise_convolution_backward(dZ, X, W, stride=1, dilation=1):
    r"""Return the gradients of `depthwise_convolution`.

    $$ dW_{a b c k} = \sum_{m i j} P_{m i j a b c}\, dZ_{m i j c k}, \quad
       dP_{m i j a b c} = \sum_k dZ_{m i j c k} W_{a b c k}, \quad dX = \mathrm{col2im}(dP) $$

    Args:
        dZ: Gradient with respect to $Z$.
        X: Images of the forward pass.
        W: Kernels of the forward pass.
        stride: Step between windows.
        dilation: Distance between a window's entries.

    Returns:
        The triple $(dX, dW, db)$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.grouped_convolution import depthwise_convolution_backward
        >>> dZ, X, W = np.ones((2, 4, 5, 8)), np.ones((2, 6, 7, 4)), np.ones((3, 3, 4, 2))
        >>> [g.shape for g in depthwise_convolution_backward(dZ, X, W)]
        [(2, 6, 7, 4), (3, 3, 4, 2), (8,)]

    Reference:
        Howard et al. 2017, arXiv:1704.04861, equation 3, by the chain rule.
    """
    per_channel = dZ.reshape(*dZ.shape[:3], *W.shape[2:])
    P = im2col(X, W.shape[:2], stride, dilation)
    dW = np.einsum("mijabc,mijck->abck", P, per_channel)
    dP = np.einsum("mijck,abck->mijabc", per_channel, W)
    return col2im(dP, X.shape, stride, dilation), dW, dZ.sum((0, 1, 2))


def separable_convolution(X, D, P, b, stride=1, dilation=1):
    r"""Convolve channel by channel, then mix the channels at every place.

    $$ Z = (X *_{\mathrm{depth}} D)\, P + b $$

    Args:
        X: Images, shape `(m, height, width, channels)`.
        D: Depthwise kernels, shape `(*window, channels, K)`.
        P: Pointwise weights, shape `(channels * K, filters)`.
        b: Bias, shape `(filters,)`.
        stride: Step between windows.
        dilation: Distance between a window's entries.

    Returns:
        Array $Z$ of shape `(m, rows, columns, filters)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.grouped_convolution import separable_convolution
        >>> X, D, P = np.ones((2, 6, 7, 4)), np.ones((3, 3, 4, 2)), np.ones((8, 5))
        >>> separable_convolution(X, D, P, np.zeros(5)).shape
        (2, 4, 5, 5)

    Reference:
        Chollet 2016, arXiv:1610.02357, section 1.3.
    """
    return depthwise_convolution(X, D, 0, stride, dilation) @ P + b


def separable_convolution_backward(dZ, X, D, P, stride=1, dilation=1):
    r"""Return the gradients of `separable_convolution`.

    $$ dP = \sum_{m i j} H_{m i j}^T dZ_{m i j}, \quad dH = dZ\, P^T, \quad
       H = X *_{\mathrm{depth}} D $$

    Args:
        dZ: Gradient with respect to $Z$.
        X: Images of the forward pass.
        D: Depthwise kernels of the forward pass.
        P: Pointwise weights of the forward pass.
        stride: Step between windows.
        dilation: Distance between a window's entries.

    Returns:
        Gradients with respect to `X`, `D`, `P` and `b`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.grouped_convolution import separable_convolution_backward
        >>> X, D, P = np.ones((2, 6, 7, 4)), np.ones((3, 3, 4, 2)), np.ones((8, 5))
        >>> [g.shape for g in separable_convolution_backward(np.ones((2, 4, 5, 5)), X, D, P)]
        [(2, 6, 7, 4), (3, 3, 4, 2), (8, 5), (5,)]

    Reference:
        Chollet 2016, arXiv:1610.02357, section 1.3, by the chain rule.
    """
    H = depthwise_convolution(X, D, 0, stride, dilation)
    dP = np.tensordot(H, dZ, axes=[(0, 1, 2), (0, 1, 2)])
    dX, dD, _ = depthwise_convolution_backward(dZ @ P.T, X, D, stride, dilation)
    return dX, dD, dP, dZ.sum((0, 1, 2))
