r"""Noise in training, with explicit draws: added, multiplied, or a dropout that keeps moments."""

import numpy as np

# Minus the floor of selu: its scale times its alpha.
FLOOR = 1.0507009873554805 * 1.6732632423543772


def gaussian_noise(a, sigma, xi):
    r"""Add normal noise.

    $$ \tilde a = a + \sigma \xi $$

    The gradient passes unchanged, $da = d\tilde a$.

    Args:
        a: Activations of any shape.
        sigma: Standard deviation of the noise.
        xi: Standard normal draws of that shape.

    Returns:
        Array of that shape.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.noise import gaussian_noise
        >>> gaussian_noise(np.array([1.0]), 0.5, np.array([4.0])).tolist()
        [3.0]

    Reference:
        Bishop 1995, "Training with noise is equivalent to Tikhonov regularization".
    """
    return a + sigma * xi


def gaussian_dropout(a, p, xi):
    r"""Multiply by normal noise that has the mean and the variance of dropout's mask.

    $$ \tilde a = a \odot n, \quad n = 1 + \sqrt{\frac{p}{1 - p}}\, \xi $$

    Args:
        a: Activations of any shape.
        p: Probability of dropping a unit that the noise stands for, below 1.
        xi: Standard normal draws of that shape.

    Returns:
        Array of that shape.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.noise import gaussian_dropout
        >>> gaussian_dropout(np.array([3.0]), 0.5, np.array([1.0])).tolist()
        [6.0]

    Reference:
        Srivastava et al. 2014, "Dropout", section 10.
    """
    return a * (1 + np.sqrt(p / (1 - p)) * xi)


def gaussian_dropout_backward(dA, p, xi):
    r"""Multiply the gradient by the same noise.

    $$ da = d\tilde a \odot n $$

    Args:
        dA: Gradient with respect to the output.
        p: Probability of the forward pass.
        xi: Draws of the forward pass.

    Returns:
        Gradient with respect to the input, of the shape of `dA`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.noise import gaussian_dropout_backward
        >>> gaussian_dropout_backward(np.array([3.0]), 0.5, np.array([-1.0])).tolist()
        [0.0]

    Reference:
        Srivastava et al. 2014, "Dropout", section 10.
    """
    return gaussian_dropout(dA, p, xi)


def alpha_dropout(a, p, r):
    r"""Set units to the floor of selu, then restore mean 0 and variance 1.

    $$ \tilde a = s\, (r \odot a - (1 - r)\, \lambda\alpha) + s\, p\, \lambda\alpha, \quad
       s = \big((1 - p)(1 + p\, (\lambda\alpha)^2)\big)^{-1/2} $$

    Args:
        a: Activations of any shape, of mean 0 and variance 1.
        p: Probability of dropping a unit, below 1.
        r: Mask of that shape, 1 where a unit survives.

    Returns:
        Array of that shape.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.noise import alpha_dropout
        >>> alpha_dropout(np.array([2.0]), 0.0, np.array([1.0])).tolist()
        [2.0]

    Reference:
        Klambauer et al. 2017, arXiv:1706.02515, section "New dropout technique".
    """
    return _stretch(p) * (r * a - (1 - r) * FLOOR + p * FLOOR)


def alpha_dropout_backward(dA, p, r):
    r"""Pass the gradient through the units that survived, with the factor of the forward pass.

    $$ da = s\, r \odot d\tilde a $$

    Args:
        dA: Gradient with respect to the output.
        p: Probability of the forward pass.
        r: Mask of the forward pass.

    Returns:
        Gradient with respect to the input, of the shape of `dA`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.noise import alpha_dropout_backward
        >>> alpha_dropout_backward(np.array([2.0, 2.0]), 0.0, np.array([1.0, 0.0])).tolist()
        [2.0, 0.0]

    Reference:
        Klambauer et al. 2017, arXiv:1706.02515, section "New dropout technique".
    """
    return _stretch(p) * r * dA


def _stretch(p):
    return ((1 - p) * (1 + p * FLOOR**2)) ** -0.5
