"""Gradients of a network with one hidden layer, by hand."""

import math

import numpy as np


def gradients(x, y, w1, b1, w2, b2):
    """Return the gradients of the loss for the parameters of a network with one hidden layer.

    The network computes, for each example (a row of x), the hidden units tanh(x w1 + b1) and with
    them the outputs sigmoid(hidden w2 + b2). The loss of one example is the sum over the outputs of
    the cross-entropy -y log(a) - (1 - y) log(1 - a), with a the output; the loss is its mean over
    the examples.

    Args:
        x: inputs, float64 array of shape `(examples, inputs)`, at least one of each. The features
            (columns) have scales from 1e-4 to 1e4.
        y: targets, float64 array of shape `(examples, outputs)`, at least one output: numbers from
            0 to 1, often 0 and 1 themselves.
        w1: float64 array of shape `(inputs, hidden)`, at least one hidden unit.
        b1: float64 array of shape `(hidden,)`.
        w2: float64 array of shape `(hidden, outputs)`.
        b2: float64 array of shape `(outputs,)`.

    The sums that go into tanh and sigmoid may be up to 1e4 in size, either sign.

    Returns:
        `(dw1, db1, dw2, db2)`: four arrays (or nested lists) of the shapes of w1, b1, w2 and b2,
        never NaN or infinite. The entries of db2 and dw2 are right to 1e-9, those of db1 to 1e-9
        times the sum of all |w2|, and those of dw1 to 1e-9 times the sum of all |w2| times the
        largest |x| of the same feature. The arguments stay as they are.
    """
    hidden = np.tanh(x @ w1 + b1)
    z = hidden @ w2 + b2
    decay = np.exp(-np.abs(z))
    output = np.where(z >= 0, 1, decay) / (1 + decay)
    dz2 = (output - y) / len(x)
    dz1 = (dz2 @ w2.T) * (1 - hidden**2)
    return x.T @ dz1, dz1.sum(axis=0), hidden.T @ dz2, dz2.sum(axis=0)


NAMES = ("dw1", "db1", "dw2", "db2")
EXACT = 1e-9


def check(candidate, lab):
    with np.errstate(all="ignore"):
        for examples in (1, 2, 7):
            for outputs in (1, 2, int(lab.rng.integers(3, 6))):
                _check_sizes(candidate, lab, examples, outputs)
        for _ in range(3):
            _check_scales(candidate, lab)
            _check_far(candidate, lab)
            _check_one_each(candidate, lab)


def _network(lab, inputs, hidden, outputs):
    shapes = (inputs, hidden), (hidden,), (hidden, outputs), (outputs,)
    return [lab.rng.normal(size=shape) for shape in shapes]


def _check_sizes(candidate, lab, examples, outputs):
    inputs, hidden = map(int, lab.rng.integers(1, 6, 2))
    x = lab.rng.normal(size=(examples, inputs))
    y = lab.rng.integers(0, 2, (examples, outputs)).astype("float64")
    for targets in (y, lab.rng.random(y.shape)):
        _compare(candidate, lab, "", x, targets, _network(lab, inputs, hidden, outputs))


def _check_scales(candidate, lab):
    """Features from 1e-4 to 1e4, with weights that make up for it; small and large second layer."""
    inputs, hidden, outputs = map(int, lab.rng.integers(2, 6, 3))
    scales = 10 ** lab.rng.uniform(-4, 4, inputs)
    x = lab.rng.normal(size=(6, inputs)) * scales
    w1, b1, w2, b2 = _network(lab, inputs, hidden, outputs)
    w2 *= 10 ** lab.rng.uniform(-2, 1)
    y = lab.rng.integers(0, 2, (6, outputs)).astype("float64")
    text = ", with features of very different scale"
    _compare(candidate, lab, text, x, y, [w1 / scales[:, None], b1, w2, b2])


def _check_far(candidate, lab):
    """Units that are saturated, and outputs that are sure, right or wrong."""
    inputs, hidden, outputs = map(int, lab.rng.integers(2, 6, 3))
    x = lab.rng.normal(size=(8, inputs)) * 10 ** lab.rng.uniform(-1, 2, (8, 1))
    w1, b1, w2, b2 = _network(lab, inputs, hidden, outputs)
    y = lab.rng.integers(0, 2, (8, outputs)).astype("float64")
    signs = lab.rng.choice([-1, 1], outputs)
    for far in (signs * lab.rng.uniform(40, 60, outputs), signs * 9000.0):
        _compare(candidate, lab, ", with sums far from zero", x, y, [w1, b1, w2, b2 + far])
    sides = lab.rng.permutation(np.resize([-9000.0, 9000.0], hidden))
    text = ", with sums far from zero in the hidden layer"
    _compare(candidate, lab, text, x, y, [w1, b1 + sides, w2, b2])


def _check_one_each(candidate, lab):
    """One input, one hidden unit, one output."""
    x = lab.rng.normal(size=(int(lab.rng.integers(1, 5)), 1))
    y = lab.rng.integers(0, 2, x.shape).astype("float64")
    _compare(candidate, lab, ", with one unit in each layer", x, y, _network(lab, 1, 1, 1))


def _compare(candidate, lab, text, x, y, parameters):
    given = dict(zip(("x", "y", "w1", "b1", "w2", "b2"), (x, y, *parameters), strict=True))
    given = {name: array.copy() for name, array in given.items()}
    got = candidate(x, y, *parameters)
    several = isinstance(got, tuple | list) or getattr(got, "ndim", 0) > 0
    lab.expect("four arrays come back", several and len(got) == 4, given, got, "(dw1, ..., db2)")
    size = np.abs(given["w2"]).sum()
    allowed = [size * np.abs(given["x"]).max(axis=0)[:, None], size, 1.0, 1.0]
    exact = _by_hand(*given.values())
    for name, part, wanted, scale in zip(NAMES, got, exact, allowed, strict=True):
        kind = "w" if name[1] == "w" else "b"
        shape = f"{name} has the shape of {kind}{name[-1]}"
        part = lab.array(shape, part, wanted.shape, given)
        lab.close(f"{name} is right{text}", part, wanted, given, 0, EXACT * scale)


def _by_hand(x, y, w1, b1, w2, b2):
    """Example by example, unit by unit."""
    dw1, db1, dw2, db2 = (np.zeros_like(part) for part in (w1, b1, w2, b2))
    for row, target in zip(x, y, strict=True):
        sums = [b + math.fsum(row * w) for b, w in zip(b1, w1.T, strict=True)]
        units = [math.tanh(z) for z in sums]
        errors = []
        for k, b in enumerate(b2):
            z = b + math.fsum(u * w for u, w in zip(units, w2[:, k], strict=True))
            power = math.exp(-abs(z))
            errors.append((1 if z >= 0 else power) / (1 + power) - target[k])
        for j, unit in enumerate(units):
            back = math.fsum(e * w for e, w in zip(errors, w2[j], strict=True)) * (1 - unit**2)
            db1[j] += back / len(x)
            dw1[:, j] += row * back / len(x)
            dw2[j] += unit * np.array(errors) / len(x)
        db2 += np.array(errors) / len(x)
    return dw1, db1, dw2, db2


def right_by_einsum(x, y, w1, b1, w2, b2):
    hidden = np.tanh(np.einsum("ni,ij->nj", x, w1) + b1)
    error = (1 + np.tanh((np.einsum("nj,jk->nk", hidden, w2) + b2) / 2)) / 2 - y
    back = np.einsum("nk,jk->nj", error, w2) / np.cosh(np.arctanh(hidden)) ** 2
    back = np.where(np.abs(hidden) < 1, back, 0)
    return [
        np.einsum("ni,nj->ij", x, back) / len(x),
        back.mean(axis=0),
        np.einsum("nj,nk->jk", hidden, error) / len(x),
        error.mean(axis=0),
    ]


def right_in_pure_python(x, y, w1, b1, w2, b2):
    """Examples in columns, as many texts have them; lists come back."""
    x, y, w1, w2 = x.T.tolist(), y.T.tolist(), w1.T.tolist(), w2.T.tolist()
    examples = range(len(x[0]))

    def layer(w, b, below, function):
        return [[function(bias + sum(v * part[n] for v, part in zip(row, below, strict=True)))
                 for n in examples] for row, bias in zip(w, b.tolist(), strict=True)]  # fmt: skip

    hidden = layer(w1, b1, x, math.tanh)
    output = layer(w2, b2, hidden, lambda z: 1 / (1 + math.exp(min(-z, 700))))
    error = [[a - t for a, t in zip(*rows, strict=True)] for rows in zip(output, y, strict=True)]
    back = [[(1 - unit[n] ** 2) * sum(w2[k][j] * error[k][n] for k in range(len(w2)))
             for n in examples] for j, unit in enumerate(hidden)]  # fmt: skip

    def mean(below, above):
        return [[sum(p * q for p, q in zip(one, two, strict=True)) / len(one) for two in above]
                for one in below]  # fmt: skip

    ones = [[1.0] * len(examples)]
    return mean(x, back), mean(ones, back)[0], mean(hidden, error), mean(ones, error)[0]


def right_with_plain_sigmoid(x, y, w1, b1, w2, b2):
    """The overflow of exp makes the output 0, as it should."""
    hidden = np.tanh(x @ w1 + b1)
    error = 1 / (1 + np.exp(-(hidden @ w2 + b2))) - y
    parts = np.zeros_like(w1), np.zeros_like(b1), np.zeros_like(w2), np.zeros_like(b2)
    for row, unit, one in zip(x, hidden, error, strict=True):
        back = w2 @ one * (1 - unit) * (1 + unit)
        steps = np.outer(row, back), back, np.outer(unit, one), one
        for part, step in zip(parts, steps, strict=True):
            part += step / len(x)
    return parts


def _recipe(x, y, w1, b1, w2, b2, slope=lambda h, z: 1 - h**2, error=lambda a, y: a - y):
    z1 = x @ w1 + b1
    hidden = np.tanh(z1)
    dz2 = error(1 / (1 + np.exp(-(hidden @ w2 + b2))), y)
    return hidden, dz2, (dz2 @ w2.T) * slope(hidden, z1)


def _means(x, hidden, dz2, dz1):
    n = len(x)
    return x.T @ dz1 / n, dz1.mean(axis=0), hidden.T @ dz2 / n, dz2.mean(axis=0)


def _with_tanh(x, y, w1, b1, w2, b2, tanh):
    """The solution with a tanh of one's own."""
    hidden = tanh(x @ w1 + b1)
    z = hidden @ w2 + b2
    decay = np.exp(-np.abs(z))
    dz2 = np.where(z >= 0, 1, decay) / (1 + decay) - y
    return _means(x, hidden, dz2, (dz2 @ w2.T) * (1 - hidden**2))


def wrong_tanh_of_two_exponentials(x, y, w1, b1, w2, b2):
    """Infinity over infinity from a sum of 710 on."""

    def tanh(z):
        return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))

    return _with_tanh(x, y, w1, b1, w2, b2, tanh)


def wrong_tanh_of_doubled_sums(x, y, w1, b1, w2, b2):
    """Infinity over infinity from a sum of 355 on."""

    def tanh(z):
        return (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)

    return _with_tanh(x, y, w1, b1, w2, b2, tanh)


def wrong_tanh_by_sinh_and_cosh(x, y, w1, b1, w2, b2):
    return _with_tanh(x, y, w1, b1, w2, b2, lambda z: np.sinh(z) / np.cosh(z))


def right_tanh_by_sigmoid(x, y, w1, b1, w2, b2):
    return _with_tanh(x, y, w1, b1, w2, b2, lambda z: 2 / (1 + np.exp(-2 * z)) - 1)


def wrong_no_mean(x, y, w1, b1, w2, b2):
    return tuple(len(x) * part for part in gradients(x, y, w1, b1, w2, b2))


def wrong_mean_taken_twice(x, y, w1, b1, w2, b2):
    return tuple(part / len(x) for part in gradients(x, y, w1, b1, w2, b2))


def wrong_mean_over_outputs_too(x, y, w1, b1, w2, b2):
    """What the mean of all the numbers in the table of losses has as its gradient."""
    return tuple(part / y.shape[1] for part in gradients(x, y, w1, b1, w2, b2))


def wrong_without_slope(x, y, w1, b1, w2, b2):
    return _means(x, *_recipe(x, y, w1, b1, w2, b2, slope=lambda h, z: 1))


def wrong_slope_of_the_sum(x, y, w1, b1, w2, b2):
    """1 - z squared, z before the activation."""
    return _means(x, *_recipe(x, y, w1, b1, w2, b2, slope=lambda h, z: 1 - z**2))


def wrong_slope_of_sigmoid(x, y, w1, b1, w2, b2):
    return _means(x, *_recipe(x, y, w1, b1, w2, b2, slope=lambda h, z: h * (1 - h)))


def wrong_slope_taken_twice(x, y, w1, b1, w2, b2):
    """tanh' at tanh(z) instead of at z."""
    return _means(x, *_recipe(x, y, w1, b1, w2, b2, slope=lambda h, z: 1 - np.tanh(h) ** 2))


def wrong_error_of_squares(x, y, w1, b1, w2, b2):
    """The error of squared error: a factor a (1 - a) too many."""
    return _means(x, *_recipe(x, y, w1, b1, w2, b2, error=lambda a, y: (a - y) * a * (1 - a)))


def wrong_two_factors(x, y, w1, b1, w2, b2):
    """0 times infinity where an output has rounded to 0 or 1."""

    def error(a, target):
        return (-target / a + (1 - target) / (1 - a)) * a * (1 - a)

    return _means(x, *_recipe(x, y, w1, b1, w2, b2, error=error))


def wrong_clipped_outputs(x, y, w1, b1, w2, b2):
    """Outputs are kept away from 0 and 1, and so is the error."""
    return _means(
        x, *_recipe(x, y, w1, b1, w2, b2, error=lambda a, y: np.clip(a, 1e-7, 1 - 1e-7) - y)
    )


def wrong_sign(x, y, w1, b1, w2, b2):
    return tuple(-part for part in gradients(x, y, w1, b1, w2, b2))


def wrong_bias_summed(x, y, w1, b1, w2, b2):
    """Weights get the mean over the examples, biases the sum."""
    dw1, db1, dw2, db2 = gradients(x, y, w1, b1, w2, b2)
    return dw1, len(x) * db1, dw2, len(x) * db2


def wrong_bias_by_example(x, y, w1, b1, w2, b2):
    """The biases' gradient is not summed over the examples."""
    hidden, dz2, dz1 = _recipe(x, y, w1, b1, w2, b2)
    return x.T @ dz1 / len(x), dz1, hidden.T @ dz2 / len(x), dz2


def wrong_bias_of_the_first(x, y, w1, b1, w2, b2):
    hidden, dz2, dz1 = _recipe(x, y, w1, b1, w2, b2)
    return x.T @ dz1 / len(x), dz1[0], hidden.T @ dz2 / len(x), dz2[0]


def wrong_updated_second_layer(x, y, w1, b1, w2, b2):
    """Takes a step in w2 first and sends the error through the new one."""
    dw1, db1, dw2, db2 = gradients(x, y, w1, b1, w2, b2)
    hidden, dz2, _ = _recipe(x, y, w1, b1, w2, b2)
    dz1 = dz2 @ (w2 - 0.1 * dw2).T * (1 - hidden**2)
    return x.T @ dz1 / len(x), dz1.mean(axis=0), dw2, db2


def wrong_input_for_hidden(x, y, w1, b1, w2, b2):
    """The first layer's weights get the hidden units where the inputs belong."""
    hidden, dz2, dz1 = _recipe(x, y, w1, b1, w2, b2)
    dw1 = np.resize(hidden.T @ dz1, w1.shape) / len(x)
    return dw1, dz1.mean(axis=0), hidden.T @ dz2 / len(x), dz2.mean(axis=0)


def wrong_single_precision(x, y, w1, b1, w2, b2):
    return gradients(*(part.astype("float32") for part in (x, y, w1, b1, w2, b2)))


def wrong_by_differences(x, y, w1, b1, w2, b2):
    """One-sided differences of a loss with a floor under the logarithm."""
    parameters = w1, b1, w2, b2

    def loss(w1, b1, w2, b2):
        a = 1 / (1 + np.exp(-(np.tanh(x @ w1 + b1) @ w2 + b2)))
        return -np.sum(y * np.log(a + 1e-12) + (1 - y) * np.log(1 - a + 1e-12)) / len(x)

    start, found = loss(*parameters), []
    for place, part in enumerate(parameters):
        slope = np.zeros_like(part)
        for index in np.ndindex(part.shape):
            moved = [other.copy() for other in parameters]
            moved[place][index] += 1e-6
            slope[index] = (loss(*moved) - start) / 1e-6
        found.append(slope)
    return found
