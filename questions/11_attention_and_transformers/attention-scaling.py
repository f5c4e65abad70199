"""Let random queries meet random keys and measure how spread the attention weights are."""

import numpy as np

KEYS, QUERIES = 32, 512
OPTIONS = {
    "spread": "Above 0.8: random keys are alike, so the weights stay nearly even.",
    "several": "Between 0.3 and 0.6: some keys win, and several others keep a share.",
    "few": "Between 0.1 and 0.3: a few keys share the weight, the others get nothing.",
    "one": "Below 0.1: a single key takes nearly all of the weight of a query.",
}


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def entropy(p):
    """Mean entropy of the rows, 1 for uniform ones and 0 for one-hot ones."""
    return float(-np.sum(p * np.log(np.where(p > 0, p, 1)), axis=1).mean() / np.log(KEYS))


def run(lab):
    def attend(power):
        """Scores and weights for keys of four sizes d; the scores are divided by d**power."""
        found = {}
        for d in (4, 16, 64, 1024):
            query = lab.rng.normal(size=(QUERIES, d))
            keys = lab.rng.normal(size=(QUERIES, KEYS, d))
            scores = np.einsum("qd,qkd->qk", query, keys) / d**power
            found[d] = scores, softmax(scores)
        return found

    scaled, unscaled, squashed = lab.contrast(
        attend, control={"power": 0.5}, unscaled={"power": 0}, squashed={"power": 1}
    )
    raw = {d: entropy(p) for d, (_, p) in unscaled.items()}
    kept = {d: entropy(p) for d, (_, p) in scaled.items()}
    limits = {"one": 0.1, "few": 0.3, "several": 0.6}
    lab.answer(OPTIONS[next((k for k, most in limits.items() if raw[1024] < most), "spread")])

    lab.claim("unscaled, 1,024 dimensions leave one key", raw[1024] < 0.06, raw[1024], "< 0.06",
              share=True)  # fmt: skip
    lab.claim(
        "unscaled, 16 dimensions leave several", raw[16] > 0.24, raw[16], "> 0.24", share=True
    )
    lab.claim("64 dimensions leave little more than one", raw[64] < 0.3, raw[64], "< 0.3",
              share=True)  # fmt: skip
    least = min(kept.values())
    lab.claim("scaled weights stay spread at every size", least > 0.8, least, "> 0.8", share=True)
    spread = {d: float(scores.std() / np.sqrt(d)) for d, (scores, _) in unscaled.items()}
    far = max(abs(np.log(s)) for s in spread.values())
    lab.claim("the scores' deviation is the root of d", far < 0.1, far, "< 0.1")
    top = np.sort(unscaled[1024][0], axis=1)
    lead = float(np.median(top[:, -1] - top[:, -2]))
    lab.claim("the largest score leads by many units", lead > 7, lead, "> 7")
    slopes = [slope(weights[1024][1]) for weights in (scaled, unscaled)]
    gain = slopes[0].mean() / slopes[1].mean()
    lab.claim("scaling keeps the softmax's slope alive", gain > 9, gain, "> 9")
    typical = np.median(slopes[0]) / np.median(slopes[1])
    lab.claim("most of all for the median query", typical > 1000, typical, "> 1000")
    even = entropy(squashed[1024][1])
    lab.claim("divided by d the weights are uniform", even > 0.99, even, "> 0.99", share=True)
    curves = {"unscaled": list(raw.values()), "scaled": list(kept.values())}
    lab.lines("Spread of the attention weights", list(raw), curves, log_x=True,
              x_label="dimensions of a key", y_label="entropy / log 32")  # fmt: skip


def slope(p):
    """Mean derivative of a query's weights, each with respect to its own score."""
    return (p * (1 - p)).mean(axis=1)
