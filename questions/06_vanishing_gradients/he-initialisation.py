"""Send noise through fifty ReLU layers under four scales of their weights."""

import keras
import numpy as np
from keras import ops

from dlprep import initializers, layers

DEPTH, WIDTH = 50, 128
SCALES = {
    "1/n": lambda: keras.initializers.RandomNormal(stddev=WIDTH**-0.5),
    "2/n": initializers.HeNormal,
    "4/n": lambda: keras.initializers.RandomNormal(stddev=2 * WIDTH**-0.5),
    "0.01 squared": lambda: keras.initializers.RandomNormal(stddev=0.01),
}
OPTIONS = {
    1000: "Above 1000: without normalisation the activations of a deep network explode.",
    0.3: "Near 1: a variance of $1/n$ is chosen to preserve the signal.",
    1e-5: "About 0.1: ReLU loses a little in each layer, but positive values pass unchanged.",
    0: "Below 0.00001: each layer keeps about 0.71 of the signal.",
}


def run(lab):
    def signal(variance):
        x = ops.array(lab.rng.normal(size=(64, WIDTH)), "float32")
        sizes = []
        for _ in range(DEPTH):
            start = SCALES[variance]()
            x = layers.Dense(WIDTH, "relu", use_bias=False, kernel_initializer=start)(x)
            # In float64: squares of 1e-30 are zero in float32.
            sizes.append(np.sqrt(np.mean(ops.convert_to_numpy(x).astype("float64") ** 2)))
        return np.array(sizes)

    names = dict(zip(("halved", "he", "doubled", "tiny"), SCALES, strict=True))
    one, two, four, tiny = lab.contrast(
        signal,
        control={"variance": names.pop("halved")},
        **{arm: {"variance": variance} for arm, variance in names.items()},
    )
    lab.answer(next(option for bound, option in OPTIONS.items() if one[-1] >= bound))
    lab.claim("variance 1/n: the signal dies out", one[-1] < 1e-5, one[-1], "< 1e-5")
    lab.claim("variance 2/n: it keeps its order", 0.05 < two[-1] < 20, two[-1], "0.05 to 20")
    lab.claim("variance 4/n: it explodes", four[-1] > 1e4, four[-1], "> 1e4")
    lab.claim("standard deviation 0.01: it is gone", tiny[-1] < 1e-30, tiny[-1], "< 1e-30")
    factor = one[-1] ** (1 / DEPTH)
    lab.claim("per layer 1/n keeps about 0.71", 0.62 < factor < 0.8, factor, "0.62 to 0.8")
    curves = dict(zip(SCALES, (one, two, four, tiny), strict=True))
    lab.lines("Size of the signal, by variance of the weights", range(1, DEPTH + 1), curves,
              log_y=True, x_label="layer", y_label="root mean square")  # fmt: skip
