"""Permute the tokens of self-attention with and without positions, and under a causal mask."""

import numpy as np

from dlprep.reference.attention import multi_head_attention
from dlprep.reference.position import frequencies, sinusoidal_positions

SEQUENCES, TOKENS, PLACES, WIDTH, HEADS, BLOCKS = 20, 10, 16, 16, 2, 2
CAUSAL = np.tri(TOKENS, dtype=bool)


def weights(rng):
    """Projections of one layer, of variance 1 / width."""
    into = rng.normal(0, WIDTH**-0.5, (3, HEADS, WIDTH, WIDTH // HEADS))
    return *into, rng.normal(0, WIDTH**-0.5, (HEADS, WIDTH // HEADS, WIDTH))


def layers(x, blocks, mask=None):
    for w in blocks:
        x = x + multi_head_attention(x, x, *w, mask)[0]
    return x


def run(lab):
    x = lab.rng.normal(size=(SEQUENCES, TOKENS, WIDTH))
    table = lab.rng.normal(size=(PLACES, WIDTH))
    blocks = [weights(lab.rng) for _ in range(BLOCKS)]
    order = np.append(lab.rng.permutation(np.arange(TOKENS - 1)), TOKENS - 1)
    while np.array_equal(order, np.arange(TOKENS)):
        order[:-1] = lab.rng.permutation(TOKENS - 1)

    def moved(added, mask=None, depth=BLOCKS):
        """How far outputs differ from permuted ones if the tokens but the last are permuted."""
        before = layers(x + added, blocks[:depth], mask)[:, order]
        return np.abs(layers(x[:, order] + added, blocks[:depth], mask) - before).max(axis=(0, 2))

    rows = table[:TOKENS]
    plain, placed, waves, shallow, deep = lab.contrast(
        moved,
        control={"added": 0},
        placed={"added": rows},
        waves={"added": sinusoidal_positions(TOKENS, WIDTH)},
        shallow={"added": 0, "mask": CAUSAL, "depth": 1},
        deep={"added": 0, "mask": CAUSAL},
    )
    least = placed[-1]
    lab.claim("with a vector for each place the order changes the last token's output",
              least > 0.1, least, "> 0.1")  # fmt: skip
    most = plain.max()
    lab.claim("without, permuted tokens give the same outputs, permuted", most < 1e-9, most,
              "< 1e-9")  # fmt: skip
    lab.claim("sines and cosines do it too", waves[-1] > 0.1, waves[-1], "> 0.1")
    last = shallow[-1]
    lab.claim("one causal layer: the last output does not know the order", last < 1e-9, last,
              "< 1e-9")  # fmt: skip
    lab.claim("two causal layers: it does, without positions", deep[-1] > 0.1, deep[-1], "> 0.1")
    _reach(lab, x, table, blocks)
    _rotation(lab)
    shown = {"no positions": plain[-1], "learned": placed[-1], "sines": waves[-1]}
    shown |= {"one causal layer": last, "two causal layers": deep[-1]}
    lab.bars("How far the last output moves if the other tokens change places", shown,
             y_label="largest change")  # fmt: skip


def _reach(lab, x, table, blocks):
    """Which rows of the table have a say in the outputs of sequences shorter than it."""
    before, used = layers(x + table[:TOKENS], blocks), 0
    for row in range(PLACES):
        other = table.copy()
        other[row] += lab.rng.normal(size=WIDTH)
        used += int(np.any(layers(x + other[:TOKENS], blocks) != before))
    lab.claim("of 16 rows ten-token sequences see 10", used == TOKENS, used, TOKENS)


def _rotation(lab):
    """Turn each pair of waves by an angle of its own: the code of a place becomes a later one's."""
    by = int(lab.rng.integers(1, 50))
    codes = sinusoidal_positions(150, WIDTH)
    sine, cosine = codes[:100, ::2], codes[:100, 1::2]
    angle = frequencies(WIDTH) * by
    turned = sine * np.cos(angle) + cosine * np.sin(angle)
    gap = np.abs(turned - codes[by : by + 100, ::2]).max()
    lab.claim("one rotation takes 100 places to those further on", gap < 1e-9, gap, "< 1e-9")
