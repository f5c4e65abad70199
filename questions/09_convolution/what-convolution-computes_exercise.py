"""The forward pass of a 2-D convolution layer."""

import numpy as np


def convolve(images, kernel, bias, stride, padding):
    """Return what a 2-D convolution layer (Keras's Conv2D, without activation) computes.

        out[m, i, j, f] = bias[f] + sum over a, b, c of
                          padded[m, stride * i + a, stride * j + b, c] * kernel[a, b, c, f]

    With padding "valid", `padded` is `images`, and windows that do not fit are left out: along an
    axis of n pixels there are (n - k) // stride + 1 outputs for a kernel of k entries.

    With padding "same" there are ceil(n / stride) outputs along the axis. Zeros are put around the
    image, max((outputs - 1) * stride + k - n, 0) of them along the axis: half of them before,
    rounded down, the rest behind. Rows and columns are treated each by this rule.

    Args:
        images: float64 array of shape `(batch, height, width, channels)`, no size is 0. Images of
            one batch are at scales from 1e-4 to 1e4.
        kernel: float64 array of shape `(rows, columns, channels, filters)`, no size is 0, also even
            and not square. Filters are at scales from 1e-4 to 1e4. With "valid" the kernel fits
            into the image; with "same" it may be larger.
        bias: float64 array of shape `(filters,)`.
        stride: int of at least 1, for both axes; it may be larger than the kernel or the image.
        padding: "valid" or "same".

    Returns:
        Array (or nested lists) of shape `(batch, output rows, output columns, filters)`. Each
        number may be off by 1e-8 times the largest sum of the sizes of the terms (bias and
        products) among the outputs of the same image and filter. The arguments stay as they are.
    """
    if padding == "same":
        zeros = [_zeros(images.shape[i + 1], kernel.shape[i], stride) for i in (0, 1)]
        images = np.pad(images, [(0, 0), *zeros, (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(images, kernel.shape[:2], axis=(1, 2))
    return np.einsum("mijcab,abcf->mijf", windows[:, ::stride, ::stride], kernel) + bias


def _zeros(n, k, stride):
    total = max((-(-n // stride) - 1) * stride + k - n, 0)
    return total // 2, total - total // 2


EXACT = 1e-8


def check(candidate, lab):
    with np.errstate(all="ignore"):
        _check_simple(candidate, lab)
        for stride in (1, 2, 3, 5, int(lab.rng.integers(12, 30))):
            for padding in ("valid", "same"):
                for _ in range(3):
                    _check_drawn(candidate, lab, stride, padding)
        for n in (5, 6, 7, 8):
            for stride in (1, 2, 3, 4, 13):
                _check_same(candidate, lab, n, stride)


def _check_simple(candidate, lab):
    images, kernel, bias = _arrays(lab, (7, 9), (3, 3), channels=1, filters=1)
    for text, weights, shift in (
        ("a kernel of zeros leaves the bias", 0 * kernel, bias),
        ("one channel, one filter, no bias: no flip of the kernel", kernel, 0 * bias),
    ):
        for padding in ("valid", "same"):
            _compare(candidate, lab, text, images, weights, shift, 1, padding)


def _check_drawn(candidate, lab, stride, padding):
    size = lab.rng.integers(1, 12, 2) + (stride > 9) * lab.rng.integers(0, 25, 2)
    most = size if padding == "valid" else size + 3
    window = lab.rng.integers(1, np.minimum(most, 6) + 1)
    text = f'stride {stride}, "{padding}": the sum over the window and all channels, and the bias'
    _compare(candidate, lab, text, *_arrays(lab, size, window), stride, padding)


def _check_same(candidate, lab, n, stride):
    for k in (int(lab.rng.integers(1, 3)), 3, int(lab.rng.choice([4, 5, 8]))):
        size = n, int(lab.rng.integers(3, 9))
        arrays = _arrays(lab, size, (k, int(lab.rng.integers(1, 5))), batch=1, channels=1)
        text = '"same": ceil(n / stride) outputs, an odd zero stands behind'
        _compare(candidate, lab, text, *arrays, stride, "same")


def _arrays(lab, size, window, batch=None, channels=None, filters=None):
    batch, channels, filters = (
        int(lab.rng.integers(1, 5)) if n is None else n for n in (batch, channels, filters)
    )
    scales = 10 ** lab.rng.uniform(-4, 4, batch + filters)
    images = lab.rng.normal(size=(batch, *size, channels)) * scales[:batch, None, None, None]
    kernel = lab.rng.normal(size=(*window, channels, filters)) * scales[batch:]
    middle = np.exp(np.log(scales[:batch]).mean())
    return images, kernel, lab.rng.normal(size=filters) * scales[batch:] * middle


def _places(n, k, stride, padding):
    """For each output: the first pixel of its window, which may lie outside."""
    if padding == "valid":
        return range(0, n - k + 1, stride)
    outputs = (n + stride - 1) // stride
    before = max((outputs - 1) * stride + k - n, 0) // 2
    return [stride * i - before for i in range(outputs)]


def _cut(start, k, n):
    """The part of a window that lies in the image, as slices of image and kernel."""
    low, high = max(start, 0), min(start + k, n)
    high = max(low, high)
    return slice(low, high), slice(low - start, high - start)


def _expected(images, kernel, bias, stride, padding):
    (height, width), (rows, columns) = images.shape[1:3], kernel.shape[:2]
    tops = _places(height, rows, stride, padding)
    lefts = _places(width, columns, stride, padding)
    out = np.zeros((len(images), len(tops), len(lefts), len(bias)))
    for i, top in enumerate(tops):
        y, a = _cut(top, rows, height)
        for j, left in enumerate(lefts):
            x, b = _cut(left, columns, width)
            window = images[:, y, x].reshape(len(images), -1)
            out[:, i, j] = window @ kernel[a, b].reshape(-1, len(bias)) + bias
    return out


def _compare(candidate, lab, text, images, kernel, bias, stride, padding):
    given = {"images": images.copy(), "kernel": kernel.copy(), "bias": bias.copy(),
             "stride": stride, "padding": padding}  # fmt: skip
    expected = _expected(images, kernel, bias, stride, padding)
    sizes = _expected(abs(images), abs(kernel), abs(bias), stride, padding)
    got = candidate(images, kernel, bias, stride, padding)
    shape = f'"{padding}": one number for each image, place of the window and filter'
    got = lab.array(shape, got, expected.shape, given)
    slack = EXACT * np.broadcast_to(sizes.max(axis=(1, 2), keepdims=True), sizes.shape)
    lab.close(text, got, expected, given, 0, slack)


def right_entry_by_entry(images, kernel, bias, stride, padding):
    """Each entry of the kernel meets a slice of the image, with a step."""
    rows, columns, _, filters = kernel.shape
    batch, height, width, _ = images.shape
    if padding == "same":
        down, across = -(-height // stride), -(-width // stride)
        top = max((down - 1) * stride + rows - height, 0)
        left = max((across - 1) * stride + columns - width, 0)
        images = np.pad(images, ((0, 0), (top // 2, top - top // 2),
                                 (left // 2, left - left // 2), (0, 0)))  # fmt: skip
    else:
        down, across = (height - rows) // stride + 1, (width - columns) // stride + 1
    out = np.zeros((batch, down, across, filters)) + bias
    for a in range(rows):
        for b in range(columns):
            part = images[:, a : a + stride * down : stride, b : b + stride * across : stride]
            out += part[:, :down, :across] @ kernel[a, b]
    return out


def right_in_loops(images, kernel, bias, stride, padding):
    """Pure Python: no padded copy, places outside the image are left out of the sum."""
    images, kernel, bias = images.tolist(), kernel.tolist(), bias.tolist()
    height, width, rows, columns = len(images[0]), len(images[0][0]), len(kernel), len(kernel[0])
    tops = _places(height, rows, stride, padding)
    lefts = _places(width, columns, stride, padding)

    def number(image, top, left, f):
        total = bias[f]
        for y in range(max(top, 0), min(top + rows, height)):
            for x in range(max(left, 0), min(left + columns, width)):
                for value, weights in zip(image[y][x], kernel[y - top][x - left], strict=True):
                    total += value * weights[f]
        return total

    return [[[[number(image, top, left, f) for f in range(len(bias))] for left in lefts]
             for top in tops] for image in images]  # fmt: skip


def right_by_matrix(images, kernel, bias, stride, padding):
    """One row for each window, one product."""
    if padding == "same":
        pads = [(0, 0)]
        for n, k in zip(images.shape[1:3], kernel.shape[:2], strict=True):
            total = max((int(np.ceil(n / stride)) - 1) * stride + k - n, 0)
            pads.append((total // 2, (total + 1) // 2))
        images = np.pad(images, [*pads, (0, 0)])
    rows, columns = kernel.shape[:2]
    tops = range(0, images.shape[1] - rows + 1, stride)
    lefts = range(0, images.shape[2] - columns + 1, stride)
    table = [image[t : t + rows, s : s + columns].ravel()
             for image in images for t in tops for s in lefts]  # fmt: skip
    out = np.array(table) @ kernel.reshape(-1, kernel.shape[-1]) + bias
    return out.reshape(len(images), len(tops), len(lefts), -1)


def wrong_flipped(images, kernel, bias, stride, padding):
    """A convolution in the mathematical sense."""
    return convolve(images, kernel[::-1, ::-1], bias, stride, padding)


def wrong_flipped_across(images, kernel, bias, stride, padding):
    return convolve(images, kernel[:, ::-1], bias, stride, padding)


def wrong_first_channel_alone(images, kernel, bias, stride, padding):
    return convolve(images[..., :1], kernel[:, :, :1], bias, stride, padding)


def wrong_mean_over_channels(images, kernel, bias, stride, padding):
    kernel = kernel / kernel.shape[2]
    return convolve(images, kernel, bias, stride, padding)


def wrong_stride_ignored(images, kernel, bias, stride, padding):
    return convolve(images, kernel, bias, 1, padding)


def wrong_stride_at_most_eight(images, kernel, bias, stride, padding):
    return convolve(images, kernel, bias, min(stride, 8), padding)


def wrong_no_bias(images, kernel, bias, stride, padding):
    return convolve(images, kernel, 0 * bias, stride, padding)


def wrong_bias_for_each_channel(images, kernel, bias, stride, padding):
    return convolve(images, kernel, images.shape[-1] * bias, stride, padding)


def wrong_half_on_both_sides(images, kernel, bias, stride, padding):
    """Right for odd kernels at stride 1."""
    if padding == "same":
        rows, columns = (k // 2 for k in kernel.shape[:2])
        images = np.pad(images, ((0, 0), (rows, rows), (columns, columns), (0, 0)))
    return convolve(images, kernel, bias, stride, "valid")


def wrong_odd_zero_before(images, kernel, bias, stride, padding):
    if padding == "same":
        zeros = [_zeros(images.shape[i + 1], kernel.shape[i], stride)[::-1] for i in (0, 1)]
        images = np.pad(images, [(0, 0), *zeros, (0, 0)])
    return convolve(images, kernel, bias, stride, "valid")


def wrong_same_of_stride_one(images, kernel, bias, stride, padding):
    """Pads as for stride 1, then takes every second place."""
    return convolve(images, kernel, bias, 1, padding)[:, ::stride, ::stride]


def wrong_edge_repeated(images, kernel, bias, stride, padding):
    if padding == "same":
        zeros = [_zeros(images.shape[i + 1], kernel.shape[i], stride) for i in (0, 1)]
        images = np.pad(images, [(0, 0), *zeros, (0, 0)], mode="edge")
    return convolve(images, kernel, bias, stride, "valid")


def wrong_square_only(images, kernel, bias, stride, padding):
    """Takes the rows' padding for the columns too."""
    if padding == "same":
        zeros = _zeros(images.shape[1], kernel.shape[0], stride)
        images = np.pad(images, [(0, 0), zeros, zeros, (0, 0)])
    return convolve(images, kernel, bias, stride, "valid")


def wrong_rows_and_columns_exchanged(images, kernel, bias, stride, padding):
    out = convolve(images.swapaxes(1, 2), kernel, bias, stride, padding)
    return out.swapaxes(1, 2)


def wrong_sum_never_reset(images, kernel, bias, stride, padding):
    """One buffer for all images."""
    return np.cumsum(convolve(images, kernel, bias, stride, padding), axis=0)


def wrong_in_single_precision(images, kernel, bias, stride, padding):
    arrays = (array.astype("float32") for array in (images, kernel, bias))
    return convolve(*arrays, stride, padding)
