"""Shorten gradients to one length by norm and by value, and compare directions."""

import numpy as np

from dlprep.reference.clipping import clip_by_norm, clip_by_value, global_norm


def lengths(rows):
    return np.linalg.norm(rows, axis=1)


def cosines(a, b):
    return np.sum(a * b, axis=1) / (lengths(a) * lengths(b))


def by_norm(gradient, length):
    return clip_by_norm([gradient], length)[0]


def by_value(gradient, length):
    """Return the gradient cut at the value that gives it this length, found by bisection."""
    low, high = 0.0, np.abs(gradient).max()
    for _ in range(50):
        middle = (low + high) / 2
        (cut,) = clip_by_value([gradient], middle)
        low, high = (low, middle) if global_norm([cut]) > length else (middle, high)
    return cut


def clipped_in(gradient, scale):
    """Clip to length 1, after dividing by a scale before the squares are taken."""
    norm = scale * np.sqrt(np.sum((gradient / scale) ** 2))
    return gradient / np.maximum(norm, 1)


def run(lab):
    # Heavy tails, as after a step over a cliff: a few components dominate.
    heavy, even = lab.rng.standard_t(1.5, size=(100, 100)), lab.rng.normal(size=(100, 100))

    def shortened(clip, gradients, share):
        return np.array([clip(g, share * np.linalg.norm(g)) for g in gradients])

    value, norm = lab.contrast(
        lambda clip: shortened(clip, heavy, 0.1),
        control={"clip": by_value},
        treatment={"clip": by_norm},
    )
    straight = cosines(heavy, norm).min()
    lab.claim("clipped by norm, every gradient keeps its direction", straight > 0.999999,
              straight, "> 0.999999", share=True)  # fmt: skip
    longest = (lengths(norm) / lengths(heavy)).max()
    lab.claim("both shorten to the same length, here a tenth", 0.0999 < longest < 0.1001,
              longest, 0.1)  # fmt: skip
    turned = cosines(heavy, value)
    lab.claim("by value, outliers turn it: the cosine is about 0.54", 0.4 < turned.mean() < 0.7,
              turned.mean(), "0.4 to 0.7", share=True)  # fmt: skip
    half = cosines(heavy, shortened(by_value, heavy, 0.5)).mean()
    lab.claim("shortened to half, by value, it is about 0.84", 0.75 < half < 0.9, half,
              "0.75 to 0.9", share=True)  # fmt: skip
    calm = cosines(even, shortened(by_value, even, 0.1)).mean()
    lab.claim("without outliers a tenth by value still leaves 0.8", 0.7 < calm < 0.87, calm,
              "0.7 to 0.87", share=True)  # fmt: skip
    lab.claim("the step by value still goes downhill", turned.min() > 0.1, turned.min(), "> 0.1",
              share=True)  # fmt: skip
    huge = np.full(3, 1e20, "float32")
    with np.errstate(over="ignore"):
        lost, kept = (np.linalg.norm(clipped_in(huge, by)) for by in (np.float32(1), huge.max()))
    lab.claim(
        "in float32 components of 1e20 become 0: their squares overflow", lost == 0, lost, 0.0
    )
    lab.claim("divided by the largest before squaring, they get length 1", 0.999 < kept < 1.001,
              kept, "0.999 to 1.001")  # fmt: skip
    cosine = {"by norm": cosines(heavy, norm), "by value": turned}
    lab.histogram("Gradients and what is left of them, a tenth as long", cosine, x_label="cosine")
