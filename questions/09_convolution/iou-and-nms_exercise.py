"""Greedy non-maximum suppression."""

import numpy as np


def suppress(boxes, scores, threshold):
    """Keep the best of overlapping boxes.

    The boxes are gone through from the highest score to the lowest. A box is dropped if its
    intersection over union with a box that was kept before is greater than the threshold, and kept
    otherwise: also if the two are equal. Boxes that were dropped drop no others.

    Intersection over union of two boxes is the area they share over the area that at least one of
    them covers. Coordinates are real numbers: a box from 0 to 2 is 2 wide, and boxes that touch in
    an edge share no area. A box may have no width, no height or neither; where no area is shared,
    intersection over union is 0, also for two boxes without area.

    Args:
        boxes: float64 array of shape `(n, 4)`, each row left, lower, right, upper, with
            left <= right and lower <= upper. Sides are 0, or from 1e-5 to 1e4; coordinates may be
            negative and up to 1000 times as large as the sides of all boxes. n may be 0.
        scores: float64 array of shape `(n,)` of finite numbers, also negative, up to 1e12 in size;
            any two differ by at least 1e-9 of the larger one's size.
        threshold: float from 0 to 1. Intersection over union of two boxes differs from it by at
            least 1e-6, or equals it: at threshold 0 where no area is shared, and for corners that
            are whole numbers up to 100 in size, with a threshold that is a multiple of 1/8.

    Returns:
        The indices (rows of `boxes`) of the boxes that are kept, by falling score, as a list, tuple
        or array of shape `(kept,)`. The arguments stay as they are.
    """
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    order, kept = np.argsort(-scores), []
    while len(order):
        best, order = order[0], order[1:]
        kept.append(int(best))
        low = np.maximum(boxes[best, :2], boxes[order, :2])
        high = np.minimum(boxes[best, 2:], boxes[order, 2:])
        shared = np.prod(np.maximum(high - low, 0), axis=1)
        order = order[shared <= threshold * (areas[best] + areas[order] - shared)]
    return kept


def check(candidate, lab):
    with np.errstate(all="ignore"):
        for scale in (1.01e-5, 0.1, 500.0):
            _check_two(candidate, lab, scale)
            _check_row(candidate, lab, scale)
            for n in (2, int(lab.rng.integers(3, 12)), int(lab.rng.integers(20, 40))):
                _check_crowd(candidate, lab, n, scale)
        _check_scores(candidate, lab)
        _check_equal(candidate, lab)
        _check_flat(candidate, lab)
        for n in (0, 1):
            boxes = _random(lab, n, 1.0)
            text = "no box, or one: it is kept"
            _compare(candidate, lab, text, boxes, lab.rng.normal(size=n), 0.5)


def _check_two(candidate, lab, scale):
    side = scale * lab.rng.uniform(1, 2)
    for sign in (1, -1):
        box = np.array([0, 0, side, side])
        corner = box + 1.1 * side * np.array([1, sign, 1, sign])
        beside = box + 1.1 * side * np.array([1, 0, 1, 0])
        boxes = np.stack([box, corner, beside]) + scale * lab.rng.normal(0, 9, 2)[[0, 1, 0, 1]]
        text = "boxes that share no area are all kept"
        for threshold in (0.0, 0.5, 1.0):
            _compare(candidate, lab, text, boxes, lab.rng.normal(size=3), threshold)
    for threshold in (0.1, float(lab.rng.uniform(0.2, 0.9)), 0.95):
        for margin in (2e-6, -2e-6, 1e-5, -1e-5):
            part = threshold + margin
            text = f"overlap a little {'above' if margin > 0 else 'below'} threshold, also far out"
            width, height = scale * lab.rng.uniform(1, 1.5, 2) / [1, part]
            far = 900 * min(width, part * height) * lab.rng.choice([-1, 0, 1], 2)[[0, 1, 0, 1]]
            inside = np.array([0, 0, width, part * height])
            moved = width * (1 - part) / (1 + part) * np.array([1, 0, 1, 0])
            for other in (inside, np.array([0, 0, width, height]) + moved):
                boxes = np.stack([[0, 0, width, height], other]) + far
                _compare(candidate, lab, text, boxes, lab.rng.normal(size=2), threshold)


def _check_scores(candidate, lab):
    lefts = 3.0 * np.arange(6)
    boxes = np.stack([lefts, 0 * lefts, lefts + 1 + (lefts > 9), 0 * lefts + 1], axis=1)
    boxes = np.concatenate([boxes, boxes])
    for size in (1e-9, -1e-9, 1.0, -1.0, 1e12, -1e12):
        scores = size * (0.9 + 1.2e-9 * lab.rng.permutation(12))
        text = "scores of any size, also when they are near each other"
        _compare(candidate, lab, text, boxes, scores, 0.5)


def _check_row(candidate, lab, scale):
    """Neighbours overlap, those next but one do not: every second box stays."""
    n = int(lab.rng.integers(3, 9))
    lefts = np.arange(n) * lab.rng.uniform(0.6, 0.9)
    boxes = scale * np.stack([lefts, 0 * lefts, lefts + 1, 0 * lefts + 1], axis=1)
    place = lab.rng.permutation(n)
    scores = 10 ** lab.rng.uniform(-4, 4) * (lab.rng.normal() - np.arange(n))
    text = "a dropped box drops nobody"
    _compare(candidate, lab, text, boxes[place], scores[place], 0.05)


def _check_crowd(candidate, lab, n, scale):
    for threshold in map(float, lab.rng.permutation([0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0])[:4]):
        boxes, scores = _random(lab, n, scale), lab.rng.normal(size=n)
        overlaps = _overlaps(boxes)
        near = (abs(overlaps - threshold) < 2e-6) & (overlaps > 0) & (overlaps < 1)
        if not near.any():
            text = "a crowd of boxes: the best stays, what overlaps it too much goes"
            _compare(candidate, lab, text, boxes, scores, threshold)


def _check_equal(candidate, lab):
    for eighths in (1, 2, 3, 4, 6, 7):
        height = int(lab.rng.integers(1, 9))
        boxes = np.array([[0, 0, 8, height], [0, 0, eighths, height]], float)
        boxes += lab.rng.integers(-9, 9, 2)[[0, 1, 0, 1]]
        text = "intersection over union equal to the threshold: both are kept"
        _compare(candidate, lab, text, boxes, lab.rng.normal(size=2), eighths / 8)
    boxes = lab.rng.integers(0, 9, 4).astype(float)[None] + np.array([[0, 0, 9, 9]] * 3)
    boxes[:, 2:] = boxes[:, :2] + lab.rng.integers(1, 9, 2)
    for threshold in (1.0, 0.875):
        text = "the same box three times: all stay at threshold 1, one below it"
        _compare(candidate, lab, text, boxes, lab.rng.normal(size=3), threshold)
    touching = np.array([[0, 0, 2, 2], [2, 0, 5, 2], [0, 2, 2, 3]], float)
    text = "boxes that touch share no area"
    _compare(candidate, lab, text, touching, lab.rng.normal(size=3), 0.0)


def _check_flat(candidate, lab):
    """Lines and points, twice each, inside a box."""
    flat = [[0, 0, 5, 5], [1, 1, 1, 3], [1, 1, 1, 3], [2, 2, 4, 2], [2, 2, 4, 2], [3, 3, 3, 3]]
    boxes = np.array([*flat, flat[-1]], float)
    for threshold in (0.0, 0.25, 0.5, 1.0):
        text = "boxes without area share none"
        _compare(candidate, lab, text, boxes, lab.rng.normal(size=len(boxes)), threshold)


def _random(lab, n, scale):
    """Clusters, boxes inside boxes, and far from square ones."""
    centres = lab.rng.normal(0, 3, (max(n // 4, 1), 2))[lab.rng.integers(0, max(n // 4, 1), n)]
    centres = centres + lab.rng.normal(0, 0.2, (n, 2)) + lab.rng.choice([0.0, 30.0, -1500.0])
    halves = 10 ** lab.rng.uniform(0, 0.5, (n, 2))
    return scale * np.concatenate([centres - halves, centres + halves], axis=1)


def _overlaps(boxes):
    left, lower, right, upper = boxes.T

    def length(low, high):
        shared = np.minimum(high[:, None], high) - np.maximum(low[:, None], low)
        return np.where(shared > 0, shared, 0)

    shared = length(left, right) * length(lower, upper)
    areas = (right - left) * (upper - lower)
    union = areas[:, None] + areas - shared
    return np.where(shared > 0, shared / np.where(union > 0, union, 1), 0)


def _compare(candidate, lab, text, boxes, scores, threshold):
    overlaps, expected = _overlaps(boxes), []
    for i in sorted(range(len(scores)), key=lambda i: -scores[i]):
        if all(overlaps[i, j] <= threshold for j in expected):
            expected.append(i)
    given = {"boxes": boxes.copy(), "scores": scores.copy(), "threshold": threshold}
    got = candidate(boxes, scores, threshold)
    listed = isinstance(got, list | tuple | np.ndarray) and np.ndim(got) == 1
    listed = listed and np.asarray(got).dtype != bool
    form = "a list, tuple or array of indices comes back"
    lab.expect(form, listed, given, str(got)[:80], "indices such as [2, 0]")
    found = [float(i) for i in got]
    order = "the indices of the input, by falling score"
    same = sorted(found) == sorted(expected)
    lab.expect(text, same, given, str(list(got))[:80], str(expected)[:80])
    lab.expect(order, found == expected, given, str(list(got))[:80], str(expected)[:80])


def right_with_mask(boxes, scores, threshold):
    """All pairs at once, then a mask; an array comes back."""
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(-1)
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    union = area[:, None] + area[None] - shared
    overlap = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    keep = np.ones(len(boxes), bool)
    order = np.argsort(scores)[::-1]
    for place, i in enumerate(order):
        if keep[i]:
            later = order[place + 1 :]
            keep[later[overlap[i, later] > threshold]] = False
    return order[keep[order]]


def right_in_pure_python(boxes, scores, threshold):
    def overlap(a, b):
        width = min(a[2], b[2]) - max(a[0], b[0])
        height = min(a[3], b[3]) - max(a[1], b[1])
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)

    boxes, kept = boxes.tolist(), ()
    for _, i in sorted(zip(scores.tolist(), range(len(boxes)), strict=True), reverse=True):
        if all(overlap(boxes[i], boxes[j]) <= threshold for j in kept):
            kept += (i,)
    return kept


def right_nan_is_no_overlap(boxes, scores, threshold):
    """0 / 0 is NaN, and NaN is not greater than the threshold."""
    return _greedy(boxes, scores, threshold)


def _greedy(boxes, scores, threshold, *, clamp=True, pixel=0.0, epsilon=0.0, kind="union",
            strict=True, all_better=False, rising=False, sized=False, last=False):  # fmt: skip
    """The loop with the mistakes people make in it."""
    kept, better = [], []
    order = np.argsort(scores if rising else -scores)
    for i in order:
        against = better if all_better else kept[-1:] if last else kept
        if sized:
            boxes = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
            sized = False
        low = np.maximum(boxes[i, :2], boxes[against, :2])
        high = np.minimum(boxes[i, 2:], boxes[against, 2:])
        sides = high - low + pixel
        shared = np.prod(np.maximum(sides, 0) if clamp else sides, axis=1)
        area = np.prod(boxes[i, 2:] - boxes[i, :2] + pixel)
        areas = np.prod(boxes[against, 2:] - boxes[against, :2] + pixel, axis=1)
        under = {"union": area + areas - shared, "sum": area + areas,
                 "smaller": np.minimum(area, areas), "better": areas}[kind]  # fmt: skip
        overlap = shared / (under + epsilon)
        if not np.any(overlap > threshold if strict else overlap >= threshold):
            kept.append(int(i))
        better.append(int(i))
    return kept


def wrong_no_clamp(boxes, scores, threshold):
    return _greedy(boxes, scores, threshold, clamp=False)


def wrong_plus_one_pixel(boxes, scores, threshold):
    return _greedy(boxes, scores, threshold, pixel=1.0)


def wrong_epsilon_in_the_union(boxes, scores, threshold):
    """Boxes may be 1e-5 wide: their area is 1e-10."""
    return _greedy(boxes, scores, threshold, epsilon=1e-12)


def wrong_tiny_epsilon_in_the_union(boxes, scores, threshold):
    return _greedy(boxes, scores, threshold, epsilon=1e-15)


def wrong_tolerant_threshold(boxes, scores, threshold):
    return _greedy(boxes, scores, threshold + 4e-6)


def wrong_boxes_in_single_precision(boxes, scores, threshold):
    return _greedy(boxes.astype("float32"), scores, threshold)


def wrong_scores_in_single_precision(boxes, scores, threshold):
    return _greedy(boxes, scores.astype("float32"), threshold)


def wrong_used_scores_overwritten(boxes, scores, threshold):
    """Scores may lie below the mark."""
    scores, kept = scores.copy(), []
    while len(scores) and scores.max() > -1e9:
        best = int(scores.argmax())
        if len(_greedy(boxes[[*kept, best]], -np.arange(len(kept) + 1.0), threshold)) > len(kept):
            kept.append(best)
        scores[best] = -1e9
    return kept


def wrong_sum_of_areas(boxes, scores, threshold):
    return _greedy(boxes, scores, threshold, kind="sum")


def wrong_over_smaller_area(boxes, scores, threshold):
    return _greedy(boxes, scores, threshold, kind="smaller")


def wrong_over_area_of_better(boxes, scores, threshold):
    return _greedy(boxes, scores, threshold, kind="better")


def wrong_equal_is_dropped(boxes, scores, threshold):
    return _greedy(boxes, scores, threshold, strict=False)


def wrong_dropped_boxes_drop(boxes, scores, threshold):
    return _greedy(boxes, scores, threshold, all_better=True)


def wrong_last_kept_alone(boxes, scores, threshold):
    return _greedy(boxes, scores, threshold, last=True)


def wrong_worst_first(boxes, scores, threshold):
    return _greedy(boxes, scores, threshold, rising=True)


def wrong_width_and_height(boxes, scores, threshold):
    """Takes the rows for left, lower, width, height."""
    return _greedy(boxes, scores, threshold, sized=True)


def wrong_places_in_the_sorted_list(boxes, scores, threshold):
    order = np.argsort(-scores)
    return _greedy(boxes[order], scores[order], threshold)


def wrong_order_of_the_input(boxes, scores, threshold):
    return sorted(suppress(boxes, scores, threshold))


def wrong_positive_scores_alone(boxes, scores, threshold):
    return [i for i in suppress(boxes, scores, threshold) if scores[i] > 0]


def wrong_boxes_come_back(boxes, scores, threshold):
    return boxes[suppress(boxes, scores, threshold)]
