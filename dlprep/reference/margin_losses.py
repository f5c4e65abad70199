r"""Losses of margins $y s$ and their (sub)gradients, written out."""

import numpy as np


def hinge(y, s):
    r"""Return the hinge loss and its gradient.

    $$\ell = \frac1d \sum_i \max(0, 1 - y_i s_i),
    \qquad \frac{\partial \ell}{\partial s_i} = -\frac{y_i}{d} [\, y_i s_i < 1 \,]$$

    Args:
        y: Labels -1 or 1, shape `(..., d)`.
        s: Scores of that shape.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.margin_losses import hinge
        >>> loss, gradient = hinge(np.array([[1.0]]), np.array([[0.25]]))
        >>> np.round(loss, 4).tolist()
        [0.75]

    Reference:
        Cortes, Vapnik 1995, Support-Vector Networks, section 3.
    """
    short = np.maximum(1.0 - y * s, 0.0)
    return np.mean(short, -1), -y * (short > 0) / s.shape[-1]


def squared_hinge(y, s):
    r"""Return the squared hinge loss and its gradient.

    $$\ell = \frac1d \sum_i \max(0, 1 - y_i s_i)^2,
    \qquad \frac{\partial \ell}{\partial s_i} = -\frac{2 y_i}{d} \max(0, 1 - y_i s_i)$$

    Args:
        y: Labels -1 or 1, shape `(..., d)`.
        s: Scores of that shape.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.margin_losses import squared_hinge
        >>> loss, gradient = squared_hinge(np.array([[1.0]]), np.array([[0.5]]))
        >>> np.round(loss, 4).tolist()
        [0.25]

    Reference:
        Tang 2013, arXiv:1306.0239, equations 7 and 11.
    """
    short = np.maximum(1.0 - y * s, 0.0)
    return np.mean(short**2, -1), -2.0 * y * short / s.shape[-1]


def categorical_hinge(y, s):
    r"""Return the multi-class hinge loss and its gradient.

    $$\ell = \max \big( 0, 1 + \max_c (1 - y_c) s_c - \textstyle\sum_c y_c s_c \big)$$

    Args:
        y: One-hot labels, shape `(..., C)`.
        s: Scores of that shape.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.margin_losses import categorical_hinge
        >>> loss, gradient = categorical_hinge(np.array([[0.0, 1.0]]), np.array([[0.5, 1.0]]))
        >>> np.round(loss, 4).tolist()
        [0.5]

    Reference:
        Crammer, Singer 2001, section 3.
    """
    rival = (1.0 - y) * s
    strongest = np.max(rival, -1, keepdims=True)
    loss = np.maximum(1.0 + strongest - np.sum(y * s, -1, keepdims=True), 0.0)
    gradient = (rival == strongest) * (1.0 - y) - y
    return loss[..., 0], (loss > 0) * gradient


def perceptron_loss(y, s):
    r"""Return the loss of the perceptron rule and its gradient.

    $$\ell = \frac1d \sum_i \max(0, -y_i s_i),
    \qquad \frac{\partial \ell}{\partial s_i} = -\frac{y_i}{d} [\, y_i s_i \le 0 \,]$$

    Args:
        y: Labels -1 or 1, shape `(..., d)`.
        s: Scores of that shape.

    Returns:
        `(loss, gradient)`: one value per row and an array like the predictions.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.margin_losses import perceptron_loss
        >>> loss, gradient = perceptron_loss(np.array([[1.0]]), np.array([[-0.25]]))
        >>> np.round(loss, 4).tolist()
        [0.25]

    Reference:
        Rosenblatt 1958, The Perceptron, Psychological Review 65.
    """
    wrong = y * s <= 0
    return np.mean(np.where(wrong, -y * s, 0.0), -1), -y * wrong / s.shape[-1]
