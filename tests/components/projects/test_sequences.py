"""Whole projects on sequences: language models of a grammar, tagging with masks."""

import keras
import numpy as np
import pytest
from keras import ops

from dlprep import layers, losses, metrics, optimizers
from dlprep.lab.grammar import WORDS, grammar, grammar_entropy

pytestmark = [pytest.mark.slow, pytest.mark.turns(3)]

STEPS, CHARACTERS = 24, 96


def windows(tokens, steps):
    rows = tokens[: len(tokens) // (steps + 1) * (steps + 1)].reshape(-1, steps + 1)
    return rows[:, :-1], rows[:, 1:]


@pytest.fixture(scope="module")
def words():
    rng = np.random.default_rng(0)
    return grammar(rng, 40_000), grammar(rng, 10_000)


class CausalTransformer(keras.Model):
    """One block of attention that looks back only, subclassed on purpose."""

    def __init__(self, width=32):
        super().__init__()
        self.embedding = layers.Embedding(len(WORDS), width)
        self.position = layers.SinusoidalPositionEncoding()
        self.norms = [layers.LayerNormalization(), layers.LayerNormalization()]
        self.attention = layers.MultiHeadAttention(4, width // 4)
        self.hidden, self.out = layers.Dense(2 * width, "gelu"), layers.Dense(width)
        self.head = layers.Dense(len(WORDS))

    def call(self, tokens):
        x = self.position(self.embedding(tokens))
        seen = self.norms[0](x)
        x = x + self.attention(seen, seen, use_causal_mask=True)
        x = x + self.out(self.hidden(self.norms[1](x)))
        return self.head(x)


def test_a_transformer_comes_close_to_the_entropy(words, seed, report):
    (x, y), (x_test, y_test) = (windows(tokens, STEPS) for tokens in words)
    keras.utils.set_random_seed(seed)
    model = CausalTransformer()
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizers.Adam(5e-3), loss, metrics=[metrics.Perplexity(from_logits=True)])
    model.fit(x, y, batch_size=64, epochs=8, verbose=0)
    _, perplexity = model.evaluate(x_test, y_test, batch_size=256, verbose=0)
    report(f"perplexity {perplexity:.3f}, that of the grammar {np.exp(grammar_entropy()):.3f}")
    # Below the bigram's bound the model must have used more than one word of context.
    assert np.exp(grammar_entropy()) * 0.97 < perplexity < np.exp(grammar_entropy(1)) * 0.97
    assert perplexity < np.exp(grammar_entropy()) * 1.08


def spelled(tokens):
    """Return the text as indices of its characters."""
    text = " ".join(WORDS[token] for token in tokens) + " "
    alphabet = sorted({*"".join(WORDS), " "})
    return np.array([alphabet.index(character) for character in text], "int32"), len(alphabet)


@pytest.mark.parametrize("cell", [layers.LSTM, layers.GRU])
def test_a_reader_of_characters_comes_close_to_the_entropy(cell, words, seed, report):
    (train, size), (test, _) = (spelled(tokens) for tokens in words)
    (x, y), (x_test, y_test) = (windows(text, CHARACTERS) for text in (train, test))
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((CHARACTERS,), dtype="int32"),
            layers.Embedding(size, 16),
            cell(64, return_sequences=True),
            layers.Dense(size),
        ]
    )
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizers.Adam(5e-3), loss)
    model.fit(x, y, batch_size=32, epochs=8, verbose=0)
    # A window may begin inside a word: what comes first cannot be known.
    late = CHARACTERS // 2
    value = float(loss(y_test[:, late:], model.predict(x_test, verbose=0)[:, late:]))
    # The spelling adds nothing: a word's entropy is shared by its letters and the blank.
    words_per_character = len(words[1]) / len(test)
    entropy, of_pairs = (grammar_entropy(n) * words_per_character for n in (None, 1))
    report(f"{value:.4f} nats per character, entropy {entropy:.4f}")
    assert 0.97 * entropy < value < 1.05 * entropy < 0.9 * of_pairs


def tagging(rng, n=1500, steps=12):
    """Tokens 1 to 8 in sequences of any length, 0 behind; the tag is whether the *next* is even."""
    lengths = rng.integers(4, steps + 1, n)
    tokens = rng.integers(1, 9, (n, steps))
    tokens[np.arange(steps) >= lengths[:, None]] = 0
    following = np.concatenate([tokens[:, 1:], np.zeros((n, 1), int)], axis=1)
    return tokens, (following % 2 == 0) & (following > 0)


def test_a_bidirectional_tagger_uses_what_comes_and_ignores_padding(seed, report):
    x, y = tagging(np.random.default_rng(0))
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((12,), dtype="int32"),
            layers.Embedding(9, 8, mask_zero=True),
            layers.Bidirectional(layers.LSTM(16, return_sequences=True)),
            keras.layers.TimeDistributed(layers.Dense(1)),
        ]
    )
    loss = losses.BinaryCrossentropy(from_logits=True)
    model.compile(optimizers.Adam(1e-2), loss)
    model.fit(x[:1200], y[:1200, :, None], batch_size=64, epochs=8, verbose=0)
    tags = model.predict(x[1200:], verbose=0)[..., 0] > 0
    real = x[1200:] > 0
    accuracy = (tags == y[1200:])[real].mean()
    report(f"test accuracy {accuracy:.3f}")
    assert accuracy > 0.97
    # What stands behind the end must not matter: a shorter batch gives the same tags.
    short = x[1200:1201]
    length = int(real[0].sum())
    alone = ops.convert_to_numpy(model(short[:, :length]))
    whole = ops.convert_to_numpy(model(short))[:, :length]
    np.testing.assert_allclose(alone, whole, rtol=1e-4, atol=1e-5)
