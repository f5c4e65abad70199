"""Count which weights of fresh ReLU networks get a gradient; look at the kink itself."""

import numpy as np
import tensorflow as tf
from keras import activations, ops

from dlprep.lab.data import digits
from dlprep.reference.activations import linear, relu

INPUTS, NETS, BATCH = 32, 250, 32
SLOPES = {
    "relu": activations.relu,
    "maximum(x, 0)": lambda x: ops.maximum(x, 0.0),
    "maximum(0, x)": lambda x: ops.maximum(0.0, x),
}


def slopes(function):
    """Gradients of a Keras function just below, at and just above zero."""
    x = tf.constant([-1e-3, 0.0, 1e-3])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return [float(slope) for slope in tape.gradient(y, x)]


def run(lab):
    before, after = int(lab.draw["before"]), int(lab.draw["after"])

    def gradients(g, nets, examples=1):
        """Yield, net by net, every example's gradients for the first and second weights."""
        for _ in range(nets):
            w1, w2, w3 = (lab.rng.normal(0, np.sqrt(2 / n), (n, m))
                          for n, m in ((INPUTS, before), (before, after), (after, 1)))  # fmt: skip
            x = lab.rng.normal(size=(examples, INPUTS))
            a1, slope1 = g(x @ w1)
            d2 = w3[:, 0] * g(a1 @ w2)[1]
            d1 = d2 @ w2.T * slope1
            yield x[:, :, None] * d1[:, None], a1[:, :, None] * d2[:, None]

    def moved(activation):
        """Mean number of weights into the first and the second layer with a gradient."""
        counts = [[np.count_nonzero(d) for d in pair] for pair in gradients(activation, NETS)]
        return np.mean(counts, axis=0)

    straight, rectified = lab.contrast(
        moved, control={"activation": linear}, treatment={"activation": relu}
    )
    lab.answer(rectified[1])
    share, first = rectified[1] / (before * after), rectified[0] / (INPUTS * before)
    lab.claim("a quarter of the weights between two ReLU layers get a gradient",
              0.18 < share < 0.34, share, "0.18 to 0.34")  # fmt: skip
    lab.claim("of those from the inputs, half", 0.35 < first < 0.7, first, "0.35 to 0.7")
    whole = straight[1] / (before * after)
    lab.claim("without ReLU all do", whole == 1, whole, 1.0, share=True)
    in_batch = np.mean(
        [np.mean(np.any(pair[1] != 0, axis=0)) for pair in gradients(relu, 5, BATCH)]
    )
    lab.claim("over a batch of 32 examples over 90% do", in_batch > 0.9, in_batch, "> 0.9",
              share=True)  # fmt: skip
    _silence(lab)
    _kink(lab)
    corner = next(gradients(relu, 1))[1][0, :40, :40]
    lab.heatmap("Weights with a gradient from one example, 40 units to 40", 1.0 * (corner != 0),
                x_label="unit of the later layer", y_label="unit of the earlier layer")  # fmt: skip


def _silence(lab):
    """Tell silent for one example from silent for all, with centred and with shifted inputs."""
    w = lab.rng.normal(size=(INPUTS, 2000))
    for mean, name in ((0.0, "centred"), (3.0, "shifted by 3")):
        off = (mean + lab.rng.normal(size=(200, INPUTS))) @ w <= 0
        silent, dead = off.mean(), off.all(axis=0).mean()
        lab.claim(f"{name}: half of the units are silent for an example", 0.35 < silent < 0.7,
                  silent, "0.35 to 0.7")  # fmt: skip
        if mean:
            lab.claim(f"{name}: over 10% are silent for all 200", dead > 0.1, dead, "> 0.1")
        else:
            lab.claim(f"{name}: none is silent for all 200", dead == 0, dead, 0.0)


def _kink(lab):
    exact = int(np.sum(lab.rng.normal(size=(1000, INPUTS)) @ lab.rng.normal(size=INPUTS) == 0))
    lab.claim("of 1,000 sums of continuous inputs none is exactly zero", exact == 0, exact, 0)
    pictures = digits(lab.rng)[0][0].reshape(-1, 8, 8)
    patches = np.lib.stride_tricks.sliding_window_view(pictures, (3, 3), axis=(1, 2))
    zeros = np.mean(np.einsum("nijkl,kl->nij", patches, lab.rng.normal(size=(3, 3))) == 0)
    lab.claim("a 3x3 filter on digits: over 1% are, on black patches", zeros > 0.01, zeros,
              "> 0.01", share=True)  # fmt: skip
    for name, expected in {"relu": 0.0, "maximum(x, 0)": 1.0, "maximum(0, x)": 0.0}.items():
        below, at, above = slopes(SLOPES[name])
        lab.claim(f"Keras on TensorFlow: at zero {name} has the slope {expected:g}", at == expected,
                  at, expected)  # fmt: skip
        sides = f"{below:g} and {above:g}"
        lab.claim(f"{name}: 0 and 1 on either side", sides == "0 and 1", sides, "0 and 1")
