"""Walk down a slope under both conventions of momentum, with Keras's as the referee."""

import keras
import numpy as np
from keras import ops

from dlprep.optimizers import SGD
from dlprep.reference.optimizers import averaged_momentum, momentum

RATE, KEEP, STEPS = 0.01, 0.9, 200
RULES = {"accumulate": momentum, "average": averaged_momentum}


def walk(convention, scale=1.0, gradients=(1.0,) * STEPS, drop=1.0, keep=KEEP):
    """Return the steps; after half of them the rate is multiplied by `drop`."""
    v, steps = 0.0, []
    for t, gradient in enumerate(gradients):
        rate = RATE * scale * (1.0 if t < STEPS // 2 else drop)
        theta, v = RULES[convention](0.0, gradient, v, rate, keep)
        steps.append(-theta)
    return np.array(steps)


def descend(convention, rate):
    """Return the distance from the minimum of a parabola of curvature 1 after all steps."""
    theta, v = 1.0, 0.0
    for _ in range(STEPS):
        theta, v = RULES[convention](theta, theta, v, rate, KEEP)
    return abs(theta)


def referee(optimizer, drop=1.0):
    """Return an optimizer's steps under a gradient of 1; the rate drops after half of them."""
    weight, path = keras.Variable(0.0), [0.0]
    for t in range(STEPS):
        optimizer.learning_rate = RATE * (1.0 if t < STEPS // 2 else drop)
        optimizer.apply([ops.ones(())], [weight])
        path.append(float(ops.convert_to_numpy(weight)))
    return -np.diff(path)


def run(lab):
    average, accumulate = lab.contrast(
        walk, control={"convention": "average"}, treatment={"convention": "accumulate"}
    )
    lab.answer(accumulate[-1] / average[-1])

    def equal(text, number, expected, digits=4):
        rounded = round(float(number), digits)
        lab.claim(text, rounded == expected, rounded, expected)

    equal("the accumulated step is ten times as long", accumulate[-1] / average[-1], 10)
    equal("it is so from the first step on", accumulate[0] / average[0], 10)
    noisy = lab.rng.normal(size=STEPS)
    same = walk("average", scale=1 / (1 - KEEP), gradients=noisy)
    gap = np.abs(same - walk("accumulate", gradients=noisy)).max() / RATE
    lab.claim("a rate ten times as large makes the average equal", gap < 1e-9, gap, "< 1e-9")

    inside, outside = (
        walk("accumulate", drop=0.1),
        walk("average", scale=1 / (1 - KEEP), drop=0.1),
    )
    for name, optimizer in (("Keras", keras.optimizers.SGD), ("dlprep", SGD)):
        steps = referee(optimizer(RATE, momentum=KEEP), drop=0.1)
        gap = np.abs(steps / inside - 1).max()
        lab.claim(f"{name}'s SGD accumulates, the rate inside", gap < 0.01, gap, "< 0.01")
    excess = inside[STEPS // 2 :] / outside[STEPS // 2 :] - 1
    equal("when the rate drops to a tenth, the next step is 9.1 times too long", 1 + excess[0], 9.1)
    equal("the excess fades by 0.9 per step", excess[1] / excess[0], 0.9)

    steep = {rule: walk(rule, gradients=(1.0,) * 3000, keep=0.99)[-1] for rule in RULES}
    equal("0.99 instead of 0.9: the accumulated step grows ten times",
          steep["accumulate"] / accumulate[-1], 10)  # fmt: skip
    equal("the averaged step does not grow", steep["average"] / walk("average")[-1], 1)
    far, near = descend("accumulate", 10.0), descend("average", 10.0)
    lab.claim("at a rate of 10 on a parabola the average arrives", near < 1e-2, near, "< 0.01")
    lab.claim("and the accumulating rule diverges", far > 1e9, far, "> 1e9")
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
