"""The forward pass of a simple recurrent network."""

import numpy as np


def rnn_forward(x, kernel, recurrent_kernel, bias):
    """Return the state after every step, h = tanh(x Wx + h Wh + b), from a state of zeros.

    All sizes are at least 1 and may differ or agree. The arguments stay as they are.

    Args:
        x: sequences, float64 array of shape `(rows, steps, features)`, numbers up to 1e4 in size.
        kernel: Wx, float64 array of shape `(features, units)`.
        recurrent_kernel: Wh, float64 array of shape `(units, units)`, applied to the state before
            from the right.
        bias: b, float64 array of shape `(units,)`.

    Returns:
        Array (or nested lists) of shape `(rows, steps, units)` whose `[:, t]` are the states after
        step `t`, right to 1e-7. A sum in the thousands gives a state of 1 or -1, not NaN. Every
        call starts from zeros again.
    """
    rows, steps, _ = x.shape
    h = np.zeros((rows, len(bias)))
    states = np.empty((rows, steps, len(bias)))
    for t in range(steps):
        h = np.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias)
        states[:, t] = h
    return states


def check(candidate, lab):
    rng = lab.rng
    rows, steps, features, units = 3, 5, 4, 6
    x = rng.normal(size=(rows, steps, features))
    weights = (
        rng.normal(size=(features, units)) / 2,
        rng.normal(size=(units, units)) / 2,
        rng.normal(size=units),
    )
    states = candidate(x, *weights)
    lab.expect("there is a state for each row and step", np.shape(states) == (rows, steps, units),
               {"x": x.shape}, np.shape(states), (rows, steps, units))  # fmt: skip
    lab.close("the first state comes from zeros",
              states[:, 0], np.tanh(x[:, 0] @ weights[0] + weights[2]), given=x[:, 0])  # fmt: skip
    for t in range(1, steps):
        lab.close(f"state {t + 1} follows from state {t}", states[:, t],
                  np.tanh(x[:, t] @ weights[0] + states[:, t - 1] @ weights[1] + weights[2]),
                  given={"x": x[:, t], "state before": states[:, t - 1]})  # fmt: skip

    other = x.copy()
    other[0] += 1
    lab.close("rows do not mix", candidate(other, *weights)[1:], states[1:], given=other)
    late = x.copy()
    late[:, -1] += 1
    lab.close("the future does not reach back",
              candidate(late, *weights)[:, :-1], states[:, :-1], given=late)  # fmt: skip
    lab.close("a single step works", candidate(x[:, :1], *weights), states[:, :1], given=x[:, :1])
    lab.close("a second call starts from zeros again", candidate(x, *weights), states, given=x)


def wrong_state_reset(x, kernel, recurrent_kernel, bias):
    states = []
    for t in range(x.shape[1]):
        h = np.zeros((len(x), len(bias)))
        states.append(np.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias))
    return np.stack(states, axis=1)


def wrong_transposed_recurrence(x, kernel, recurrent_kernel, bias):
    return rnn_forward(x, kernel, recurrent_kernel.T, bias)


def wrong_last_state_only(x, kernel, recurrent_kernel, bias):
    return rnn_forward(x, kernel, recurrent_kernel, bias)[:, -1]


def wrong_time_first(x, kernel, recurrent_kernel, bias):
    return rnn_forward(x, kernel, recurrent_kernel, bias).transpose(1, 0, 2)


def right_projects_first(x, kernel, recurrent_kernel, bias):
    projected = np.einsum("btf,fu->tbu", x, kernel) + bias
    states = [np.tanh(projected[0])]
    for step in projected[1:]:
        states.append(np.tanh(step + states[-1] @ recurrent_kernel))
    return np.stack(states, axis=1)
