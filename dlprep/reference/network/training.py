"""Mini-batches and the step of gradient descent on a dict of parameters."""

import numpy as np


def mini_batches(X, Y, size, rng):
    r"""Shuffle the examples and cut them into mini-batches; the last may be smaller.

    $$ X = [X^{\{1\}} | X^{\{2\}} | \dots], \qquad Y = [Y^{\{1\}} | Y^{\{2\}} | \dots] $$

    Args:
        X: Inputs, examples as columns, shape `(n0, m)`.
        Y: Labels, shape `(nL, m)`; they stay with their inputs.
        size: Examples per batch: $m$ is batch, 1 is stochastic gradient descent.
        rng: NumPy generator.

    Returns:
        List of pairs $(X^{\{t\}}, Y^{\{t\}})$ that together hold every example once.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.network import mini_batches
        >>> batches = mini_batches(np.ones((3, 10)), np.ones((1, 10)), 4, np.random.default_rng(0))
        >>> [x.shape for x, y in batches]
        [(3, 4), (3, 4), (3, 2)]

    Reference:
        Okoli, "Notes on deep learning", section 2.3.1.
    """
    X, Y = np.asarray(X), np.asarray(Y)
    order = rng.permutation(X.shape[1])
    parts = [order[start : start + size] for start in range(0, len(order), size)]
    return [(X[:, part], Y[:, part]) for part in parts]


def update(parameters, gradients, eta=0.01):
    r"""Return the parameters after one step of gradient descent.

    $$ W^{[l]} \leftarrow W^{[l]} - \eta \, dW^{[l]}, \qquad
       b^{[l]} \leftarrow b^{[l]} - \eta \, db^{[l]} $$

    Args:
        parameters: Dict of `W1`, `b1`, ..., `WL`, `bL`; left as it was.
        gradients: Dict of `dW1`, `db1`, ...; other keys are ignored.
        eta: Learning rate $\eta$.

    Returns:
        A new dict of parameters.

    Example:
        >>> from dlprep.reference.network import update
        >>> update({"W1": 1.0, "b1": 0.0}, {"dW1": 2.0, "db1": 0.0}, eta=0.25)["W1"]
        0.5

    Reference:
        Deep Learning Fundamentals Handbook, chapter 4.
    """
    return {name: value - eta * gradients[f"d{name}"] for name, value in parameters.items()}
