"""Send gradients back through deep sigmoid and ReLU networks that are not trained yet."""

import numpy as np

from dlprep.reference.activations import relu, sigmoid

DEPTH, WIDTH, NETS = 10, 64, 40
ABOUT = {
    "About 0.1: nine layers keep some 75 to 80% of the gradient each": 1e-1,
    "About 0.002: nine layers keep some 50% of the gradient each": 2e-3,
    "About 0.000002: nine layers keep some 25% of the gradient each": 2e-6,
    "About 20: nine layers add some 40% to the gradient each": 2e1,
}
SLOPES = {sigmoid: lambda a: a * (1 - a), relu: lambda a: a > 0}


def gradient_norms(rng, activation, gain, skip):
    """Return the norms of the gradient at each layer's pre-activations, variance gain/n."""
    x, y = rng.normal(size=(64, WIDTH)), rng.normal(size=(64, 1))
    weights = rng.normal(0, np.sqrt(gain / WIDTH), (DEPTH, WIDTH, WIDTH))
    head = rng.normal(0, np.sqrt(1 / WIDTH), (WIDTH, 1))
    outputs = []
    for w in weights:
        outputs.append(activation(x @ w)[0])
        x = outputs[-1] + skip * x
    back, norms = 2 * (x @ head - y) @ head.T / len(x), []
    for w, left in zip(weights[::-1], outputs[::-1], strict=True):
        before = back * SLOPES[activation](left)
        norms.append(np.linalg.norm(before))
        back = before @ w.T + skip * back
    return np.array(norms[::-1])


def run(lab):
    def typical(activation, gain, skip=0):
        """Return the geometric mean over networks of each layer's norm, the tenth's being 1."""
        norms = [gradient_norms(lab.rng, activation, gain, skip) for _ in range(NETS)]
        return np.exp(np.mean([np.log(one / one[-1]) for one in norms], axis=0))

    kept, vanished = lab.contrast(
        typical,
        control={"activation": relu, "gain": 2},
        treatment={"activation": sigmoid, "gain": 1},
    )
    ratio = vanished[0]
    lab.answer(min(ABOUT, key=lambda text: abs(np.log(ABOUT[text] / ratio))))
    lab.claim("sigmoid: some 2e-6 of the tenth layer's gradient arrive at the first", ratio < 3e-6,
              ratio, "< 3e-6")  # fmt: skip
    factor = ratio ** (1 / (DEPTH - 1))
    lab.claim("on average a sigmoid layer keeps a third at most", factor < 0.33, factor, "< 0.33")
    lab.claim("nine layers leave half of what 0.25 each would", 1.2e-6 < ratio < 3e-6, ratio,
              "1.2e-6 to 3e-6")  # fmt: skip
    lab.claim("ReLU with variance 2/n keeps over 0.6", kept[0] > 0.6, kept[0], "> 0.6")
    lab.claim("and does not make it grow by half", kept[0] < 1.5, kept[0], "< 1.5")
    skipped = typical(sigmoid, 1, skip=1)[0]
    lab.claim("with skip connections it arrives over 1.4 times as long", skipped > 1.4, skipped,
              "> 1.4")  # fmt: skip
    sweep = {gain: typical(sigmoid, gain)[0] for gain in (1, 4, 16, 64, 128, 256)}
    lab.claim("with variance 16/n the sigmoid's ratio is still under 0.02", sweep[16] < 0.02,
              sweep[16], "< 0.02")  # fmt: skip
    lab.claim("with variance 128/n nothing vanishes", sweep[128] > 0.8, sweep[128], "> 0.8")
    curves = {"sigmoid, variance 1/n": vanished, "ReLU, variance 2/n": kept}
    lab.lines("Norm of each layer's gradient, the tenth's being 1", range(1, DEPTH + 1), curves,
              log_y=True, x_label="layer", y_label="norm of the gradient")  # fmt: skip
