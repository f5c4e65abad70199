"""Build a small GPT of Keras layers and count its parameters."""

from keras import layers

TOKENS, POSITIONS, HEADS, BATCH, LENGTH = 500, 100, 4, 2, 7


def size(*parts):
    return sum(part.count_params() for part in parts)


def built(layer, *shapes):
    layer.build(*shapes)
    return layer


def block(width, heads):
    """Return the attention, the two layers of the MLP and the two norms."""
    shape = (BATCH, LENGTH, width)
    attention = layers.MultiHeadAttention(heads, width // heads)
    mlp = [built(layers.Dense(4 * width), shape),
           built(layers.Dense(width), (BATCH, LENGTH, 4 * width))]  # fmt: skip
    norms = [built(layers.LayerNormalization(), shape) for _ in range(2)]
    return [built(attention, shape, shape), *mlp, *norms]


def gpt(width, depth, heads, tied):
    """Return the parameters of the embeddings, of each block, and of what comes last."""
    shape = (BATCH, LENGTH, width)
    tokens = built(layers.Embedding(TOKENS, width), (BATCH, LENGTH))
    positions = built(layers.Embedding(POSITIONS, width), (LENGTH,))
    blocks = [block(width, heads) for _ in range(depth)]
    last = [built(layers.LayerNormalization(), shape)]
    if not tied:
        last.append(built(layers.Dense(TOKENS, use_bias=False), shape))
    return (
        size(tokens),
        size(positions),
        [[size(part) for part in one] for one in blocks],
        size(*last),
    )


def total(parts):
    tokens, positions, blocks, last = parts
    return tokens + positions + sum(map(sum, blocks)) + last


def formula(width, depth, tokens, positions):
    return depth * (12 * width**2 + 13 * width) + (tokens + positions + 2) * width


def run(lab):
    width, depth = lab.draw["width"], lab.draw["depth"]
    untied, tied = lab.contrast(
        lambda tied: gpt(width, depth, HEADS, tied),
        control={"tied": False},
        tied={"tied": True},
    )
    count = total(tied)
    lab.answer(count)
    expected = formula(width, depth, TOKENS, POSITIONS)
    text = "L(12d^2 + 13d) + Vd + Pd + 2d are the parameters of the built model"
    lab.claim(text, count == expected, count, expected)
    more = total(untied) - count
    lab.claim("untied, Vd are added", more == TOKENS * width, more, TOKENS * width)
    attention, wide, narrow, *norms = tied[2][0]
    for name, number, wanted in (
        ("attention has 4d^2 + 4d", attention, 4 * width**2 + 4 * width),
        ("the MLP has 8d^2 + 5d", wide + narrow, 8 * width**2 + 5 * width),
        ("two norms have 4d", sum(norms), 4 * width),
    ):
        lab.claim(name, number == wanted, number, wanted)
    for heads in (1, 8):
        other = total(gpt(width, depth, heads, True))
        lab.claim(f"{heads} head(s) instead of 4: the same", other == count, other, count)
    large = formula(768, 12, 50257, 1024)
    lab.value("the formula for GPT-2 small", large, "parameters")
    lab.value("its output matrix, untied", 50257 * 768, "parameters")
    lab.bars("Parameters of the built model",
             {"tokens": tied[0], "positions": tied[1], "attention": depth * attention,
              "MLP": depth * (wide + narrow), "norms": depth * sum(norms) + tied[3]},
             y_label="parameters")  # fmt: skip
