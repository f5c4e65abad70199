"""Normalise features far from zero in two ways, and skewed ones by batch statistics and ranks."""

import numpy as np

from dlprep.reference.normalization import batch_normalization

ROWS, FEATURES = 4096, 16


def subtract_first(x):
    """Return each feature with the mean taken off before squaring, over its deviation."""
    centred = x - x.mean(0)
    return centred / np.sqrt(np.mean(centred**2, 0) + np.float32(1e-3))


def difference_of_squares(x):
    variance = np.mean(x**2, 0) - np.mean(x, 0) ** 2
    return (x - x.mean(0)) / np.sqrt(variance + np.float32(1e-3))


def ranks_to_normal(x, lab):
    """Return the numbers of a normal sample in the order of each feature's own."""
    sample = np.sort(lab.rng.normal(size=x.shape), axis=0)
    return np.take_along_axis(sample, x.argsort(0).argsort(0), axis=0)


def skewness(x):
    centred = x - x.mean(0)
    return np.mean((centred**3).mean(0) / (centred**2).mean(0) ** 1.5)


def normalised(x):
    gamma, beta = np.ones(x.shape[-1]), np.zeros(x.shape[-1])
    return batch_normalization(x, gamma, beta, 1e-5)[0]


def run(lab):
    far = (1e4 + lab.rng.normal(size=(ROWS, FEATURES))).astype("float32")

    def right_features(formula):
        """Return the share of features whose variance comes out as 1, to a twentieth."""
        with np.errstate(invalid="ignore"):
            return np.mean(np.abs(formula(far).astype("float64").var(0) - 1) < 0.05)

    squares, centred = lab.contrast(
        right_features,
        control={"formula": difference_of_squares},
        treatment={"formula": subtract_first},
    )
    lab.claim("mean first, then squares: all features around 10,000 get variance 1", centred == 1,
              centred, 1.0, share=True)  # fmt: skip
    lab.claim("mean of the squares less the squared mean: none does", squares == 0, squares, 0.0,
              share=True)  # fmt: skip
    step = float(np.spacing(np.float32(1e4) ** 2))
    lab.claim("the squares of 10,000 have steps of 8 in float32", step == 8, step, 8.0)
    _check_shape(lab)
    _check_edges(lab)


def _check_shape(lab):
    x = lab.rng.exponential(size=(20_000, 4)) * np.array([0.1, 1.0, 10.0, 100.0])
    output = normalised(x)
    after, before = skewness(output), skewness(x)
    lab.claim("exponential inputs have a skewness of about 2", 1.4 < before < 2.8, before,
              "1.4 to 2.8")  # fmt: skip
    lab.claim("and so have the outputs", 1.4 < after < 2.8, after, "1.4 to 2.8")
    gaussian = abs(skewness(ranks_to_normal(x, lab)))
    lab.claim("a map to Gaussian outputs would leave none", gaussian < 0.1, gaussian, "< 0.1")
    sides = lab.rng.choice([-3.0, 3.0], size=(ROWS, 4)) + lab.rng.normal(size=(ROWS, 4))
    middle = np.mean(np.abs(normalised(sides)) < 0.3)
    lab.claim("two modes stay two: hardly a value is near the middle", middle < 0.05, middle,
              "< 0.05", share=True)  # fmt: skip
    lab.histogram("One feature before and after batch normalisation",
                  {"before": x[:, 1], "after": output[:, 1]}, bins=40)  # fmt: skip


def _check_edges(lab):
    gamma, beta = lab.rng.normal(size=(2, FEATURES))
    row = lab.rng.normal(size=(1, FEATURES))
    gap = np.abs(batch_normalization(row, gamma, beta)[0] - beta).max()
    lab.claim("a batch of one row gives beta", gap == 0, gap, 0)
    constant = np.full((ROWS, FEATURES), 3333.3333)
    gap = np.abs(batch_normalization(constant, gamma, beta)[0] - beta).max()
    lab.claim("in float64 a constant feature gives beta", gap < 1e-6, gap, "< 1e-6")
    ones, zeros = np.ones((2, FEATURES), "float32") * np.float32([[1], [0]])
    gap = np.abs(batch_normalization(constant.astype("float32"), ones, zeros)[0]).max()
    lab.claim("in float32 one of 3333.3333 is over 0.6 away", gap > 0.6, gap, "> 0.6")
    images = lab.rng.exponential(size=(20, 9, 7, 3))
    gap = np.abs(normalised(images).mean((0, 1, 2))).max()
    lab.claim("over rows, height and width each channel has mean 0", gap < 1e-9, gap, "< 1e-9")
