"""Send noise through fifty ReLU layers under four scales of their weights, and back again."""

import numpy as np

from dlprep.reference.activations import relu

DEPTH, WIDTH, NETS = 50, 128, 20
OPTIONS = {
    "Some 1: this variance is chosen to preserve the signal": 1.0,
    "Some 0.1: the layers lose a few percent of it each": 0.1,
    "Some 0.00000003: the layers keep 0.71 of it each": 3e-8,
    "Some 30,000,000: the layers multiply it by 1.41 each": 3e7,
}


def sizes(rng, variance):
    """Return the root mean square after each layer and, last, that of the gradient sent back."""
    x, seen, passed = rng.normal(size=(8, WIDTH)), [], []
    weights = rng.normal(0, np.sqrt(variance), (DEPTH, WIDTH, WIDTH))
    for w in weights:
        x = relu(x @ w)[0]
        passed.append(x > 0)
        seen.append(np.sqrt(np.mean(x**2)))
    back = rng.normal(size=x.shape)
    for w, mask in zip(weights[::-1], passed[::-1], strict=True):
        back = (back * mask) @ w.T
    return np.array([*seen, np.sqrt(np.mean(back**2))])


def run(lab):
    def typical(variance):
        """Return the geometric mean over networks."""
        return np.exp(np.mean([np.log(sizes(lab.rng, variance)) for _ in range(NETS)], axis=0))

    he, one, four, tiny = lab.contrast(
        typical,
        control={"variance": 2 / WIDTH},
        one={"variance": 1 / WIDTH},
        four={"variance": 4 / WIDTH},
        tiny={"variance": 0.01**2},
    )
    end = one[DEPTH - 1]
    lab.answer(min(OPTIONS, key=lambda text: abs(np.log(OPTIONS[text] / end))))
    lab.claim("variance 1/n leaves some 2e-8 of the signal", end < 4e-8, end, "< 4e-8")
    lab.claim("more closely: 2e-8", 1.3e-8 < end < 3e-8, end, "1.3e-8 to 3e-8")
    share = round(float(end ** (1 / DEPTH)), 1)
    lab.claim("per layer it keeps about 0.7", share == 0.7, share, 0.7)
    kept = he[DEPTH - 1]
    lab.claim("variance 2/n keeps over a third of it", kept > 1 / 3, kept, "> 0.333")
    lab.claim("and does not make it grow by half", kept < 1.5, kept, "< 1.5")
    large = four[DEPTH - 1]
    lab.claim("variance 4/n multiplies it over ten-million-fold", large > 1e7, large, "> 1e7")
    lab.claim("deviation 0.01: under 5e-6 after five layers", tiny[4] < 5e-6, tiny[4], "< 5e-6")
    lab.claim("back: variance 1/n leaves as little of a gradient", one[-1] < 4e-8, one[-1],
              "< 4e-8")  # fmt: skip
    lab.claim("back: variance 2/n keeps over half", he[-1] > 0.5, he[-1], "> 0.5")
    names = ("2/n", "1/n", "4/n", "0.01 squared")
    curves = dict(zip(names, (arm[:DEPTH] for arm in (he, one, four, tiny)), strict=True))
    lab.lines("Size of the signal, by variance of the weights", range(1, DEPTH + 1), curves,
              log_y=True, x_label="layer", y_label="root mean square")  # fmt: skip
