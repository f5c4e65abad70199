"""Change later tokens, and see whether earlier outputs of masked attention move."""

import numpy as np

from dlprep.reference.attention import attention, softmax

TOKENS, SIZE, SEQUENCES = 8, 8, 50
PAST = np.tri(TOKENS, dtype=bool)


def scores(x):
    return x @ np.swapaxes(x, -1, -2) / np.sqrt(SIZE)


def before_softmax(x, mask=PAST):
    return attention(x, x, x, mask)[0]


def multiplied(x):
    return softmax(scores(x) * PAST) @ x


def zeroed(x):
    return softmax(scores(x)) * PAST @ x


def renormalised(x):
    weights = softmax(scores(x)) * PAST
    return weights / weights.sum(-1, keepdims=True) @ x


def centred(x):
    """Masked attention after the mean over the sequence was taken off."""
    return before_softmax(x - x.mean(axis=-2, keepdims=True))


def diagonal(x):
    return before_softmax(x, np.eye(TOKENS, dtype=bool))


def moves(layer, x, place, by):
    """How far every output moves when one token does: shape (sequences, tokens)."""
    other = x.copy()
    other[:, place] += by
    return np.abs(layer(other) - layer(x)).max(axis=-1)


def run(lab):
    x, by = lab.rng.normal(size=(2, SEQUENCES, TOKENS, SIZE))

    def leak(layer):
        """Mean over sequences of the largest move of an output before the changed token."""
        found = [moves(layer, x, t, 5 * by[:, t])[:, :t].max(axis=1) for t in range(1, TOKENS)]
        return float(np.max(found, axis=0).mean())

    product, masked, after, divided, mean = lab.contrast(
        leak,
        control={"layer": multiplied},
        masked={"layer": before_softmax},
        after={"layer": zeroed},
        divided={"layer": renormalised},
        mean={"layer": centred},
    )
    lab.claim("minus infinity before the softmax: no earlier output moves", masked == 0, masked,
              0.0)  # fmt: skip
    lab.claim("scores times the mask: they move", product > 0.3, product, "> 0.3")
    lab.claim("weights set to zero after the softmax: they move", after > 0.3, after, "> 0.3")
    lab.claim("zeroed and renormalised: they do not", divided < 1e-9, divided, "< 1e-9")
    lab.claim("less the mean over the sequence: they move in spite of the mask", mean > 0.3, mean,
              "> 0.3")  # fmt: skip
    _past(lab, x, by)
    _passes(lab, x)
    with np.errstate(all="ignore"):
        far = x[:1].copy()
        far[:, -1] = 1000 * far[:, 0]
        lost = np.isnan(renormalised(far)[0, 0]).all()
        kept = np.isfinite(before_softmax(far)).all()
    lab.claim("a high score ahead leaves the renormalised first output NaN", lost, lost, True)
    lab.claim("and the one masked before finite", kept, kept, True)


def _past(lab, x, by):
    """The other half of the test: the present and the past have to be seen."""
    reach = np.array([np.median(moves(before_softmax, x, t, by[:, t]), 0) for t in range(TOKENS)]).T
    for back, name in ((0, "its own token"), (1, "the token before")):
        least = float(np.diagonal(reach, -back).min())
        lab.claim(f"each output moves with {name}", least > 0.003, least, "> 0.003")
    others = [np.delete(moves(diagonal, x, t, by[:, t]), t, 1) for t in range(TOKENS)]
    alone = float(np.max(others))
    lab.claim("a mask of the diagonal alone leaks nothing and sees no past", alone == 0, alone, 0.0)
    lab.heatmap("How far an output moves with a token, under the causal mask", reach,
                x_label="token that changes", y_label="output")  # fmt: skip


def _passes(lab, x):
    """One pass over all positions, and one for each beginning of the sequence."""
    whole = before_softmax(x)
    parts = [x[:, : t + 1] for t in range(TOKENS)]
    ends = [attention(part, part, part)[0][:, -1] for part in parts]
    gap = np.abs(np.stack(ends, axis=1) - whole).max()
    text = "one masked pass gives what a pass for each beginning gives"
    lab.claim(text, gap < 1e-9, gap, "< 1e-9")
    last = x[:, -2:]
    aligned = np.tri(2, TOKENS, TOKENS - 2, dtype=bool)
    gap = np.abs(attention(last, x, x, aligned)[0] - whole[:, -2:]).max()
    lab.claim("two new queries, aligned with the last keys, give its last rows", gap < 1e-9, gap,
              "< 1e-9")  # fmt: skip
    start = attention(last, x, x, np.tri(2, TOKENS, dtype=bool))[0]
    gap = np.abs(start - whole[:, -2:]).max()
    lab.claim("aligned with the first keys they do not", gap > 1, gap, "> 1")
