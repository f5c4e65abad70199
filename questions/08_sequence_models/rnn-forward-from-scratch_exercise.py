"""The forward pass of a simple recurrent network."""

import math

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
        step `t`, right to 1e-8. A sum in the thousands gives a state of 1 or -1, not NaN. Every
        call starts from zeros again.
    """
    rows, steps, _ = x.shape
    h = np.zeros((rows, len(bias)))
    states = np.empty((rows, steps, len(bias)))
    for t in range(steps):
        h = np.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias)
        states[:, t] = h
    return states


SHAPES = 12
EXACT = 1e-8


def check(candidate, lab):
    with np.errstate(all="ignore"):
        for turn in range(SHAPES):
            rows, steps, features, units = _sizes(lab, turn)
            x = lab.rng.normal(size=(rows, steps, features))
            weights = _weights(lab, features, units, lab.rng.choice([0.2, 0.8, 3.0]))
            _check_steps(candidate, lab, x, weights)
            scales = 10 ** lab.rng.uniform(-4, 3.3, (rows, 1, 1))
            _check_oracle(
                candidate, lab, "rows may be of very different scale", x * scales, weights
            )
        x = lab.rng.normal(size=(3, lab.rng.integers(200, 300), 4))
        _check_oracle(candidate, lab, "long sequences work", x, _weights(lab, 4, 5, 0.8))
        _check_saturation(candidate, lab)


def _check_steps(candidate, lab, x, weights):
    kernel, recurrent, bias = weights
    states = _states(candidate, lab, x, weights)
    lab.close("the first state comes from zeros", states[:, 0],
              np.tanh(x[:, 0] @ kernel + bias), {"x": x[:, 0]}, 0, EXACT)  # fmt: skip
    for t in range(1, x.shape[1]):
        before = states[:, t - 1]
        lab.close("every state follows from the one before", states[:, t],
                  np.tanh(x[:, t] @ kernel + before @ recurrent + bias),
                  {"step": t, "x": x[:, t], "state before": before}, 0, EXACT)  # fmt: skip
    again = _states(candidate, lab, x, weights)
    lab.close("a second call starts from zeros again", again, states, {"x": x}, 0, EXACT)


def _check_oracle(candidate, lab, text, x, weights):
    expected = np.array([_row(sequence, *weights) for sequence in x])
    lab.close(text, _states(candidate, lab, x, weights), expected, {"x": x}, 0, EXACT)


def _check_saturation(candidate, lab):
    x = lab.rng.uniform(2e3, 9e3, (4, 3, 1)) * lab.rng.choice([-1, 1], (4, 3, 1))
    weights = np.ones((1, 1)), np.ones((1, 1)), np.zeros(1)
    lab.close("sums in the thousands give 1 or -1",
              _states(candidate, lab, x, weights), np.sign(x), {"x": x}, 0, EXACT)  # fmt: skip


def _row(sequence, kernel, recurrent, bias):
    """One sequence, one unit at a time."""
    state, states = [0.0] * len(bias), []
    for step in sequence:
        sums = [math.fsum([*(step * kernel[:, u]), *(state * recurrent[:, u]), bias[u]])
                for u in range(len(bias))]  # fmt: skip
        state = [math.tanh(total) for total in sums]
        states.append(state)
    return states


def _sizes(lab, turn):
    """Draw sizes: one of them 1, all the same, then all different."""
    if turn == 4:
        return [lab.rng.integers(2, 7)] * 4
    sizes = lab.rng.permutation(np.arange(2, 9))[:4]
    if turn < 4:
        sizes[turn] = 1
    return sizes


def _weights(lab, features, units, gain):
    scales = lab.rng.choice([0.1, 1.0, 4.0]), gain / np.sqrt(units), lab.rng.choice([0.2, 1.0, 3.0])
    shapes = (features, units), (units, units), (units,)
    return [lab.rng.normal(0, scale, shape) for scale, shape in zip(scales, shapes, strict=True)]


def _states(candidate, lab, x, weights):
    names = ("x", "kernel", "recurrent_kernel", "bias")
    arrays = dict(zip(names, (x, *weights), strict=True))
    kept = {name: array.copy() for name, array in arrays.items()}
    got = candidate(*arrays.values())
    for name, array in arrays.items():
        same = np.array_equal(array, kept[name])
        lab.expect(f"{name} stays as it is", same, {name: kept[name]}, array, kept[name])
    shape = (*x.shape[:2], len(weights[2]))
    return lab.array("there is a state for each row, step and unit", got, shape, kept)


def right_projects_first(x, kernel, recurrent_kernel, bias):
    projected = np.einsum("btf,fu->tbu", x, kernel) + bias
    states = [np.tanh(projected[0])]
    for step in projected[1:]:
        states.append(np.tanh(step + states[-1] @ recurrent_kernel))
    return np.stack(states, axis=1)


def right_row_by_row(x, kernel, recurrent_kernel, bias):
    """Lists of arrays come back."""
    batch = []
    for sequence in x:
        h, states = np.zeros(len(bias)), []
        for step in sequence:
            h = np.tanh(step @ kernel + h @ recurrent_kernel + bias)
            states.append(h)
        batch.append(states)
    return batch


def right_in_pure_python(x, kernel, recurrent_kernel, bias):
    units = range(len(bias))
    columns, loops = kernel.T.tolist(), recurrent_kernel.T.tolist()

    def total(weights, values):
        return sum(w * v for w, v in zip(weights, values, strict=True))

    batch = []
    for sequence in x.tolist():
        states = [[0.0] * len(bias)]
        for step in sequence:
            sums = [total(columns[u], step) + total(loops[u], states[-1]) + bias[u] for u in units]
            states.append([math.tanh(value) for value in sums])
        batch.append(states[1:])
    return batch


def wrong_state_reset(x, kernel, recurrent_kernel, bias):
    """The state is made anew inside the loop."""
    states = []
    for t in range(x.shape[1]):
        h = np.zeros((len(x), len(bias)))
        states.append(np.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias))
    return np.stack(states, axis=1)


def wrong_same_array_in_every_place(x, kernel, recurrent_kernel, bias):
    h, states = np.zeros((len(x), len(bias))), []
    for t in range(x.shape[1]):
        h[:] = np.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias)
        states.append(h)
    return np.stack(states, axis=1)


def wrong_single_precision(x, kernel, recurrent_kernel, bias):
    return rnn_forward(x, kernel, recurrent_kernel, bias).astype("float32")


def wrong_one_state_for_all_rows(x, kernel, recurrent_kernel, bias):
    """The state of one row is carried on to the next."""
    h, batch = np.zeros(len(bias)), []
    for sequence in x:
        states = []
        for step in sequence:
            h = np.tanh(step @ kernel + h @ recurrent_kernel + bias)
            states.append(h)
        batch.append(states)
    return np.array(batch)


def wrong_batch_and_length_fixed(x, kernel, recurrent_kernel, bias):
    h, states = np.zeros((3, len(bias))), np.zeros((3, 5, len(bias)))
    for t in range(5):
        h = np.tanh(x[:3, t] @ kernel + h @ recurrent_kernel + bias)
        states[:, t] = h
    return states


def wrong_long_sequences_cut(x, kernel, recurrent_kernel, bias):
    """Steps after the 150th keep a state of zeros."""
    states = rnn_forward(x, kernel, recurrent_kernel, bias)
    states[:, 150:] = 0
    return states


def wrong_overflows(x, kernel, recurrent_kernel, bias):
    h, states = np.zeros((len(x), len(bias))), []
    for t in range(x.shape[1]):
        up = np.exp(x[:, t] @ kernel + h @ recurrent_kernel + bias)
        h = (up - 1 / up) / (up + 1 / up)
        states.append(h)
    return np.stack(states, axis=1)


def wrong_transposed_recurrence(x, kernel, recurrent_kernel, bias):
    return rnn_forward(x, kernel, recurrent_kernel.T, bias)


def wrong_bias_once(x, kernel, recurrent_kernel, bias):
    """The bias is taken for the first state."""
    h, states = np.tile(bias, (len(x), 1)), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ kernel + h @ recurrent_kernel)
        states.append(h)
    return np.stack(states, axis=1)


def wrong_last_state_only(x, kernel, recurrent_kernel, bias):
    return rnn_forward(x, kernel, recurrent_kernel, bias)[:, -1]


def wrong_time_first(x, kernel, recurrent_kernel, bias):
    return rnn_forward(x, kernel, recurrent_kernel, bias).transpose(1, 0, 2)


def wrong_bias_in_place(x, kernel, recurrent_kernel, bias):
    bias += 0.0 if not x.any() else x[0, 0] @ kernel
    return rnn_forward(x, kernel, recurrent_kernel, bias)
