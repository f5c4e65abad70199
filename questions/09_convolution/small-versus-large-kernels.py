"""Stack 3 x 3 layers until they see as far as one large kernel; compare weights and influence."""

import numpy as np

from dlprep.reference.convolution import convolution, convolution_backward

SIZE = 25


def layers(sizes, channels):
    """The weights of a stack of square kernels; `channels` names them from first to last."""
    return [np.zeros((k, k, *pair)) for k, pair in zip(sizes, _pairs(channels), strict=True)]


def _pairs(channels):
    return zip(channels[:-1], channels[1:], strict=True)


def weights(sizes, channels):
    return sum(kernel.size for kernel in layers(sizes, channels))


def drawn(lab, sizes):
    """One channel, normal weights that keep the spread."""
    return [lab.rng.normal(size=(k, k, 1, 1)) / k for k in sizes]


def forward(image, kernels, act=lambda z: z):
    """The output, and the maps that the backward pass needs."""
    kept = []
    for kernel in kernels:
        kept.append(image)
        image = act(convolution(image, kernel, np.zeros(1)))
    return image, kept


def influence(lab, sizes):
    """Gradient of the middle output number for every pixel of the picture."""
    kernels = drawn(lab, sizes)
    output, kept = forward(lab.rng.normal(size=(1, SIZE, SIZE, 1)), kernels)
    slope = np.zeros(output.shape)
    slope[0, output.shape[1] // 2, output.shape[2] // 2, 0] = 1
    for kernel, image in zip(kernels[::-1], kept[::-1], strict=True):
        slope = convolution_backward(slope, image, kernel)[0]
    return slope[0, :, :, 0]


def view(lab, sizes):
    """How many pixels across have an influence."""
    return int(np.count_nonzero(np.any(influence(lab, sizes) != 0, axis=0)))


def corner(lab, sizes):
    """Influence of the view's corner over that of its centre, root mean squares of 100 draws."""
    middle, far = SIZE // 2, SIZE // 2 - view(lab, sizes) // 2
    maps = np.array([influence(lab, sizes) for _ in range(100)]) ** 2
    return float(np.sqrt(maps[:, far, far].mean() / maps[:, middle, middle].mean()))


def bent(lab, kernels, act):
    """How far the sum of two outputs is from the output of the sum, as a share."""
    one, two = lab.rng.normal(size=(2, 1, SIZE, SIZE, 1))
    whole, first, second = (forward(x, kernels, act)[0] for x in (one + two, one, two))
    return float(np.linalg.norm(whole - first - second) / np.linalg.norm(whole))


def run(lab):
    kernel, channels = lab.draw["kernel"], lab.draw["channels"]
    depth = next(n for n in range(1, 12) if view(lab, [3] * n) >= kernel)

    def measured(sizes):
        return view(lab, sizes), weights(sizes, [channels] * (len(sizes) + 1))

    large, stack = lab.contrast(
        measured, control={"sizes": [kernel]}, treatment={"sizes": [3] * depth}
    )
    share = stack[1] / large[1]
    lab.answer(100 * weights([3] * depth, [channels] * (depth + 1)) / large[1])
    lab.claim("the stack has fewer weights", share < 1, share, "< 1")
    lab.claim("and sees as many pixels across", stack[0] == large[0], stack[0], large[0])
    shares = {}
    for size in (5, 7, 9, 11):
        small = [3] * ((size - 1) // 2)
        shares[str(size)] = weights(small, [64] * (len(small) + 1)) / weights([size], [64, 64])
    seven, law = shares["7"], 11 * shares["11"] / 4.5
    lab.claim("55% for a view of 7", 0.5 < seven < 0.6, seven, "0.5 to 0.6")
    falling = shares["11"] / shares["5"]
    lab.claim("the share falls with the view", falling < 0.7, falling, "< 0.7")
    lab.claim("a view of 11: about 4.5 over the view", 0.7 < law < 1.3, law, "0.7 to 1.3")
    first = weights([3] * depth, [3] + [channels] * depth) / weights([kernel], [3, channels])
    lab.claim("from 3 channels the stack is several times as heavy", first > 4.5, first, "> 4.5")
    kernels = drawn(lab, [3] * depth)
    plain, relu = (bent(lab, kernels, act) for act in (lambda z: z, lambda z: np.maximum(z, 0)))
    lab.claim("without activations the stack is linear", plain < 1e-9, plain, "< 1e-9")
    lab.claim("with a ReLU after each layer it is not", relu > 0.05, relu, "> 0.05")
    picture = lab.rng.normal(size=(1, SIZE, SIZE, 1))
    impulse = np.zeros((1, 2 * kernel - 1, 2 * kernel - 1, 1))
    impulse[0, kernel - 1, kernel - 1, 0] = 1
    single = forward(impulse, kernels)[0][0, ::-1, ::-1, :, None]
    gap = np.abs(convolution(picture, single, 0) - forward(picture, kernels)[0]).max()
    lab.claim("but one kernel of the large size", gap < 1e-9, gap, "< 1e-9")
    far, near = corner(lab, [3] * depth), corner(lab, [kernel])
    lab.claim("the corner of the stack's view has under half the centre's influence", far < 0.5,
              far, "< 0.5")  # fmt: skip
    lab.claim("under the large kernel it has the same", 0.6 < near < 1.6, near, "0.6 to 1.6")
    shares = {f"{size} pixels across": value for size, value in shares.items()}
    lab.bars("The stack's weights as a share of the large layer's", shares, y_label="share")
