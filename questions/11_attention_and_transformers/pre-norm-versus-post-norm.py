"""Follow the residual stream and the gradients of deep transformers at initialisation."""

import numpy as np

from dlprep.reference.attention import multi_head_attention, multi_head_attention_backward
from dlprep.reference.normalization import normalize, normalize_backward

WIDTH, HEADS, TOKENS, BATCH, SHALLOW, DEEP = 32, 2, 6, 3, 3, 48
AXES, EPSILON = (-1,), 1e-5


def attend(x, rng):
    """Return an attention layer's output and what maps a gradient back: input's and none."""
    inner = rng.normal(0, WIDTH**-0.5, (3, HEADS, WIDTH, WIDTH // HEADS))
    out = rng.normal(0, WIDTH**-0.5, (HEADS, WIDTH // HEADS, WIDTH))
    y, cache = multi_head_attention(x, x, *inner, out)

    def back(g):
        asked, answered, *_ = multi_head_attention_backward(g, x, x, *inner, out, cache)
        return asked + answered, None

    return y, back


def feed_forward(x, rng):
    """The same for a ReLU layer; with the size of its second matrix's gradient."""
    first = rng.normal(0, (2 / WIDTH) ** 0.5, (WIDTH, 4 * WIDTH))
    second = rng.normal(0, (4 * WIDTH) ** -0.5, (4 * WIDTH, WIDTH))
    hidden = np.maximum(x @ first, 0)

    def back(g):
        weight = np.einsum("bth,btw->hw", hidden, g)
        return (g @ second.T * (hidden > 0)) @ first.T, np.sqrt(np.sum(weight**2))

    return hidden @ second, back


def norm(x):
    y, deviation = normalize(x, AXES, EPSILON)
    return y, lambda g: normalize_backward(g, y, deviation, AXES)


def passes(rng, depth, pre, final):
    """Sizes of the stream after each block, and gradients of each feed-forward layer."""
    x, tape, sizes = rng.normal(size=(BATCH, TOKENS, WIDTH)), [], []
    for layer in (attend, feed_forward) * depth:
        inner, into = norm(x) if pre else (x, lambda g: g)
        added, back = layer(inner, rng)
        x, after = (x + added, lambda g: g) if pre else norm(x + added)
        tape.append((into, back, after))
        sizes.append(float(np.sqrt(np.mean(x**2))))
    g = rng.normal(size=x.shape) / np.sqrt(x.size)
    g = norm(x)[1](g) if final else g
    gradients = []
    for into, back, after in reversed(tape):
        g = after(g)
        branch, weight = back(g)
        g = g + into(branch)
        gradients.append(weight)
    return sizes[1::2], gradients[::2][::-1]


def run(lab):
    def measured(pre, final=False):
        """Sizes after each of 48 blocks; gradients of first and last layer at depths 3 and 48."""
        deep = [passes(lab.rng, DEEP, pre, final) for _ in range(3)]
        shallow = [passes(lab.rng, SHALLOW, pre, final) for _ in range(6)]
        sizes = np.mean([sizes for sizes, _ in deep], axis=0)
        ends = [np.mean([[g[0], g[-1]] for _, g in runs], axis=0) for runs in (shallow, deep)]
        return sizes, *ends

    post, bare, pre = lab.contrast(
        measured,
        control={"pre": False},
        bare={"pre": True},
        final={"pre": True, "final": True},
    )
    ratio = bare[0][47] / bare[0][11]
    lab.claim("pre-norm: four times the blocks, about twice the stream", 1.4 <= ratio <= 3.2, ratio,
              "1.4 to 3.2")  # fmt: skip
    off = np.abs(post[0] - 1).max()
    lab.claim("post-norm: the stream has size one after each block", off < 1e-3, off, "< 1e-3")
    large = bare[0][47]
    lab.claim("pre-norm: after 48 blocks the stream is over six times as large", large > 6, large,
              "> 6")  # fmt: skip
    falls = pre[1][1] / pre[2][1]
    text = "pre-norm, final norm: from 3 to 48 blocks the last layer's gradient falls 2.5 fold"
    lab.claim(text, falls > 2.5, falls, "> 2.5")
    stays = post[1][1] / post[2][1]
    lab.claim("post-norm: it stays within a factor of two", 0.5 <= stays <= 2, stays, "0.5 to 2")
    stays = bare[1][1] / bare[2][1]
    lab.claim("pre-norm, no final norm: too", 0.5 <= stays <= 2, stays, "0.5 to 2")
    mismatch = pre[2][0] / pre[2][1]
    lab.claim("pre-norm, 48 blocks: the first layer's gradient is over three times the last's",
              mismatch > 3, mismatch, "> 3")  # fmt: skip
    rises = bare[2][0] / bare[1][0]
    text = "pre-norm, no final norm: the first layer's gradient grows over 1.5 fold with depth"
    lab.claim(text, rises > 1.5, rises, "> 1.5")  # fmt: skip
    lab.lines("Size of the residual stream at initialisation", np.arange(1, DEEP + 1),
              {"pre-norm": bare[0], "post-norm": post[0]}, x_label="block",
              y_label="root mean square")  # fmt: skip
