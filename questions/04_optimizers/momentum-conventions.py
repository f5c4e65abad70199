"""Walk down a constant slope under both conventions, with Keras's convention as the referee."""

import numpy as np
from keras import Variable, ops

from dlprep import optimizers
from dlprep.reference.optimizers import averaged_momentum, momentum

RATE, KEEP, STEPS = 0.01, 0.9, 200


def sgd_walk(gradients):
    weight = Variable(0.0)
    optimizer = optimizers.SGD(RATE, momentum=KEEP)
    path = []
    for gradient in gradients:
        optimizer.apply([ops.array(gradient, "float32")], [weight])
        path.append(float(ops.convert_to_numpy(weight)))
    return np.array(path)


def run(lab):
    noise = lab.rng.normal(size=STEPS)

    def walk(convention, rate, gradients):
        rule = {"accumulate": momentum, "average": averaged_momentum}[convention]
        theta, v, path = 0.0, 0.0, []
        for gradient in gradients:
            theta, v = rule(theta, gradient, v, rate, KEEP)
            path.append(theta)
        return np.array(path)

    slope = np.ones(STEPS)
    average, accumulate = lab.contrast(
        walk,
        control={"convention": "average", "rate": RATE, "gradients": slope},
        treatment={"convention": "accumulate", "rate": RATE, "gradients": slope},
    )
    ratio = (accumulate[-1] - accumulate[-2]) / (average[-1] - average[-2])
    lab.answer(ratio)
    expected = 1 / (1 - KEEP)
    lab.claim("the accumulated step is 1 / (1 - beta) times as long",
              abs(ratio - expected) < 1e-6, ratio, expected)  # fmt: skip
    gap = np.abs(sgd_walk(slope) - accumulate).max()
    lab.claim("SGD in Keras's convention accumulates", gap < 1e-4, gap, "< 1e-4")
    rescaled = walk("average", RATE / (1 - KEEP), noise)
    gap = np.abs(rescaled - walk("accumulate", RATE, noise)).max()
    lab.claim("with the rate rescaled every step agrees", gap < 1e-9, gap, "< 1e-9")
    lab.lines("Position on a constant slope", range(1, STEPS + 1),
              {"accumulate": accumulate, "average": average},
              x_label="step", y_label="parameter")  # fmt: skip
