"""Send a gradient back through blocks of equal branches, with and without the shortcut."""

import numpy as np

from dlprep.reference.activations import relu
from dlprep.reference.shortcuts import residual, residual_backward

WIDTH, ROWS = 128, 32


def forward(x, weights, scale, skip):
    """Return every block's input, and the output."""
    seen = [x]
    for w in weights:
        branch = scale * (relu(seen[-1])[0] @ w)
        seen.append(residual(seen[-1], branch) if skip else branch)
    return seen


def backward(dy, seen, weights, scale, skip):
    """Return the gradient for the first block's input."""
    for x, w in zip(seen[-2::-1], weights[::-1], strict=True):
        past, branch = residual_backward(dy, x)[:2] if skip else (0, dy)
        dy = past + scale * (branch @ w.T) * (x > 0)
    return dy


def drawn(lab, blocks, nets):
    """Return networks: inputs, gradients that come in, weights of variance 2/n."""
    return [
        (*lab.rng.normal(size=(2, ROWS, WIDTH)),
         lab.rng.normal(0, np.sqrt(2 / WIDTH), (blocks, WIDTH, WIDTH)))
        for _ in range(nets)
    ]  # fmt: skip


def longer(nets, scale, skip):
    """Return the gradient's length at the input over that at the output, over all networks."""
    squares = []
    for x, dy, weights in nets:
        back = backward(dy, forward(x, weights, scale, skip), weights, scale, skip)
        squares.append(np.sum(back**2) / np.sum(dy**2))
    return float(np.sqrt(np.mean(squares)))


def run(lab):
    blocks, scale = lab.draw["blocks"], lab.draw["scale"]
    arm = {"nets": drawn(lab, blocks, 30), "scale": scale}
    plain, skipped = lab.contrast(longer, control={**arm, "skip": False},
                                  treatment={**arm, "skip": True})  # fmt: skip
    lab.answer(skipped)
    law = (1 + scale**2) ** (blocks / 2)
    lab.claim("with the shortcut the length is that of the law", 0.65 < skipped / law < 1.5,
              skipped / law, "0.65 to 1.5")  # fmt: skip
    law = scale**blocks
    lab.claim("without it the branches' scale is the factor", 0.6 < plain / law < 1.6,
              plain / law, "0.6 to 1.6")  # fmt: skip
    _sweep(lab)
    lab.claim("one block: the gradient is that of finite differences", *_differences(lab, scale))


def _sweep(lab):
    """Fifty blocks, whatever was drawn."""
    scales, nets = (0.1, 0.2, 0.5, 1.0), drawn(lab, 50, 3)
    arms = {name: [longer(nets, scale, skip) for scale in scales]
            for name, skip in (("plain", False), ("with shortcut", True))}  # fmt: skip
    for place, text, least in ((2, "0.5: under 1e-14", 1e-14), (0, "0.1: under 1e-48", 1e-48)):
        got = arms["plain"][place]
        lab.claim(f"fifty plain blocks at scale {text} is left", got < least, got, f"< {least:g}")
    lab.claim("fifty plain blocks at scale 1 keep it", 0.3 < arms["plain"][3] < 3,
              arms["plain"][3], "0.3 to 3")  # fmt: skip
    low, high = arms["with shortcut"][0], arms["with shortcut"][3]
    lab.claim("with shortcuts at 0.1 it grows by 1.3", 0.9 < low < 1.8, low, "0.9 to 1.8")
    lab.claim("with shortcuts at 1 it explodes", high > 1e7, high, "> 1e7")
    damped = longer(nets, 50**-0.5, True)
    lab.claim("scale one over the root of the depth: 1.6", 1.2 < damped < 2.2, damped,
              "1.2 to 2.2")  # fmt: skip
    lab.lines("Gradient after fifty blocks", scales, arms, log_x=True, log_y=True,
              x_label="scale of the branches", y_label="length at input / at output")  # fmt: skip


def _differences(lab, scale):
    x, dy = lab.rng.normal(size=(2, 1, WIDTH))
    weights = lab.rng.normal(0, np.sqrt(2 / WIDTH), (1, WIDTH, WIDTH))
    got = backward(dy, forward(x, weights, scale, True), weights, scale, True)
    steps = 1e-6 * np.eye(WIDTH)
    ends = [forward(x + sign * steps, weights, scale, True)[-1] @ dy[0] for sign in (1, -1)]
    error = float(np.abs((ends[0] - ends[1]) / 2e-6 - got[0]).max())
    return error < 1e-6, error, "< 1e-6"
