"""Mark lines of one pixel's width behind a pooling, with and without a skip around it."""

import numpy as np

from dlprep.reference.convolution import (
    convolution,
    convolution_backward,
    max_pooling,
    max_pooling_backward,
)
from dlprep.reference.optimizers import adam
from dlprep.reference.transposed_convolution import (
    transposed_convolution,
    transposed_convolution_backward,
)

SIZE, CELL, CHANNELS, BATCH, STEPS = 8, 4, 6, 16, 110
WIDER = "Four times as many channels behind the pooling"
SKIP = "The first feature map, joined on before the last layer"
PAINTED = "A transposed convolution in place of the repetition"
LONGER = "Twice as many training steps, on fresh pictures"


def pictures(rng, n):
    """Draw noisy pictures in which a line wanders from left to right, and its mask."""
    masks, rows = np.zeros((n, SIZE, SIZE, 1), "float32"), rng.integers(0, SIZE, n)
    for column in range(SIZE):
        masks[np.arange(n), rows, column] = 1
        rows = np.clip(rows + rng.integers(-1, 2, n), 0, SIZE - 1)
    return (masks + 0.3 * rng.normal(size=masks.shape)).astype("float32"), masks


def padded(x):
    return np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))


def initial(rng, width, skip, strided, transposed):
    """Return He-normal kernels: first layer, bottleneck, way up, last layer."""
    down = (CELL, CELL) if strided else (1, 1)
    shapes = {"first": (3, 3, 1, CHANNELS), "down": (*down, CHANNELS, width)}
    if transposed:
        shapes["up"] = (CELL, CELL, CHANNELS, width)
    shapes["last"] = (3, 3, (CHANNELS if transposed else width) + CHANNELS * skip, 1)
    kernels = {}
    for name, shape in shapes.items():
        inputs = shape[3] if name == "up" else np.prod(shape[:3])
        kernels[name] = (rng.normal(size=shape) * np.sqrt(2 / inputs)).astype("float32")
    outputs = {name: shape[2 if name == "up" else 3] for name, shape in shapes.items()}
    return kernels | {f"b_{name}": np.zeros(count, "float32") for name, count in outputs.items()}


def forward(x, w, skip):
    c = {"x": padded(x)}
    c["fine"] = np.maximum(convolution(c["x"], w["first"], w["b_first"]), 0)
    if len(w["down"]) > 1:
        c["coarse"] = np.maximum(convolution(c["fine"], w["down"], w["b_down"], CELL), 0)
    else:
        c["pooled"] = max_pooling(c["fine"], (CELL, CELL), CELL)
        c["coarse"] = np.maximum(convolution(c["pooled"], w["down"], w["b_down"]), 0)
    if "up" in w:
        c["wide"] = np.maximum(transposed_convolution(c["coarse"], w["up"], w["b_up"], CELL), 0)
    else:
        c["wide"] = c["coarse"].repeat(CELL, 1).repeat(CELL, 2)
    c["top"] = padded(np.concatenate([c["wide"], c["fine"]], 3) if skip else c["wide"])
    return convolution(c["top"], w["last"], w["b_last"]), c


def backward(dz, c, w, skip):
    g = {}
    dtop, g["last"], g["b_last"] = convolution_backward(dz, c["top"], w["last"])
    dtop = dtop[:, 1:-1, 1:-1]
    width = c["wide"].shape[3]
    dwide = dtop[..., :width]
    if "up" in w:
        dcoarse, g["up"], g["b_up"] = transposed_convolution_backward(
            dwide * (c["wide"] > 0), c["coarse"], w["up"], CELL
        )
    else:
        dcoarse = dwide.reshape(len(dz), SIZE // CELL, CELL, SIZE // CELL, CELL, width).sum((2, 4))
    dcoarse = dcoarse * (c["coarse"] > 0)
    if "pooled" in c:
        dpooled, g["down"], g["b_down"] = convolution_backward(dcoarse, c["pooled"], w["down"])
        dfine = max_pooling_backward(dpooled, c["fine"], (CELL, CELL), CELL)
    else:
        dfine, g["down"], g["b_down"] = convolution_backward(dcoarse, c["fine"], w["down"], CELL)
    if skip:
        dfine = dfine + dtop[..., width:]
    _, g["first"], g["b_first"] = convolution_backward(dfine * (c["fine"] > 0), c["x"], w["first"])
    return g


def train(rng, width=8, skip=False, strided=False, transposed=False, steps=STEPS, rate=0.02):
    """Return the network after Adam's steps on fresh pictures, as a function to logits."""
    w = initial(rng, width, skip, strided, transposed)
    moments = {name: (0.0, 0.0) for name in w}
    for step in range(1, steps + 1):
        x, y = pictures(rng, BATCH)
        z, cache = forward(x, w, skip)
        dz = (1 / (1 + np.exp(-z)) - y) / y.size
        for name, slope in backward(dz, cache, w, skip).items():
            w[name], *moments[name] = adam(w[name], slope, *moments[name], step, rate)
    return lambda x: forward(x, w, skip)[0]


def run(lab):
    x, y = pictures(lab.rng, 300)

    def logits(**settings):
        return train(lab.rng, **settings)(x)

    plain, skip, wider, painted, longer = lab.contrast(
        logits,
        control={},
        skip={"skip": True},
        wider={"width": 32},
        painted={"transposed": True},
        longer={"steps": 2 * STEPS},
    )
    outcomes = {"as it is": plain, WIDER: wider, PAINTED: painted, LONGER: longer, SKIP: skip}
    found = {name: best_overlap(z, y) for name, z in outcomes.items()}
    lab.answer(max(list(found)[1:], key=found.get))
    lab.claim("with the first feature map joined on, the overlap is over 0.8", found[SKIP] > 0.8,
              found[SKIP], "> 0.8", share=True)  # fmt: skip
    lab.claim("without it, below 0.5", found["as it is"] < 0.5, found["as it is"], "< 0.5",
              share=True)  # fmt: skip
    for name, words in ((WIDER, "more channels"), (PAINTED, "transposed"), (LONGER, "more steps")):
        lab.claim(f"{words}: below 0.55", found[name] < 0.55, found[name], "< 0.55", share=True)
    stored = train(lab.rng, width=32, strided=True, transposed=True)(x)
    kept = best_overlap(stored, y)
    lab.claim("no skip, strided and transposed convolution, 32 channels: over 0.75", kept > 0.75,
              kept, "> 0.75", share=True)  # fmt: skip
    shown = {"picture": x[0], "line": y[0], "as it is": plain[0] > 0, "joined on": skip[0] > 0}
    lab.images("A picture, its line, and what two networks mark",
               {name: image.astype(float) for name, image in shown.items()})  # fmt: skip


def best_overlap(z, y):
    """Return the overlap at the best threshold for these pictures."""
    return max(overlap(z > cut, y > 0) for cut in np.linspace(-4, 2, 25))


def overlap(found, there):
    """Return intersection over union of all marked pixels."""
    return np.sum(found & there) / np.sum(found | there)
