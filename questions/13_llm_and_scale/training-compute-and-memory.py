"""Train a small dense network in mixed precision; count the bytes it keeps and its operations."""

import numpy as np

from dlprep.reference.optimizers import adam

WIDTH, DEPTH, ROWS, STEPS = 32, 12, 64, 30


class Products:
    """Multiplies matrices in float32, rounds the result, counts multiplications and additions."""

    def __init__(self, kind):
        self.kind, self.operations = kind, 0

    def __call__(self, a, b):
        self.operations += 2 * a.shape[0] * a.shape[1] * b.shape[1]
        return (a.astype("float32") @ b.astype("float32")).astype(self.kind)


def forward(x, weights, product):
    layers = [x]
    for weight in weights:
        layers.append(np.tanh(product(layers[-1], weight)))
    return layers


def backward(signal, layers, weights, product):
    gradients = []
    for i in reversed(range(len(weights))):
        dz = signal * (1 - layers[i + 1] ** 2)
        gradients.insert(0, product(layers[i].T, dz))
        signal = product(dz, weights[i].T) if i else None
    return gradients


def train(rng, kind, master, moments):
    """Return the loss at each step and all arrays that training keeps, by name.

    `kind` is the type of weights and gradients, `master` that of the copy (None: no copy), and
    `moments` that of Adam's averages (None: plain gradient descent).
    """
    exact = rng.normal(size=(DEPTH, WIDTH, WIDTH)).astype("float32") / np.float32(np.sqrt(WIDTH))
    x = rng.normal(size=(ROWS, WIDTH)).astype(kind)
    goal, losses = np.tanh(x.astype("float32") @ exact[0]), []
    kept = {"weights": exact.astype(kind)}
    if master:
        kept["copy"] = exact.astype(master)
    if moments:
        kept |= {name: np.zeros(exact.shape, moments) for name in ("m", "v")}
    for step in range(1, STEPS + 1):
        layers = forward(x, kept["weights"], Products(kind))
        error = layers[-1].astype("float32") - goal
        losses.append(float(np.mean(error**2)))
        # Scaled by 64, so that the averages of the squares are no zeros in 16 bits.
        signal = (64 * error / ROWS).astype(kind)
        kept["gradients"] = np.array(backward(signal, layers, kept["weights"], Products(kind)))
        source = kept["copy"] if master else kept["weights"]
        g = kept["gradients"].astype("float32")
        new = source - 1e-2 * g
        if moments:
            old = (kept[name].astype("float32") for name in ("m", "v"))
            new, m, v = adam(source.astype("float32"), g, *old, step, alpha=1e-3)
            kept |= {"m": m.astype(moments), "v": v.astype(moments)}
        kept["weights"] = new.astype(kind)
        if master:
            kept["copy"] = new.astype(master)
    return losses, kept


def bytes_each(kept):
    return sum(part.nbytes for part in kept.values()) / kept["weights"].size


def run(lab):
    bits, billions = lab.draw["bits"], lab.draw["billions"]
    moments = {32: "float32", 16: "float16"}[bits]
    plain, (losses, mixed) = lab.contrast(
        lambda **types: train(lab.rng, **types),
        control={"kind": "float16", "master": None, "moments": None},
        mixed={"kind": "float16", "master": "float32", "moments": moments},
    )
    each = bytes_each(mixed)
    lab.answer(billions * each)
    expected = 8 + bits // 4
    text = f"Adam with averages in {bits} bits keeps {expected} bytes per parameter"
    lab.claim(text, each == expected, each, float(expected))
    for name in ("float32", "float16"):
        kept = train(lab.rng, "float16", "float32", name)[1]
        lab.value(f"bytes per parameter, averages in {name}", bytes_each(kept))
    lab.value("GB for 7 billion parameters, averages in float32",
              7 * bytes_each(train(lab.rng, "float16", "float32", "float32")[1]))  # fmt: skip
    weight = mixed["weights"].nbytes / mixed["weights"].size
    lab.claim("the weights are 2 of them", weight == 2, weight, 2.0)
    full = bytes_each(train(lab.rng, "float32", None, "float32")[1])
    lab.claim("all in float32 it is 16 as well", full == 16, full, 16.0)
    ratio = losses[-1] / losses[0]
    lab.claim("it trains: the loss falls", ratio < 0.9, ratio, "< 0.9")
    lab.bars("Bytes per parameter", {name: part.nbytes / part.size for name, part in mixed.items()},
             y_label="bytes")  # fmt: skip
    _operations(lab, mixed["weights"].astype("float32"))


def _operations(lab, weights):
    """Count what a token, here a row, costs per weight."""
    x, each = lab.rng.normal(size=(ROWS, WIDTH)).astype("float32"), ROWS * weights.size
    ahead, back = Products("float32"), Products("float32")
    layers = forward(x, weights, ahead)
    backward(layers[-1], layers, weights, back)
    first, second = ahead.operations / each, back.operations / each
    lab.claim("forward takes 2 operations per weight", first == 2, first, 2.0)
    lab.claim("backward nearly 4", 3.7 < second < 4, second, "3.7 to 4")
    total = first + second
    lab.claim("together about 6, the first layer saves some", 5.5 < total < 6.1, total,
              "5.5 to 6.1")  # fmt: skip
    again = Products("float32")
    forward(x, weights, again)
    more = total + again.operations / each
    lab.claim("with a second forward pass nearly 8", 7.5 < more < 8.1, more, "7.5 to 8.1")
    cost = round(total) * 70e9 * 1.4e12
    lab.value("70 billion weights, 1.4e12 tokens", cost, "operations")
