"""Train one attention layer with several masks and objectives; show it beginnings of texts."""

import numpy as np

from dlprep.reference.attention import multi_head_attention, multi_head_attention_backward, softmax
from dlprep.reference.optimizers import adam
from dlprep.reference.position import sinusoidal_positions

HOURS, PLACES, LENGTH, WIDTH, HEADS, BATCH, STEPS = 16, 8, 10, 32, 2, 32, 120
HIDDEN, PAIRS = HOURS, ["queries", "keys", "values", "mix"]
CAUSAL, FULL = np.tri(LENGTH, dtype=bool), np.ones((LENGTH, LENGTH), bool)
SOURCE, RATE = LENGTH // 2, 0.03
PREFIX = CAUSAL | (np.arange(LENGTH) < SOURCE)


def write(rng, texts):
    """Texts on a clock of 16 hours: each token is 1, 2 or 3 hours later than the one before."""
    moves = rng.integers(1, 4, (texts, LENGTH + 1))
    moves[:, 0] = rng.integers(HOURS, size=texts)
    return moves.cumsum(axis=1) % HOURS


def task(rng, objective, texts=BATCH):
    """Return tokens, targets, and which targets count."""
    text = write(rng, texts)
    tokens, targets = text[:, :-1].copy(), text[:, 1:]
    counted = np.ones(tokens.shape, bool)
    if objective == "hidden":
        targets, counted = text[:, :-1], rng.random(tokens.shape) < 0.15
        tokens[counted] = HIDDEN
    elif objective == "second half":
        counted[:, : SOURCE - 1] = False
    return tokens, targets, counted


def embed(tokens):
    """One-hot tokens beside sines and cosines of their positions."""
    length = tokens.shape[1]
    places = np.tile(sinusoidal_positions(length, PLACES, base=20.0), (len(tokens), 1, 1))
    return np.concatenate([np.eye(HOURS + 1)[tokens], places], axis=2)


def forward(w, tokens, mask):
    x = embed(tokens)
    mixed, cache = multi_head_attention(x, x, *(w[name] for name in PAIRS), mask)
    return softmax(x @ w["own"] + mixed), (x, cache)


def loss(p, targets, counted):
    return float(-np.log(np.take_along_axis(p, targets[..., None], 2)[..., 0][counted]).mean())


def gradients(w, mask, tokens, targets, counted):
    p, (x, cache) = forward(w, tokens, mask)
    error = (p - np.eye(HOURS)[targets]) * counted[..., None] / counted.sum()
    weights = [w[name] for name in PAIRS]
    inner = multi_head_attention_backward(error, x, x, *weights, cache)[2:]
    return dict(zip(PAIRS, inner, strict=True), own=np.einsum("btd,btc->dc", x, error))


def start(rng):
    d, size = HOURS + 1 + PLACES, WIDTH // HEADS
    w = {name: rng.normal(0, d**-0.5, (HEADS, d, size)) for name in PAIRS[:3]}
    return w | {"mix": rng.normal(0, size**-0.5, (HEADS, size, HOURS)), "own": np.zeros((d, HOURS))}


def train(rng, mask, objective):
    w = start(rng)
    moments = {name: (0.0, 0.0) for name in w}
    for step in range(1, STEPS + 1):
        for name, gradient in gradients(w, mask, *task(rng, objective)).items():
            w[name], *moments[name] = adam(w[name], gradient, *moments[name], step, alpha=RATE)
    return w


def continuation(rng, w, mask):
    """Loss of the true next token where the text so far is all there is."""
    text, found = write(rng, 500), []
    for n in range(2, 7):
        p = forward(w, text[:, :n], mask[:n, :n])[0][:, -1]
        found.append(-np.log(p[np.arange(500), text[:, n]]).mean())
    return float(np.mean(found))


def reach(rng, mask):
    """Which outputs (rows) move with which tokens (columns) before any training."""
    w, text = start(rng), write(rng, 1)[:, :-1]
    before, moved = forward(w, text, mask)[0], []
    for place in range(LENGTH):
        changed = text.copy()
        changed[0, place] = (text[0, place] + 1) % HOURS
        moved.append(np.abs(forward(w, changed, mask)[0] - before)[0].max(axis=1) > 0)
    return np.array(moved).T


def run(lab):
    def trained(mask, objective):
        """Loss on fresh text, the same without its last place, and of continuations."""
        w = train(lab.rng, mask, objective)
        tokens, targets, counted = task(lab.rng, objective, 500)
        p = forward(w, tokens, mask)[0]
        inner = loss(p[:, :-1], targets[:, :-1], counted[:, :-1])
        return loss(p, targets, counted), inner, continuation(lab.rng, w, mask)

    causal, full, blanks, causal_blanks, halves, prefix = lab.contrast(
        trained,
        control={"mask": CAUSAL, "objective": "next"},
        full={"mask": FULL, "objective": "next"},
        blanks={"mask": FULL, "objective": "hidden"},
        causal_blanks={"mask": CAUSAL, "objective": "hidden"},
        halves={"mask": PREFIX, "objective": "second half"},
        prefix={"mask": PREFIX, "objective": "next"},
    )
    lab.claim("no mask, next token: the loss is below 0.25", full[0] < 0.25, full[0], "< 0.25")
    least = min(causal[0], blanks[0], causal_blanks[0])
    lab.claim("the three other pairs stay above 0.8", least > 0.8, least, "> 0.8")
    lab.claim("without the last place its loss is below 0.1", full[1] < 0.1, full[1], "< 0.1")
    share = causal[0] / np.log(3)
    lab.claim("the causal model's loss is about log 3", 0.78 < share < 1.4, share, "0.78 to 1.4")
    lab.claim("without the future the copying model pays over 4", full[2] > 4, full[2], "> 4")
    lab.claim("the causal one under 1.6", causal[2] < 1.6, causal[2], "< 1.6")
    share = halves[0] / np.log(3)
    lab.claim("second half from the first: about log 3 too", 0.78 < share < 1.4, share,
              "0.78 to 1.4")  # fmt: skip
    less = causal[0] - prefix[0]
    lab.claim("with every next token asked for, that mask leaks", less > 0.15, less, "> 0.15")
    for name, found in {"no mask": blanks, "causal": causal_blanks}.items():
        lab.claim(f"blanks, {name}: about 1.5", 1.1 < found[0] < 2.2, found[0], "1.1 to 2.2")
    later = ~CAUSAL
    seen = {"causal": CAUSAL, "full": FULL, "halves": PREFIX}
    seen = {name: reach(lab.rng, mask) for name, mask in seen.items()}
    ahead = int(seen["causal"][later].sum())
    lab.claim("causal: no output moves with a later token", ahead == 0, ahead, 0)
    ahead = int(seen["full"][later].sum())
    lab.claim("no mask: outputs move with all 45 later tokens", ahead == 45, ahead, 45)
    ahead = int(seen["halves"][later].sum())
    lab.claim("halves: with the 10 later ones of the first half", ahead == 10, ahead, 10)
    pairs = {"no mask, next": full, "causal, next": causal}
    pairs |= {"no mask, blanks": blanks, "causal, blanks": causal_blanks}
    losses = {name: found[0] for name, found in pairs.items()}
    lab.bars("Loss on fresh text by mask and objective", losses, y_label="loss per target")
