"""Count the characters and the words of one text, then words in a text of known entropy."""

import numpy as np

from dlprep.lab.grammar import WORDS, grammar, grammar_entropy

VOCABULARY = len(WORDS)


def bits(chances):
    """Bits that a model spends on a text: `chances` is what it gave each token that came."""
    return -np.sum(np.log2(chances))


def counts(train, size):
    """Return the chances that counting a text gives each of `size` tokens."""
    seen = np.bincount(train, minlength=size)
    return seen / seen.sum()


def run(lab):
    # 64 words of 5 or 6 characters, the space among them, of an alphabet of 4 in equal shares.
    lengths = np.repeat([5, 6], 32)
    alphabet = lab.rng.permutation(np.repeat(np.arange(4), lengths.sum() // 4))
    spelling = np.split(alphabet, np.cumsum(lengths)[:-1])
    train = lab.rng.integers(0, 64, 30_000)
    test = lab.rng.permutation(np.repeat(np.arange(64), 300))

    def spelled(words):
        return np.concatenate([spelling[word] for word in words])

    def model_a(unit):
        """Perplexity on the new text of counted characters, per character or per word."""
        text = spelled(test)
        given = counts(spelled(train), 4)[text]
        return 2 ** (bits(given) / (len(text) if unit == "character" else len(test)))

    character, word = lab.contrast(
        model_a, control={"unit": "character"}, treatment={"unit": "word"}
    )
    model_b = 2 ** (bits(counts(train, 64)[test]) / len(test))
    lab.answer(float(word))
    times = word / model_b
    lab.claim("per word, A's perplexity is over twenty times B's", times > 20, times, "> 20")
    spent = {"A": round(float(np.log2(word)), 2), "B": round(float(np.log2(model_b)), 2)}
    lab.claim("A spends 11 bits on a word", spent["A"] == 11, spent["A"], 11)
    lab.claim("and B spends 6", spent["B"] == 6, spent["B"], 6)
    per_character = round(float(character), 2)
    lab.claim("per character A's perplexity is 4", per_character == 4, per_character, 4)

    train, test = grammar(lab.rng, 20_000), grammar(lab.rng, 20_000)

    def counted(context):
        """Perplexity on new text of the counted chances given the last `context` words."""
        seen = np.full((VOCABULARY,) * (context + 1), 0.01)
        np.add.at(seen, tuple(train[i : len(train) - context + i] for i in range(context + 1)), 1)
        chances = seen / seen.sum(-1, keepdims=True)
        last = tuple(test[i : len(test) - context + i] for i in range(context + 1))
        return 2 ** (bits(chances[last]) / len(last[0]))

    unigram, bigram = counted(0), counted(1)
    fall = unigram / bigram
    lab.claim("a word of context divides it by about 4", fall > 3, fall, "> 3")
    for context, name, value in ((0, "unigram", unigram), (1, "bigram", bigram)):
        above = abs(np.log(value) - grammar_entropy(context))
        lab.claim(f"the {name} model is within 5% of its bound", above < 0.05, above, "< 0.05")
    floor = np.exp(grammar_entropy())
    more = np.log(bigram / floor)
    lab.claim("the bigram spends 0.23 nats a word more than all the past would need", more > 0.16,
              more, "> 0.16")  # fmt: skip
    shown = {"uniform": VOCABULARY, "unigram": unigram, "bigram": bigram, "floor": floor}
    lab.bars("Perplexity per word", shown, y_label="perplexity")
