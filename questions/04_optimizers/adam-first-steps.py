"""Take Adam's steps with and without bias correction on the same noisy gradients."""

from math import inf

import numpy as np
from keras import Variable, ops

from dlprep.optimizers import Adam
from dlprep.reference.optimizers import adam

RATE, STEPS = 0.01, 1000
TOO_SHORT = "Too short: a tenth at the first step, then slowly growing to the full length"
TOO_LONG = "Too long: three times at the first step, then growing to more than six times"
HUGE = "Too long: a hundred times at the first step, then quickly falling to the right length"
SAME = "Nearly the same: both averages start at zero, and what they lack cancels in the quotient"


def verdict(first, peak):
    """Return the option that a first and a largest factor speak for."""
    if first < 0.5:
        return TOO_SHORT
    if first > 30:
        return HUGE
    return TOO_LONG if first > 2 and peak > 6 else SAME


def run(lab):
    gradients = 1 + 0.5 * lab.rng.normal(size=STEPS)

    def lengths(clock, beta_2=0.999):
        """Return the steps in units of the rate; a clock that begins at infinity never corrects."""
        theta, m, v, path = 0.0, 0.0, 0.0, [0.0]
        for t, g in enumerate(gradients):
            theta, m, v = adam(theta, g, m, v, t + clock, RATE, beta_2=beta_2, epsilon=0.0)
            path.append(theta)
        return np.abs(np.diff(path)) / RATE

    corrected, raw = lab.contrast(lengths, control={"clock": 1}, treatment={"clock": inf})
    factor = raw / corrected
    peak, at = factor.max(), int(factor.argmax()) + 1
    lab.answer(verdict(factor[0], peak))
    t = np.arange(1, STEPS + 1)
    law = np.abs(factor / ((1 - 0.9**t) / np.sqrt(1 - 0.999**t)) - 1).max()
    lab.claim("the first step is 3.16 times too long", 3.1 < factor[0] < 3.2, factor[0], 3.1623)
    lab.claim("the factor peaks at 6.6", 6.5 < peak < 6.6, peak, "6.5 to 6.6")
    lab.claim("the peak is around step 12", 10 <= at <= 14, at, "10 to 14")
    lab.claim("after 100 steps the factor is still 3.2", 3 < factor[99] < 3.5, factor[99], 3.24)
    lab.claim("after 1,000 steps it is over 1.2", factor[-1] > 1.2, factor[-1], "> 1.2")
    lab.claim("the factor is the same for any gradients", law < 1e-6, law, "formula within 1e-6")
    others = {beta: lengths(inf, beta) / lengths(1, beta) for beta in (0.9, 0.99)}
    low, even = others[0.9][0], others[0.99][0]
    lab.claim("with beta_2 = 0.9 the first step is too short", low < 0.4, low, "< 0.4")
    lab.claim("with beta_2 = 0.99 it is exact", abs(even - 1) < 1e-6, even, 1)
    weight = Variable(0.0)
    Adam(RATE).apply([ops.array(gradients[0], "float32")], [weight])
    step = abs(float(ops.convert_to_numpy(weight))) / RATE
    lab.claim("dlprep's Adam begins with the learning rate", abs(step - 1) < 1e-3, step, 1)
    lab.lines(
        "Step without correction / step with it",
        t[::5],
        {f"beta_2 = {beta}": values[::5] for beta, values in {**others, 0.999: factor}.items()},
        x_label="step",
        y_label="factor",
        log_x=True,
    )
