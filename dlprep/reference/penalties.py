r"""Penalties $\Omega(W)$ on weights and their gradients.

$\lambda$ multiplies the plain sum, as in Keras. The notes' $\frac{\lambda}{2m} \|W\|^2$ is this one
with $\lambda / 2m$ in place of $\lambda$.
"""

import numpy as np


def l1(W, lambd):
    r"""Return the penalty on absolute weights and its (sub)gradient.

    $$\Omega = \lambda \sum |w|,
    \qquad \frac{\partial \Omega}{\partial w} = \lambda \operatorname{sign} w$$

    Args:
        W: weights of any shape.
        lambd: $\lambda$.

    Returns:
        `(penalty, gradient)`: a number and an array like `W`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.penalties import l1
        >>> float(l1(np.array([1.0, -3.0]), 0.5)[0])
        2.0

    Reference:
        Tibshirani 1996, Regression Shrinkage and Selection via the Lasso.
    """
    return lambd * np.sum(np.abs(W)), lambd * np.sign(W)


def l2(W, lambd):
    r"""Return the penalty on squared weights and its gradient.

    $$\Omega = \lambda \sum w^2, \qquad \frac{\partial \Omega}{\partial w} = 2 \lambda w$$

    Args:
        W: weights of any shape.
        lambd: $\lambda$.

    Returns:
        `(penalty, gradient)`: a number and an array like `W`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.penalties import l2
        >>> float(l2(np.array([1.0, -3.0]), 0.5)[0])
        5.0

    Reference:
        Krogh, Hertz 1991, A Simple Weight Decay Can Improve Generalization, equation 1.
    """
    return lambd * np.sum(W**2), 2.0 * lambd * W
