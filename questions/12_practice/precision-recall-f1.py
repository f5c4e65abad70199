"""Compare F1 of summed counts with the mean of F1 over the batches of an epoch."""

import keras
import numpy as np

from dlprep.reference.metrics import confusion, f_score, precision, recall

ROWS, BATCH, SHARE = 64 * 1024, 32, 0.02


def f1(true, called):
    tp, fp, _, fn = confusion(true, called)
    return f_score(tp, fp, fn)


def epoch_f1(true, called, batch, aggregate):
    """Return F1 of an epoch from summed counts, or as a mean over its batches."""
    batches = list(zip(true.reshape(-1, batch), called.reshape(-1, batch), strict=True))
    if aggregate == "counts":
        tp, fp, _, fn = np.sum([confusion(*pair) for pair in batches], axis=0)
        return f_score(tp, fp, fn)
    if aggregate == "mean where positive":
        batches = [pair for pair in batches if pair[0].any()]
    return np.mean([f1(*pair) for pair in batches])


def run(lab):
    true = lab.rng.random(ROWS) < SHARE
    scores = lab.rng.normal(size=ROWS) + 2.5 * true
    called = scores > 2
    whole = f1(true, called)

    def reported(aggregate):
        return epoch_f1(true, called, BATCH, aggregate)

    mean, summed, skipped = lab.contrast(
        reported,
        control={"aggregate": "mean"},
        counts={"aggregate": "counts"},
        skipping={"aggregate": "mean where positive"},
    )
    off = abs(summed - whole)
    lab.claim("summed counts give the F1 of all rows", off < 1e-9, off, "< 1e-9")
    ratio = mean / whole
    lab.claim("the mean over batches is below 0.8 of it", ratio < 0.8, ratio,
              "< 0.8")  # fmt: skip
    excess = skipped / whole - 1
    lab.claim("without the batches that have no positive it is a tenth too high", excess > 0.1,
              excess, "> 0.1")  # fmt: skip
    _properties(lab, true, scores)
    _keras(lab)
    sizes = [2**k for k in range(4, 12)]
    means = [epoch_f1(true, called, size, "mean") for size in sizes]
    lab.lines("F1 of one epoch", sizes, {"mean over batches": means, "all rows": [whole] * 8},
              x_label="rows in a batch", y_label="F1", log_x=True)  # fmt: skip


def _properties(lab, true, scores):
    """Claim what F1 ignores, and what the harmonic mean does."""
    tp, fp, tn, fn = confusion(true, scores > 2)
    more = np.concatenate([true, np.zeros(1000 * int(tn), bool)])
    calls = np.concatenate([scores > 2, np.zeros(1000 * int(tn), bool)])
    moved = abs(f1(more, calls) - f_score(tp, fp, fn))
    lab.claim("a thousand times the true negatives leave F1", moved < 1e-9, moved, "< 1e-9")
    wrong = np.mean(true != (scores > 2)) / np.mean(more != calls)
    lab.claim("they move accuracy: the share of errors falls", wrong > 500, wrong, "> 500")
    strict = confusion(true, scores > 4.1)
    p, r = precision(strict[0], strict[1]), recall(strict[0], strict[3])
    lab.claim("a strict threshold has a precision above 0.8", p > 0.8, p, "> 0.8", share=True)
    lab.claim("its recall is below 0.1", r < 0.1, r, "< 0.1", share=True)
    low = f1(true, scores > 4.1)
    lab.claim("its F1 is below 0.2", low < 0.2, low, "< 0.2", share=True)
    most = lab.rng.random(20_000) < 0.99
    all_called = np.ones(20_000, bool)
    high, other = f1(most, all_called), f1(~most, ~all_called)
    lab.claim("always positive has F1 above 0.99 for 99% positives", high > 0.99, high, "> 0.99",
              share=True)  # fmt: skip
    lab.claim("with the labels exchanged it has 0", other == 0, other, 0.0, share=True)
    few, some = true[:1000].astype(float), (scores[:1000, None] > 2).astype(float)
    ratio = np.sum(few * some) / np.sum(few[:, None] * some)
    lab.claim("(rows,) times (rows, 1) counts many times the hits", ratio > 10, ratio, "> 10")


def _keras(lab):
    """Claim what Keras's own F1Score returns for one column of scores."""
    labels = np.arange(32)[:, None] % 4 == 0
    scores = 0.1 + 0.8 * labels.astype("float32")
    by_argmax = keras.metrics.F1Score()(labels, scores)
    default = float(by_argmax[0])
    text = "Keras's default F1Score gives scores of 0.9 and 0.1 that are right 0.4"
    lab.claim(text, 0.35 < default < 0.45, default, "0.35 to 0.45")
    cut = float(keras.metrics.F1Score(threshold=0.5)(labels, scores)[0])
    lab.claim("with a threshold of 0.5 it gives them 1", cut == 1, cut, 1.0, share=True)
    lab.claim("it returns one number per column", by_argmax.shape[0] == 1, len(by_argmax), 1)
    try:
        refused = str(keras.metrics.F1Score()(labels[:, 0], scores[:, 0]))
    except ValueError:
        refused = "ValueError"
    lab.claim("it refuses one-dimensional input", refused == "ValueError", refused, "ValueError")
