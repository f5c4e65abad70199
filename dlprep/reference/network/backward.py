"""The network's cost and its gradients, once layer by layer and once as the delta rule."""

import numpy as np

from dlprep.reference.network.forward import ACTIVATIONS, HIDDEN, choose, depth


def cost(AL, Y, parameters=None, penalty=0.0, loss="binary_cross_entropy"):
    r"""Return the mean loss of the examples plus the L2 penalty on the weights.

    $$ J = \frac{1}{m} \sum_{i=1}^m \mathcal{L}(\hat y^{(i)}, y^{(i)})
       + \frac{\lambda}{2 m} \sum_{l=1}^L \lVert W^{[l]} \rVert_F^2 $$

    The loss of one example is a sum over output units: for `"binary_cross_entropy"`
    $-y \log a - (1 - y) \log(1 - a)$, for `"cross_entropy"` (one-hot labels) $-y \log a$, for
    `"squared_error"` $\frac{1}{2} (a - y)^2$.

    Args:
        AL: Predictions $A^{[L]}$, shape `(nL, m)`.
        Y: Labels, of the same shape.
        parameters: Dict of `W1`, `b1`, ...; needed only for a penalty.
        penalty: Strength $\lambda$ of the L2 penalty; biases are spared.
        loss: `"binary_cross_entropy"`, `"cross_entropy"` or `"squared_error"`.

    Returns:
        The cost $J$, a float.

    Raises:
        ValueError: If there is no such loss.

    Example:
        >>> from dlprep.reference.network import cost
        >>> round(float(cost([[0.5]], [[1.0]])), 4)
        0.6931

    Reference:
        Okoli, "Notes on deep learning", equation 2.2; Mountassir, equation 8.25 (squared error).
    """
    AL, Y = np.asarray(AL, "float64"), np.asarray(Y, "float64")
    m = Y.shape[1]
    total = choose("loss", loss, LOSSES)(AL, Y).sum() / m
    if penalty:
        weights = (parameters[f"W{layer}"] for layer in range(1, depth(parameters) + 1))
        total += penalty / (2 * m) * sum(np.sum(W**2) for W in weights)
    return total


def surprise(y, a):
    r"""Return $-y \log a$, zero where $y$ is.

    Args:
        y: Weights, an array.
        a: Probabilities, of the same shape.

    Returns:
        Array of the same shape.

    Example:
        >>> from dlprep.reference.network.backward import surprise
        >>> float(surprise(0.0, 0.0))
        0.0

    Reference:
        Shannon 1948, "A mathematical theory of communication", section 6.
    """
    # A probability that has rounded to zero counts as the smallest float, not as minus infinity.
    return -y * np.log(np.maximum(a, np.finfo("float64").tiny))


LOSSES = {
    "binary_cross_entropy": lambda A, Y: surprise(Y, A) + surprise(1 - Y, 1 - A),
    "cross_entropy": lambda A, Y: surprise(Y, A),
    "squared_error": lambda A, Y: (A - Y) ** 2 / 2,
}


def output_error(AL, Y, output, loss):
    r"""Return the gradient of each example's loss by the last weighted sums $dZ^{[L]}$.

    $$ dZ^{[L]} = A^{[L]} - Y \quad\text{(cross-entropy)}, \qquad
       dZ^{[L]} = (A^{[L]} - Y) \circ g'(Z^{[L]}) \quad\text{(squared error)} $$

    The first is $dA^{[L]} \circ g'(Z^{[L]})$ with
    $dA^{[L]} = -Y / A^{[L]} + (1 - Y) / (1 - A^{[L]})$, in which the denominators cancel.

    Args:
        AL: Predictions $A^{[L]}$, shape `(nL, m)`.
        Y: Labels, of the same shape.
        output: Activation of the last layer.
        loss: The loss, as in `cost`.

    Returns:
        Array of the shape of `AL`.

    Raises:
        ValueError: If there is no such loss or activation, or they do not belong together.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.network.backward import output_error
        >>> output_error(np.array([[0.75]]), 1.0, "sigmoid", "binary_cross_entropy").tolist()
        [[-0.25]]

    Reference:
        Deep Learning Fundamentals Handbook, chapter 3; Mountassir, equation 8.27.
    """
    choose("loss", loss, LOSSES)
    _, slope = choose("output", output, ACTIVATIONS)
    partners = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}
    if partners.get(loss, output) != output or (loss, output) == ("squared_error", "softmax"):
        raise ValueError(f"the loss {loss!r} does not go with the output activation {output!r}")
    if loss == "squared_error":
        return (AL - Y) * slope(AL)
    return AL - Y


def backward(
    parameters, cache, Y, hidden="relu", output="sigmoid", loss="binary_cross_entropy", penalty=0.0
):
    r"""Return the gradients of the cost, from the last layer to the first.

    $$ dZ^{[l]} = dA^{[l]} \circ g'(Z^{[l]}), \qquad dA^{[l-1]} = W^{[l]T} dZ^{[l]} $$
    $$ dW^{[l]} = \frac{1}{m} dZ^{[l]} A^{[l-1]T} + \frac{\lambda}{m} W^{[l]}, \qquad
       db^{[l]} = \frac{1}{m} \sum_{i=1}^m dZ^{[l](i)} $$

    As in the notes $dZ$ and $dA$ are gradients of each example's own loss, and the division by $m$
    comes with $dW$ and $db$.

    Args:
        parameters: Dict of `W1`, `b1`, ..., `WL`, `bL`.
        cache: The cache that `forward` returned for them.
        Y: Labels, shape `(nL, m)`.
        hidden: Activation of the hidden layers.
        output: Activation of the last layer.
        loss: The loss, as in `cost`.
        penalty: Strength $\lambda$ of the L2 penalty.

    Returns:
        Dict of `dZl`, `dWl`, `dbl` for every layer $l$, and `dAl` for every layer below the last,
        the input `dA0` included.

    Raises:
        ValueError: If there is no such loss or activation, or the loss does not belong to the
            output activation.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.network import backward, forward, initialize
        >>> parameters = initialize([3, 5, 1], np.random.default_rng(0))
        >>> prediction, cache = forward(np.ones((3, 7)), parameters)
        >>> backward(parameters, cache, np.ones((1, 7)))["dW1"].shape
        (5, 3)

    Reference:
        Okoli, "Notes on deep learning", sections 1.4.4 and 2.2.2.
    """
    _, slope = choose("hidden", hidden, HIDDEN)
    last, m = depth(parameters), cache["A0"].shape[1]
    gradients = {}
    dZ = output_error(cache[f"A{last}"], np.asarray(Y, "float64"), output, loss)
    for layer in range(last, 0, -1):
        W, A_previous = parameters[f"W{layer}"], cache[f"A{layer - 1}"]
        gradients[f"dZ{layer}"] = dZ
        gradients[f"dW{layer}"] = dZ @ A_previous.T / m + penalty / m * W
        gradients[f"db{layer}"] = dZ.sum(axis=1, keepdims=True) / m
        dA = gradients[f"dA{layer - 1}"] = W.T @ dZ
        if layer > 1:
            dZ = dA * slope(A_previous)
    return gradients


def delta_rule(parameters, cache, y):
    r"""Return the gradients of a sigmoid network's squared error for one example.

    $$ \delta^{(L)} = (a^{(L)} - \bar y) \circ a^{(L)} \circ (1 - a^{(L)}), \qquad
       \delta^{(l)} = (W^{(l+1)T} \delta^{(l+1)}) \circ a^{(l)} \circ (1 - a^{(l)}) $$
    $$ \nabla_{W^{(l)}} = \delta^{(l)} a^{(l-1)T}, \qquad \nabla_{b^{(l)}} = \delta^{(l)} $$

    Args:
        parameters: Dict of `W1`, `b1`, ..., `WL`, `bL`.
        cache: The cache that `forward` returned for one column with sigmoid layers throughout.
        y: The target $\bar y$, shape `(nL, 1)`.

    Returns:
        The list of auxiliary variables $\delta^{(1)}, \dots, \delta^{(L)}$, and the dict of `dW1`,
        `db1`, ...

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.network import delta_rule, forward
        >>> parameters = {"W1": np.array([[0.0]]), "b1": np.array([[0.0]])}
        >>> cache = forward([[2.0]], parameters, hidden="sigmoid")[1]
        >>> deltas, gradients = delta_rule(parameters, cache, [[1.0]])
        >>> float(deltas[0][0, 0]), float(gradients["dW1"][0, 0])
        (-0.125, -0.25)

    Reference:
        Rumelhart, Hinton, Williams 1986, equations 4 to 7; Mountassir, equations 8.27, 8.31, 8.33
        and 8.35.
    """
    last = depth(parameters)
    a = [cache[f"A{layer}"] for layer in range(last + 1)]
    deltas = [(a[last] - y) * a[last] * (1 - a[last])]
    for layer in range(last - 1, 0, -1):
        deltas.insert(0, parameters[f"W{layer + 1}"].T @ deltas[0] * a[layer] * (1 - a[layer]))
    gradients = {f"dW{i}": delta @ a[i - 1].T for i, delta in enumerate(deltas, 1)}
    gradients |= {f"db{i}": delta for i, delta in enumerate(deltas, 1)}
    return deltas, gradients
