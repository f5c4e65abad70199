"""Count the multiplications that wait for one another, and look up pairs from two memories."""

import numpy as np

from dlprep.reference.attention import attention

LENGTHS, SIZE = (8, 16, 32, 64), 2
CLASSES, LISTS, SHARP = 16, 10, 100.0


class Traced:
    """A number that knows how many multiplications had to be done one after the other."""

    done = 0

    def __init__(self, value, depth=0):
        self.value, self.depth = float(value), depth

    def _with(self, other, value, more):
        other = other if isinstance(other, Traced) else Traced(other)
        Traced.done += more
        return Traced(value(self.value, other.value), max(self.depth, other.depth) + more)

    def __add__(self, other):
        return self._with(other, lambda a, b: a + b, 0)

    def __sub__(self, other):
        return self._with(other, lambda a, b: a - b, 0)

    def __mul__(self, other):
        return self._with(other, lambda a, b: a * b, 1)

    def __truediv__(self, other):
        return self._with(other, lambda a, b: a / b, 1)

    def __ge__(self, other):
        return self.value >= other.value

    def exp(self):
        return Traced(np.exp(self.value), self.depth)

    def tanh(self):
        return Traced(np.tanh(self.value), self.depth)

    __radd__, __rmul__ = __add__, __mul__


traced = np.frompyfunc(Traced, 1, 1)


def attend(x, w):
    return attention(x @ w, x @ w, x @ w)[0]


def recur(x, w):
    h, states = x[0] * 0, []
    for row in x:
        h = np.tanh(h @ w + row @ w)
        states.append(h)
    return np.array(states)


def scan(x, w):
    """h_t = a_t h_{t-1} + x_t for all t, by doubling the reach of each step."""
    a, h, reach = x * 0 + w[0], x, 1
    while reach < len(x):
        h = np.concatenate([h[:reach], a[reach:] * h[:-reach] + h[reach:]])
        a = np.concatenate([a[:reach], a[reach:] * a[:-reach]])
        reach *= 2
    return h


def generate(x, w):
    """Each new row is the last output of attention over the rows so far."""
    rows = [x[0]]
    for _ in range(len(x) - 1):
        so_far = np.array(rows)
        rows.append(attention(so_far[-1:] @ w, so_far @ w, so_far @ w)[0][0])
    return np.array(rows)


def memories(rng, pairs, size=16):
    """Share of pairs that are found again: by attention, and by the best of three fixed states."""
    key = rng.normal(size=(LISTS, pairs, size))
    key /= np.linalg.norm(key, axis=-1, keepdims=True)
    value = np.eye(CLASSES)[rng.integers(CLASSES, size=(LISTS, pairs))]
    added, corrected = np.zeros((2, LISTS, size, CLASSES))
    for t in range(pairs):
        k, v = key[:, t, :, None], value[:, t, None]
        added = added + k * v
        corrected = corrected + k * (v - np.swapaxes(k, 1, 2) @ corrected)
    attended = attention(key * SHARP * np.sqrt(size), key, value)[0]
    outputs = [
        attended,
        *(key @ state for state in (added, corrected, np.linalg.pinv(key) @ value)),
    ]
    right = [np.mean(output.argmax(-1) == value.argmax(-1)) for output in outputs]
    return right[0], max(right[1:])


def run(lab):
    def chains(layer):
        """Longest chain and number of multiplications for every length."""
        found = []
        for length in LENGTHS:
            x, w = lab.rng.normal(size=(length, SIZE)), lab.rng.normal(size=(SIZE, SIZE))
            Traced.done = 0
            output = layer(traced(x), traced(w))
            found.append((max(number.depth for number in output.ravel()), Traced.done))
        return np.array(found).T

    (steps, work), (deep, all_work), (scanned, _), (written, _) = lab.contrast(
        chains,
        control={"layer": recur},
        attending={"layer": attend},
        scanned={"layer": scan},
        writing={"layer": generate},
    )
    lab.claim("attention's longest chain is as long for 64 tokens as for 8", deep[-1] == deep[0],
              int(deep[-1]), int(deep[0]))  # fmt: skip
    grown = steps[-1] / steps[0]
    lab.claim("that of the recurrence is over 5 times as long", grown > 5, grown, "> 5")
    last = int(scanned[-1])
    lab.claim("a linear recurrence needs fewer than 10 in a scan of 64", last < 10, last, "< 10")
    grown = written[-1] / written[0]
    lab.claim("where attention writes token by token, the chain grows over 5 times", grown > 5,
              grown, "> 5")  # fmt: skip
    more = (all_work / work).tolist()
    lab.claim("attention does over 4 times the multiplications for 8 tokens", more[0] > 4, more[0],
              "> 4")  # fmt: skip
    lab.claim("over 30 times for 64", more[-1] > 30, more[-1], "> 30")
    for name, counts, factor in (("attention", all_work, 4), ("the recurrence", work, 2)):
        more = round(counts[-1] / counts[-2])
        lab.claim(f"twice the length is {factor} times the multiplications of {name}",
                  more == factor, more, factor)  # fmt: skip
    lab.lines("Multiplications that wait for one another", LENGTHS,
              {"attention": deep, "recurrence": steps, "linear recurrence, scanned": scanned},
              log_x=True, log_y=True, x_label="tokens", y_label="longest chain")  # fmt: skip
    _memory(lab)


def _memory(lab):
    attended, held = memories(lab.rng, 4)
    lab.claim("of 4 pairs the best fixed state finds over 0.95", held > 0.95, held, "> 0.95",
              share=True)  # fmt: skip
    attended, held = memories(lab.rng, 256)
    lab.claim("of 256 pairs attention finds over 0.95", attended > 0.95, attended, "> 0.95",
              share=True)  # fmt: skip
    lab.claim("the best fixed state finds less than 0.4", held < 0.4, held, "< 0.4", share=True)
    _, held = memories(lab.rng, 256, size=256)
    lab.claim("keys and state 16 times as wide find over 0.95", held > 0.95, held, "> 0.95",
              share=True)  # fmt: skip
