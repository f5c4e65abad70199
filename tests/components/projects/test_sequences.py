"""Whole projects on sequences: language models of a grammar, tagging with masks."""

import keras
import numpy as np
import pytest
from keras import ops

from dlprep import layers, losses, metrics, optimizers
from dlprep.lab.grammar import WORDS, grammar, grammar_entropy

pytestmark = pytest.mark.slow

STEPS = 24


@pytest.fixture(scope="module")
def text():
    def windows(tokens):
        rows = tokens[: len(tokens) // (STEPS + 1) * (STEPS + 1)].reshape(-1, STEPS + 1)
        return rows[:, :-1], rows[:, 1:]

    rng = np.random.default_rng(0)
    return windows(grammar(rng, 40_000)), windows(grammar(rng, 10_000))


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


def recurrent(cell):
    return keras.Sequential(
        [
            keras.Input((STEPS,), dtype="int32"),
            layers.Embedding(len(WORDS), 16),
            cell(48, return_sequences=True),
            layers.Dense(len(WORDS)),
        ]
    )


@pytest.mark.parametrize(
    "build",
    [lambda: recurrent(layers.LSTM), lambda: recurrent(layers.GRU), CausalTransformer],
    ids=["LSTM", "GRU", "transformer"],
)
def test_a_language_model_comes_close_to_the_entropy(build, text):
    (x, y), (x_test, y_test) = text
    keras.utils.set_random_seed(0)
    model = build()
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizers.Adam(5e-3), loss, metrics=[metrics.Perplexity(from_logits=True)])
    model.fit(x, y, batch_size=64, epochs=8, verbose=0)
    _, perplexity = model.evaluate(x_test, y_test, batch_size=256, verbose=0)
    # Below the bigram's bound the model must have used more than one word of context.
    assert np.exp(grammar_entropy()) * 0.97 < perplexity < np.exp(grammar_entropy(1)) * 0.97
    assert perplexity < np.exp(grammar_entropy()) * 1.08


def tagging(rng, n=1500, steps=12):
    """Tokens 1 to 8 in sequences of any length, 0 behind; the tag is whether the *next* is even."""
    lengths = rng.integers(4, steps + 1, n)
    tokens = rng.integers(1, 9, (n, steps))
    tokens[np.arange(steps) >= lengths[:, None]] = 0
    following = np.concatenate([tokens[:, 1:], np.zeros((n, 1), int)], axis=1)
    return tokens, (following % 2 == 0) & (following > 0)


def test_a_bidirectional_tagger_uses_what_comes_and_ignores_padding():
    x, y = tagging(np.random.default_rng(0))
    keras.utils.set_random_seed(0)
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
    assert (tags == y[1200:])[real].mean() > 0.97
    # What stands behind the end must not matter: a shorter batch gives the same tags.
    short = x[1200:1201]
    length = int(real[0].sum())
    alone = ops.convert_to_numpy(model(short[:, :length]))
    whole = ops.convert_to_numpy(model(short))[:, :length]
    np.testing.assert_allclose(alone, whole, rtol=1e-4, atol=1e-5)
