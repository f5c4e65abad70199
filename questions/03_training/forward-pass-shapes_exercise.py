"""Forward pass of a fully connected network whose examples are columns."""

import numpy as np


def forward(X, layers):
    """Return the sums and the activations of all layers.

    Layer by layer, Z = W A + b with A = X before the first one; then A = max(Z, 0), in the last
    layer A = Z. Both are kept: Z holds the sums before the activation.

    Args:
        X: float64 array of shape `(n0, m)`: m examples as columns. No size is 0, some may be 1, any
            two may be equal; columns may be at scales from 1e-4 to 1e4.
        layers: list of one to five tuples `(W, b)`, the layer next to the input first. W is a
            float64 array of shape `(units, inputs)`, b a float64 array of shape `(units,)`: flat.
            X, W and b have to stay as they are.

    Returns:
        `(sums, activations)`: two lists with one entry for each layer, the first layer's first; X
        is in neither. Each entry is an array (or nested lists) of shape `(units, m)`, right to a
        hundred-millionth of what Z would be if X, W and b were replaced by their absolute values
        and every layer were linear.
    """
    sums, activations, A = [], [], X
    for place, (W, b) in enumerate(layers, 1):
        Z = W @ A + b[:, None]
        A = np.maximum(Z, 0) if place < len(layers) else Z
        sums.append(Z)
        activations.append(A)
    return sums, activations


EXACT = 2e-8


def check(candidate, lab):
    _check(candidate, lab, (3, 4, 1), 5, "a 3-4-1 network, five examples")
    for depth in (1, 2, 3, 4, 5, 2, 3):
        sizes = [int(n) for n in lab.rng.permutation(9)[: depth + 2] + 1]
        _check(candidate, lab, sizes[:-1], sizes[-1], "sizes that all differ")
        sizes = lab.rng.integers(1, 6, depth + 1)
        _check(candidate, lab, sizes, lab.rng.integers(1, 6), "any sizes, some alike")
    for _ in range(3):
        n = int(lab.rng.integers(2, 6))
        _check(candidate, lab, [n] * 3, n, "as many examples as units, in square layers")
        sizes = lab.rng.integers(2, 6, 3)
        _check(candidate, lab, sizes, 1, "a single example")
        _check(candidate, lab, [1, int(sizes[0]), 1], int(sizes[1]), "one input, one output")


def _check(candidate, lab, sizes, m, text):
    spread = 10 ** lab.rng.uniform(-4, 4, m)
    X = lab.rng.normal(size=(sizes[0], m)) * spread
    layers = [
        (lab.rng.normal(size=(units, inputs)), lab.rng.normal(0, 3, units))
        for inputs, units in zip(sizes[:-1], sizes[1:], strict=True)
    ]
    given = {"X": X, "layers": layers}
    sums, activations = _both(candidate, lab, given)
    A, size = X, np.abs(X)
    for place, (W, b) in enumerate(layers):
        Z, size = _sums(W, A, b), np.abs(W) @ size + np.abs(b)[:, None]
        A = Z if place == len(layers) - 1 else np.where(Z > 0, Z, 0)
        name = f"layer {place + 1} of {len(layers)}"
        for kind, found, exact in (("sums", sums, Z), ("activations", activations, A)):
            shape = f"{kind} of {name} have the shape (units, examples): {text}"
            got = lab.array(shape, found[place], Z.shape, given)
            lab.close(f"{kind} of {name} are right: {text}", got, exact, given, 0, EXACT * size)


def _sums(W, A, b):
    """One sum after the other."""
    Z = np.empty((len(b), A.shape[1]))
    for unit, example in np.ndindex(Z.shape):
        Z[unit, example] = np.sum(W[unit] * A[:, example]) + b[unit]
    return Z


def _both(candidate, lab, given):
    """Call the candidate and look at what comes back."""
    both = candidate(given["X"], given["layers"])
    several = hasattr(both, "__len__") and len(both) == 2
    lab.expect("two lists come back", several, given, both, "(sums, activations)")
    for name, found in zip(("sums", "activations"), both, strict=True):
        fits = hasattr(found, "__len__") and len(found) == len(given["layers"])
        lab.expect(f"{name} has one entry for each layer", fits, given, found)
    return both


def right_by_einsum(X, layers):
    sums, activations = [], []
    for W, b in layers:
        before = activations[-1] if activations else X
        sums.append(np.einsum("ui,im->um", W, before) + b.reshape(-1, 1))
        activations.append(sums[-1] * (sums[-1] > 0))
    activations[-1] = sums[-1]
    return sums, activations


def right_with_examples_in_rows(X, layers):
    """Transposes once at the beginning, and each result back."""
    rows, sums, activations = X.T, (), ()
    for place, (W, b) in enumerate(layers):
        z = rows @ W.T + b
        rows = z if place + 1 == len(layers) else z.clip(min=0)
        sums, activations = (*sums, z.T), (*activations, rows.T)
    return sums, activations


def right_with_the_bias_as_a_weight(X, layers):
    """A row of ones below the activations, and the bias as a last column of the weights."""
    sums, activations, A = [], [], X
    for W, b in layers:
        sums.append(np.hstack([W, b[:, None]]) @ np.vstack([A, np.ones(X.shape[1])]))
        A = np.maximum(sums[-1], 0)
        activations.append(A)
    return sums, [*activations[:-1], sums[-1]]


def right_in_pure_python(X, layers):
    columns = [list(column) for column in zip(*X.tolist(), strict=True)]
    sums, activations = [], []
    for place, (W, b) in enumerate(layers, 1):
        z = [
            [sum(w * a for w, a in zip(row, c, strict=True)) + bias for c in columns]
            for row, bias in zip(W.tolist(), b.tolist(), strict=True)
        ]
        a = z if place == len(layers) else [[max(v, 0.0) for v in row] for row in z]
        columns = [list(column) for column in zip(*a, strict=True)]
        sums.append(z)
        activations.append(a)
    return [sums, activations]


def _forward(X, layers, sum_=lambda W, A, b: W @ A + b[:, None], hidden=None, last=None):
    """The solution with parts to exchange."""
    relu = hidden or (lambda Z: np.maximum(Z, 0))
    sums, activations, A = [], [], X
    for place, (W, b) in enumerate(layers, 1):
        Z = sum_(W, A, b)
        A = relu(Z) if place < len(layers) else (last or (lambda Z: Z))(Z)
        sums.append(Z)
        activations.append(A)
    return sums, activations


def wrong_flat_bias(X, layers):
    """Added along the examples: an error, or none if there are as many as units."""
    return _forward(X, layers, lambda W, A, b: W @ A + b)


def wrong_flat_bias_where_it_fits(X, layers):
    """Turns the bias into a column when NumPy complains."""

    def fitting(W, A, b):
        return W @ A + (b if len(b) == A.shape[1] else b[:, None])

    return _forward(X, layers, fitting)


def wrong_without_bias(X, layers):
    return _forward(X, layers, lambda W, A, b: W @ A)


def wrong_transposed_where_it_fits(X, layers):
    """Right unless a layer is square."""

    def product(W, A, b):
        return (W.T if W.shape[0] == A.shape[0] else W) @ A + b[:, None]

    return _forward(X, layers, product)


def wrong_transposed(X, layers):
    return _forward(X, layers, lambda W, A, b: W.T @ A + b[:, None])


def wrong_examples_in_rows(X, layers):
    return _forward(X, layers, lambda W, A, b: A @ W.T + b)


def wrong_rows_come_back(X, layers):
    sums, activations = forward(X, layers)
    return [Z.T for Z in sums], [A.T for A in activations]


def wrong_relu_at_the_output(X, layers):
    return _forward(X, layers, last=lambda Z: np.maximum(Z, 0))


def wrong_sigmoid_at_the_output(X, layers):
    return _forward(X, layers, last=lambda Z: 0.5 + 0.5 * np.tanh(Z / 2))


def wrong_without_activation(X, layers):
    return _forward(X, layers, hidden=lambda Z: Z)


def wrong_activation_in_place(X, layers):
    """The sums that were kept become activations."""
    return _forward(X, layers, hidden=lambda Z: np.maximum(Z, 0, out=Z))


def wrong_activations_twice(X, layers):
    _, activations = forward(X, layers)
    return activations, activations


def wrong_next_layer_takes_the_sums(X, layers):
    """Activations are kept, but the next layer is fed with Z."""
    sums, _ = _forward(X, layers, hidden=lambda Z: Z)
    return sums, [*(np.maximum(Z, 0) for Z in sums[:-1]), sums[-1]]


def wrong_with_the_input(X, layers):
    sums, activations = forward(X, layers)
    return sums, [X, *activations]


def wrong_output_alone(X, layers):
    return forward(X, layers)[1][-1]


def wrong_first_and_last_alone(X, layers):
    """Written for two layers."""
    return forward(X, [layers[0], layers[-1]])


def wrong_leaky(X, layers):
    return _forward(X, layers, hidden=lambda Z: np.maximum(Z, 0.01 * Z))


def wrong_in_float16(X, layers):
    return _forward(X, layers, lambda W, A, b: (W @ A + b[:, None]).astype("float16"))
