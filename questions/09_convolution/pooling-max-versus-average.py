"""Shift rectified noise by one pixel and see how far the pooled maps move."""

import numpy as np
from keras import layers as keras_layers
from keras import ops

from dlprep import layers

POOLS = {"none": lambda size: lambda x: x, "max": layers.MaxPooling2D}
POOLS["average"] = keras_layers.AveragePooling2D


def pooled(maps, kind, size):
    return ops.convert_to_numpy(POOLS[kind](size)(maps))


def run(lab):
    maps = np.maximum(lab.rng.normal(size=(64, 32, 32, 1)), 0).astype("float32")
    shifted = np.roll(maps, 1, axis=2)

    def change(kind, size):
        before = pooled(maps, kind, size)
        return np.linalg.norm(pooled(shifted, kind, size) - before) / np.linalg.norm(before)

    none, max2, max4, average4 = lab.contrast(
        change,
        control={"kind": "none", "size": 1},
        max2={"kind": "max", "size": 2},
        max4={"kind": "max", "size": 4},
        average4={"kind": "average", "size": 4},
    )
    lab.claim("unpooled, the shift changes more than the map's norm", none > 1, none, "> 1")
    lab.claim("2 x 2 max pooling keeps about half the change", max2 < 0.7 * none, max2, 0.7 * none)
    lab.claim("4 x 4 max pooling keeps under a third", max4 < 0.33 * none, max4, 0.33 * none)
    lab.claim("pooling reduces the change, it does not remove it", max4 > 0.1, max4, "> 0.1")
    gap = abs(max4 - average4)
    lab.claim("max and average differ by little", gap < 0.2 * max4, gap, 0.2 * max4)

    pixel = np.zeros((1, 4, 4, 1), "float32")
    pixel[0, 1, 2, 0] = 1
    kept, diluted = (pooled(pixel, kind, 4).item() for kind in ("max", "average"))
    lab.claim("the maximum keeps one bright pixel whole", kept == 1, kept, 1)
    lab.claim("the mean divides it by the window's area", diluted == 1 / 16, diluted, 1 / 16)
    changes = {"none": none, "max 2x2": max2, "max 4x4": max4, "average 4x4": average4}
    lab.bars("Relative change of the map under a shift by one pixel", changes, y_label="change")
