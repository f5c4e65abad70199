"""Count the weights of layers that share, are local or neither, and learn filters from pictures."""

import keras
import numpy as np

from dlprep.reference.convolution import im2col


class Counted(float):
    """A number that counts how often it is multiplied."""

    times = 0

    def __mul__(self, other):
        Counted.times += 1
        return float(self) * other


def parameters(layer, shape):
    layer.build((None, *shape))
    return layer.count_params()


def unshared(side, channels, maps):
    """A filter and biases for each position, as arrays: weights, biases."""
    return np.zeros((side, side, 9 * channels, maps)), np.zeros((side, side, maps))


def windows(images):
    """The 3 x 3 windows of zero-padded pictures: (pictures, height, width, 9 x channels)."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    return im2col(padded, (3, 3)).reshape(*images.shape[:3], -1)


def ridge(inputs, target, strength):
    gram = inputs.T @ inputs + strength * np.eye(inputs.shape[1])
    return np.linalg.solve(gram, inputs.T @ target)


def errors(lab, same):
    """Error of the filter shared by all positions, and of one for each, at its best penalty."""
    views = windows(lab.rng.normal(size=(40, 8, 8, 1))).reshape(40, 64, 9)
    true = lab.rng.normal(size=(64, 9)) / 3
    true = true[:1].repeat(64, axis=0) if same else true
    target = np.einsum("npk,pk->np", views, true) + lab.rng.normal(size=(40, 64))
    shared = ridge(views.reshape(-1, 9), target.ravel(), 1e-3)
    apart = [np.array([ridge(views[:, p], target[:, p], strength) for p in range(64)])
             for strength in (1e-3, 1.0, 3.0, 10.0, 30.0)]  # fmt: skip
    size = np.sum(true**2)
    return np.sum((shared - true) ** 2) / size, min(np.sum((a - true) ** 2) for a in apart) / size


def multiplications(lab, channels):
    """Of a map of 4 x 4 pixels: by one filter for all positions, and by one for each."""
    views = windows(lab.rng.normal(size=(1, 4, 4, channels)))[0].reshape(16, -1)
    numbers = np.array([[Counted(value) for value in view] for view in views], object)
    shared, apart = lab.rng.normal(size=views.shape[1]), lab.rng.normal(size=views.shape)
    counts = []
    for layer in (
        lambda: numbers @ shared,
        lambda: [a @ b for a, b in zip(numbers, apart, strict=True)],
    ):
        Counted.times = 0
        layer()
        counts.append(Counted.times)
    return counts


def run(lab):
    size, channels, maps = (lab.draw[name] for name in ("size", "channels", "maps"))

    def count(side, share):
        if not share:
            return sum(array.size for array in unshared(side, channels, maps))
        layer = keras.layers.Conv2D(maps, 3, padding="same")
        return parameters(layer, (side, side, channels))

    local, shared = lab.contrast(
        count, control={"side": size, "share": False}, treatment={"side": size, "share": True}
    )
    lab.answer(count(size, True))
    one = sum(array[0, 0].size for array in unshared(size, channels, maps))
    lab.claim("as many parameters as one position has without sharing", shared == one, shared, one)
    times = local / count(size, True)
    lab.claim("without sharing: as many times as there are positions", times == size**2, times,
              size**2)  # fmt: skip
    dense = []
    for side in (4, 8):
        layer = keras.layers.Dense(side * side * maps, use_bias=False)
        dense.append(parameters(layer, (side * side * channels,)))
    growth = {
        "fully connected": dense[1] / dense[0],
        "local, not shared": count(2 * size, False) / count(size, False),
        "convolution": count(2 * size, True) / count(size, True),
    }
    for (name, factor), expected in zip(growth.items(), (16, 4, 1), strict=True):
        lab.claim(f"twice the height and width, {name}: {expected} times", factor == expected,
                  factor, expected)  # fmt: skip
    pooled, own = errors(lab, same=True)
    lab.claim("same filter everywhere: sharing has under a twentieth of the error",
              pooled / own < 0.05, pooled / own, "< 0.05")  # fmt: skip
    missed = errors(lab, same=False)[0]
    lab.claim("a filter for each position: the shared one misses most", missed > 0.7, missed,
              "> 0.7")  # fmt: skip
    once, each = multiplications(lab, channels)
    lab.claim("shared or not, as many multiplications", once == each, once, each)
    lab.bars("Weights when height and width double", growth, y_label="times as many")
