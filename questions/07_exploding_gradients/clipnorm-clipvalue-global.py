"""Take one step from zero with each of Keras's three clipping options."""

import numpy as np
from keras import Variable, ops

from dlprep import optimizers

GRADIENTS = np.array([[3.0, 4.0], [30.0, 40.0]])
OPTIONS = {
    "By (0.0597, 0.0796) and (0.597, 0.796): the layers share one factor.": GRADIENTS / 50.25,
    "By (0.6, 0.8) and (0.6, 0.8): each layer is cut to length 1 by itself.": [[0.6, 0.8]] * 2,
    "By (1, 1) and (1, 1): every component is cut to at most 1.": np.ones((2, 2)),
    "By (3, 4) and (0.6, 0.8): only the longer gradient is clipped.": [[3, 4], [0.6, 0.8]],
}


def step(**clipping):
    weights = [Variable(ops.zeros(2)) for _ in GRADIENTS]
    gradients = [ops.array(gradient, "float32") for gradient in GRADIENTS]
    optimizers.SGD(learning_rate=1.0, **clipping).apply(gradients, weights)
    return -np.array([ops.convert_to_numpy(w) for w in weights])


def cosine(taken):
    return np.sum(taken * GRADIENTS) / np.linalg.norm(taken) / np.linalg.norm(GRADIENTS)


def run(lab):
    per_variable, per_component, together = lab.contrast(
        step,
        control={"clipnorm": 1.0},
        clipvalue={"clipvalue": 1.0},
        global_clipnorm={"global_clipnorm": 1.0},
    )
    lab.answer(next(text for text, moved in OPTIONS.items()
                    if np.allclose(per_variable, moved, atol=1e-3)))  # fmt: skip
    lengths = np.linalg.norm(per_variable, axis=1)
    lab.claim("clipnorm cuts each variable to length 1", np.allclose(lengths, 1, atol=1e-5),
              lengths.max(), 1)  # fmt: skip
    ones = bool((per_component == 1).all())
    lab.claim("clipvalue cuts every component to 1", ones, per_component.max(), 1)
    kept = cosine(together)
    lab.claim("global_clipnorm keeps the direction", kept > 0.99999, kept, "1")
    turned = cosine(per_variable)
    lab.claim("clipnorm turns the whole step", turned < 0.9, turned, "< 0.9")
    whole = np.linalg.norm(together)
    lab.claim("global_clipnorm bounds the whole step", abs(whole - 1) < 1e-5, whole, 1)
    steps = {"clipvalue": per_component, "clipnorm": per_variable, "global_clipnorm": together}
    ratio = {name: np.linalg.norm(s[1]) / np.linalg.norm(s[0]) for name, s in steps.items()}
    lab.bars("How many times as long the second layer's step is (10 unclipped)", ratio)
