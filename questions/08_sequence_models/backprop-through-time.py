"""Send gradients back through a recurrent network, with and without the part from later steps."""

import numpy as np

from dlprep.reference.recurrent import simple_rnn, simple_rnn_backward

ROWS, STEPS, FEATURES, UNITS, LONG = 4, 12, 3, 8, 50


def backward(upstream, x, states, start, recurrent, carry):
    """Return the gradients of the start, of the recurrent weights, and these per step."""
    ahead, per_step = np.zeros_like(start), []
    for t in reversed(range(x.shape[1])):
        delta = (upstream[:, t] + ahead) * (1 - states[:, t] ** 2)
        before = states[:, t - 1] if t else start
        per_step.insert(0, delta.T @ before)
        ahead = delta @ recurrent if carry else np.zeros_like(start)
    return ahead, sum(per_step), per_step


def slopes(loss, argument):
    """Return the derivatives of a loss by every entry of an array, from small changes."""
    found = np.zeros(argument.shape)
    for place in np.ndindex(argument.shape):
        step = np.zeros(argument.shape)
        step[place] = 1e-5
        found[place] = (loss(argument + step) - loss(argument - step)) / 2e-5
    return found


def orthogonal(rng):
    return np.linalg.qr(rng.normal(size=(UNITS, UNITS)))[0]


def arrives(rng, recurrent, amplitude=1e-4):
    """Return the share of a gradient at the last of 50 steps that arrives at the first state.

    Fifty sequences, a random direction each; the mean is one of squares.
    """
    units = len(recurrent)
    x, start = amplitude * rng.normal(size=(50, LONG, units)), np.zeros((50, units))
    states = simple_rnn(x, start, np.eye(units), recurrent, np.zeros(units))
    upstream = np.zeros_like(states)
    upstream[:, -1] = rng.normal(size=(50, units))
    first = simple_rnn_backward(upstream, x, states, start, np.eye(units), recurrent)[1]
    return np.linalg.norm(first) / np.linalg.norm(upstream[:, -1])


def run(lab):
    x = lab.rng.normal(size=(ROWS, STEPS, FEATURES))
    start, upstream = np.zeros((ROWS, UNITS)), lab.rng.normal(size=(ROWS, STEPS, UNITS))
    kernel, bias = lab.rng.normal(0, 0.5, (UNITS, FEATURES)), lab.rng.normal(0, 0.1, UNITS)
    recurrent = lab.rng.normal(0, UNITS**-0.5, (UNITS, UNITS))
    states = simple_rnn(x, start, kernel, recurrent, bias)
    true = slopes(lambda w: np.sum(upstream * simple_rnn(x, start, kernel, w, bias)), recurrent)

    def error(carry):
        found = backward(upstream, x, states, start, recurrent, carry)[1]
        return np.linalg.norm(found - true) / np.linalg.norm(true)

    lost, carried = lab.contrast(error, control={"carry": False}, treatment={"carry": True})
    lab.claim("with the gradient from later steps, the weights' gradient is right", carried < 1e-6,
              carried, "< 1e-6")  # fmt: skip
    lab.claim("without it, it is off by over a quarter", lost > 0.25, lost, "> 0.25")

    turn = orthogonal(lab.rng)
    shares = {size: arrives(lab.rng, size * turn) for size in (0.9, 1.0, 1.1)}
    lab.claim("with 0.9 times an orthogonal matrix 0.005 arrives", 0.003 < shares[0.9] < 0.008,
              shares[0.9], "0.003 to 0.008")  # fmt: skip
    lab.claim("with 1.1 times it 117", 80 < shares[1.1] < 170, shares[1.1], "80 to 170")
    lab.claim(
        "with the matrix itself all of it", 0.7 < shares[1.0] < 1.4, shares[1.0], "0.7 to 1.4"
    )
    lively = arrives(lab.rng, turn, 1)
    lab.claim(
        "with inputs of size 1 less than a hundred-millionth", lively < 1e-8, lively, "< 1e-8"
    )
    sheared = arrives(lab.rng, np.array([[0.9, 1.0], [0.0, 0.9]]))
    lab.claim("0.9 on the diagonal does not tell: with a 1 beside it, twenty times as much",
              sheared / shares[0.9] > 20, sheared / shares[0.9], "> 20")  # fmt: skip

    x = 0.01 * lab.rng.normal(size=(ROWS, LONG, UNITS))
    start = np.zeros((ROWS, UNITS))
    states = simple_rnn(x, start, np.eye(UNITS), 0.9 * turn, 0.0)
    upstream = np.zeros_like(states)
    upstream[:, -1] = 1
    _, whole, per_step = backward(upstream, x, states, start, 0.9 * turn, True)
    sizes = np.array([np.linalg.norm(part) for part in per_step])
    ratio = sizes[1] / sizes[-1]
    lab.claim("the second step's term is below 2% of the last one's", ratio < 0.02, ratio, "< 0.02")
    ratio = np.linalg.norm(whole) / sizes[-1]
    lab.claim("the sum of the terms is larger than the last term", ratio > 1, ratio, "> 1")
    lab.lines("Size of each step's term", range(1, LONG + 1), {"orthogonal, times 0.9": sizes},
              x_label="step", y_label="norm of the term in the weights' gradient",
              log_y=True)  # fmt: skip
