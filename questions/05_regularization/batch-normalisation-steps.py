"""Normalise skewed data: mean and variance change, the shape of the distribution does not."""

import numpy as np
from keras import ops

from dlprep import layers
from dlprep.reference.normalization import normalize


def skewness(x):
    centred = x - x.mean(0)
    return np.mean((centred**3).mean(0) / (centred**2).mean(0) ** 1.5)


def run(lab):
    x = lab.rng.exponential(size=(4096, 4))

    def normalised(training):
        layer = layers.BatchNormalization(epsilon=1e-5)
        return ops.convert_to_numpy(layer(x.astype("float32"), training=training))

    # A fresh layer in inference mode uses its initial averages, mean 0 and variance 1.
    untouched, output = lab.contrast(
        normalised, control={"training": False}, treatment={"training": True}
    )
    oracle, _ = normalize(x, (0,), 1e-5)
    gap = np.abs(output - oracle).max()
    lab.claim("the layer does what three lines of NumPy do", gap < 1e-4, gap, "< 1e-4")
    mean, variance = np.abs(output.mean(0)).max(), output.var(0).mean()
    lab.claim("each feature has mean 0", mean < 1e-4, mean, "< 1e-4")
    lab.claim("each feature has variance 1", abs(variance - 1) < 0.01, variance, "1 within 0.01")
    lab.value("mean without batch statistics", untouched.mean())
    before, after = skewness(x), skewness(oracle)
    lab.claim("the skewness stays to 9 digits", abs(before - after) < 1e-9, after, before)
    lab.claim("so the output is far from Gaussian", after > 1.5, after, "> 1.5, a Gaussian has 0")
    alone = ops.convert_to_numpy(layers.BatchNormalization()(ops.ones((1, 4)), training=True))
    lab.claim("a batch of one row gives beta, here 0", bool((alone == 0).all()), alone.max(), 0)
    samples = {"before": x[:, 0], "after": oracle[:, 0]}
    lab.histogram("One feature before and after batch normalisation", samples, bins=40)
