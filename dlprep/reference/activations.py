r"""Activations $A = g(Z)$ and their derivatives $g'(Z)$, written out.

Every elementwise function returns the pair $(g(Z), g'(Z))$, so that back-propagation reads
$dZ = dA \circ g'(Z)$. Over an axis, where one output depends on all inputs, the backward pass is a
function of its own.
"""

import numpy as np


def sigmoid(Z):
    r"""Return the logistic function and its derivative.

    $$g(z) = \frac{1}{1 + e^{-z}}, \qquad g'(z) = g(z) (1 - g(z))$$

    Args:
        Z: Array of any shape.

    Returns:
        $(A, g'(Z))$, arrays of that shape.

    Example:
        >>> from dlprep.reference.activations import sigmoid
        >>> A, slope = sigmoid(0.0)
        >>> float(A), float(slope)
        (0.5, 0.25)

    Reference:
        Deep Learning Fundamentals Handbook, chapter 2, activation functions.
    """
    z = np.exp(-np.abs(Z))
    A = np.where(np.asarray(Z) < 0, z, 1.0) / (1.0 + z)
    return A, z / (1.0 + z) ** 2


def tanh(Z):
    r"""Return the hyperbolic tangent and its derivative.

    $$g(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}}, \qquad g'(z) = 1 - g(z)^2$$

    Args:
        Z: Array of any shape.

    Returns:
        $(A, g'(Z))$, arrays of that shape.

    Example:
        >>> from dlprep.reference.activations import tanh
        >>> A, slope = tanh(0.0)
        >>> float(A), float(slope)
        (0.0, 1.0)

    Reference:
        Deep Learning Fundamentals Handbook, chapter 2, activation functions.
    """
    A = np.tanh(Z)
    return A, 1.0 - A**2


def relu(Z, negative_slope=0.0, max_value=np.inf, threshold=0.0):
    r"""Return the (leaky, capped, shifted) rectifier and its derivative.

    $$g(z) = \begin{cases} z_{\max} & z \ge z_{\max} \\ z & \theta < z < z_{\max} \\
    \alpha (z - \theta) & z \le \theta \end{cases} \qquad
    g'(z) = \begin{cases} 0 \\ 1 \\ \alpha \end{cases}$$

    Args:
        Z: Array of any shape.
        negative_slope: $\alpha$.
        max_value: $z_{\max}$.
        threshold: $\theta$.

    Returns:
        $(A, g'(Z))$, arrays of that shape.

    Example:
        >>> from dlprep.reference.activations import relu
        >>> A, slope = relu(-3.0, negative_slope=0.5)
        >>> float(A), float(slope)
        (-1.5, 0.5)

    Reference:
        Deep Learning Fundamentals Handbook, chapter 2, activation functions; Maas, Hannun, Ng 2013,
        section 2.
    """
    Z = np.asarray(Z, float)
    cases = [threshold >= Z, max_value <= Z]
    # A slope of zero times -inf would be NaN.
    below = negative_slope * (Z - threshold) if negative_slope else np.zeros_like(Z)
    A = np.select(cases, [below, np.full_like(Z, max_value)], Z)
    return A, np.select(cases, [np.full_like(Z, negative_slope), np.zeros_like(Z)], 1.0)


def softmax(Z, axis=-1):
    r"""Return a distribution over an axis.

    $$a_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$$

    Args:
        Z: Array of scores.
        axis: The axis that adds up to 1.

    Returns:
        Array of the same shape.

    Example:
        >>> from dlprep.reference.activations import softmax
        >>> softmax([[1.0, 1.0]]).tolist()
        [[0.5, 0.5]]

    Reference:
        Goodfellow, Bengio, Courville 2016, Deep Learning, equation 6.29.
    """
    E = np.exp(Z - np.max(Z, axis, keepdims=True))
    return E / np.sum(E, axis, keepdims=True)


def softmax_backward(dA, A, axis=-1):
    r"""Carry a gradient back through softmax.

    $$dz_i = \sum_j da_j\, a_j (\delta_{ij} - a_i) = a_i \Big( da_i - \sum_j da_j\, a_j \Big)$$

    Args:
        dA: Gradient with respect to the output.
        A: The output.
        axis: The axis that adds up to 1.

    Returns:
        Gradient with respect to the scores, of the same shape.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.activations import softmax_backward
        >>> softmax_backward(np.array([1.0, 0.0]), np.array([0.5, 0.5])).tolist()
        [0.25, -0.25]

    Reference:
        Bishop 2006, Pattern Recognition and Machine Learning, equation 4.106.
    """
    return A * (dA - np.sum(dA * A, axis, keepdims=True))


def linear(Z):
    r"""Return the input and the slope 1.

    $$g(z) = z, \qquad g'(z) = 1$$

    Args:
        Z: Array of any shape.

    Returns:
        $(A, g'(Z))$, arrays of that shape.

    Example:
        >>> from dlprep.reference.activations import linear
        >>> A, slope = linear(3.0)
        >>> round(float(A), 4), round(float(slope), 4)
        (3.0, 1.0)

    Reference:
        Deep Learning Fundamentals Handbook, chapter 2, activation functions.
    """
    Z = np.asarray(Z, float)
    return Z, np.ones_like(Z)


def heaviside(Z, at_zero=1.0):
    r"""Return the step of the threshold unit and the slope it is given: zero.

    $$g(z) = \begin{cases} 1 & z > 0 \\ h_0 & z = 0 \\ 0 & z < 0 \end{cases} \qquad g'(z) := 0$$

    Args:
        Z: Array of any shape.
        at_zero: $h_0$.

    Returns:
        $(A, g'(Z))$, arrays of that shape.

    Example:
        >>> from dlprep.reference.activations import heaviside
        >>> A, slope = heaviside(2.0)
        >>> round(float(A), 4), round(float(slope), 4)
        (1.0, 0.0)

    Reference:
        McCulloch, Pitts 1943, A Logical Calculus of the Ideas Immanent in Nervous Activity.
    """
    A = np.heaviside(Z, at_zero)
    return A, np.zeros_like(A)


def sign(Z):
    r"""Return the side of zero and the slope it is given: zero.

    $$g(z) = \begin{cases} 1 & z > 0 \\ 0 & z = 0 \\ -1 & z < 0 \end{cases} \qquad g'(z) := 0$$

    Args:
        Z: Array of any shape.

    Returns:
        $(A, g'(Z))$, arrays of that shape.

    Example:
        >>> from dlprep.reference.activations import sign
        >>> A, slope = sign(-2.0)
        >>> round(float(A), 4), round(float(slope), 4)
        (-1.0, 0.0)

    Reference:
        Rosenblatt 1958, The Perceptron, Psychological Review 65.
    """
    A = np.sign(np.asarray(Z, float))
    return A, np.zeros_like(A)


def log_softmax(Z, axis=-1):
    r"""Return the logarithm of softmax.

    $$a_i = z_i - \log \textstyle\sum_k e^{z_k}$$

    Args:
        Z: Array of scores.
        axis: The axis whose probabilities add up to 1.

    Returns:
        Array of the same shape.

    Example:
        >>> from dlprep.reference.activations import log_softmax
        >>> round(float(log_softmax([1.0, 1.0])[0]), 4)
        -0.6931

    Reference:
        Goodfellow, Bengio, Courville 2016, Deep Learning, equation 6.30.
    """
    shifted = Z - np.max(Z, axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis, keepdims=True))


def log_softmax_backward(dA, A, axis=-1):
    r"""Carry a gradient back through the logarithm of softmax.

    $$dz_i = da_i - e^{a_i} \textstyle\sum_k da_k$$

    Args:
        dA: Gradient with respect to the output.
        A: The output, log-probabilities.
        axis: The axis whose probabilities add up to 1.

    Returns:
        Gradient with respect to the scores, of the same shape.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.activations import log_softmax_backward
        >>> log_softmax_backward(np.array([1.0, 0.0]), np.log([0.5, 0.5])).tolist()
        [0.5, -0.5]

    Reference:
        Bishop 2006, Pattern Recognition and Machine Learning, equation 4.106.
    """
    return dA - np.exp(A) * np.sum(dA, axis, keepdims=True)
