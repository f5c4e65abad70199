"""Check dropout's gradient by differences, and count what one mask for a whole batch does."""

import numpy as np

from dlprep.reference.dropout import dropout_mask, inverted_dropout, inverted_dropout_backward

RATE, STEP = 0.2, 1e-4


def run(lab):
    x, weights = lab.rng.normal(size=(2, 40, 30))
    mask = dropout_mask(lab.rng, x.shape, RATE)

    def loss(values):
        return np.sum(weights * inverted_dropout(values, RATE, mask))

    def numerical():
        gradient = np.zeros(x.shape)
        for place in np.ndindex(*x.shape):
            nudge = np.zeros(x.shape)
            nudge[place] = STEP
            gradient[place] = (loss(x + nudge) - loss(x - nudge)) / (2 * STEP)
        return gradient

    exact = numerical()

    def share_right(fresh):
        """Return the share of places where the gradient is that of the forward pass."""
        used = dropout_mask(lab.rng, x.shape, RATE) if fresh else mask
        found = inverted_dropout_backward(weights, RATE, used)
        return np.mean(np.abs(found - exact) < 1e-6)

    redrawn, same = lab.contrast(share_right, control={"fresh": True}, same={"fresh": False})
    lab.claim("with the mask of the forward pass the whole gradient is right", same == 1, same,
              1.0, share=True)  # fmt: skip
    lab.claim("with a mask drawn anew about two thirds of it is", redrawn < 0.8, redrawn, "< 0.8",
              share=True)  # fmt: skip
    bare = np.linalg.norm(mask * weights) / np.linalg.norm(exact)
    lab.claim("without the factor it is 0.8 times as long", 0.75 < bare < 0.85, bare,
              "0.75 to 0.85")  # fmt: skip
    _claim_zeros(lab)
    _claim_rows(lab)
    _claim_average(lab)


def _claim_zeros(lab):
    """Half of the inputs are zero, as padding is: their outputs say nothing about the mask."""
    x = lab.rng.normal(size=(100, 100)) * (lab.rng.random((100, 100)) < 0.5)
    mask = dropout_mask(lab.rng, x.shape, RATE)
    guessed = inverted_dropout(x, RATE, mask) != 0
    upstream = lab.rng.normal(size=x.shape)
    true, found = (inverted_dropout_backward(upstream, RATE, m) for m in (mask, guessed))
    lost = np.sum((true != 0) & (found == 0)) / mask.sum()
    lab.claim("a mask read from the output loses the gradient of half of the kept places",
              0.4 < lost < 0.6, lost, "0.4 to 0.6")  # fmt: skip


def _claim_rows(lab):
    """The mean of 64 rows of ones, with a mask for each row and with one for all."""

    def noise(rows):
        masks = dropout_mask(lab.rng, (500, rows, 20), RATE)
        return np.std(inverted_dropout(np.ones((500, 64, 20)), RATE, masks).mean(axis=1))

    own, shared = noise(64), noise(1)
    lab.claim("one mask for 64 rows makes the noise of their mean 8 times as large",
              6 < shared / own < 10.5, shared / own, "6 to 10.5")  # fmt: skip
    lab.bars("Noise of a mean over 64 rows", {"a mask per row": own, "one mask": shared},
             y_label="standard deviation")  # fmt: skip


def _claim_average(lab):
    masks = dropout_mask(lab.rng, (200_000, 4), RATE)
    outputs = inverted_dropout(np.ones((200_000, 4)), RATE, masks) @ np.array([1, 1, -1, -1])
    drift = abs(outputs.mean())
    lab.claim("before a ReLU the mean over masks is the output without dropout, 0", drift < 0.02,
              drift, "< 0.02")  # fmt: skip
    after = np.maximum(outputs, 0).mean()
    lab.claim("after it the mean is 0.34 instead of 0", 0.25 < after < 0.43, after,
              "0.25 to 0.43")  # fmt: skip
