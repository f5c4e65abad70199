"""Train on digits shifted by up to one pixel and test on shifts of none, one and two."""

import numpy as np

from dlprep.lab import data
from dlprep.reference.activations import softmax
from dlprep.reference.optimizers import adam

WIDTH, BATCH, RATE = 128, 64, 3e-3
HALF = "About 70% at one pixel, about 25% at two: a dense network cannot learn to shift"
INVARIANT = "About 93% at one pixel, about 90% at two: it has learnt that place is no matter"
SEEN = "About 93% at one pixel, about 25% at two: it has learnt the shifts that it saw"
CHANCE = "About 30% at one pixel, about 10% at two: the copies cannot teach it anything"


def shifted(x, down, right):
    """Shift each picture; what comes in is empty."""
    padded = np.pad(x.reshape(-1, 8, 8), ((0, 0), (2, 2), (2, 2)))
    rows = (2 - down)[:, None] + np.arange(8)
    columns = (2 - right)[:, None] + np.arange(8)
    return padded[np.arange(len(x))[:, None, None], rows[:, :, None], columns[:, None]].reshape(
        -1, 64
    )


def one_pixel(rng, x):
    return shifted(x, *rng.integers(-1, 2, (2, len(x))))


def two_pixels(rng, x):
    return shifted(x, *rng.integers(-2, 3, (2, len(x))))


def nothing(rng, x):
    return x


def mirrored(rng, x):
    turned = x.reshape(-1, 8, 8)[:, :, ::-1].reshape(-1, 64)
    return np.where(rng.random((len(x), 1)) < 0.5, turned, x)


def at_distance(rng, x, pixels):
    """Shift by exactly so many pixels in at least one direction, by no more in the other."""
    steps = np.arange(-pixels, pixels + 1)
    moves = np.array([(a, b) for a in steps for b in steps if max(abs(a), abs(b)) == pixels])
    return shifted(x, *moves[rng.integers(len(moves), size=len(x))].T)


def train(rng, train_set, augment, steps=800):
    x, y = train_set
    theta = [rng.normal(0, 0.18, (64, WIDTH)), rng.normal(0, 0.09, (WIDTH, 10)), np.zeros(WIDTH),
             np.zeros(10)]  # fmt: skip
    m, v = [0] * 4, [0] * 4
    for step in range(1, steps + 1):
        rows = rng.integers(len(x), size=BATCH)
        batch = augment(rng, x[rows])
        hidden = np.maximum(batch @ theta[0] + theta[2], 0)
        error = (softmax(hidden @ theta[1] + theta[3]) - np.eye(10)[y[rows]]) / BATCH
        back = error @ theta[1].T * (hidden > 0)
        for i, g in enumerate((batch.T @ back, hidden.T @ error, back.sum(0), error.sum(0))):
            theta[i], m[i], v[i] = adam(theta[i], g, m[i], v[i], step, alpha=RATE)
    return lambda x: (np.maximum(x @ theta[0] + theta[2], 0) @ theta[1] + theta[3]).argmax(1)


def run(lab):
    train_set, (x, y) = data.digits(lab.rng)
    tests = [x if pixels == 0 else at_distance(lab.rng, x, pixels) for pixels in (0, 1, 2)]

    def scores(augment):
        predict = train(lab.rng, train_set, augment)
        return [np.mean(predict(test) == y) for test in tests]

    plain, moved, wider, mirror = lab.contrast(
        scores,
        control={"augment": nothing},
        one_pixel={"augment": one_pixel},
        two_pixels={"augment": two_pixels},
        mirrored={"augment": mirrored},
    )
    near, far = moved[1], moved[2]
    if near < 0.5:
        lab.answer(CHANCE)
    elif near < 0.85:
        lab.answer(HALF)
    else:
        lab.answer(SEEN if far < 0.6 else INVARIANT)
    lab.claim("trained on shifts of a pixel, over 88% are right at one pixel", near > 0.88, near,
              "> 0.88", share=True)  # fmt: skip
    lab.claim("under 40% at two", far < 0.4, far, "< 0.4")
    lab.claim("trained on shifts of up to two, over 75%", wider[2] > 0.75, wider[2], "> 0.75",
              share=True)  # fmt: skip
    lab.claim("without augmentation under 50% are right at one pixel", plain[1] < 0.5, plain[1],
              "< 0.5")  # fmt: skip
    lab.claim("and under 20% at two", plain[2] < 0.2, plain[2], "< 0.2")
    worst = min(plain[0], moved[0])
    lab.claim("unshifted both are over 90%", worst > 0.9, worst, "> 0.9", share=True)
    lab.claim("shifts cost unshifted digits some points", moved[0] < plain[0],
              plain[0] - moved[0], "> 0")  # fmt: skip
    lab.claim("trained on mirrored digits, under 50% are right at one pixel", mirror[1] < 0.5,
              mirror[1], "< 0.5")  # fmt: skip
    curves = {"as they are": plain, "by up to 1": moved, "by up to 2": wider, "mirrored": mirror}
    lab.lines("Accuracy by shift", [0, 1, 2], curves, x_label="pixels", y_label="accuracy")
