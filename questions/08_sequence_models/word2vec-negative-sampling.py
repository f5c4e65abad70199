"""Train skip-gram with and without negative samples on text whose contexts are known."""

import numpy as np

from dlprep.reference.recurrent import sigmoid

# Eight groups of eight words: three stand on the left, two in the middle, three on the right. In
# the first four groups the middle is one of two substitutes, in the others the two in a row.
GROUPS, WORDS, FIRST = 8, 64, 4
DIMENSIONS, BATCH, STEPS = 16, 128, 800


def text(rng, sentences=6000, noise=0.1):
    group, left, middle, right = rng.integers([[GROUPS], [3], [2], [3]], size=(4, sentences))
    start, row = 8 * group, group >= FIRST
    one = start + 3 + np.where(row, 0, middle)
    words = np.stack([start + left, one, start + 4, start + 5 + right], axis=1)
    kept = np.ones(words.shape, bool)
    kept[:, 2] = row
    words = words[kept]
    other = rng.random(len(words)) < noise
    return np.where(other, rng.integers(WORDS, size=len(words)), words)


def skip_gram(rng, words, negatives, rate):
    """Return input and output vectors; the window is one word on each side."""
    pairs = np.stack([words[1:], words[:-1]], axis=1)
    pairs = np.concatenate([pairs, pairs[:, ::-1]])
    chances = np.bincount(words, minlength=WORDS) ** 0.75
    levels = np.cumsum(chances / chances.sum())
    inputs, outputs = rng.normal(0, 0.1, (2, WORDS, DIMENSIONS))
    for step in range(STEPS):
        centre, context = pairs[rng.integers(len(pairs), size=BATCH)].T
        drawn = np.searchsorted(levels, rng.random((BATCH, negatives)))
        targets = np.column_stack([context, drawn])
        error = sigmoid(np.einsum("bd,bkd->bk", inputs[centre], outputs[targets]))
        error[:, 0] -= 1
        error *= rate * (1 - step / STEPS)
        change = np.einsum("bk,bkd->bd", error, outputs[targets])
        np.add.at(outputs, targets, -error[..., None] * inputs[centre][:, None])
        np.add.at(inputs, centre, -change)
    return inputs, outputs


def middles(matrix):
    """Return the mean entries of the pairs of substitutes, and of the pairs in a row."""
    entries = matrix[np.arange(3, WORDS, 8), np.arange(4, WORDS, 8)]
    return entries[:FIRST].mean(), entries[FIRST:].mean()


def across(matrix):
    """Return the mean entry of two words of different groups."""
    group = np.arange(WORDS) // 8
    return matrix[group[:, None] != group].mean()


def association(words):
    """Return which pairs are seen five times, and how much more often than by chance, in logs."""
    counts = np.zeros((WORDS, WORDS))
    np.add.at(counts, (words[1:], words[:-1]), 1)
    counts += counts.T
    seen, alone = counts >= 5, counts.sum(0)
    return seen, np.log(counts[seen] * counts.sum() / np.outer(alone, alone)[seen])


def run(lab):
    words = text(lab.rng)

    def train(negatives, rate=0.2):
        inputs, outputs = skip_gram(lab.rng, words, negatives, rate)
        unit = inputs / np.linalg.norm(inputs, axis=1, keepdims=True)
        return inputs @ outputs.T, unit @ unit.T

    (always, one), (scores, cosines), (_, slow) = lab.contrast(
        train, control={"negatives": 0}, treatment={"negatives": 5},
        slow={"negatives": 0, "rate": 0.005},
    )  # fmt: skip
    chance = across(sigmoid(scores))
    lab.claim("with negatives, words of different groups get 10% of being a pair",
              chance < 0.15, chance, "< 0.15")  # fmt: skip
    chance = across(sigmoid(always))
    lab.claim("without, they get over 95%", chance > 0.95, chance, "> 0.95", share=True)
    shares, angles = middles(sigmoid(scores)), middles(cosines)
    lab.claim("substitutes have a cosine of 0.9", angles[0] > 0.9, angles[0], "> 0.9", share=True)
    lab.claim("as neighbours they get under 10%", shares[0] < 0.1, shares[0], "< 0.1")
    lab.claim("it gives the pairs in a row over 60%", shares[1] > 0.6, shares[1], "> 0.6",
              share=True)  # fmt: skip
    gap = angles[0] - angles[1]
    lab.claim("the cosine of the pairs in a row is lower by 0.4", gap > 0.4, gap, "> 0.4",
              share=True)  # fmt: skip
    apart, near = across(cosines), across(one)
    lab.claim("words of different groups have a cosine of 0.3", apart < 0.4, apart, "< 0.4")
    lab.claim("without negatives one of 0.7", near > 0.7, near, "> 0.7", share=True)
    gap = middles(slow)[0] - across(slow)
    lab.claim("at a fortieth of the rate, without negatives, substitutes stand out", gap > 0.3, gap,
              "> 0.3", share=True)  # fmt: skip
    seen, excess = association(words)
    alike = np.corrcoef(scores[seen], excess)[0, 1]
    lab.claim("scores follow the excess over chance", alike > 0.8, alike, "> 0.8", share=True)
    lab.heatmap("Cosines of input vectors after training with negatives", cosines,
                x_label="word", y_label="word")  # fmt: skip
