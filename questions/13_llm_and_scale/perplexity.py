"""Count models on a text of known entropy, and the same information in two units."""

import numpy as np
from keras import ops

from dlprep import losses
from dlprep.lab.grammar import WORDS, grammar, grammar_entropy

VOCABULARY = len(WORDS)


def perplexity(tokens, chances):
    """exp of the mean negative log-likelihood; `chances` holds a row for each token."""
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    return float(np.exp(loss(tokens, ops.log(ops.array(chances, "float32")))))


def run(lab):
    train, test = grammar(lab.rng, 20_000), grammar(lab.rng, 20_000)

    def count_model(context):
        """Perplexity on new text of the counted chances given `context` (0 or 1) words."""
        counts = np.full((VOCABULARY, VOCABULARY), 0.01)
        np.add.at(counts, (train[:-1], train[1:]), 1)
        if context == 0:
            counts[:] = counts.sum(0)
        chances = counts / counts.sum(1, keepdims=True)
        return perplexity(test[1:], chances[test[:-1]])

    uniform = perplexity(test % 50, np.full((len(test), 50), 1 / 50))
    lab.claim("a uniform model over 50 tokens has 50", abs(uniform - 50) < 1e-3, uniform, 50)
    unigram, bigram = lab.contrast(count_model, control={"context": 0}, treatment={"context": 1})
    lab.claim("a word of context halves it", bigram < 0.5 * unigram, bigram, 0.5 * unigram)
    bound = np.exp(grammar_entropy(1))
    close = bigram / bound - 1
    lab.claim("the bigram model comes close to its bound", abs(close) < 0.05, bigram, bound)
    floor = np.exp(grammar_entropy())
    lab.claim("the language's own floor is lower still", floor < 0.98 * bigram, floor, bigram)

    bits_of_a, bits_of_b = 2 * 5.5, np.log2(64)
    lab.answer(2**bits_of_a)
    lab.claim("per word, model B spends fewer bits", bits_of_b < bits_of_a, bits_of_b, bits_of_a)
    lab.claim("in their own units, model A looks better", 2**2 < 64, 2**2, 64)
    shown = {"uniform over the words": VOCABULARY, "unigram": unigram, "bigram": bigram}
    lab.bars("Perplexity per word", {**shown, "floor": floor}, y_label="perplexity")
