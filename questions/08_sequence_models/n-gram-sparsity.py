"""Count n-grams of a text in which two words tell all there is to know about the next."""

import numpy as np

WORDS, LONGEST = 20, 5
STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
WEIGHTS = np.linspace(0, 0.95, 20)
OPTIONS = {
    "falls": "It falls up to n = 5: each further word of context tells more",
    "rises late": "It falls up to n = 3, then rises: longer contexts are seldom met again",
    "rises early": "It falls up to n = 2, then rises: 8,000 trigrams are too many to count",
    "stays": "It falls up to n = 3, then stays: further words tell nothing new",
}


def write(rng, chances, length):
    """Draw a text from the chances of the next word given the last two."""
    levels, text = np.cumsum(chances, axis=-1), [0, 1]
    for point in rng.random(length):
        word = np.searchsorted(levels[text[-2], text[-1]], point)
        text.append(min(int(word), WORDS - 1))
    return np.array(text)


def grams(text, n):
    """Return each context of n - 1 words as a number, and the word after it."""
    size, first = len(text) - LONGEST + 1, LONGEST - n
    words = [text[first + i : first + i + size] for i in range(n)]
    start = np.zeros(size, int)
    return sum((word * WORDS**i for i, word in enumerate(words[:-1])), start), words[-1]


def perplexity(chances):
    return float(np.exp(-np.mean(np.log(chances))))


def smoothed(seen, strength):
    """Add a strength to every count; `seen` are the counts of context and of the n-gram."""
    return (seen[1] + strength) / (seen[0] + strength * WORDS)


def chances_of(mix, seen, shorter, setting):
    """Smooth the counts, or mix them with the chances given a shorter context."""
    if not mix:
        return smoothed(seen, setting)
    counted = seen[1] / np.maximum(seen[0], 1)
    return np.where(seen[0] > 0, setting * counted + (1 - setting) * shorter, shorter)


def run(lab):
    source = lab.rng.dirichlet(np.full(WORDS, 0.25), size=(WORDS, WORDS))
    train, held, test = (write(lab.rng, source, length) for length in (4000, 2000, 2000))
    seen = {}
    for n in range(1, LONGEST + 1):
        table = np.zeros((WORDS ** (n - 1), WORDS), "float32")
        np.add.at(table, grams(train, n), 1)
        for name, text in (("held", held), ("test", test)):
            context, word = grams(text, n)
            seen[name, n] = table[context].sum(axis=-1), table[context, word]

    def perplexities(mix):
        """Perplexity on new text for each n; strengths and weights come from held-out text."""
        found, shorter = {}, {name: smoothed(seen[name, 1], 0.1) for name in ("held", "test")}
        for n in range(1, LONGEST + 1):
            best, lowest = None, np.inf
            for setting in WEIGHTS if mix else STRENGTHS:
                tried = {name: chances_of(mix, seen[name, n], shorter[name], setting)
                         for name in shorter}  # fmt: skip
                if perplexity(tried["held"]) < lowest:
                    best, lowest = tried, perplexity(tried["held"])
            shorter = best
            found[n] = perplexity(shorter["test"])
        return found

    blend, plain = lab.contrast(perplexities, control={"mix": True}, treatment={"mix": False})
    best = min(plain, key=plain.get)
    ratio = plain[5] / plain[3]
    late = "rises late" if ratio > 1.1 else "stays"
    lab.answer(OPTIONS[{2: "rises early", 3: late}.get(best, "falls")])
    lab.claim("by counts, five-grams have 1.8 times the perplexity of trigrams", ratio > 1.35,
              ratio, "> 1.35")  # fmt: skip
    lab.claim("trigrams have the lowest", best == 3, best, 3)
    ratio = plain[4] / plain[3]
    lab.claim("four-grams have 1.5 times that of trigrams", ratio > 1.1, ratio, "> 1.1")
    ratio = plain[2] / plain[3]
    lab.claim("bigrams have 1.8 times that of trigrams", ratio > 1.35, ratio, "> 1.35")
    order = [plain[n] for n in (3, 2, 1)], [plain[n] for n in (3, 4, 5)]
    lab.claim("it falls at each step up to n = 3 and rises at each after it",
              all(part == sorted(part) for part in order), all(p == sorted(p) for p in order),
              True)  # fmt: skip
    ratio = blend[5] / blend[3]
    lab.claim("mixed with shorter contexts, five-grams do as well as trigrams",
              0.9 < ratio < 1.1, ratio, "0.9 to 1.1")  # fmt: skip
    unseen = {n: np.mean(seen["test", n][1] == 0) for n in range(1, LONGEST + 1)}
    lab.claim("over 80% of the new text's five-grams were not seen", unseen[5] > 0.8, unseen[5],
              "> 0.8", share=True)  # fmt: skip
    lab.claim("of the bigrams under 3%", unseen[2] < 0.03, unseen[2], "< 0.03", share=True)
    new = np.mean(seen["test", 5][0] == 0)
    lab.claim("over half of the contexts of four words were not seen either", new > 0.55, new,
              "> 0.55", share=True)  # fmt: skip
    curves = {"counts, smoothed": plain.values(), "mixed with shorter": blend.values()}
    lab.lines("Perplexity on new text", range(1, LONGEST + 1), curves,
              x_label="n", y_label="perplexity on new text")  # fmt: skip
