"""Feed large logits to softmax as the textbook writes it and to a version that shifts them."""

import numpy as np
from keras import ops

from dlprep.activations import log_softmax, softmax


def literal(logits):
    exponentials = ops.exp(logits)
    return exponentials / ops.sum(exponentials, axis=-1, keepdims=True)


def log_literal(logits):
    return ops.log(literal(logits))


def log_of_stable(logits):
    return ops.log(softmax(logits))


def finite_rows(values):
    return np.mean(np.all(np.isfinite(values), axis=-1))


def limit(dtype):
    """Return the smallest whole logit whose exponential overflows."""
    with np.errstate(over="ignore"):
        return next(z for z in range(1000) if np.isinf(np.exp(dtype(z))))


def run(lab):
    ordinary = lab.rng.normal(size=(1000, 10)).astype("float32")

    def outcome(probabilities, logarithm):
        """Return softmax of (1000, 1001), its log on moderate logits, finite rows on large ones."""
        pair = ops.convert_to_numpy(probabilities(ops.array([1000.0, 1001.0])))
        moderate = ops.convert_to_numpy(logarithm(ordinary))
        return pair, moderate, finite_rows(ops.convert_to_numpy(logarithm(100 * ordinary)))

    naive, stable, halfway = lab.contrast(
        outcome,
        control={"probabilities": literal, "logarithm": log_literal},
        stable={"probabilities": softmax, "logarithm": log_softmax},
        halfway={"probabilities": softmax, "logarithm": log_of_stable},
    )
    exact = ordinary - np.log(np.sum(np.exp(ordinary.astype("float64")), axis=-1, keepdims=True))
    error = np.abs(stable[1] - exact).max()
    right = np.allclose(stable[0], [0.268941, 0.731059], atol=1e-5)
    lab.claim("the literal formula breaks at (1000, 1001)", np.isnan(naive[0]).all(), str(naive[0]))
    lab.claim("shifted, it gives 0.269 and 0.731", right, str(stable[0]), "[0.26894 0.73106]")
    lab.claim("on moderate logits nothing changes", error < 1e-5, error, "< 1e-5")
    lab.claim("log-softmax is finite for all large logits", stable[2] == 1, stable[2], "all rows")
    lab.claim("the literal logarithm is finite for few", naive[2] < 0.1, naive[2], "< 0.1 of them")
    lab.claim("so is the log of a stable softmax", halfway[2] < 0.1, halfway[2], "< 0.1 of them")
    limits = {name: limit(getattr(np, name)) for name in ("float16", "float32", "float64")}
    found = tuple(limits.values())
    lab.claim("exp overflows at 12, 89 and 710", found == (12, 89, 710), str(found))
    lab.bars("First whole logit whose exponential overflows", limits, y_label="logit", log_y=True)
