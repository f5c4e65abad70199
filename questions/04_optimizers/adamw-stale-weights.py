"""Let AdamW and a listing of it act on a weight whose gradient is zero."""

import numpy as np
from keras import Variable, ops

from dlprep import optimizers
from dlprep.reference.optimizers import adam

RATE, DECAY, STEPS = 0.1, 0.1, 300
OPTIONS = {
    "Near 0.05: each step takes the same share of what is left of the weight": 0.05,
    "At 0: it falls in even steps and comes to rest as soon as it gets there": 0.0,
    "Near -2: it loses the same amount each time, down to zero and then below": -2.0,
    "At 1: Adam leaves a weight whose gradient is zero exactly where it was": 1.0,
}


def listing():
    """Return the weight before and after each step of the listing."""
    w, m, v, seen = np.array(1.0), 0.0, 0.0, [1.0]
    copy = w.copy()
    for step in range(1, STEPS + 1):
        after, m, v = adam(w, 0.0, m, v, step)
        w = after - RATE * DECAY * copy
        seen.append(float(w))
    return np.array(seen)


def adamw():
    """Return the weight before and after each step of AdamW."""
    weight, seen = Variable(1.0), [1.0]
    optimizer = optimizers.AdamW(RATE, weight_decay=DECAY)
    for _ in range(STEPS):
        optimizer.apply([ops.zeros(())], [weight])
        seen.append(float(ops.convert_to_numpy(weight)))
    return np.array(seen)


def run(lab):
    current, stale = lab.contrast(
        lambda rule: rule(), control={"rule": adamw}, treatment={"rule": listing}
    )
    lab.answer(min(OPTIONS, key=lambda text: abs(OPTIONS[text] - stale[-1])))
    end = round(float(stale[-1]), 2)
    lab.claim("under the listing the weight ends at -2", end == -2, end, -2)
    crossing = int(np.sum(stale > 0.001))
    lab.claim("it reaches zero at step 100", crossing == 100, crossing, 100)
    lasting = round(float((stale[-2] - stale[-1]) / (1 - stale[1])), 3)
    lab.claim("the last step is as long as the first", lasting == 1, lasting, 1)

    end = round(float(current[-1]), 2)
    lab.claim("under AdamW the weight ends at 0.05", end == 0.05, end, 0.05)
    gap = np.abs(current / (1 - RATE * DECAY) ** np.arange(STEPS + 1) - 1).max()
    lab.claim("AdamW shrinks it geometrically", gap < 1e-4, gap, "< 1e-4")
    lowest = current.min()
    lab.claim("AdamW does not take it through zero", lowest > 0.03, lowest, "> 0.03")
    first, early = abs(stale[1] - current[1]), abs(stale[10] - current[10])
    lab.claim("the first step is the same", first < 1e-6, first, "< 0.000001")
    lab.claim("after 10 steps they differ by less than 0.006", early < 0.006, early, "< 0.006")
    early = abs(stale[2] - current[2])
    lab.claim("after two steps they differ by 1e-4", 7e-5 < early < 1.4e-4, early,
              "7e-5 to 1.4e-4")  # fmt: skip
    penalised = 1 - adam(1.0, DECAY * 1.0, 0.0, 0.0, 1, RATE)[0]
    longer = penalised / (1 - current[1])
    lab.claim("Adam with an L2 term begins ten times as fast", longer > 7, longer, "> 7")
    curves = {"AdamW": current[::10], "the listing": stale[::10]}
    lab.lines("A weight under decay alone", range(0, STEPS + 1, 10), curves,
              x_label="step", y_label="weight")  # fmt: skip
