"""Truncate a noisy model of contexts that have one continuation or hundreds."""

import numpy as np

from dlprep.reference.attention import softmax

VOCABULARY, NOISE = 1000, 0.15
CUTS = [2**i for i in range(10)]


def truncate(model, top_k=VOCABULARY, top_p=1.0):
    """Keep the likeliest of each row; return what is left, renormalised, and how many those are."""
    order = np.argsort(-model, axis=-1)
    ranked = np.take_along_axis(model, order, axis=-1)
    keep = np.cumsum(ranked, axis=-1) - ranked < top_p
    keep[:, top_k:] = False
    kept = np.zeros_like(model)
    np.put_along_axis(kept, order, ranked * keep, axis=-1)
    return kept / kept.sum(axis=-1, keepdims=True), keep.sum(axis=-1)


def nucleus(*probabilities, top_p=0.9):
    return int(truncate(np.array([probabilities]), top_p=top_p)[1][0])


def entropy(probabilities):
    return -np.sum(probabilities * np.log(probabilities))


def contexts(rng, sizes, share=NOISE):
    """Return the true distributions of contexts with `sizes` continuations, and a noisy model."""
    truth = np.zeros((len(sizes), VOCABULARY))
    for row, size in zip(truth, sizes, strict=True):
        row[rng.permutation(VOCABULARY)[:size]] = rng.dirichlet(np.full(size, 3.0))
    noise = rng.dirichlet(np.full(VOCABULARY, 0.3), len(sizes))
    return truth, (1 - share) * truth + share * noise


def run(lab):
    sizes = np.repeat([1, 2, 4, 20, 100, 300], 8)
    truth, model = contexts(lab.rng, sizes)

    def distance(settings, truth=truth, model=model):
        """Total variation between the truncated model and the truth, at the best setting."""
        cut = [truncate(model, **one)[0] for one in settings]
        return min(np.abs(one - truth).sum(-1).mean() / 2 for one in cut)

    fixed, adaptive = lab.contrast(distance, control={"settings": [{"top_k": k} for k in CUTS]},
                                   treatment={"settings": [{"top_p": 0.9}]})  # fmt: skip
    ratio = adaptive / fixed
    lab.claim("top-p of 0.9 is about half as far from the truth as the best k", ratio < 0.7, ratio,
              "< 0.7")  # fmt: skip
    alike = contexts(lab.rng, [20] * 48)
    ratio = distance([{"top_p": 0.9}], *alike) / distance([{"top_k": 20}], *alike)
    lab.claim("where every context has 20 continuations, k = 20 is nearer", ratio > 1, ratio,
              "> 1")  # fmt: skip
    clean = contexts(lab.rng, sizes, 0.02)
    ratio = distance([{"top_p": 0.9}], *clean) / distance([{"top_k": k} for k in CUTS], *clean)
    lab.claim("with 2% noise the best k is nearer than top-p of 0.9", ratio > 1.5, ratio, "> 1.5")
    _temperature(lab)
    kept = nucleus(0.5, 0.3, 0.15, 0.05)
    lab.claim("three of (0.5, 0.3, 0.15, 0.05) reach 0.9", kept == 3, kept, 3)
    sizes = [nucleus(*softmax(lab.rng.normal(scale=0.01, size=8) + lead * np.eye(8)[0]))
             for lead in (10, 0)]  # fmt: skip
    lab.claim("one token of a peaked eight, all of a flat eight", sizes == [1, 8], str(sizes),
              "[1, 8]")  # fmt: skip
    curve = [distance([{"top_k": k}]) for k in CUTS]
    series = {"top-k": curve, "top-p of 0.9": [adaptive] * len(CUTS)}
    lab.lines("Distance from the truth after truncation", CUTS, series, x_label="k",
              y_label="total variation", log_x=True)  # fmt: skip


def _temperature(lab):
    logits = np.array([2.0, 1.0, 0.0])
    spread = [entropy(softmax(logits / t)) for t in (0.1, 1, 10)]
    lab.claim("at temperature 0.1 the entropy is 0.0005", spread[0] < 0.0007, spread[0], "< 0.0007")
    lab.claim("at 1 it is 0.83", 0.6 < spread[1] < 1.1, spread[1], "0.6 to 1.1")
    short = np.log(3) - spread[2]
    lab.claim("at 10 it is within 0.005 of ln 3 = 1.099", short < 0.005, short, "< 0.005")
    lab.value("entropy at temperature 10", spread[2], "nats")
    many = lab.rng.normal(size=200)
    hot, cold = (nucleus(*softmax(many / t)) for t in (2.0, 0.5))
    lab.claim("temperature changes the size of the nucleus", hot / cold > 1.5, hot / cold, "> 1.5")
