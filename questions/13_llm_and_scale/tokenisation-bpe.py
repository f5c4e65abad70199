"""Tokenise a new text with characters, with the words of an old one and with merges of it."""

from collections import Counter

import numpy as np

SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
WORDS, MERGES = 600, 100


def joined(symbols, pair):
    output, i = [], 0
    while i < len(symbols):
        size = 2 if tuple(symbols[i : i + 2]) == pair else 1
        output.append("".join(symbols[i : i + size]))
        i += size
    return output


def pairs_of(split, counts):
    pairs = Counter()
    for word, symbols in split.items():
        for pair in zip(symbols, symbols[1:], strict=False):
            pairs[pair] += counts[word]
    return pairs


def learnt(counts, merges, recount=True):
    """Return the merges; without recounting, the most frequent pairs of characters."""
    split = {word: list(word) for word in counts}
    found, pairs = [], pairs_of(split, counts)
    for _ in range(merges):
        pairs = pairs_of(split, counts) if recount else pairs
        if not pairs:
            break
        found.append(min(pairs, key=lambda pair: (-pairs[pair], pair)))
        split = {word: joined(symbols, found[-1]) for word, symbols in split.items()}
        pairs = Counter({pair: n for pair, n in pairs.items() if pair != found[-1]})
    return found


def encoded(word, merges):
    symbols = list(word)
    for pair in merges:
        symbols = joined(symbols, pair)
    return symbols


def texts(rng):
    """Draw two texts of words made of a stem and an ending, both of Zipf's frequencies."""
    stems = ["".join(rng.choice(SYLLABLES, 3)) for _ in range(60)]
    endings = ["", *rng.choice(SYLLABLES, 12, replace=False)]

    def draw(parts):
        chances = 1 / np.arange(1, len(parts) + 1)
        return rng.choice(parts, WORDS, p=chances / chances.sum())

    return [[str(a + b) for a, b in zip(draw(stems), draw(endings), strict=True)] for _ in "ab"]


def run(lab):
    train, test = texts(lab.rng)
    counts = Counter(train)

    def length(merges):
        """Tokens for each word of the new text."""
        found = learnt(counts, merges)
        pieces = {word: encoded(word, found) for word in set(test)}
        return np.mean([len(pieces[word]) for word in test]), pieces, found

    (characters, _, _), (subwords, pieces, found) = lab.contrast(
        length, control={"merges": 0}, treatment={"merges": MERGES}
    )
    ratio = subwords / characters
    text = "a hundred merges need a third of the characters' tokens"
    lab.claim(text, ratio < 0.44, ratio, "< 0.44")
    lab.claim("characters need about seven a word", 6 < characters < 10, characters, "6 to 10")
    vocabulary = set("".join(train)) | {a + b for a, b in found}
    lost = sum(not vocabulary.issuperset(word) for word in pieces.values())
    lab.claim("no piece is unknown", lost == 0, lost, 0)
    unknown = np.mean([word not in counts for word in test])
    lab.claim("a fifth of the running words are unknown to a vocabulary of all training words",
              unknown > 0.14, unknown, "> 0.14", share=True)  # fmt: skip
    size = len(vocabulary) / len(counts)
    lab.claim("it has twice as many entries", size < 0.65, size, "< 0.65")
    short = {word for word, n in counts.items() if n >= 10}
    whole = np.mean([len(encoded(word, found)) for word in short])
    lab.claim("frequent words end as one token", whole < 1.3, whole, "< 1.3")
    new = np.mean([len(pieces[word]) for word in pieces if word not in counts])
    ratio = new / whole
    lab.claim("unseen words have more pieces than frequent ones", ratio > 1.5, ratio, "> 1.5")
    strange = len(set(encoded(test[0] + "q", found)) - vocabulary)
    lab.claim("a letter that training did not show is unknown", strange == 1, strange, 1)
    once = learnt(counts, MERGES, recount=False)
    ratio = np.mean([len(encoded(word, once)) for word in test]) / subwords
    lab.claim("pairs counted once leave more tokens", ratio > 1.3, ratio, "> 1.3")
    _newest(lab)
    steps = list(range(0, MERGES + 1, 10))
    curve = [np.mean([len(encoded(word, found[:n])) for word in test]) for n in steps]
    rises = sum(after >= before for before, after in zip(curve, curve[1:], strict=False))
    lab.claim("every ten merges shorten the new text", rises == 0, rises, 0)
    lab.lines("Length of a new text", steps, {"byte-pair encoding": curve}, x_label="merges",
              y_label="tokens per word")  # fmt: skip


def _newest(lab):
    counts = {"low": 5, "lower": 2, "newest": 6, "widest": 3}
    found = learnt(counts, 10)
    for merges, tokens in ((0, 79), (10, 20)):
        total = sum(n * len(encoded(word, found[:merges])) for word, n in counts.items())
        lab.claim(f"after {merges} merges it is {tokens} tokens", total == tokens, total, tokens)
    first, unseen = " + ".join(found[0]), " + ".join(encoded("lowest", found))
    lab.claim("the first merge is e + s", first == "e + s", first, "e + s")
    lab.claim("lowest becomes low + est", unseen == "low + est", unseen, "low + est")
