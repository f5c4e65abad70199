"""Round a weight matrix with one large column, and a trained network, to few bits."""

import numpy as np

from dlprep.lab.data import digits
from dlprep.reference.network import backward, forward, initialize
from dlprep.reference.optimizers import adam

SIZE, TIMES, GROUP = 256, 100, 16
OPTIONS = {
    "matrix": "8 bits, with one scale for the matrix, from its largest weight",
    "few": "4 bits, with one scale for each row, from its largest weight",
    "row": "8 bits, with one scale for each row, from its largest weight",
    "column": "4 bits, with one scale for each column, from its largest weight",
}


def rounded(w, bits, axis=None):
    """Return the weights as restored from whole numbers, and the steps between them."""
    top = 2 ** (bits - 1) - 1
    step = np.abs(w).max(axis=axis, keepdims=True) / top
    return step * np.round(w / step), step


def with_zero_point(w, bits):
    step = (w.max() - w.min()) / (2**bits - 1)
    return w.min() + step * np.round((w - w.min()) / step)


def restored(w, scheme):
    """The matrix as each of the schemes gives it back."""
    if scheme == "range":
        return with_zero_point(w, 8)
    if scheme == "group":
        groups = w.reshape(-1, GROUP, w.shape[1])
        return rounded(groups, 4, axis=1)[0].reshape(w.shape)
    axis = {"matrix": None, "row": 1, "few": 1}.get(scheme, 0)
    return rounded(w, 4 if scheme in ("column", "few") else 8, axis)[0]


def run(lab):
    w = lab.rng.normal(size=(SIZE, SIZE))
    large = int(lab.rng.integers(SIZE))
    others = np.arange(SIZE) != large
    w[:, large] *= TIMES
    x = lab.rng.normal(size=(200, SIZE))

    def error(scheme):
        """Relative error of the other columns' outputs."""
        moved = x @ (restored(w, scheme) - w)[:, others]
        return np.sqrt(np.mean(moved**2) / np.mean((x @ w[:, others]) ** 2))

    schemes = ("range", "few", "row", "column", "eight", "group")
    found = lab.contrast(error, control={"scheme": "matrix"}, **{s: {"scheme": s} for s in schemes})
    errors = dict(zip(("matrix", *schemes), found, strict=True))
    lab.answer(OPTIONS[min(OPTIONS, key=errors.get)])

    def claim(text, measured, sign, bound):
        holds = measured < bound if sign == "<" else measured > bound
        lab.claim(text, holds, measured, f"{sign} {bound}")

    claim("4 bits, a scale for each column: the error is small", errors["column"], "<", 0.17)
    claim("8 bits, one scale: it is large", errors["matrix"], ">", 0.42)
    claim("8 bits, one scale and a zero point: it is large", errors["range"], ">", 0.42)
    claim("4 bits, a scale for each row: it is large", errors["few"], ">", 0.6)
    times = errors["row"] / errors["column"]
    claim("the error with rows and 8 bits is larger than with columns and 4", times, ">", 1.2)
    claim("8 bits, a scale for each column: it is tiny", errors["eight"], "<", 0.01)
    gain = errors["group"] / errors["column"]
    claim("4 bits: groups of 16 weights have a smaller error than columns", gain, "<", 0.9)
    plain = np.delete(w, large, axis=1)
    once, each = (np.std(rounded(plain, 8, axis)[0] - plain) for axis in (None, 0))
    claim("without the large column one scale moves the weights little more", once / each, "<", 2.2)
    _network(lab)
    lab.bars("Relative error of the ordinary columns", {
        "8 bits, matrix": errors["matrix"], "8 bits, zero point": errors["range"],
        "8 bits, rows": errors["row"], "4 bits, columns": errors["column"],
        "4 bits, groups": errors["group"], "8 bits, columns": errors["eight"]},
        y_label="error of the outputs", log_y=True)  # fmt: skip


def _network(lab):
    """Train 64-64-10 on digits and round its weights, a scale for each unit."""
    (x, y), (unseen, labels) = digits(lab.rng)
    weights = initialize([64, 64, 10], lab.rng)
    moments = {name: (0.0, 0.0) for name in weights}
    for step in range(1, 401):
        rows = lab.rng.integers(len(x), size=64)
        _, cache = forward(x[rows].T, weights, "relu", "softmax")
        slopes = backward(weights, cache, np.eye(10)[y[rows]].T, "relu", "softmax", "cross_entropy")
        for name, (m, v) in moments.items():
            slope = slopes[f"d{name}"]
            weights[name], *moments[name] = adam(weights[name], slope, m, v, step, 0.01)

    def labelled(bits=None):
        low = {n: rounded(a, bits, 1)[0] if bits and n[0] == "W" else a for n, a in weights.items()}
        return forward(unseen.T, low, "relu", "softmax")[0].argmax(axis=0)

    whole = labelled()
    right = np.mean(whole == labels)
    lab.claim("the network reads unseen digits", right > 0.93, right, "> 0.93", share=True)
    same = {bits: np.mean(labelled(bits) == whole) for bits in (8, 4, 2)}
    for bits, least in ((8, 0.98), (4, 0.94)):
        lab.claim(f"{bits} bits keep its labels", same[bits] > least, same[bits], f"> {least}",
                  share=True)  # fmt: skip
    lab.claim("2 bits lose many", same[2] < 0.85, same[2], "< 0.85", share=True)
