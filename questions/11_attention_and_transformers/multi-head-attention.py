"""Ask for the difference of two values with one head and with several of the same size in all."""

import numpy as np

from dlprep.reference.attention import (
    attention,
    multi_head_attention,
    multi_head_attention_backward,
)
from dlprep.reference.optimizers import adam

TOKENS, SIZE, WIDTH, BATCH, RATE = 8, 4, 8, 64, 0.03
STARTS, TRIAL, STEPS = 3, 120, 400


def sequences(rng, n):
    """Tokens with normal values, one of them marked A and one B; wanted is A's value less B's."""
    x = np.zeros((n, TOKENS, SIZE + 2))
    x[..., :SIZE] = rng.normal(size=(n, TOKENS, SIZE))
    places = rng.permuted(np.tile(np.arange(TOKENS), (n, 1)), axis=1)[:, :2]
    rows = np.arange(n)
    for mark in (0, 1):
        x[rows, places[:, mark], SIZE + mark] = 1
    values = x[rows[:, None], places, :SIZE]
    return x, values[:, 0] - values[:, 1]


def start(rng, heads):
    """Weights of a layer whose heads together are `WIDTH` wide, and Adam's averages."""
    d = WIDTH // heads
    shapes = [(heads, 1, d), (heads, SIZE + 2, d), (heads, SIZE + 2, d), (heads, d, SIZE)]
    w = [rng.normal(0, s, shape) for s, shape in zip((1, 1, 0.5, 0.5), shapes, strict=True)]
    return w, [(0.0, 0.0)] * 4


def train(rng, w, moments, first, last):
    """Train by Adam; the query is a constant."""
    query = np.ones((BATCH, 1, 1))
    for step in range(first, last):
        x, wanted = sequences(rng, BATCH)
        output, cache = multi_head_attention(query, x, *w)
        error = 2 * (output - wanted[:, None]) / wanted.size
        found = multi_head_attention_backward(error, query, x, *w, cache)[2:]
        for i, gradient in enumerate(found):
            w[i], *moments[i] = adam(w[i], gradient, *moments[i], step, alpha=RATE)


def best(rng, heads):
    """Train from several starts for a while, and the best of them to the end."""
    starts = [start(rng, heads) for _ in range(STARTS)]
    for one in starts:
        train(rng, *one, 1, TRIAL)
    w, moments = max(starts, key=lambda one: explained(rng, one[0])[0])
    train(rng, w, moments, TRIAL, STEPS)
    return w


def explained(rng, w):
    """R squared on fresh sequences, and the heads' mean weights on A, B and the others."""
    x, wanted = sequences(rng, 2000)
    output, cache = multi_head_attention(np.ones((2000, 1, 1)), x, *w)
    marks = np.stack([x[..., SIZE], x[..., SIZE + 1], 1 - x[..., SIZE:].sum(-1)])
    weights = np.einsum("mnt,nht->hm", marks, cache[4][:, :, 0]) / 2000
    return 1 - np.mean((output[:, 0] - wanted) ** 2) / np.mean(wanted**2), weights


def run(lab):
    def layer(heads):
        w = best(lab.rng, heads)
        return *explained(lab.rng, w), sum(part.size for part in w)

    (one, _, small), (two, weights, size) = lab.contrast(
        layer, control={"heads": 1}, two={"heads": 2}
    )
    lab.claim("two heads explain over 0.98 of the difference of two values", two > 0.98, two,
              "> 0.98", share=True)  # fmt: skip
    lab.claim("one head as wide as both explains less than 0.7", one < 0.7, one, "< 0.7",
              share=True)  # fmt: skip
    lab.claim("one head and two have the same number of weights", size == small, size, small)
    least = weights[:, :2].max(axis=1).min()
    lab.claim("each of the two heads gives most weight to one mark", least > 0.5, least, "> 0.5",
              share=True)  # fmt: skip
    apart = len(set(weights[:, :2].argmax(axis=1).tolist()))
    lab.claim("and they look at different ones", apart == 2, apart, 2)
    _split(lab)
    names = ["A", "B", "others"]
    lab.heatmap("Weight of two heads on the marked tokens", weights, x_ticks=names,
                x_label="token", y_label="head")  # fmt: skip


def _split(lab):
    """Split projections into heads with and without the transposition."""

    def heads(x, transpose):
        if transpose:
            return x.reshape(1, TOKENS, 2, -1).swapaxes(1, 2)
        return x.reshape(1, 2, TOKENS, -1)

    def moved(transpose):
        """How much the first query's output moves with the one in the middle."""
        q, k, v = lab.rng.normal(size=(3, 1, TOKENS, WIDTH))
        other = q.copy()
        other[:, TOKENS // 2] += 1
        k, v = heads(k, transpose), heads(v, transpose)
        outputs = []
        for asked in (q, other):
            found = attention(heads(asked, transpose), k, v)[0]
            outputs.append(found.swapaxes(1, 2).reshape(1, TOKENS, -1)[0, 0])
        return np.abs(outputs[0] - outputs[1]).max()

    right, wrong = moved(transpose=True), moved(transpose=False)
    lab.claim("with the transposition a query answers for itself", right == 0, right, 0.0)
    text = "without it the first output moves with a query in the middle"
    lab.claim(text, wrong > 1e-3, wrong, "> 1e-3")
