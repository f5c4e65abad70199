"""Compare Keras's Conv2D with sums over windows, the kernel flipped or not, and learn a kernel."""

import keras
import numpy as np

from dlprep.reference.convolution import convolution, convolution_backward


def flipped(kernel):
    return kernel[::-1, ::-1]


def by_keras(images, kernel, **settings):
    rows, columns, _, filters = kernel.shape
    layer = keras.layers.Conv2D(filters, (rows, columns), use_bias=False, **settings)
    layer.build(images.shape)
    layer.set_weights([kernel])
    return keras.ops.convert_to_numpy(layer(images.astype("float32")))


def away(a, b):
    """Distance as a share of the size of b."""
    return float(np.linalg.norm(a - b) / np.linalg.norm(b))


def learned(images, target, kernel, flip):
    """Gradient descent on the squared error; the layer may flip its kernel."""
    none = np.zeros(kernel.shape[-1])
    turn = flipped if flip else np.array
    for _ in range(150):
        error = convolution(images, turn(kernel), none) - target
        slope = convolution_backward(error, images, turn(kernel))[1] / error[..., 0].size
        kernel = kernel - 0.5 * turn(slope)
    return kernel, convolution(images, turn(kernel), none)


def run(lab):
    images = lab.rng.normal(size=(8, 9, 11, 3))
    kernel, none = lab.rng.normal(size=(3, 4, 3, 16)), np.zeros(16)
    by_layer = by_keras(images, kernel)

    def distance(turn):
        return away(convolution(images, turn(kernel), none), by_layer)

    turned, plain = lab.contrast(distance, control={"turn": flipped}, treatment={"turn": np.array})
    lab.claim("Conv2D is the sum over windows without a flip", plain < 1e-4, plain, "< 1e-4")
    lab.claim("it is more than its own size away from a convolution", turned > 1, turned, "> 1")
    target = convolution(images, kernel, none)
    found, made = learned(images, target, lab.rng.normal(size=kernel.shape), flip=False)
    lab.claim("descent recovers the kernel", away(found, kernel) < 1e-3, away(found, kernel),
              "< 1e-3")  # fmt: skip
    other, same = learned(images, target, lab.rng.normal(size=kernel.shape), flip=True)
    gap = away(other, flipped(kernel))
    lab.claim("a layer that flips learns it flipped", gap < 1e-3, gap, "< 1e-3")
    lab.claim("and gives the same outputs", away(same, made) < 1e-3, away(same, made), "< 1e-3")
    for width, zeros in ((8, (0, 1)), (7, (1, 1))):
        image, square = lab.rng.normal(size=(1, width, width, 3)), kernel[:, :3]
        padded = np.pad(image, ((0, 0), zeros, zeros, (0, 0)))
        expected = convolution(padded, square, none, stride=2)
        gap = away(by_keras(image, square, strides=2, padding="same"), expected)
        text = f"same, stride 2, width {width}: {zeros[0]} before and {zeros[1]} behind"
        lab.claim(text, gap < 1e-4, gap, "< 1e-4")
    moved = convolution(np.roll(images, 1, axis=2), kernel, none)[:, :, 1:]
    lab.claim("a shift of the picture shifts the map", away(moved, target[:, :, :-1]) < 1e-9,
              away(moved, target[:, :, :-1]), "< 1e-9")  # fmt: skip
    lab.bars("Distance from what Conv2D returns", {"no flip": plain, "flipped": turned},
             y_label="share of its size")  # fmt: skip
