"""Take Adam's steps with and without bias correction on the same noisy gradients."""

from math import inf

import keras
import numpy as np
from keras import Variable, ops

from dlprep.reference.optimizers import adam, averaged_momentum

STEPS = 3000
SHORT = "Too short: a tenth of the length at first, all of it some ten steps later"
LONG = "Too long: three times the length at first, over six times ten steps later"
HUGE = "Too long: a hundred times the length at first, normal some ten steps later"
SAME = "The same length: what the two averages lack at first cancels in the quotient"


def verdict(first, peak):
    """Return the option that a first and a largest factor speak for."""
    if first < 0.5:
        return SHORT
    if first > 30:
        return HUGE
    return LONG if first > 2 and peak > 6 else SAME


def steps(gradients, clock, beta_2=0.999):
    """Return the steps at rate 1; a clock that begins at infinity never corrects."""
    m, v, taken = 0.0, 0.0, []
    for t, g in enumerate(gradients):
        step, m, v = adam(0.0, g, m, v, t + clock, alpha=1.0, beta_2=beta_2, epsilon=0.0)
        taken.append(step)
    return np.array(taken)


def first_step_in_keras(gradient, epsilon):
    """Return the length of the first step of Keras's Adam at rate 1."""
    weight = Variable(0.0)
    keras.optimizers.Adam(1.0, epsilon=epsilon).apply([ops.array(gradient)], [weight])
    return -float(ops.convert_to_numpy(weight))


def run(lab):
    gradients = 1 + 0.5 * lab.rng.normal(size=STEPS)
    corrected, raw = lab.contrast(
        lambda clock: steps(gradients, clock), control={"clock": 1}, treatment={"clock": inf}
    )
    factor = raw / corrected
    lab.answer(verdict(factor[0], factor.max()))

    def equal(text, number, expected, digits=2):
        rounded = round(float(number), digits)
        lab.claim(text, rounded == expected, rounded, expected)

    equal("the first step is 3.16 times too long", factor[0], 3.16)
    equal("the factor peaks at 6.6", factor.max(), 6.6, digits=1)
    equal("the peak is at step 12", factor.argmax() + 1, 12)
    m = v = 0.0
    for t in range(1, 13):
        _, m, v = adam(0.0, 1.0, m, v, t)
    equal("of a constant gradient m holds 72% at step 12", m, 0.72)
    equal("and the root of v holds 11%", np.sqrt(v), 0.11)
    equal("at step 100 the factor is 3.2", factor[99], 3.2, digits=1)
    equal("at step 1,000 it is 1.26", factor[999], 1.26)
    rest = factor[-1] - 1
    lab.claim("at step 3,000 less than 4% of it are left", rest < 0.04, rest, "< 0.04")

    wild = lab.rng.choice([-1, 1], STEPS) * 10 ** lab.rng.uniform(-6, 6, STEPS)
    gap = np.abs(steps(wild, inf) / steps(wild, 1) / factor - 1).max()
    lab.claim("wild gradients give the same factors", gap < 1e-6, gap, "< 1e-6")
    firsts = [abs(adam(0.0, g, 0.0, 0.0, 1, alpha=1.0)[0]) for g in wild if abs(g) > 1e-4]
    off = np.abs(np.array(firsts) - 1).max()
    lab.claim("corrected, the first step has the length of the rate", off < 3e-4, off, "< 3e-4")

    half = first_step_in_keras(1e-7 / np.sqrt(0.001), 1e-7)
    equal("in Keras a gradient of 32 epsilon begins with half a step", half, 0.5)

    curves = {"beta_2 = 0.999": factor}
    for beta, first in ((0.9, 0.32), (0.99, 1.0)):
        curves[f"beta_2 = {beta}"] = steps(gradients, inf, beta) / steps(gradients, 1, beta)
        equal(f"with beta_2 = {beta} the first factor is {first}", curves[f"beta_2 = {beta}"][0],
              first)  # fmt: skip
    equal("with beta_2 = 0.99 the factor then rises to 2.1", curves["beta_2 = 0.99"].max(), 2.1, 1)
    average = -averaged_momentum(0.0, gradients[0], 0.0, alpha=1.0)[0] / gradients[0]
    equal("averaged momentum begins with a tenth of the gradient", average, 0.1)
    lab.lines(
        "Step without correction / step with it",
        range(1, STEPS + 1, 10),
        {name: values[::10] for name, values in curves.items()},
        x_label="step",
        y_label="factor",
        log_x=True,
    )
