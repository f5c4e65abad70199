"""Feed large logits to softmax as the textbook writes it and to a version that shifts them."""

import numpy as np

from dlprep.reference.activations import log_softmax, softmax, softmax_backward

CLASSES = 10


def literal(logits):
    exponentials = np.exp(logits)
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def log_literal(logits):
    return np.log(literal(logits))


def log_of_stable(logits):
    return np.log(softmax(logits))


def limit(dtype):
    """Return the smallest whole logit whose exponential overflows."""
    return next(z for z in range(1000) if np.isinf(np.exp(dtype(z))))


def run(lab):
    with np.errstate(all="ignore"):
        _run(lab)


def _run(lab):
    ordinary = lab.rng.normal(size=(1000, CLASSES)).astype("float32")
    exact = log_softmax(ordinary.astype("float64")), log_softmax(100 * ordinary.astype("float64"))

    def right_rows(logarithm):
        """Return the shares of rows without an error, for logits around 1 and around 100."""
        found = logarithm(ordinary), logarithm(100 * ordinary)
        return [np.mean(np.all(np.abs(one - goal) < 1e-3, axis=-1))
                for one, goal in zip(found, exact, strict=True)]  # fmt: skip

    naive, stable, halfway = lab.contrast(
        right_rows,
        control={"logarithm": log_literal},
        stable={"logarithm": log_softmax},
        halfway={"logarithm": log_of_stable},
    )
    lab.claim("shifted, log-softmax is right for every row of large logits", stable[1] == 1,
              stable[1], 1.0, share=True)  # fmt: skip
    lab.claim("the literal formula is right for few of them", naive[1] < 0.05, naive[1], "< 0.05",
              share=True)  # fmt: skip
    lab.claim("so is the logarithm of a stable softmax", halfway[1] < 0.05, halfway[1], "< 0.05",
              share=True)  # fmt: skip
    same = min(naive[0], stable[0], halfway[0])
    lab.claim("on ordinary logits all three agree", same == 1, same, 1.0, share=True)
    lost = int(np.isnan(literal(np.array([1000.0, 1001.0]))).sum())
    lab.claim("the literal formula gives two NaN for (1000, 1001)", lost == 2, lost, 2)
    limits = {name: limit(getattr(np, name)) for name in ("float16", "float32", "float64")}
    for name, logit in {"float16": 12, "float32": 89, "float64": 710}.items():
        text = f"the first whole logit whose exponential overflows in {name} is {logit}"
        lab.claim(text, limits[name] == logit, limits[name], logit)
    _guards(lab)
    lab.bars("First whole logit whose exponential overflows", limits, y_label="logit", log_y=True)


def _guards(lab):
    """Measure what an epsilon, a clip, and the chain rule through log(softmax) do."""
    gap = np.array([0.0, -1000.0])
    floor = -np.log(softmax(gap) + 1e-12)[1]
    lab.claim("log(p + 1e-12) does not fall below -27.6", 27 < floor < 28, floor, "27 to 28")
    clipped = softmax(np.clip([60.0, 55.0], -50, 50))[0]
    lab.claim("clipped at 50, logits 60 and 55 share evenly", clipped == 0.5, clipped, 0.5)
    whole = softmax(np.array([60.0, 55.0]))[0]
    lab.claim("unclipped, the first has nearly all", whole > 0.98, whole, "> 0.98", share=True)
    p = softmax(gap)
    through = softmax_backward(np.array([0.0, 1.0]) / p, p)
    nan = int(np.isnan(through).sum())
    lab.claim("through log(softmax), an underflow makes both derivatives NaN", nan == 2, nan, 2)
