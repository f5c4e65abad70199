"""Count kernel positions by running the layer, then see what the added zeros do at the border."""

import numpy as np
from keras import layers as keras_layers

from dlprep import layers


def width(n, kernel, stride, zeros=0, dilation=1):
    picture = np.ones((1, n, n, 1), "float32")
    padded = keras_layers.ZeroPadding2D(zeros)(picture) if zeros else picture
    return layers.Conv2D(1, kernel, strides=stride, dilation_rate=dilation)(padded).shape[1]


def formula(n, kernel, stride, zeros=0, dilation=1):
    return (n + 2 * zeros - (dilation * (kernel - 1) + 1)) // stride + 1


def box(padding):
    sums = layers.Conv2D(1, 3, padding=padding, kernel_initializer="ones", use_bias=False)
    return np.asarray(sums(np.ones((1, 28, 28, 1), "float32")))[0, :, :, 0]


def run(lab):
    first = {"n": 224, "kernel": 7, "stride": 2, "zeros": 3}
    others = [
        {"n": 28, "kernel": 3, "stride": 1, "zeros": 1},
        {"n": 32, "kernel": 5, "stride": 1},
        {"n": 17, "kernel": 3, "stride": 1, "dilation": 2},
    ]
    lab.answer(width(**first))
    agree = sum(width(**setting) == formula(**setting) for setting in [first, *others])
    lab.claim("the formula gives the width the layer has", agree == 4, agree, "4 of 4 settings")
    halved = layers.Conv2D(1, 7, strides=2, padding="same")(np.ones((1, 224, 224, 1), "float32"))
    lab.claim("same at stride 2 halves the width", halved.shape[1] == 112, halved.shape[1], 112)

    valid, same = lab.contrast(box, control={"padding": "valid"}, treatment={"padding": "same"})
    lab.claim("valid trims k - 1 pixels", valid.shape[0] == 26, valid.shape[0], 26)
    lab.claim("same keeps the width at stride 1", same.shape[0] == 28, same.shape[0], 28)
    lab.claim("without zeros every response is whole", bool((valid == 9).all()), valid.min(), 9)
    lab.claim("zeros weaken a corner to 4 of 9", same[0, 0] == 4, same[0, 0], 4)
    lab.claim("zeros weaken an edge to 6 of 9", same[0, 9] == 6, same[0, 9], 6)
    lab.heatmap("A box over a constant picture, with zero padding: upper left corner", same[:6, :6])
