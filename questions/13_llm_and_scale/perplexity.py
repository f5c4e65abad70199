"""Spell a text letter by letter and word by word, then count words in a text of known entropy."""

import numpy as np

from dlprep.lab.grammar import WORDS, grammar, grammar_entropy

VOCABULARY = len(WORDS)


def bits(chances):
    """Bits that a model spends on a text: `chances` is what it gave each token that came."""
    return -np.sum(np.log2(chances))


def run(lab):
    lengths = lab.rng.permutation(np.repeat([5, 6], 500))
    text = lab.rng.integers(0, 4, lengths.sum())
    letters = np.full((4, 4), 1 / 4)

    def model_a(unit):
        """Perplexity of a model that gives each of four letters 1/4, per character or per word."""
        given = letters[np.roll(text, 1), text]
        return 2 ** (bits(given) / (len(text) if unit == "character" else len(lengths)))

    character, word = lab.contrast(
        model_a, control={"unit": "character"}, treatment={"unit": "word"}
    )
    lab.answer(float(word))
    per_word = round(float(word), 3)
    lab.claim("per word, model A has perplexity 2,048", per_word == 2048, per_word, 2048)
    lab.claim("per character it has 4", abs(character - 4) < 1e-6, round(float(character), 6), 4)

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
