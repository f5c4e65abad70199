"""Take one step from zero with each of Keras's three clipping options."""

import numpy as np
from keras import Variable, ops

from dlprep import optimizers

GRADIENTS = np.array([[3.0, 4.0], [30.0, 40.0]])
OPTIONS = {
    "(0.0597, 0.0796) and (0.597, 0.796): the variables share one factor.": GRADIENTS / 50.25,
    "(0.6, 0.8) and (0.6, 0.8): each variable is cut to length 1 by itself.": [[0.6, 0.8]] * 2,
    "(1, 1) and (1, 1): no component may be larger than the threshold.": np.ones((2, 2)),
    "(3, 4) and (30, 40): clipping shrinks the weights, not the step.": GRADIENTS,
}


def step(gradients=GRADIENTS, **clipping):
    """How far plain gradient descent at rate 1 moves two weights that start at zero."""
    weights = [Variable(ops.zeros(2)) for _ in gradients]
    handed = [ops.array(gradient, "float32") for gradient in gradients]
    optimizers.SGD(learning_rate=1.0, **clipping).apply(handed, weights)
    return -np.array([ops.convert_to_numpy(w) for w in weights], "float64")


def cosine(taken):
    return np.sum(taken * GRADIENTS) / np.linalg.norm(taken) / np.linalg.norm(GRADIENTS)


def run(lab):
    def claim_step(text, taken, expected):
        shown = str(np.round(taken, 4).tolist())
        lab.claim(text, shown == expected, shown, expected)

    together, per_variable, per_component = lab.contrast(
        step,
        control={"global_clipnorm": 1.0},
        clipnorm={"clipnorm": 1.0},
        clipvalue={"clipvalue": 1.0},
    )
    lab.answer(next(text for text, moved in OPTIONS.items()
                    if np.allclose(per_variable, moved, atol=1e-3)))  # fmt: skip
    claim_step(
        "clipnorm moves both variables by (0.6, 0.8)", per_variable, "[[0.6, 0.8], [0.6, 0.8]]"
    )
    claim_step("clipvalue moves both by (1, 1)", per_component, "[[1.0, 1.0], [1.0, 1.0]]")
    claim_step("global_clipnorm gives both variables one factor", together,
               "[[0.0597, 0.0796], [0.597, 0.796]]")  # fmt: skip
    small = step(GRADIENTS / 100, clipnorm=1.0)
    claim_step("clipnorm leaves norms below 1 alone", small, "[[0.03, 0.04], [0.3, 0.4]]")

    kept = cosine(together)
    turned, bent = (round(float(cosine(taken)), 3) for taken in (per_variable, per_component))
    lab.claim("global_clipnorm keeps the direction", kept > 0.999, kept, "> 0.999", share=True)
    lab.claim("clipnorm turns the whole step", turned == 0.774, turned, 0.774)
    lab.claim("clipvalue turns it too", bent == 0.766, bent, 0.766)
    whole = round(float(np.linalg.norm(per_variable)), 3)
    lab.claim("two variables under clipnorm: 1.414 in all", whole == 1.414, whole, 1.414)
    steps = {"clipvalue": per_component, "clipnorm": per_variable, "global_clipnorm": together}
    ratio = {name: np.linalg.norm(s[1]) / np.linalg.norm(s[0]) for name, s in steps.items()}
    lab.bars("How many times as long the second variable's step is (10 unclipped)", ratio)
