"""Convolution and pooling by im2col: every window becomes a row, so that a product does the rest.

Images are arrays of shape `(m, height, width, channels)`, without padding: pad the input first.
"""

import numpy as np


def im2col(X, window, stride=1, dilation=1):
    r"""Cut every window out of the images.

    $$ P_{m i j a b c} = X_{m,\, s i + d a,\, s j + d b,\, c} $$

    Args:
        X: Images, shape `(m, height, width, channels)`.
        window: Pair of sizes $k$ of the window.
        stride: Step $s$ between windows.
        dilation: Distance $d$ between a window's entries.

    Returns:
        Windows, shape `(m, rows, columns, *window, channels)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.convolution import im2col
        >>> im2col(np.ones((2, 6, 7, 3)), (3, 2), stride=2).shape
        (2, 2, 3, 3, 2, 3)

    Reference:
        Chellapilla, Puri, Simard 2006, "High performance convolutional neural networks", section 3.
    """
    rows, columns = _places(X.shape, window, stride, dilation)
    return X[:, rows[:, None, :, None], columns[None, :, None, :]]


def col2im(P, shape, stride=1, dilation=1):
    r"""Add windows back to the places they were cut from: the transpose of `im2col`.

    $$ X_{m u v c} = \sum_{s i + d a = u,\; s j + d b = v} P_{m i j a b c} $$

    Args:
        P: Windows, shape `(m, rows, columns, *window, channels)`.
        shape: Shape of the images.
        stride: Step between windows.
        dilation: Distance between a window's entries.

    Returns:
        Images, shape `shape`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.convolution import col2im
        >>> [float(v) for v in col2im(np.ones((1, 1, 2, 1, 2, 1)), (1, 1, 3, 1))[0, 0, :, 0]]
        [1.0, 2.0, 1.0]

    Reference:
        Chellapilla, Puri, Simard 2006, section 3.
    """
    X = np.zeros(shape)
    rows, columns = _places(shape, P.shape[3:5], stride, dilation)
    np.add.at(X, (slice(None), rows[:, None, :, None], columns[None, :, None, :]), P)
    return X


def _places(shape, window, stride, dilation):
    def axis(length, size):
        count = (length - dilation * (size - 1) - 1) // stride + 1
        return stride * np.arange(count)[:, None] + dilation * np.arange(size)[None, :]

    return axis(shape[1], window[0]), axis(shape[2], window[1])


def convolution(X, W, b, stride=1, dilation=1):
    r"""Slide a kernel over images.

    $$ Z_{m i j f} = b_f + \sum_{a, b, c} X_{m,\, s i + d a,\, s j + d b,\, c} W_{a b c f} $$

    Args:
        X: Images, shape `(m, height, width, channels)`.
        W: Kernel, shape `(*window, channels, filters)`.
        b: Bias, shape `(filters,)`.
        stride: Step $s$ between windows.
        dilation: Distance $d$ between a window's entries.

    Returns:
        Array $Z$ of shape `(m, rows, columns, filters)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.convolution import convolution
        >>> convolution(np.ones((2, 6, 7, 3)), np.ones((3, 3, 3, 4)), np.zeros(4)).shape
        (2, 4, 5, 4)

    Reference:
        Goodfellow, Bengio, Courville 2016, "Deep Learning", equation 9.8.
    """
    return np.tensordot(im2col(X, W.shape[:2], stride, dilation), W, axes=3) + b


def convolution_backward(dZ, X, W, stride=1, dilation=1):
    r"""Return the gradients of `convolution`.

    $$ dW = \sum P^T dZ, \quad db = \sum dZ, \quad dX = \mathrm{col2im}(dZ\, W^T) $$

    Args:
        dZ: Gradient with respect to $Z$.
        X: Images of the forward pass.
        W: Kernel of the forward pass.
        stride: Step between windows.
        dilation: Distance between a window's entries.

    Returns:
        The triple $(dX, dW, db)$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.convolution import convolution_backward
        >>> X, W = np.ones((2, 6, 7, 3)), np.ones((3, 3, 3, 4))
        >>> [g.shape for g in convolution_backward(np.ones((2, 4, 5, 4)), X, W)]
        [(2, 6, 7, 3), (3, 3, 3, 4), (4,)]

    Reference:
        Goodfellow, Bengio, Courville 2016, "Deep Learning", equations 9.11 and 9.13.
    """
    P = im2col(X, W.shape[:2], stride, dilation)
    dW = np.tensordot(P, dZ, axes=[(0, 1, 2), (0, 1, 2)])
    dP = np.tensordot(dZ, W, axes=[(3,), (3,)])
    return col2im(dP, X.shape, stride, dilation), dW, dZ.sum((0, 1, 2))


def max_pooling(X, window, stride):
    r"""Keep the largest entry of every window.

    $$ Y_{m i j c} = \max_{a, b} X_{m,\, s i + a,\, s j + b,\, c} $$

    Args:
        X: Images, shape `(m, height, width, channels)`.
        window: Pair of sizes of the window.
        stride: Step $s$ between windows.

    Returns:
        Array $Y$ of shape `(m, rows, columns, channels)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.convolution import max_pooling
        >>> float(max_pooling(np.arange(4.0).reshape(1, 2, 2, 1), (2, 2), 2)[0, 0, 0, 0])
        3.0

    Reference:
        Scherer, Mueller, Behnke 2010, "Evaluation of pooling operations", section 3.
    """
    return im2col(X, window, stride).max((3, 4))


def max_pooling_backward(dY, X, window, stride):
    r"""Hand the gradient of every window to its largest entry, the first one of equals.

    $$ dX_{m u v c} = \sum_{i j} dY_{m i j c} \, [(u, v) = \arg\max \text{ of window } i j] $$

    Args:
        dY: Gradient with respect to $Y$.
        X: Images of the forward pass.
        window: Pair of sizes of the window.
        stride: Step between windows.

    Returns:
        Array of the shape of `X`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.convolution import max_pooling_backward
        >>> X = np.arange(4.0).reshape(1, 2, 2, 1)
        >>> [float(v) for v in np.ravel(max_pooling_backward(np.ones((1, 1, 1, 1)), X, (2, 2), 2))]
        [0.0, 0.0, 0.0, 1.0]

    Reference:
        Scherer, Mueller, Behnke 2010, "Evaluation of pooling operations", section 3.
    """
    P = im2col(X, window, stride)
    flat = P.reshape(*P.shape[:3], -1, P.shape[-1])
    won = np.arange(flat.shape[3])[:, None] == flat.argmax(3)[..., None, :]
    return col2im((won * dY[..., None, :]).reshape(P.shape), X.shape, stride)


def average_pooling(X, window, stride):
    r"""Keep the mean of every window.

    $$ Y_{m i j c} = \frac{1}{k_1 k_2} \sum_{a, b} X_{m,\, s i + a,\, s j + b,\, c} $$

    Args:
        X: Images, shape `(m, height, width, channels)`.
        window: Pair of sizes $k$ of the window.
        stride: Step $s$ between windows.

    Returns:
        Array $Y$ of shape `(m, rows, columns, channels)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.convolution import average_pooling
        >>> float(average_pooling(np.arange(4.0).reshape(1, 2, 2, 1), (2, 2), 2)[0, 0, 0, 0])
        1.5

    Reference:
        LeCun, Bottou, Bengio, Haffner 1998, "Gradient-based learning", section II.B.
    """
    return im2col(X, window, stride).mean((3, 4))


def average_pooling_backward(dY, X, window, stride):
    r"""Share the gradient of every window out evenly.

    $$ dX = \mathrm{col2im}\left(\frac{dY}{k_1 k_2}\right) $$

    Args:
        dY: Gradient with respect to $Y$.
        X: Images of the forward pass.
        window: Pair of sizes $k$ of the window.
        stride: Step between windows.

    Returns:
        Array of the shape of `X`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.convolution import average_pooling_backward
        >>> X = np.zeros((1, 2, 2, 1))
        >>> float(average_pooling_backward(np.ones((1, 1, 1, 1)), X, (2, 2), 2)[0, 1, 1, 0])
        0.25

    Reference:
        LeCun, Bottou, Bengio, Haffner 1998, "Gradient-based learning", section II.B.
    """
    shape = (*dY.shape[:3], *window, dY.shape[3])
    P = np.broadcast_to(dY[:, :, :, None, None] / np.prod(window), shape)
    return col2im(P, X.shape, stride)
