"""Backpropagation through a chain of layers that keeps the inputs of its segments."""

import weakref

import numpy as np


def gradients_by_segments(layers, x, loss_gradient, segments):
    """Return the gradients of a chain of layers, keeping the caches of one segment at a time.

    Cut the layers into at most `segments` runs of neighbours, of which none is longer than
    `longest`, the number of layers over `segments`, rounded up. Keep the inputs of the runs on the
    way forward; on the way back run them again, from the last to the first.

    Args:
        layers: list of layers, at least one, the first takes `x`, each other one what the layer
            before it gives. A layer has two methods, and gives the same for the same input each
            time:
            `forward(x)` returns the pair `(y, cache)`, `y` an array;
            `backward(dy, cache)` returns the pair `(dx, gradient)`, the gradients of the loss with
            respect to the input and to the layer's parameters, arrays both. It needs the cache of
            a forward call of this layer with the right input.
        x: input of the first layer, float64 array; shapes differ from layer to layer.
        loss_gradient: function that takes the output of the last layer and returns the gradient of
            the loss with respect to it. Call it once.
        segments: how many segments there may be, an int from 1 to the number of layers.

    Returns:
        The pair `(dx, gradients)`: the gradient with respect to `x`, and a list (or tuple) with the
        gradient of each layer's parameters, in the order of the layers; right to nine digits.

    Calls and memory are graded too. Each layer runs forward at most twice and backward once. At
    most `longest` layers run backward without a forward call in between, and backward calls follow
    a forward call, as the first of a run does, at most `segments` times. At no time are more than
    `segments + 2 * longest + 2` caches alive, nor more than `2 * segments + longest + 3` arrays
    `y`: alive is what a variable, a list or the like refers to; gradients and `x` do not count.
    """
    depth = len(layers)
    ends = [i * depth // segments for i in range(segments + 1)]
    inputs = []
    for start, end in zip(ends, ends[1:], strict=False):
        inputs.append(x)
        for layer in layers[start:end]:
            x, _ = layer.forward(x)
    dy, gradients = loss_gradient(x), []
    for start, end in reversed(list(zip(ends, ends[1:], strict=False))):
        x, caches = inputs.pop(), []
        for layer in layers[start:end]:
            x, cache = layer.forward(x)
            caches.append(cache)
        for layer in reversed(layers[start:end]):
            dy, gradient = layer.backward(dy, caches.pop())
            gradients.append(gradient)
    return dy, gradients[::-1]


DIGITS = 1e-9


class _Meter:
    """Counts the caches and outputs that are alive, and the most there ever were."""

    def __init__(self):
        self.alive, self.most = {"caches": 0, "outputs": 0}, {"caches": 0, "outputs": 0}
        self.in_a_row = self.longest = self.runs = 0

    def born(self, kind, thing):
        self.alive[kind] += 1
        self.most[kind] = max(self.most[kind], self.alive[kind])
        weakref.finalize(thing, self._died, kind)

    def backward(self):
        self.runs += self.in_a_row == 0
        self.in_a_row += 1
        self.longest = max(self.longest, self.in_a_row)

    def _died(self, kind):
        self.alive[kind] -= 1


class _Cache:
    """What a layer keeps; it opens for the layer that made it."""

    def __init__(self, owner, x, y):
        self._owner, self._x, self._y = owner, x.copy(), y.copy()


class _Layer:
    """`scale * tanh(x W + b)`, the gradients of W and b in one array."""

    def __init__(self, lab, meter, place, widths):
        self._weights = lab.rng.normal(size=widths) / np.sqrt(widths[0])
        self._bias, self._scale = lab.rng.normal(size=widths[1]), 10 ** lab.rng.uniform(-1, 1)
        self._lab, self._meter, self._place = lab, meter, place
        self.forwards = self.backwards = 0

    def __repr__(self):
        return f"<layer {self._place}>"

    def forward(self, x):
        self.forwards += 1
        self._meter.in_a_row = 0
        y = self.compute(x)
        cache = _Cache(self, x, y)
        self._meter.born("caches", cache)
        self._meter.born("outputs", y)
        return y, cache

    def compute(self, x):
        return self._scale * np.tanh(x @ self._weights + self._bias)

    def backward(self, dy, cache):
        self.backwards += 1
        self._meter.backward()
        own = isinstance(cache, _Cache) and cache._owner is self
        self._lab.expect("backward gets a cache of the same layer", own, None, self)
        return self.differentiate(dy, cache._x, cache._y)

    def differentiate(self, dy, x, y):
        dz = dy * self._scale * (1 - (y / self._scale) ** 2)
        return dz @ self._weights.T, np.vstack([x.T @ dz, dz.sum(0)])


def check(candidate, lab):
    for depth, segments in ((1, 1), (2, 1), (2, 2), (4, 2), (9, 3)):
        _compare(candidate, lab, depth, segments, "segments of one length")
    for depth, segments in ((3, 2), (5, 4), (7, 3), (11, 4), (10, 7)):
        _compare(candidate, lab, depth, segments, "segments that cannot be of one length")
    for depth, segments in ((36, 6), (40, 20), (30, 30), (43, 5), (40, 1)):
        _compare(candidate, lab, depth, segments, "deep chains")


def _compare(candidate, lab, depth, segments, case):
    meter, widths = _Meter(), lab.rng.integers(1, 6, depth + 1).tolist()
    layers = [_Layer(lab, meter, i, widths[i : i + 2]) for i in range(depth)]
    x, goal = lab.rng.normal(size=(7, widths[0])), lab.rng.normal(size=(7, widths[-1]))
    asked = []

    def loss_gradient(y):
        asked.append(1)
        return y - goal

    given = {"number of layers": depth, "segments": segments}
    result = candidate(layers, x, loss_gradient, segments)
    pair = isinstance(result, tuple | list) and len(result) == 2
    lab.expect("a pair comes back", pair, given, type(result).__name__)
    dx, gradients = result
    several = isinstance(gradients, tuple | list) and len(gradients) == depth
    text = "the second of the pair is a list with a gradient for each layer"
    lab.expect(text, several, given, len(gradients) if several else type(gradients).__name__)
    lab.expect("loss_gradient is called once", len(asked) == 1, given, len(asked))
    expected_dx, expected = _gradients(layers, x, goal)
    _close(lab, f"{case}: the gradient with respect to x", dx, expected_dx, given)
    for layer, mine, right in zip(layers, gradients, expected, strict=True):
        shown = {**given, "layer": layer}
        _close(lab, f"{case}: the gradients of the layers, in their order", mine, right, shown)
    _count(lab, layers, meter, -(-depth // segments), segments, given)


def _count(lab, layers, meter, longest, segments, given):
    forwards = max(layer.forwards for layer in layers)
    lab.expect("each layer runs forward at most twice", forwards <= 2, given, forwards)
    backwards = [layer.backwards for layer in layers]
    lab.expect("each layer runs backward once", set(backwards) == {1}, given, backwards)
    lab.expect("segments are not too long: a forward call comes between their backward calls",
               meter.longest <= longest, given, f"{meter.longest} backward calls in a row",
               f"at most {longest}")  # fmt: skip
    lab.expect("there are no more runs than segments: backward follows forward that often",
               meter.runs <= segments, given, meter.runs, f"at most {segments}")  # fmt: skip
    limits = {"caches": segments + 2 * longest + 2, "outputs": 2 * segments + longest + 3}
    for kind, limit in limits.items():
        most = meter.most[kind]
        lab.expect(f"not too many {kind} are alive at a time", most <= limit, given,
                   f"{most} at a time", f"at most {limit}")  # fmt: skip


def _gradients(layers, x, goal):
    """Keep everything and go back once."""
    kept = [x]
    for layer in layers:
        kept.append(layer.compute(kept[-1]))
    dy, gradients = kept[-1] - goal, []
    for i in reversed(range(len(layers))):
        dy, gradient = layers[i].differentiate(dy, kept[i], kept[i + 1])
        gradients.insert(0, gradient)
    return dy, gradients


def _close(lab, text, got, expected, given):
    lab.close(text, got, expected, given, DIGITS, DIGITS * np.abs(expected).max())


def right_last_segment_kept(layers, x, loss_gradient, segments):
    """Chunks by step; the caches of the last chunk are used at once."""
    step = -(-len(layers) // segments)
    chunks = [layers[i : i + step] for i in range(0, len(layers), step)]

    def through(chunk, h):
        caches = []
        for layer in chunk:
            h, cache = layer.forward(h)
            caches.append(cache)
        return h, caches

    stored = []
    for chunk in chunks[:-1]:
        stored.append(x)
        for layer in chunk:
            x = layer.forward(x)[0]
    x, caches = through(chunks[-1], x)
    dy, gradients = loss_gradient(x), []
    for number in range(len(chunks) - 1, -1, -1):
        if number < len(chunks) - 1:
            _, caches = through(chunks[number], stored[number])
        for layer, cache in zip(reversed(chunks[number]), reversed(caches), strict=True):
            dy, gradient = layer.backward(dy, cache)
            gradients.insert(0, gradient)
    return [dy, tuple(gradients)]


def right_recursive(layers, x, loss_gradient, segments):
    """One call per segment; the gradient comes back through the calls."""
    parts = [part.tolist() for part in np.array_split(np.arange(len(layers)), segments)]
    gradients = {}

    def descend(parts, x):
        if not parts:
            return loss_gradient(x)
        y = x
        for i in parts[0]:
            y, _ = layers[i].forward(y)
        dy = descend(parts[1:], y)
        caches = {}
        for i in parts[0]:
            x, caches[i] = layers[i].forward(x)
        for i in reversed(parts[0]):
            dy, gradients[i] = layers[i].backward(dy, caches[i])
        return dy

    dx = descend(parts, x)
    return dx, [gradients[i] for i in range(len(layers))]


def wrong_keeps_all(layers, x, loss_gradient, segments):
    """Plain backpropagation."""
    caches = []
    for layer in layers:
        x, cache = layer.forward(x)
        caches.append(cache)
    dy, gradients = loss_gradient(x), []
    for layer, cache in zip(reversed(layers), reversed(caches), strict=True):
        dy, gradient = layer.backward(dy, cache)
        gradients.append(gradient)
    return dy, gradients[::-1]


def wrong_keeps_all_outputs(layers, x, loss_gradient, segments):
    """A checkpoint at every layer, whatever was asked for."""
    return gradients_by_segments(layers, x, loss_gradient, len(layers))


def wrong_copies_all_inputs(layers, x, loss_gradient, segments):
    """Keeps what each layer gets, and goes back layer by layer."""
    inputs = []
    for layer in layers:
        inputs.append(np.array(x))
        x, _ = layer.forward(x)
    dy, gradients = loss_gradient(x), []
    for layer in reversed(layers):
        _, cache = layer.forward(inputs.pop())
        dy, gradient = layer.backward(dy, cache)
        gradients.insert(0, gradient)
    return dy, gradients


def wrong_too_many_runs(layers, x, loss_gradient, segments):
    """Rounds the length of a run down."""
    step = max(1, len(layers) // segments)
    return gradients_by_segments(layers, x, loss_gradient, -(-len(layers) // step))


def wrong_twice_as_many_runs(layers, x, loss_gradient, segments):
    return gradients_by_segments(layers, x, loss_gradient, min(len(layers), 2 * segments))


def wrong_from_the_input(layers, x, loss_gradient, segments):
    """Runs forward from the input for each layer."""
    y = x
    for layer in layers:
        y, _ = layer.forward(y)
    dy, gradients = loss_gradient(y), []
    for i in reversed(range(len(layers))):
        y = x
        for layer in layers[: i + 1]:
            y, cache = layer.forward(y)
        dy, gradient = layers[i].backward(dy, cache)
        gradients.insert(0, gradient)
    return dy, gradients


def wrong_one_segment(layers, x, loss_gradient, segments):
    """Recomputes, but all at once."""
    return gradients_by_segments(layers, x, loss_gradient, 1)


def wrong_remainder_lost(layers, x, loss_gradient, segments):
    """Forgets the layers beyond the last whole segment."""
    whole = len(layers) // segments * segments
    return gradients_by_segments(layers[:whole], x, loss_gradient, segments)


def wrong_remainder_in_the_last(layers, x, loss_gradient, segments):
    """Puts the remainder into the last segment, which gets too long."""
    step, y, stored = len(layers) // segments, x, []
    starts = [i * step for i in range(segments)]
    for i, layer in enumerate(layers):
        if i in starts:
            stored.append(y)
        y, _ = layer.forward(y)
    dy, gradients = loss_gradient(y), []
    for start, end in zip(reversed(starts), [len(layers), *reversed(starts)], strict=False):
        y, caches = stored.pop(), []
        for layer in layers[start:end]:
            y, cache = layer.forward(y)
            caches.append(cache)
        for layer in reversed(layers[start:end]):
            dy, gradient = layer.backward(dy, caches.pop())
            gradients.insert(0, gradient)
    return dy, gradients


def wrong_order(layers, x, loss_gradient, segments):
    """Returns the gradients from the last layer to the first."""
    dx, gradients = gradients_by_segments(layers, x, loss_gradient, segments)
    return dx, gradients[::-1]


def wrong_input_gradient_only(layers, x, loss_gradient, segments):
    return gradients_by_segments(layers, x, loss_gradient, segments)[0]


def wrong_caches_kept(layers, x, loss_gradient, segments):
    """Recomputes segment by segment, and lets no cache go."""
    kept = []

    class Keeping:
        def __init__(self, layer):
            self.layer = layer

        def forward(self, x):
            y, cache = self.layer.forward(x)
            kept.append(cache)
            return y, cache

        def backward(self, dy, cache):
            return self.layer.backward(dy, cache)

    return gradients_by_segments([*map(Keeping, layers)], x, loss_gradient, segments)


def wrong_gradient_of_the_end(layers, x, loss_gradient, segments):
    """Starts each segment with the gradient of the loss."""
    ends = [i * len(layers) // segments for i in range(segments + 1)]
    inputs, y = [], x
    for i, layer in enumerate(layers):
        if i in ends:
            inputs.append(y)
        y, _ = layer.forward(y)
    start, gradients = loss_gradient(y), []
    for i in reversed(range(segments)):
        y, caches, dy = inputs[i], [], start
        for layer in layers[ends[i] : ends[i + 1]]:
            y, cache = layer.forward(y)
            caches.append(cache)
        for layer in reversed(layers[ends[i] : ends[i + 1]]):
            if dy.shape != y.shape:
                dy = np.resize(dy, y.shape)
            dy, gradient = layer.backward(dy, caches.pop())
            y = dy
            gradients.insert(0, gradient)
    return dy, gradients
