"""Estimate one gradient in two ways and compare how far the single numbers spread."""

import numpy as np

OPTIONS = {
    "close": "Both average 4, and their variances are within a factor of two of each other.",
    "wide": "Both average 4, and the score estimator's variance is over ten times as large.",
    "cut": "The pathwise estimator averages 4, the score estimator 0, because no gradient passes it.",
    "biased": "The pathwise estimator averages 4, the score estimator 5, because it is biased.",
}


def verdict(score, pathwise):
    if abs(score.mean()) < 1:
        return OPTIONS["cut"]
    if abs(score.mean() - pathwise.mean()) > 0.5:
        return OPTIONS["biased"]
    return OPTIONS["wide" if score.var() > 10 * pathwise.var() else "close"]


def run(lab):
    def estimate(estimator):
        noise = lab.rng.normal(size=20_000)
        z = 2.0 + noise
        return z**2 * noise if estimator == "score" else 2 * z

    pathwise, score = lab.contrast(
        estimate, control={"estimator": "pathwise"}, treatment={"estimator": "score"}
    )
    lab.answer(verdict(score, pathwise))
    ratio = score.var() / pathwise.var()
    lab.claim("the score estimator's variance is 22 times as large", ratio > 15, ratio, "> 15")
    for name, sample in (("score", score), ("pathwise", pathwise)):
        error = abs(sample.mean() - 4)
        lab.claim(f"the {name} estimator averages 4 within 0.3", error < 0.3, error, "< 0.3")

    noise = lab.rng.normal(size=20_000)
    z = 2.0 + noise
    gain = (z**2 * noise).var() / ((z**2 - 5) * noise).var()
    lab.claim("the mean of z^2 as a baseline halves it", gain > 1.5, gain, "> 1.5")
    turned = (-20 * np.sin(20 * z)).var() / (np.cos(20 * z) * noise).var()
    lab.claim("for cos(20 z) the pathwise one varies 400 times as much", turned > 280, turned,
              "> 280")  # fmt: skip
    samples = {"score": score.clip(-40, 60), "pathwise": pathwise}
    lab.histogram("One gradient, two estimators (tails folded in at -40 and 60)", samples, bins=50)
