"""Layers that slide windows, by the formulas of the reference (see `layer_oracles`)."""

from dlprep.reference import convolution as images
from dlprep.reference import global_pooling as maps
from dlprep.reference import grouped_convolution as grouped
from dlprep.reference import padding
from dlprep.reference.transposed_convolution import (
    transposed_convolution,
    transposed_convolution_backward,
)


def convolution(stride=1, dilation=1):
    def oracle(x, W, b):
        Y = images.convolution(x, W, b, stride, dilation)
        return Y, lambda dY: images.convolution_backward(dY, x, W, stride, dilation)

    return oracle


def grouped_convolution(groups):
    def oracle(x, W, b):
        Y = grouped.grouped_convolution(x, W, b, groups)
        return Y, lambda dY: grouped.grouped_convolution_backward(dY, x, W, groups)

    return oracle


def depthwise_convolution(stride=1, dilation=1):
    def oracle(x, W, b):
        Y = grouped.depthwise_convolution(x, W, b, stride, dilation)
        return Y, lambda dY: grouped.depthwise_convolution_backward(dY, x, W, stride, dilation)

    return oracle


def separable_convolution(stride=1, dilation=1):
    def oracle(x, D, P, b):
        P = P[0, 0]
        Y = grouped.separable_convolution(x, D, P, b, stride, dilation)

        def backward(dY):
            gradients = grouped.separable_convolution_backward(dY, x, D, P, stride, dilation)
            dX, dD, dP, db = gradients
            return dX, dD, dP[None, None], db

        return Y, backward

    return oracle


def transposed(stride):
    def oracle(x, W, b):
        Y = transposed_convolution(x, W, b, stride)
        return Y, lambda dY: transposed_convolution_backward(dY, x, W, stride)

    return oracle


def padded(oracle, size, stride=1, dilation=1, causal=False):
    """Pad the input of an oracle for windows of `size` rows and columns."""

    def around(x, *weights):
        rows, columns = (
            padding.margins(n, k, stride, dilation, causal)
            for n, k in zip(x.shape[1:3], size, strict=True)
        )
        Y, inner = oracle(padding.pad(x, rows, columns), *weights)

        def backward(dY):
            dX, *rest = inner(dY)
            return padding.pad_backward(dX, rows, columns), *rest

        return Y, backward

    return around


def in_time(oracle):
    """Let an oracle of images work on sequences: images of height one, kernels likewise."""

    def over_steps(x, *weights):
        kernels = [w[None] if w.ndim > 1 else w for w in weights]
        Y, inner = oracle(x[:, None], *kernels)

        def backward(dY):
            dX, *rest = inner(dY[:, None])
            return dX[:, 0], *(g[0] if g.ndim > 1 else g for g in rest)

        return Y[:, 0], backward

    return over_steps


def pooling(kind, window, stride):
    forward, back = (getattr(images, f"{kind}_pooling{end}") for end in ("", "_backward"))
    return lambda x: (forward(x, window, stride), lambda dY: (back(dY, x, window, stride),))


def global_max_pooling(x):
    return maps.global_max_pooling(x), lambda dY: (maps.global_max_pooling_backward(dY, x),)


def global_average_pooling(mask=None):
    back = maps.global_average_pooling_backward
    return lambda x: (maps.global_average_pooling(x, mask), lambda dY: (back(dY, x, mask),))
