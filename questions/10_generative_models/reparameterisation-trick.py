"""Estimate one gradient in two ways, then train a mean through a sample with and without a path."""

import keras
import numpy as np
from keras import ops

from dlprep import losses, optimizers

OPTIONS = {
    "close": "Both average 4, and their variances are within a factor of two of each other.",
    "wide": "Both average 4, and the score estimator's variance is over ten times the other's.",
    "cut": "The score estimator averages 0, because no gradient can pass through a random sample.",
    "biased": "The pathwise estimator averages 4, the score estimator 5, because it is biased.",
}


class Sample(keras.layers.Layer):
    """z = mu + noise; with `path=False` the gradient towards mu is cut, as after a plain draw."""

    def __init__(self, path):
        super().__init__()
        self.connected = path
        self.mu = self.add_weight(shape=(), initializer=keras.initializers.Constant(2.0))

    def call(self, noise):
        z = self.mu + noise
        return z if self.connected else ops.stop_gradient(z) + 0 * self.mu


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

    def trained_mean(path):
        model = keras.Sequential([keras.Input((1,)), Sample(path)])
        model.compile(optimizers.SGD(0.1), losses.MeanSquaredError())
        noise = lab.rng.normal(size=(1024, 1)).astype("float32")
        model.fit(noise, np.zeros_like(noise), batch_size=32, verbose=0)
        return float(model.layers[0].mu)

    score, pathwise = lab.contrast(
        estimate, control={"estimator": "score"}, treatment={"estimator": "pathwise"}
    )
    lab.answer(verdict(score, pathwise))
    for name, sample in (("score", score), ("pathwise", pathwise)):
        error = abs(sample.mean() - 4)
        lab.claim(f"the {name} estimator averages 4", error < 0.4, sample.mean(), "4 within 0.4")
    ratio = score.var() / pathwise.var()
    lab.claim("the score estimator varies over ten times as much", ratio > 10, ratio, "> 10")

    cut, free = lab.contrast(trained_mean, control={"path": False}, treatment={"path": True})
    lab.claim("a mean behind a plain draw never moves", cut == 2, cut, 2)
    lab.claim("with the path, training moves it to 0", abs(free) < 0.4, free, "0 within 0.4")
    samples = {"score": score.clip(-40, 60), "pathwise": pathwise}
    lab.histogram("One gradient, two estimators (tails folded in at -40 and 60)", samples, bins=50)
