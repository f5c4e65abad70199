"""Shift maps by one pixel and see how far the pooled maps move, by the maximum and by the mean."""

import numpy as np

from dlprep.lab import data


def pooled(maps, kind, size):
    """Summarise windows of `size` x `size` that do not overlap: `kind` is "max" or "mean"."""
    count, height, width = maps.shape
    windows = maps.reshape(count, height // size, size, width // size, size)
    return getattr(windows, kind)(axis=(2, 4))


def change(maps, kind, size):
    """Root mean square change under the shift, in standard deviations of the pooled map."""
    before, after = (pooled(m, kind, size) for m in (maps, np.roll(maps, 1, axis=2)))
    return np.sqrt(np.mean((after - before) ** 2)) / before.std()


def strictness(digits, left):
    """How many times as far as the maximum the mean moves, digits framed by `left` columns."""
    maps = np.pad(digits, ((0, 0), (4, 4), (left, 8 - left)))
    return change(maps, "mean", 4) / change(maps, "max", 4)


def moved_outputs(kind):
    """How many of a window's 16 pixels the pooled value follows when they grow a little."""
    window = np.arange(16.0)
    nudged = (window + 1e-3 * np.eye(16)).reshape(16, 4, 4)
    still = pooled(window.reshape(1, 4, 4), kind, 4)
    return int(np.sum(pooled(nudged, kind, 4) > still))


def run(lab):
    noise = np.maximum(lab.rng.normal(size=(256, 32, 32)), 0)
    (pixels, _), _ = data.digits(lab.rng)
    digits = pixels[:400].reshape(-1, 8, 8)

    def changes(size):
        return {kind: change(noise, kind, size) for kind in ("max", "mean")}

    none, two, four = lab.contrast(changes, control={"size": 1}, two={"size": 2}, four={"size": 4})
    gain = min(none[kind] / four[kind] for kind in none)
    lab.claim("4 x 4 windows nearly halve the change, max or mean", gain > 1.3, gain,
              "> 1.3")  # fmt: skip
    apart = [abs(np.log(size["max"] / size["mean"])) for size in (two, four)]
    lab.claim("on noise max and mean are 6% apart over 2 x 2", apart[0] < 0.08, apart[0], "< 0.08")
    lab.claim("and at most an eighth over 4 x 4", apart[1] < 0.16, apart[1], "< 0.16")
    left = min(four.values())
    lab.claim("over 4 x 4 a change of 0.7 is left", left > 0.52, left, "> 0.52")
    edge, later = strictness(digits, 4), strictness(digits, 5)
    lab.claim("on digits that start on a window's edge the mean moves twice as far", edge > 1.6,
              edge, "> 1.6")  # fmt: skip
    lab.claim("one pixel later it is the maximum that moves further", later < 0.82, later, "< 0.82")

    pixel = np.zeros((1, 4, 4))
    pixel[0, 1, 2] = 1
    kept, diluted = (pooled(pixel, kind, 4).item() for kind in ("max", "mean"))
    lab.claim("the maximum keeps one bright pixel whole", kept == 1, kept, 1)
    lab.claim("the mean divides it by 16", diluted == 0.0625, diluted, 0.0625)
    followed = moved_outputs("max"), moved_outputs("mean")
    lab.claim("the maximum follows one pixel, the mean all 16", followed == (1, 16),
              str(followed), "(1, 16)")  # fmt: skip
    shown = {"none": none["max"], "max 2x2": two["max"], "mean 2x2": two["mean"],
             "max 4x4": four["max"], "mean 4x4": four["mean"]}  # fmt: skip
    lab.bars("Change of the map under a shift by one pixel", shown, y_label="standard deviations")
