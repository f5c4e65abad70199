"""Walk down a slope under both conventions of momentum, with Keras's as the referee."""

import numpy as np
from keras import Variable, ops

from dlprep.optimizers import SGD
from dlprep.reference.optimizers import averaged_momentum, momentum

RATE, KEEP, STEPS = 0.01, 0.9, 200
RULES = {"accumulate": momentum, "average": averaged_momentum}


def walk(convention, scale=1.0, gradients=(1.0,) * STEPS, drop=1.0):
    """Return the steps; after half of them the rate is multiplied by `drop`."""
    theta, v, path = 0.0, 0.0, [0.0]
    for t, gradient in enumerate(gradients):
        rate = RATE * scale * (1.0 if t < STEPS // 2 else drop)
        theta, v = RULES[convention](theta, gradient, v, rate, KEEP)
        path.append(theta)
    return -np.diff(path)


def referee(gradients):
    """Return the position to which Keras's convention leads."""
    weight, optimizer = Variable(0.0), SGD(RATE, momentum=KEEP)
    for gradient in gradients:
        optimizer.apply([ops.array(gradient, "float32")], [weight])
    return float(ops.convert_to_numpy(weight))


def run(lab):
    average, accumulate = lab.contrast(
        walk, control={"convention": "average"}, treatment={"convention": "accumulate"}
    )
    ratio = accumulate[-1] / average[-1]
    lab.answer(ratio)
    lab.claim("the accumulated step is ten times as long", abs(ratio - 10) < 1e-6, ratio, 10)
    begin = accumulate[0] / average[0]
    lab.claim("it is so from the first step on", abs(begin - 10) < 1e-6, begin, 10)
    gap = abs(referee([1.0] * 30) / -accumulate[:30].sum() - 1)
    lab.claim("dlprep's SGD accumulates, as Keras's does", gap < 1e-4, gap, "< 1e-4")
    noisy = lab.rng.normal(size=STEPS)
    same = walk("average", scale=1 / (1 - KEEP), gradients=noisy)
    gap = np.abs(same - walk("accumulate", gradients=noisy)).max() / RATE
    lab.claim("a rate ten times as large makes the average equal", gap < 1e-9, gap, "< 1e-9")
    inside = walk("accumulate", drop=0.1)
    outside = walk("average", scale=1 / (1 - KEEP), drop=0.1)
    after = inside[STEPS // 2] / outside[STEPS // 2]
    lab.claim("when the rate drops, the velocity lags", 9 < after < 9.2, after, 9.1)
    lab.lines(
        "Step down a constant slope, the rate cut to a tenth after half of the way",
        range(1, STEPS + 1, 5),
        {
            "accumulate": inside[::5],
            "average, same rate": walk("average", drop=0.1)[::5],
            "average, ten times the rate": outside[::5],
        },
        x_label="step",
        y_label="length of the step",
    )
