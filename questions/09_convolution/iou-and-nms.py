"""Suppress overlapping boxes at several thresholds and count found objects and duplicates."""

import numpy as np

SIDE = 10.0


def overlap(box, others, clamp=0.0):
    """Intersection over union of a box with each of the others: left, lower, right, upper."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    shared = np.maximum(high - low, clamp).prod(axis=1)
    areas = [np.prod(b[..., 2:] - b[..., :2], axis=-1) for b in (box, others)]
    return shared / (areas[0] + areas[1] - shared)


def suppress(boxes, scores, threshold, against_kept=True):
    kept, better = [], []
    for i in np.argsort(-scores):
        if not np.any(overlap(boxes[i], boxes[kept if against_kept else better]) > threshold):
            kept.append(i)
        better.append(i)
    return kept


def squares(corners):
    return np.hstack([corners, np.asarray(corners) + SIDE])


def found(objects, boxes):
    """How many objects have a box with an overlap of at least one half."""
    return sum(bool(np.any(overlap(one, boxes) >= 0.5)) for one in objects)


def run(lab):
    grid = 3 * SIDE * np.stack(np.meshgrid(range(4), range(3)), axis=-1).reshape(-1, 2)
    objects = squares(grid)

    def boxes_near(corners, shift):
        return squares(np.repeat(corners, 8, axis=0) + lab.rng.uniform(-shift, shift, (96, 2)))

    boxes = boxes_near(grid, 0.7)
    scores = lab.rng.random(96)

    def left(threshold):
        return boxes[suppress(boxes, scores, threshold)]

    everything, half, loose = lab.contrast(
        left, control={"threshold": 1.0}, half={"threshold": 0.5}, loose={"threshold": 0.95}
    )
    lab.claim("at 0.5 one box for each of 12 objects stays", len(half) == 12, len(half), 12)
    lab.claim("and each object is found", found(objects, half) == 12, found(objects, half), 12)
    lab.claim("at 0.95 most duplicates stay", len(loose) > 54, len(loose), "> 54")
    wide = boxes_near(grid, 2.0)
    kept = len(suppress(wide, scores, 0.5))
    lab.claim("boxes shifted by a fifth: at 0.5 some duplicates stay", kept > 15, kept, "> 15")
    whole = found(objects, everything)
    lab.claim("without suppression each object is found too", whole == 12, whole, 12)

    pairs = np.concatenate([objects, squares(grid + [0.4 * SIDE, 0])])
    shared = overlap(pairs[0], pairs[12:13])[0]
    lab.claim("neighbours overlap by 3/7", 0.38 < shared < 0.48, shared, "0.38 to 0.48")
    both, one = (len(suppress(pairs, lab.rng.random(24), t)) for t in (0.5, 0.3))
    lab.claim("24 objects in 12 such pairs: 0.5 keeps both of each", both == 24, both, 24)
    lab.claim("0.3 keeps one of each", one == 12, one, 12)

    row = squares([[0, 0], [3, 0], [6, 0]])
    falling = np.array([0.9, 0.8, 0.7])
    kept = str([int(i) for i in suppress(row, falling, 0.5)])
    lab.claim("a dropped box drops nobody: both ends stay", kept == "[0, 2]", kept, "[0, 2]")
    alone = str([int(i) for i in suppress(row, falling, 0.5, against_kept=False)])
    lab.claim("compared with all better boxes the last one goes", alone == "[0]", alone, "[0]")

    square, far = (np.array([[a, a, a + 2.0, a + 2.0]]) for a in (0, 3))
    for text, clamp, low, high in (
        ("squares that do not touch have 1/7 without the clamp", -np.inf, 0.1, 0.2),
        ("and 0 with it", 0.0, 0, 0),
    ):
        value = overlap(square[0], far, clamp)[0]
        expected = f"{low} to {high}" if high else 0.0
        lab.claim(text, low <= value <= high, value, expected)
    thresholds = [0.05 * i for i in range(1, 20)]
    series = {"12 objects, 8 boxes each": [len(left(t)) for t in thresholds],
              "12 pairs of neighbours": [len(suppress(pairs, np.arange(24.0), t))
                                         for t in thresholds]}  # fmt: skip
    lab.lines("Boxes that stay", thresholds, series, x_label="threshold", y_label="boxes")
