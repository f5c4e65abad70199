"""Send signals forward and gradients back through layers whose two sides differ in width."""

import numpy as np

from dlprep.reference.activations import relu, tanh
from dlprep.reference.initializers import scaled

LAYERS, ROWS, WIDTH, DEPTH = 30, 64, 128, 10


def variance_of(rule, fan_in, fan_out):
    """Return the variance that a rule gives the weights."""
    if rule == "printed":
        return 2 / np.sqrt(fan_in + fan_out)
    fans = {"LeCun": fan_in, "back": fan_out, "Glorot": (fan_in + fan_out) / 2}
    return scaled(1.0, fans[rule])[1]


def run(lab):
    fan_in, fan_out = lab.draw["inputs"], lab.draw["outputs"]

    def factors(rule):
        """Return what layers do to the variance of a signal, and to that of a gradient."""
        ahead, back = [], []
        for _ in range(LAYERS):
            deviation = np.sqrt(variance_of(rule, fan_in, fan_out))
            w = lab.rng.normal(0, deviation, (fan_in, fan_out))
            x, dy = (lab.rng.normal(size=(ROWS, size)) for size in w.shape)
            ahead.append(np.mean((x @ w) ** 2) / np.mean(x**2))
            back.append(np.mean((dy @ w.T) ** 2) / np.mean(dy**2))
        return float(np.mean(ahead)), float(np.mean(back))

    lecun, glorot, outward = lab.contrast(factors, control={"rule": "LeCun"},
                                          treatment={"rule": "Glorot"},
                                          back={"rule": "back"})  # fmt: skip
    lab.answer(glorot[0])
    law = 2 * fan_in / (fan_in + fan_out)
    lab.claim("forward the variance is multiplied by inputs over the mean of both",
              0.75 < glorot[0] / law < 1.33, glorot[0] / law, "0.75 to 1.33")  # fmt: skip
    turned = fan_out / fan_in
    for text, got, expected in (
        ("Glorot, back: by outputs over the mean of both", glorot[1], 2 - law),
        ("1 over the inputs keeps the signal", lecun[0], 1),
        ("and multiplies the gradient's variance by outputs over inputs", lecun[1], turned),
        ("1 over the outputs keeps the gradient", outward[1], 1),
    ):  # fmt: skip
        lab.claim(text, 0.75 < got / expected < 1.33, got / expected, "0.75 to 1.33")
    _deep(lab)


def _deep(lab):
    """Ten tanh layers of one width, and the two forms of Glorot's rule."""
    rules, x = ("Glorot", "printed"), lab.rng.normal(size=(ROWS, WIDTH))
    seen = {}
    for rule in rules:
        deviation, h, sizes = np.sqrt(variance_of(rule, WIDTH, WIDTH)), x, []
        for _ in range(DEPTH):
            h = tanh(h @ lab.rng.normal(0, deviation, (WIDTH, WIDTH)))[0]
            sizes.append(float(np.mean(np.abs(h) > 0.99)))
        seen[rule] = sizes
    lab.claim("ten tanh layers, Glorot: under 0.1% of the units are beyond 0.99",
              seen["Glorot"][-1] < 0.001, seen["Glorot"][-1], "< 0.001")  # fmt: skip
    end = seen["printed"][-1]
    lab.claim("with the square root around the sum: over 30%", end > 0.3, end, "> 0.3", share=True)
    limit = scaled(1.0, WIDTH)[3]
    z = x @ lab.rng.uniform(-limit, limit, (WIDTH, WIDTH))
    kept, half = (float(np.mean(part**2) / np.mean(x**2)) for part in (z, relu(z)[0]))
    lab.claim("equal widths, uniform up to the root of 6 over both: the variance is kept",
              0.7 < kept < 1.45, kept, "0.7 to 1.45")  # fmt: skip
    lab.claim("ReLU keeps half of the mean square", 0.35 < half < 0.7, half, "0.35 to 0.7")
    names = ("2 / (inputs + outputs)", "2 / root of (inputs + outputs)")
    lab.lines("Saturated tanh units, by variance of the weights", range(1, DEPTH + 1),
              {name: seen[rule] for name, rule in zip(names, rules, strict=True)},
              x_label="layer", y_label="share of units beyond 0.99")  # fmt: skip
