"""The perceptron, its learning rule, and training to the last mistake."""

import numpy as np


def perceptron(X, w, b):
    r"""Answer 1 where the weighted sum is at least 0.

    $$ \hat y = [w^T x + b \ge 0] $$

    Args:
        X: Examples as rows, shape `(m, n)`.
        w: Weights, shape `(n,)`.
        b: Bias, a number.

    Returns:
        Zeros and ones, shape `(m,)`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.perceptron import perceptron
        >>> perceptron(np.array([[1.0], [-1.0]]), np.array([2.0]), 0.0).tolist()
        [1.0, 0.0]

    Reference:
        Rosenblatt 1958, "The perceptron", Psychological Review 65.
    """
    return (X @ w + b >= 0).astype(float)


def perceptron_rule(x, y, w, b, eta=1.0):
    r"""Learn from one example.

    $$ w \leftarrow w + \eta (y - \hat y) x, \quad b \leftarrow b + \eta (y - \hat y) $$

    Args:
        x: The example, shape `(n,)`.
        y: Its class, 0 or 1.
        w: Weights, shape `(n,)`.
        b: Bias.
        eta: Learning rate.

    Returns:
        The new weights and the new bias.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.perceptron import perceptron_rule
        >>> w, b = perceptron_rule(np.array([3.0]), 0.0, np.array([0.0]), 0.0)
        >>> w.tolist(), float(b)
        ([-3.0], -1.0)

    Reference:
        Rosenblatt 1958, "The perceptron", Psychological Review 65.
    """
    error = y - perceptron(x[None], w, b)[0]
    return w + eta * error * x, b + eta * error


def train_perceptron(X, y, eta=1.0, max_epochs=1000):
    r"""Go through the examples until none is wrong.

    If a unit vector separates the classes with margin $\gamma$ and no example is longer than $R$
    (both with the bias as one more input), at most $(R / \gamma)^2$ mistakes are made.

    Args:
        X: Examples as rows, shape `(m, n)`.
        y: Classes 0 or 1, shape `(m,)`.
        eta: Learning rate; from zero weights it only scales the result.
        max_epochs: Passes after which to give up, for classes that no hyperplane separates.

    Returns:
        The weights, the bias and the number of mistakes made.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.perceptron import train_perceptron
        >>> w, b, mistakes = train_perceptron(np.array([[1.0], [-1.0]]), np.array([1.0, 0.0]))
        >>> mistakes
        1

    Reference:
        Novikoff 1962, "On convergence proofs for perceptrons".
    """
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, 0
    for _ in range(max_epochs):
        before = mistakes
        for x, target in zip(X, y, strict=True):
            mistakes += int(perceptron(x[None], w, b)[0] != target)
            w, b = perceptron_rule(x, target, w, b, eta)
        if mistakes == before:
            break
    return w, b, mistakes
