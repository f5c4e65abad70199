"""Let decay alone act on a weight: on its current value, and on a copy taken at the start."""

import numpy as np
from keras import Variable, ops

from dlprep import optimizers

RATE, DECAY, STEPS, CHUNK = 0.01, 0.1, 3000, 100
OPTIONS = {
    "Near 0.05: decay shrinks it by the same share in every step, towards zero.": 0.05,
    "At exactly 0: it is pulled down evenly and stays at zero once it is there.": 0.0,
    "Near -2: it passes through zero at step 1,000 and keeps growing on the other side.": -2.0,
    "At 1: without a gradient Adam does not move a weight.": 1.0,
}


def path(decays):
    """Return the weight after every hundredth step, from 1, under zero gradients."""
    if decays == "the current weight":
        return [1.0, *((1 - RATE * DECAY) ** np.arange(CHUNK, STEPS + 1, CHUNK))]
    weight, copy, seen = 1.0, 1.0, [1.0]
    for step in range(1, STEPS + 1):
        weight -= RATE * DECAY * copy
        if step % CHUNK == 0:
            seen.append(weight)
    return seen


def adamw(steps):
    weight = Variable(ops.ones(1))
    optimizer = optimizers.AdamW(RATE, weight_decay=DECAY)
    for _ in range(steps):
        optimizer.apply([ops.zeros(1)], [weight])
    return float(ops.convert_to_numpy(weight)[0])


def run(lab):
    current, stale = lab.contrast(
        path, control={"decays": "the current weight"}, treatment={"decays": "a stale copy"}
    )
    lab.answer(min(OPTIONS, key=lambda text: abs(OPTIONS[text] - stale[-1])))
    shrunk = adamw(CHUNK)
    lab.claim("AdamW shrinks geometrically", abs(shrunk - current[1]) < 1e-4, shrunk, current[1])
    lab.claim("on the current weight it never crosses zero", min(current) > 0, min(current), "> 0")
    lab.claim("the stale copy drags it through zero", min(stale) < 0, min(stale), "< 0")
    lab.claim("and on, past its size at the start", abs(stale[-1]) > 1.5, stale[-1], "size > 1.5")
    early = abs(stale[1] - current[1])
    lab.claim("after 100 steps they hardly differ", early < 0.01, early, "< 0.01")
    curves = {"current weight": current, "stale copy": stale}
    lab.lines("A weight under decay alone", range(0, STEPS + 1, CHUNK), curves,
              x_label="step", y_label="weight")  # fmt: skip
