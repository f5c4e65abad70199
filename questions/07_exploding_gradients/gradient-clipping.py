"""Clip random gradients both ways and compare directions."""

import numpy as np

from dlprep.reference import clipping

LIMIT = 0.5
CLIPS = {"norm": clipping.clip_by_norm, "value": clipping.clip_by_value}


def cosine(a, b):
    return np.sum(a * b) / (np.linalg.norm(a) * np.linalg.norm(b))


def run(lab):
    # Heavy tails, as after a step over a cliff: a few components dominate.
    gradients = lab.rng.standard_t(1.5, size=(200, 100)) * 10
    small = lab.rng.normal(size=100) * 1e-3

    def clipped(by):
        return np.array(CLIPS[by](gradients, LIMIT))

    by_value, by_norm = lab.contrast(clipped, control={"by": "value"}, treatment={"by": "norm"})
    turned = np.array([cosine(g, c) for g, c in zip(gradients, by_value, strict=True)])
    straight = np.array([cosine(g, c) for g, c in zip(gradients, by_norm, strict=True)])
    lab.claim("by norm keeps the direction", straight.min() > 1 - 1e-9, straight.min(), "1")
    longest = np.linalg.norm(by_norm, axis=1).max()
    lab.claim("by norm bounds the length", longest < LIMIT * (1 + 1e-9), longest, LIMIT)
    lab.claim("by value turns the gradient", turned.mean() < 0.8, turned.mean(), "< 0.8")
    length = np.linalg.norm(by_value, axis=1).mean()
    lab.claim("by value bounds components, not the length", length > 4 * LIMIT, length, 4 * LIMIT)
    same = all(np.array_equal(clip([small], LIMIT)[0], small) for clip in CLIPS.values())
    lab.claim("a short gradient passes both unchanged", same)
    cosines = {"by norm": straight, "by value": turned}
    lab.histogram("Cosine of gradient and clipped gradient", cosines, x_label="cosine")
