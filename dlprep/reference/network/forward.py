"""The network's parameters, its forward pass and its predictions."""

import numpy as np


def sigmoid(Z):
    r"""Return $1 / (1 + e^{-Z})$ without overflow.

    Args:
        Z: Weighted sums, an array of any shape.

    Returns:
        Array of the same shape.

    Example:
        >>> from dlprep.reference.network.forward import sigmoid
        >>> float(sigmoid(0.0))
        0.5

    Reference:
        Deep Learning Fundamentals Handbook, chapter 2.
    """
    # exp of a negative number only: it may vanish but never overflow.
    e = np.exp(-np.abs(Z))
    return np.where(np.asarray(Z) >= 0, 1, e) / (1 + e)


def softmax(Z):
    r"""Return $e^{Z_i} / \sum_j e^{Z_j}$ over each column.

    Args:
        Z: Weighted sums, shape `(classes, m)`.

    Returns:
        Array of the same shape whose columns add up to one.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.network.forward import softmax
        >>> softmax(np.zeros((4, 1)))[0].tolist()
        [0.25]

    Reference:
        Okoli, "Notes on deep learning", softmax regression.
    """
    e = np.exp(Z - Z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


# name -> the activation g(Z), and its derivative as a function of A = g(Z)
ACTIVATIONS = {
    "linear": (lambda Z: Z, np.ones_like),
    "relu": (lambda Z: np.maximum(Z, 0.0), lambda A: (A > 0).astype("float64")),
    "sigmoid": (sigmoid, lambda A: A * (1 - A)),
    "tanh": (np.tanh, lambda A: 1 - A**2),
    "softmax": (softmax, None),
}
HIDDEN = {name: pair for name, pair in ACTIVATIONS.items() if name != "softmax"}


def choose(argument, name, table):
    """Return the entry of a table under a name, or say which names there are.

    Args:
        argument: Name of the caller's argument, for the message.
        name: The value that it came with.
        table: Dict from names to entries.

    Returns:
        The entry.

    Raises:
        ValueError: If the table has no such name.

    Example:
        >>> from dlprep.reference.network.forward import choose
        >>> choose("loss", "a", {"a": 1})
        1
    """
    if name not in table:
        raise ValueError(f"`{argument}` must be one of {sorted(table)}, not {name!r}.")
    return table[name]


def depth(parameters):
    """Return the number of layers, the input not counted.

    Args:
        parameters: Dict of `W1`, `b1`, ..., `WL`, `bL`.

    Returns:
        The integer $L$.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.network import depth, initialize
        >>> depth(initialize([3, 5, 1], np.random.default_rng(0)))
        2

    Reference:
        Okoli, "Notes on deep learning", section 1.4.1.
    """
    return len(parameters) // 2


def initialize(sizes, rng, scale="he"):
    r"""Draw the weights from a normal distribution and set the biases to zero.

    $$ W^{[l]} \sim N(0, s^2), \qquad b^{[l]} = 0 $$

    with $s = \sqrt{2 / n^{[l-1]}}$ (He), $s = \sqrt{1 / n^{[l-1]}}$ (the notes' Xavier), or a given
    number; zero leaves the units of a layer equal for ever.

    Args:
        sizes: Units per layer $n^{[0]}, \dots, n^{[L]}$, the input first.
        rng: NumPy generator.
        scale: `"he"`, `"xavier"`, or the standard deviation itself.

    Returns:
        Dict of `W1`, `b1`, ..., `WL`, `bL`.

    Raises:
        ValueError: If `scale` is another word.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.network import initialize
        >>> initialize([3, 5, 1], np.random.default_rng(0))["W1"].shape
        (5, 3)

    Reference:
        He, Zhang, Ren, Sun 2015, arXiv:1502.01852, equation 10; Glorot, Bengio 2010, section 4.2.1.
    """
    gain = choose("scale", scale, {"he": 2.0, "xavier": 1.0}) if isinstance(scale, str) else None
    parameters = {}
    for layer, (inputs, units) in enumerate(zip(sizes[:-1], sizes[1:], strict=True), 1):
        deviation = np.sqrt(gain / inputs) if gain else scale
        parameters[f"W{layer}"] = rng.normal(size=(units, inputs)) * deviation
        parameters[f"b{layer}"] = np.zeros((units, 1))
    return parameters


def forward(X, parameters, hidden="relu", output="sigmoid"):
    r"""Run the network and keep what the backward pass needs.

    $$ A^{[0]} = X, \qquad Z^{[l]} = W^{[l]} A^{[l-1]} + b^{[l]}, \qquad
       A^{[l]} = g^{[l]}(Z^{[l]}) $$

    Args:
        X: Inputs, shape `(n0, m)`.
        parameters: Dict of `W1`, `b1`, ..., `WL`, `bL`.
        hidden: Activation of the hidden layers: `"linear"`, `"relu"`, `"sigmoid"` or `"tanh"`.
        output: Activation of the last layer, `"softmax"` among them.

    Returns:
        The prediction $A^{[L]}$, shape `(nL, m)`, and the cache, a dict of `A0`, `Z1`, `A1`, ...

    Raises:
        ValueError: If there is no such activation.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.network import forward, initialize
        >>> parameters = initialize([3, 5, 1], np.random.default_rng(0))
        >>> prediction, cache = forward(np.ones((3, 7)), parameters)
        >>> prediction.shape, cache["Z1"].shape
        ((1, 7), (5, 7))

    Reference:
        Okoli, "Notes on deep learning", section 1.4.4.
    """
    inner, _ = choose("hidden", hidden, HIDDEN)
    outer, _ = choose("output", output, ACTIVATIONS)
    cache = {"A0": np.asarray(X, "float64")}
    last = depth(parameters)
    for layer in range(1, last + 1):
        activation = outer if layer == last else inner
        Z = parameters[f"W{layer}"] @ cache[f"A{layer - 1}"] + parameters[f"b{layer}"]
        cache[f"Z{layer}"], cache[f"A{layer}"] = Z, activation(Z)
    return cache[f"A{last}"], cache


def predict(X, parameters, hidden="relu", output="sigmoid", threshold=0.5):
    r"""Return classes: one bit per sigmoid unit, or the index of the largest softmax unit.

    $$ \hat y = [A^{[L]} > \tau] \quad\text{or}\quad \hat y = \arg\max_i A_i^{[L]} $$

    Args:
        X: Inputs, shape `(n0, m)`.
        parameters: Dict of `W1`, `b1`, ..., `WL`, `bL`.
        hidden: Activation of the hidden layers.
        output: Activation of the last layer, `"sigmoid"` or `"softmax"`.
        threshold: Probability $\tau$ above which a sigmoid unit says one.

    Returns:
        Integers, of shape `(nL, m)` for sigmoid units and `(m,)` for softmax.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.network import predict
        >>> parameters = {"W1": np.array([[1.0]]), "b1": np.array([[-2.0]])}
        >>> predict([[1.0, 3.0]], parameters).tolist()
        [[0, 1]]

    Reference:
        Okoli, "Notes on deep learning", section 1.2.1.
    """
    probability, _ = forward(X, parameters, hidden, output)
    if output == "softmax":
        return probability.argmax(axis=0)
    return (probability > threshold).astype(int)
