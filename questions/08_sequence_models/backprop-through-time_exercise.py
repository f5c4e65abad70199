"""Back-propagation through time of a simple recurrent network."""

import math

import numpy as np


def rnn_backward(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    """Return the five gradients of a loss that depends on the states of all steps.

    The network is h_t = tanh(x_t Wx + h_{t-1} Wh + b) for t = 1 ... steps, with h_0 the initial
    state. All sizes are at least 1 and may differ or agree; there are at most 80 steps. The sums
    inside tanh stay below 9 in size. The arguments stay as they are.

    Args:
        x: inputs, float64 array of shape `(rows, steps, features)`; each row is a sequence.
        initial_state: h_0, float64 array of shape `(rows, units)`, numbers below 1 in size.
        kernel: Wx, float64 array of shape `(features, units)`.
        recurrent_kernel: Wh, float64 array of shape `(units, units)`, no special matrix.
        bias: b, float64 array of shape `(units,)`.
        upstream: what each step's own output adds to the gradient, float64 array of shape
            `(rows, steps, units)`: `upstream[:, t - 1]` is the derivative of the loss by h_t with
            the later states held fixed. Numbers up to 1e4 in size; steps of zeros may occur.

    Returns:
        Tuple (or list) of five float64 arrays (or nested lists), the total derivatives of the loss
        by `x`, `initial_state`, `kernel`, `recurrent_kernel` and `bias`, in this order and of their
        shapes, summed over rows where the argument is shared by them. An entry may be off by
        1e-7 times the largest entry of its array, for `x` and `initial_state` of its row.
    """
    states = [initial_state]
    for t in range(x.shape[1]):
        states.append(np.tanh(x[:, t] @ kernel + states[-1] @ recurrent_kernel + bias))
    d_x, d_kernel = np.zeros_like(x), np.zeros_like(kernel)
    d_recurrent, d_bias = np.zeros_like(recurrent_kernel), np.zeros_like(bias)
    carried = np.zeros_like(initial_state)
    for t in reversed(range(x.shape[1])):
        delta = (upstream[:, t] + carried) * (1 - states[t + 1] ** 2)
        d_x[:, t] = delta @ kernel.T
        d_kernel += x[:, t].T @ delta
        d_recurrent += states[t].T @ delta
        d_bias += delta.sum(axis=0)
        carried = delta @ recurrent_kernel.T
    return d_x, carried, d_kernel, d_recurrent, d_bias


NAMES = ("x", "initial_state", "kernel", "recurrent_kernel", "bias")
EXACT = 1e-7


def check(candidate, lab):
    for turn in range(8):
        steps = (1, 2, 3, 7, 4, 5, 9, 6)[turn]
        given = _inputs(lab, _sizes(lab, turn), steps, lab.rng.choice([0.3, 1.0, 2.0]))
        _compare(candidate, lab, "", given)
        scales = 10 ** lab.rng.uniform(-4, 3, (len(given["x"]), 1, 1))
        scales[0] = 9.9e3 / np.abs(given["upstream"][0]).max()
        text = " for gradients of very different scale"
        _compare(candidate, lab, text, {**given, "upstream": given["upstream"] * scales})
    given = _inputs(lab, (2, 3, 4), 6, 1.0)
    for name, part in (("last", slice(0, -1)), ("first", slice(1, None))):
        upstream = given["upstream"].copy()
        upstream[:, part] = 0
        text = f" when the loss looks at the {name} state only"
        _compare(candidate, lab, text, {**given, "upstream": upstream})
    _compare(candidate, lab, " over 70 steps", _inputs(lab, (2, 2, 3), 70, 1.0))
    _compare(candidate, lab, " where tanh is saturated throughout", _saturated(lab))
    _check_zero(candidate, lab)


def _check_zero(candidate, lab):
    given = _inputs(lab, (3, 2, 4), 4, 1.0)
    given["upstream"] = np.zeros_like(given["upstream"])
    for name, gradient in zip(NAMES, _gradients(candidate, lab, given), strict=True):
        lab.expect(f"without upstream gradients that of {name} is zero", not gradient.any(),
                   given, gradient, "zeros")  # fmt: skip


def _compare(candidate, lab, text, given):
    got = _gradients(candidate, lab, given)
    for name, gradient, expected in zip(NAMES, got, _oracle(*given.values()), strict=True):
        size = np.abs(expected)
        if name in ("x", "initial_state"):
            largest = size.max(axis=tuple(range(1, size.ndim)), keepdims=True)
        else:
            largest = size.max()
        lab.close(f"the gradient of {name} is right{text}", gradient, expected, given, 0,
                  EXACT * largest)  # fmt: skip


def _oracle(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    """One row, one unit at a time."""
    d_x, d_start = np.zeros(x.shape), np.zeros(initial_state.shape)
    d_weights = [np.zeros(part.shape) for part in (kernel, recurrent_kernel, bias)]
    for row, sequence in enumerate(x):
        states = [list(initial_state[row])]
        for step in sequence:
            before = states[-1]
            states.append([math.tanh(math.fsum([*(step * kernel[:, u]),
                                                *(before * recurrent_kernel[:, u]), bias[u]]))
                           for u in range(len(bias))])  # fmt: skip
        ahead = np.zeros(len(bias))
        for t in reversed(range(len(sequence))):
            total = upstream[row, t] + ahead
            delta = np.array([total[u] * (1 - states[t + 1][u] ** 2) for u in range(len(bias))])
            d_x[row, t] = [math.fsum(delta * weights) for weights in kernel]
            d_weights[0] += np.outer(sequence[t], delta)
            d_weights[1] += np.outer(states[t], delta)
            d_weights[2] += delta
            ahead = np.array([math.fsum(delta * weights) for weights in recurrent_kernel])
        d_start[row] = ahead
    return d_x, d_start, *d_weights


def _sizes(lab, turn):
    """Draw rows, features and units: one of them 1, all the same, then all different."""
    if turn == 3:
        return [lab.rng.integers(2, 6)] * 3
    sizes = lab.rng.permutation(np.arange(2, 7))[:3]
    if turn < 3:
        sizes[turn] = 1
    return sizes


def _inputs(lab, sizes, steps, gain):
    rows, features, units = sizes
    draw = lab.rng.normal
    weights = [draw(0, 0.7 / np.sqrt(features), (features, units)),
               draw(0, gain / np.sqrt(units), (units, units)), draw(0, 0.3, units)]  # fmt: skip
    x = draw(size=(rows, steps, features)) * 10 ** lab.rng.uniform(-3, 0.3, (rows, 1, 1))
    start = lab.rng.uniform(-0.9, 0.9, (rows, units))
    upstream = draw(size=(rows, steps, units))
    while _largest_sum(x, start, *weights) > 8:
        weights = [0.8 * part for part in weights]
    return dict(zip((*NAMES, "upstream"), (x, start, *weights, upstream), strict=True))


def _saturated(lab):
    """Draw inputs whose sums are all between 7.5 and 8.9 in size."""
    given = _inputs(lab, (3, 2, 4), 3, 1.0)
    given["kernel"] *= 0.35 / np.abs(given["x"] @ given["kernel"]).max()
    given["recurrent_kernel"] *= 0.35 / np.abs(given["recurrent_kernel"]).sum(axis=0).max()
    given["bias"] = 8.2 * lab.rng.choice([-1, 1], 4)
    return given


def _largest_sum(x, state, kernel, recurrent_kernel, bias):
    largest = 0.0
    for t in range(x.shape[1]):
        total = x[:, t] @ kernel + state @ recurrent_kernel + bias
        state, largest = np.tanh(total), max(largest, np.abs(total).max())
    return largest


def _gradients(candidate, lab, given):
    kept = {name: array.copy() for name, array in given.items()}
    got = candidate(*given.values())
    for name, array in given.items():
        same = np.array_equal(array, kept[name])
        lab.expect(f"{name} stays as it is", same, {name: kept[name]}, array, kept[name])
    five = isinstance(got, tuple | list) and len(got) == len(NAMES)
    lab.expect("five gradients come back, as a tuple or a list", five, kept, got)
    return [lab.array(f"the gradient of {name} has its shape", part, kept[name].shape, kept)
            for name, part in zip(NAMES, got, strict=True)]  # fmt: skip


def right_by_einsum(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    """Keep all deltas, then one product for each weight."""
    steps = x.shape[1]
    h, states = initial_state, [initial_state]
    for t in range(steps):
        h = np.tanh(np.einsum("bf,fu->bu", x[:, t], kernel) + h @ recurrent_kernel + bias)
        states.append(h)
    states = np.stack(states, axis=1)
    deltas, carried = np.empty((len(x), steps, len(bias))), np.zeros_like(initial_state)
    for t in range(steps - 1, -1, -1):
        deltas[:, t] = (carried + upstream[:, t]) / np.cosh(np.arctanh(states[:, t + 1])) ** 2
        carried = np.einsum("bu,vu->bv", deltas[:, t], recurrent_kernel)
    return [
        np.einsum("btu,fu->btf", deltas, kernel),
        carried,
        np.einsum("btf,btu->fu", x, deltas),
        np.einsum("btv,btu->vu", states[:, :-1], deltas),
        np.einsum("btu->u", deltas),
    ]


def right_forward_in_time(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    """Real-time recurrent learning: carry the derivatives of the state along instead."""
    rows, steps, features = x.shape
    units = len(bias)
    totals = [np.zeros(part.shape) for part in (x, initial_state, kernel, recurrent_kernel, bias)]
    for row in range(rows):
        h = initial_state[row]
        # One column for each number that the state may depend on.
        sizes = np.cumsum([steps * features, units, features * units, units * units, units])
        jacobian = np.zeros((units, sizes[-1]))
        jacobian[:, sizes[0] : sizes[1]] = np.eye(units)
        gradient = np.zeros(sizes[-1])
        for t in range(steps):
            direct = np.zeros((units, sizes[-1]))
            for u in range(units):
                direct[u, t * features : (t + 1) * features] = kernel[:, u]
                direct[u, sizes[1] + np.arange(features) * units + u] = x[row, t]
                direct[u, sizes[2] + np.arange(units) * units + u] = h
                direct[u, sizes[3] + u] = 1.0
            h_next = np.tanh(x[row, t] @ kernel + h @ recurrent_kernel + bias)
            jacobian = (1 - h_next**2)[:, None] * (direct + recurrent_kernel.T @ jacobian)
            gradient += upstream[row, t] @ jacobian
            h = h_next
        parts = np.split(gradient, sizes[:-1])
        totals[0][row], totals[1][row] = parts[0].reshape(steps, features), parts[1]
        for total, part in zip(totals[2:], parts[2:], strict=True):
            total += part.reshape(total.shape)
    return tuple(totals)


def right_in_pure_python(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    """Nested lists come back."""
    x, start, kernel, loops, bias, upstream = (
        part.tolist() for part in (x, initial_state, kernel, recurrent_kernel, bias, upstream)
    )
    units, features = range(len(bias)), range(len(kernel))
    d_x, d_start = [], []
    d_kernel = [[0.0 for _ in units] for _ in features]
    d_loops, d_bias = [[0.0 for _ in units] for _ in units], [0.0 for _ in units]
    for sequence, h, above in zip(x, start, upstream, strict=True):
        states = [h]
        for step in sequence:
            h = [math.tanh(bias[u] + sum(step[f] * kernel[f][u] for f in features)
                           + sum(states[-1][v] * loops[v][u] for v in units))
                 for u in units]  # fmt: skip
            states.append(h)
        ahead, d_sequence = [0.0 for _ in units], []
        for t in range(len(sequence) - 1, -1, -1):
            delta = [(above[t][u] + ahead[u]) * (1 - states[t + 1][u] ** 2) for u in units]
            d_sequence.insert(0, [sum(delta[u] * kernel[f][u] for u in units) for f in features])
            for u in units:
                d_bias[u] += delta[u]
                for f in features:
                    d_kernel[f][u] += sequence[t][f] * delta[u]
                for v in units:
                    d_loops[v][u] += states[t][v] * delta[u]
            ahead = [sum(delta[u] * loops[v][u] for u in units) for v in units]
        d_x.append(d_sequence)
        d_start.append(ahead)
    return d_x, d_start, d_kernel, d_loops, d_bias


def _variant(x, start, kernel, loops, bias, upstream, *, carry=True, now=False, transpose=True,
             slope=lambda h, z: 1 - h**2, reach=1000, total=True, limit=np.inf):  # fmt: skip
    """The solution with one of its parts changed."""
    states, sums = [start], []
    for t in range(x.shape[1]):
        sums.append(x[:, t] @ kernel + states[-1] @ loops + bias)
        states.append(np.tanh(sums[-1]))
    d_x, d_kernel, d_loops = np.zeros_like(x), np.zeros_like(kernel), np.zeros_like(loops)
    d_bias, ahead = np.zeros_like(bias), np.zeros_like(start)
    for t in reversed(range(x.shape[1])):
        delta = (upstream[:, t] + ahead) * slope(states[t + 1], sums[t])
        d_x[:, t] = delta @ kernel.T
        d_kernel = x[:, t].T @ delta + d_kernel * total
        d_loops = states[t + now].T @ delta + d_loops * total
        d_bias = delta.sum(axis=0) + d_bias * total
        ahead = delta @ (loops.T if transpose else loops)
        kept = carry and (x.shape[1] - t) % reach
        ahead = ahead if kept or t == 0 else np.zeros_like(ahead)
        ahead = ahead * min(1, limit / max(np.linalg.norm(ahead), 1e-300))
    return d_x, ahead, d_kernel, d_loops, d_bias


def wrong_carry_lost(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    """Every step on its own."""
    return _variant(x, initial_state, kernel, recurrent_kernel, bias, upstream, carry=False)


def wrong_state_of_the_same_step(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    return _variant(x, initial_state, kernel, recurrent_kernel, bias, upstream, now=True)


def wrong_recurrence_not_transposed(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    return _variant(x, initial_state, kernel, recurrent_kernel, bias, upstream, transpose=False)


def wrong_first_step_only(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    """`=` where `+=` is meant."""
    return _variant(x, initial_state, kernel, recurrent_kernel, bias, upstream, total=False)


def wrong_slope_of_the_sum(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    parts = x, initial_state, kernel, recurrent_kernel, bias, upstream
    return _variant(*parts, slope=lambda h, z: 1 - z**2)


def wrong_slope_of_the_sigmoid(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    parts = x, initial_state, kernel, recurrent_kernel, bias, upstream
    return _variant(*parts, slope=lambda h, z: h * (1 - h))


def wrong_no_slope(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    parts = x, initial_state, kernel, recurrent_kernel, bias, upstream
    return _variant(*parts, slope=lambda h, z: 1.0)


def wrong_truncated(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    """The gradient is cut after every twenty steps."""
    return _variant(x, initial_state, kernel, recurrent_kernel, bias, upstream, reach=20)


def wrong_carried_norm_limited(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    parts = x, initial_state, kernel, recurrent_kernel, bias, upstream
    return _variant(*parts, limit=1e3)


def wrong_slope_floored(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    parts = x, initial_state, kernel, recurrent_kernel, bias, upstream
    return _variant(*parts, slope=lambda h, z: np.maximum(1 - h**2, 1e-6))


def wrong_last_upstream_only(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    last = np.zeros_like(upstream)
    last[:, -1] = upstream[:, -1]
    return rnn_backward(x, initial_state, kernel, recurrent_kernel, bias, last)


def wrong_starts_from_zeros(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    start = np.zeros_like(initial_state)
    return rnn_backward(x, start, kernel, recurrent_kernel, bias, upstream)


def wrong_mean_over_rows(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    parts = x, initial_state, kernel, recurrent_kernel, bias, upstream
    d_x, d_start, *weights = rnn_backward(*parts)
    return d_x, d_start, *(part / len(x) for part in weights)


def wrong_gradient_clipped(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    parts = rnn_backward(x, initial_state, kernel, recurrent_kernel, bias, upstream)
    return tuple(np.clip(part, -5, 5) for part in parts)


def wrong_initial_state_one_step_short(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    """The gradient of the first sum instead of that of the initial state."""
    parts = x, initial_state, kernel, recurrent_kernel, bias, upstream
    d_x, d_start, *weights = rnn_backward(*parts)
    return d_x, d_start @ np.linalg.pinv(recurrent_kernel.T), *weights


def wrong_single_precision(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    parts = (x, initial_state, kernel, recurrent_kernel, bias, upstream)
    return rnn_backward(*(part.astype("float32") for part in parts))


def wrong_upstream_in_place(x, initial_state, kernel, recurrent_kernel, bias, upstream):
    parts = rnn_backward(x, initial_state, kernel, recurrent_kernel, bias, upstream)
    upstream[:, 0] += 1.0
    return parts
