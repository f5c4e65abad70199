"""One step of an LSTM."""

import math

import numpy as np


def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    """Return the output and the memory after one step of an LSTM.

    i, f and o are logistic sigmoids, g is a tanh, of x @ kernel + h @ recurrent_kernel + bias; the
    columns of these weights are four blocks of `units` in the order i, f, g, o. The new memory is
    f * c + i * g, the new output o * tanh(new memory). All sizes are at least 1 and may differ or
    agree. The arguments stay as they are.

    Args:
        x: inputs, float64 array of shape `(rows, features)`, numbers up to 1e4 in size.
        h: outputs of the step before, float64 array of shape `(rows, units)`, from -1 to 1.
        c: memory of the step before, float64 array of shape `(rows, units)`, numbers up to 1e4 in
            size.
        kernel: float64 array of shape `(features, 4 * units)`.
        recurrent_kernel: float64 array of shape `(units, 4 * units)`.
        bias: float64 array of shape `(4 * units,)`.

    Returns:
        Tuple (or list) of the new output and the new memory, in this order: arrays (or nested
        lists) of shape `(rows, units)`. An output may be off by 1e-8, a memory m by
        1e-8 * (1 + |m|). Sums in the thousands give gates of 0 or 1, not NaN.
    """
    i, f, g, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=1)
    memory = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(memory), memory


def _sigmoid(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)


EXACT = 1e-8


def check(candidate, lab):
    with np.errstate(all="ignore"):
        for turn in range(10):
            given = _inputs(lab, turn)
            _compare(candidate, lab, "", given)
            scales = 10 ** lab.rng.uniform(-4, 3, (len(given["x"]), 1))
            text = " for memories of very different scale"
            _compare(candidate, lab, text, {**given, "c": given["c"] * scales})
        given = _inputs(lab, 9)
        signs = lab.rng.choice([-1, 1], given["x"].shape)
        large = {
            "x": signs * lab.rng.uniform(2e3, 9e3, signs.shape),
            "kernel": lab.rng.normal(size=given["kernel"].shape),
        }
        large = {**given, **large}
        _compare(candidate, lab, " for sums in the thousands", large)
        full = lab.rng.uniform(9e3, 1e4, given["c"].shape) * lab.rng.choice([-1, 1], (1, 1))
        text = " for sums in the thousands and memories in the thousands"
        _compare(candidate, lab, text, {**large, "c": full})
        zero = {name: np.zeros_like(part) for name, part in given.items()}
        _compare(candidate, lab, " where all is zero", {**zero, "c": given["c"]})


def _compare(candidate, lab, text, given):
    kept = {name: array.copy() for name, array in given.items()}
    got = candidate(*given.values())
    for name, array in given.items():
        same = np.array_equal(array, kept[name])
        lab.expect(f"{name} stays as it is", same, {name: kept[name]}, array, kept[name])
    two = (isinstance(got, tuple | list) or hasattr(got, "shape")) and len(got) == 2
    lab.expect("output and memory come back", two, kept, got, "a tuple of two arrays")
    output, memory = (
        lab.array(
            f"the new {name} has a number for each row and unit", part, given["c"].shape, kept
        )
        for name, part in zip(("output", "memory"), got, strict=True)
    )
    h, c = _oracle(*kept.values())
    lab.close(f"the new memory is right{text}", memory, c, kept, EXACT, EXACT)
    lab.close(f"the new output is right{text}", output, h, kept, 0, EXACT)


def _oracle(x, h, c, kernel, recurrent_kernel, bias):
    """One row and one unit at a time."""
    rows, units = c.shape
    output, memory = np.zeros(c.shape), np.zeros(c.shape)
    for row in range(rows):
        sums = [math.fsum([*(x[row] * kernel[:, k]), *(h[row] * recurrent_kernel[:, k]), bias[k]])
                for k in range(4 * units)]  # fmt: skip
        for u in range(units):
            i, f, g, o = (sums[block * units + u] for block in range(4))
            m = _gate(f) * c[row, u] + _gate(i) * math.tanh(g)
            output[row, u], memory[row, u] = _gate(o) * math.tanh(m), m
    return output, memory


def _gate(z):
    return (
        1 / (1 + math.exp(-z)) if z > 0 else math.exp(max(z, -700)) / (1 + math.exp(max(z, -700)))
    )


def _inputs(lab, turn):
    """Draw sizes: one of them 1, all the same, then all different."""
    rows, features, units = lab.rng.permutation(np.arange(2, 8))[:3]
    if turn < 3:
        rows, features, units = np.where(np.arange(3) == turn, 1, (rows, features, units))
    if turn == 3:
        rows = features = units = lab.rng.integers(2, 6)
    scale = lab.rng.choice([0.2, 1.0, 3.0])
    draw = lab.rng.normal
    return {
        "x": draw(size=(rows, features)),
        "h": lab.rng.uniform(-1, 1, (rows, units)),
        "c": draw(0, 2, (rows, units)),
        "kernel": draw(0, scale / np.sqrt(features), (features, 4 * units)),
        "recurrent_kernel": draw(0, scale / np.sqrt(units), (units, 4 * units)),
        "bias": draw(0, 1, 4 * units),
    }


def right_block_by_block(x, h, c, kernel, recurrent_kernel, bias):
    units = c.shape[1]

    def block(k):
        part = slice(k * units, (k + 1) * units)
        return np.einsum("bf,fu->bu", x, kernel[:, part]) + (
            h @ recurrent_kernel[:, part] + bias[part]
        )

    def gate(z):
        return np.where(z > 0, 1 / (1 + np.exp(-np.abs(z))), 1 - 1 / (1 + np.exp(-np.abs(z))))

    new = gate(block(1)) * c + gate(block(0)) * np.tanh(block(2))
    return [gate(block(3)) * np.tanh(new), new]


def right_in_pure_python(x, h, c, kernel, recurrent_kernel, bias):
    """Nested lists come back."""
    outputs, memories = _oracle(x, h, c, kernel, recurrent_kernel, bias)
    return outputs.tolist(), memories.tolist()


def right_plain_sigmoid(x, h, c, kernel, recurrent_kernel, bias):
    """The exponential overflows to infinity, and the gate to 0: as it should be."""
    z = np.concatenate([x, h], axis=1) @ np.concatenate([kernel, recurrent_kernel]) + bias
    i, f, g, o = z.reshape(len(x), 4, -1).transpose(1, 0, 2)
    i, f, o = (1 / (1 + np.exp(-part)) for part in (i, f, o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c


def _parts(x, h, kernel, recurrent_kernel, bias):
    return np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=1)


def wrong_forget_and_input_exchanged(x, h, c, kernel, recurrent_kernel, bias):
    f, i, g, o = _parts(x, h, kernel, recurrent_kernel, bias)
    memory = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(memory), memory


def wrong_output_gate_third(x, h, c, kernel, recurrent_kernel, bias):
    i, f, o, g = _parts(x, h, kernel, recurrent_kernel, bias)
    memory = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(memory), memory


def wrong_blocks_interleaved(x, h, c, kernel, recurrent_kernel, bias):
    z = (x @ kernel + h @ recurrent_kernel + bias).reshape(len(x), -1, 4)
    i, f, g, o = np.moveaxis(z, 2, 0)
    memory = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(memory), memory


def wrong_output_not_squashed(x, h, c, kernel, recurrent_kernel, bias):
    i, f, g, o = _parts(x, h, kernel, recurrent_kernel, bias)
    memory = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * memory, memory


def wrong_sigmoid_candidate(x, h, c, kernel, recurrent_kernel, bias):
    i, f, g, o = _parts(x, h, kernel, recurrent_kernel, bias)
    memory = _sigmoid(f) * c + _sigmoid(i) * _sigmoid(g)
    return _sigmoid(o) * np.tanh(memory), memory


def wrong_output_from_old_memory(x, h, c, kernel, recurrent_kernel, bias):
    memory = lstm_step(x, h, c, kernel, recurrent_kernel, bias)[1]
    o = _parts(x, h, kernel, recurrent_kernel, bias)[3]
    return _sigmoid(o) * np.tanh(c), memory


def wrong_gates_coupled(x, h, c, kernel, recurrent_kernel, bias):
    """Keeps what the input gate leaves."""
    i, _, g, o = _parts(x, h, kernel, recurrent_kernel, bias)
    memory = (1 - _sigmoid(i)) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(memory), memory


def wrong_forget_bias_added(x, h, c, kernel, recurrent_kernel, bias):
    i, f, g, o = _parts(x, h, kernel, recurrent_kernel, bias)
    memory = _sigmoid(f + 1) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(memory), memory


def wrong_overflows(x, h, c, kernel, recurrent_kernel, bias):
    i, f, g, o = _parts(x, h, kernel, recurrent_kernel, bias)
    i, f, o = (np.exp(part) / (1 + np.exp(part)) for part in (i, f, o))
    memory = f * c + i * np.tanh(g)
    return o * np.tanh(memory), memory


def wrong_sums_clipped(x, h, c, kernel, recurrent_kernel, bias):
    """A guard against overflow that leaves the gates a little open."""
    i, f, g, o = (np.clip(part, -20, 20) for part in _parts(x, h, kernel, recurrent_kernel, bias))
    memory = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(memory), memory


def wrong_memory_clipped(x, h, c, kernel, recurrent_kernel, bias):
    output, memory = lstm_step(x, h, c, kernel, recurrent_kernel, bias)
    return output, np.clip(memory, -50, 50)


def wrong_results_exchanged(x, h, c, kernel, recurrent_kernel, bias):
    output, memory = lstm_step(x, h, c, kernel, recurrent_kernel, bias)
    return memory, output


def wrong_memory_in_place(x, h, c, kernel, recurrent_kernel, bias):
    output, memory = lstm_step(x, h, c, kernel, recurrent_kernel, bias)
    c[:] = memory
    return output, c
