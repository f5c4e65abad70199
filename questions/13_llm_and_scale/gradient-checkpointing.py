"""Measure memory, work and gradients of a deep chain with and without checkpoints."""

import tracemalloc

import numpy as np

from dlprep.reference.dropout import dropout_mask

DEPTH, ROWS, WIDTH = 36, 512, 32
CUTS = (1, 2, 3, 4, 6, 9, 12, 18, 36)


class Chain:
    """Layers `tanh(x W)`, with dropout behind if wanted; counts calls and matrix products."""

    def __init__(self, rng, rate, replay):
        self.weights = rng.normal(size=(DEPTH, WIDTH, WIDTH)) / np.sqrt(WIDTH)
        self.rng, self.rate, self.replay = rng, rate, replay
        self.seeds = rng.integers(2**31, size=DEPTH)
        self.calls = self.products = 0

    def forward(self, i, x):
        self.calls, self.products = self.calls + 1, self.products + 1
        y, mask = np.tanh(x @ self.weights[i]), 1.0
        cache = (x, y, mask)
        if self.rate:
            seed = self.seeds[i] if self.replay else self.rng.integers(2**31)
            mask = dropout_mask(np.random.default_rng(seed), y.shape, self.rate)
            cache, y = (x, y, mask), y * mask
        return y, cache

    def backward(self, i, dy, cache):
        self.products += 2
        x, y, mask = cache
        dz = dy * mask * (1 - y**2)
        return dz @ self.weights[i].T, x.T @ dz


def gradients(chain, x, segments, keep_last):
    """Return the gradient of half the squared output by the weights, a checkpoint per segment."""
    ends = [i * DEPTH // segments for i in range(segments + 1)]
    runs, inputs = list(zip(ends, ends[1:], strict=False)), []
    for start, end in runs:
        inputs.append(x)
        if keep_last and end == DEPTH:
            break
        for i in range(start, end):
            x, _ = chain.forward(i, x)
    found, dy, caches = [], None if keep_last else x, []
    for start, end in reversed(runs):
        x = inputs.pop()
        for i in range(start, end):
            x, cache = chain.forward(i, x)
            caches.append(cache)
        dy, x, cache = x if dy is None else dy, None, None
        for i in reversed(range(start, end)):
            dy, gradient = chain.backward(i, dy, caches.pop())
            found.append(gradient)
    return np.array(found[::-1])


def measure(rng, segments, keep_last=False, rate=0.0, replay=True):
    """Return gradients, peak memory in activations, forward calls and matrix products."""
    chain, x = Chain(rng, rate, replay), rng.normal(size=(ROWS, WIDTH))
    tracemalloc.start()
    found = gradients(chain, x, segments, keep_last)
    peak = tracemalloc.get_traced_memory()[1] / x.nbytes
    tracemalloc.stop()
    return found, peak, chain.calls, chain.products


def gap(one, other):
    return np.linalg.norm(one - other) / np.linalg.norm(other)


def run(lab):
    plain, six, two, eighteen, saving = lab.contrast(
        lambda **settings: measure(lab.rng, **settings),
        control={"segments": 1, "keep_last": True},
        six={"segments": 6},
        two={"segments": 2},
        eighteen={"segments": 18},
        saving={"segments": 6, "keep_last": True},
    )
    ratio = six[1] / plain[1]
    text = "6 segments of 36 layers need about four tenths of the memory of the plain pass"
    lab.claim(text, ratio < 0.55, ratio, "< 0.55")
    lab.value("peak of 6 segments", six[1], "activations")
    lab.value("peak of the plain pass", plain[1], "activations")
    for name, other in (("2", two), ("18", eighteen)):
        more = other[1] / six[1]
        lab.claim(f"{name} segments need more than 6", more > 1.1, more, "> 1.1")
    for name, arm, calls, products in (
        ("plain pass", plain, 36, 108),
        ("6 segments", six, 72, 144),
        ("6 segments, the last one kept", saving, 66, 138),
    ):
        lab.claim(f"{name}: {calls} forward calls", arm[2] == calls, arm[2], calls)
        lab.claim(f"{name}: {products} products", arm[3] == products, arm[3], products)
    off = gap(six[0], plain[0])
    lab.claim("the gradients are the same to the last bit", off == 0, off, 0.0)
    state = lab.rng.bit_generator.state

    def dropped(segments, keep_last, replay):
        lab.rng.bit_generator.state = state
        return measure(lab.rng, segments, keep_last, 0.1, replay)[0]

    exact = dropped(1, True, True)
    off = gap(dropped(6, False, True), exact)
    lab.claim("with dropout too, if the masks are replayed", off == 0, off, 0.0)
    off = gap(dropped(6, False, False), dropped(1, True, False))
    lab.claim("with fresh masks they are wrong", off > 0.3, off, "> 0.3")
    peaks = [measure(lab.rng, segments)[1] for segments in CUTS]
    more = np.array(peaks) - [k + DEPTH / k for k in CUTS]
    lab.claim("peaks lie over 3 activations above k + L/k", more.min() > 3, more.min(), "> 3")
    lab.claim("and under 7", more.max() < 7, more.max(), "< 7")
    best = CUTS[int(np.argmin(peaks))]
    lab.claim("the peak is smallest near the root of 36", 4 <= best <= 9, best, "4 to 9")
    lab.lines("Peak memory of 36 layers", CUTS, {"measured": peaks}, x_label="segments",
              y_label="activations alive", log_x=True)  # fmt: skip
