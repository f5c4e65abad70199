"""Write tokens with and without a cache of keys and values, and count multiplications."""

import numpy as np

from dlprep.reference.attention import attention

WIDTH, HEADS, LAYERS, TOKENS = 16, 4, 2, 64


class Decoder:
    """Attention layers with residual connections that count their multiplications."""

    def __init__(self, rng, key_heads=HEADS):
        self.groups, size = HEADS // key_heads, WIDTH // HEADS
        shapes = (WIDTH, WIDTH), *((WIDTH, key_heads * size),) * 2, (WIDTH, WIDTH)
        self.layers = [[rng.normal(size=s) / np.sqrt(WIDTH) for s in shapes] for _ in range(LAYERS)]
        self.projected = self.scored = 0

    def project(self, x, weights):
        self.projected += len(x) * weights.size
        return x @ weights

    def split(self, x):
        return x.reshape(len(x), -1, WIDTH // HEADS).swapaxes(0, 1)

    def forward(self, x, cache=None, causal=True):
        """Run `x` after the tokens of the cache; return the outputs, and all keys and values."""
        kept = []
        for layer, (wq, wk, wv, wo) in enumerate(self.layers):
            q, k, v = (self.split(self.project(x, w)) for w in (wq, wk, wv))
            if cache:
                k, v = (np.concatenate([old, new], 1)
                        for old, new in zip(cache[layer], (k, v), strict=True))  # fmt: skip
            kept.append((k, v))
            past = k.shape[1] - len(x)
            mask = np.tri(len(x), k.shape[1], past, dtype=bool) if causal else None
            self.scored += q.shape[0] * len(x) * k.shape[1] * k.shape[2]
            k, v = (np.repeat(part, self.groups, axis=0) for part in (k, v))
            heads, _ = attention(q, k, v, mask)
            x = x + self.project(heads.swapaxes(0, 1).reshape(len(x), WIDTH), wo)
        return x, kept


def run(lab):
    tokens, start = lab.rng.normal(size=(TOKENS, WIDTH)), lab.rng.integers(2**32)

    def write(cached, causal=True, key_heads=HEADS, forget=False):
        """Return the outputs of each step, the decoder and the cache."""
        decoder, cache, outputs = Decoder(np.random.default_rng(start), key_heads), None, []
        for t in range(TOKENS):
            if forget and cache:
                cache = [(k[:, -8:], v[:, -8:]) for k, v in cache]
            x = tokens[t : t + 1] if cached else tokens[: t + 1]
            output, kept = decoder.forward(x, cache, causal)
            cache = kept if cached else None
            outputs.append(output[-1])
        return np.array(outputs), decoder, kept

    (plain, slow, _), (fast, quick, cache) = lab.contrast(
        write, control={"cached": False}, treatment={"cached": True}
    )
    ratio = slow.projected / quick.projected
    lab.claim("without the cache 32 times as much is projected", 24 < ratio < 43, ratio, "24 to 43")
    gap = np.abs(plain - fast).max()
    lab.claim("the outputs are the same", gap < 1e-10, gap, "< 1e-10")
    gap = np.abs(write(False, causal=False)[0] - write(True, causal=False)[0]).max()
    lab.claim("without the mask the cache is out of date", gap > 0.1, gap, "> 0.1")
    gap = np.abs(write(True, forget=True)[0] - plain).max()
    lab.claim("with the oldest entries dropped the outputs differ", gap > 0.1, gap, "> 0.1")
    per_step = []
    for length in (16, 64):
        before = quick.scored
        quick.forward(tokens[:1], [(k[:, : length - 1], v[:, : length - 1]) for k, v in cache])
        per_step.append(quick.scored - before)
    ratio = per_step[1] / per_step[0]
    lab.claim("four times the length, four times the scores of a step", 3 < ratio < 5, ratio,
              "3 to 5")  # fmt: skip
    sizes = {heads: sum(part.astype("float16").nbytes for layer in write(True, key_heads=heads)[2]
             for part in layer) for heads in (4, 2, 1)}  # fmt: skip
    formula = 2 * LAYERS * HEADS * (WIDTH // HEADS) * TOKENS * 2
    lab.claim("the formula gives the bytes of the cache", sizes[4] == formula, sizes[4], formula)
    ratio = sizes[4] / sizes[1]
    lab.claim("one key-value head for four divides it by four", ratio == 4, ratio, 4.0)
    shown = {f"{heads} key-value heads": size for heads, size in sizes.items()}
    lab.bars("Cache of 64 tokens", shown, y_label="bytes")
