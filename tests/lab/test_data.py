"""Shared data: the recipes of `dlprep.lab.data` hold, and only the generator decides."""

from collections import Counter

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from dlprep.lab import data

PAIRS = {
    "houses": (4,),
    "spirals": (2,),
    "circles": (2,),
    "moons": (2,),
    "product": (5,),
    "pattern": (12, 12, 1),
    "recall": (20, 2),
    "first_last": (10, 1),
    "assoc": (9, 16),
}
FUNCTIONS = [name for name in data.__all__ if name.islower()]
DRAWN = sorted(set(FUNCTIONS) - {"house_price", "grammar_entropy"})


def rng(seed=0):
    return np.random.default_rng(seed)


def leaves(drawn):
    if isinstance(drawn, tuple):
        return [leaf for part in drawn for leaf in leaves(part)]
    return [drawn]


def linear_accuracy(x, y):
    half = len(x) // 2
    return LogisticRegression().fit(x[:half], y[:half]).score(x[half:], y[half:])


@pytest.mark.parametrize("name", DRAWN)
def test_only_the_generator_decides(name):
    draw = getattr(data, name)
    np.random.seed(1)
    first, same, other = (leaves(draw(rng(seed))) for seed in (0, 0, 1))
    for one, two in zip(first, same, strict=True):
        np.testing.assert_array_equal(one, two)
    assert any((one != two).any() for one, two in zip(first, other, strict=True))


@pytest.mark.parametrize("name", PAIRS)
def test_shapes_and_types(name):
    x, y = getattr(data, name)(rng(), n=40)
    assert x.shape == (40, *PAIRS[name])
    assert x.dtype == "float32"
    assert y.shape == (40,)
    assert y.dtype == ("float32" if name == "houses" else "int32")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_says_its_recipe(name):
    assert getattr(data, name).__doc__


def test_house_prices_scatter_around_the_formula():
    x, price = data.houses(rng(), n=4000, noise=20)
    assert np.std(price - data.house_price(x)) == pytest.approx(20, rel=0.1)
    assert data.house_price([[3, 20, 10, 1]]) == [255]


def test_click_labels_have_the_probabilities_given():
    x, y, p = data.clicks(rng(), n=20000, bias=-2.0)
    for low in (0.0, 0.1, 0.5):
        chosen = (p >= low) & (p < low + 0.1)
        assert y[chosen].mean() == pytest.approx(p[chosen].mean(), abs=0.04)
    logit = np.log(p / (1 - p))
    assert (logit.mean(), logit.std()) == pytest.approx((-2, 2), abs=0.05)
    assert np.corrcoef(logit, x[:, 0])[0, 1] > 0.5
    assert abs(np.corrcoef(y, x[:, 5])[0, 1]) < 0.03


def test_clicks_without_signal_are_coin_flips():
    assert (data.clicks(rng(), n=50, signal=0.0)[2] == 0.5).all()


@pytest.mark.parametrize("name", ["spirals", "circles", "product"])
@pytest.mark.parametrize("seed", range(3))
def test_a_linear_model_finds_nothing(name, seed):
    assert linear_accuracy(*getattr(data, name)(rng(seed))) < 0.65


def test_spiral_arms_are_apart():
    x, y = data.spirals(rng())
    distances = np.linalg.norm(x[:, None] - x, axis=2) + 9 * np.eye(len(x))
    assert (y[distances.argmin(1)] == y).mean() > 0.98


def test_radii_are_those_named():
    def radii(name, label, **settings):
        x, y = getattr(data, name)(rng(), noise=0.0, **settings)
        return np.linalg.norm(x[y == label], axis=1)

    ends = radii("spirals", 0).min(), radii("spirals", 1).max()
    assert ends == pytest.approx((0.2, 1.2), abs=0.02)
    for label, radius in ((0, 1.0), (1, 0.3)):
        np.testing.assert_allclose(radii("circles", label, factor=0.3), radius, rtol=1e-6)


def test_product_label():
    x, y = data.product(rng(), n=100)
    np.testing.assert_array_equal(y, x[:, 0] * x[:, 1] + x[:, 2] * x[:, 3] / 2 > 0)


def test_poly_is_a_sine_in_double_precision():
    x, y = data.poly(rng(), noise=0.0)
    np.testing.assert_allclose(y, np.sin(np.pi * x), rtol=1e-12)
    assert y.dtype == "float64"


def test_digits_are_split_without_overlap():
    (x_train, y_train), (x_test, y_test) = data.digits(rng())
    assert (x_train.shape, x_test.shape) == ((1297, 64), (500, 64))
    assert (x_train.min(), x_train.max()) == (0.0, 1.0)
    rows = Counter(row.tobytes() for row in np.concatenate([x_train, x_test]))
    assert len(rows) == 1797
    assert np.abs(np.bincount(y_train) / 1297 - np.bincount(y_test) / 500).max() < 0.01


def test_noisy_digits_spoil_the_named_share_of_training_labels():
    (clean_x, clean_y), test = data.digits(rng())
    (x, y), noisy_test = data.noisy_digits(rng(), share=0.4, n=1000)
    np.testing.assert_array_equal(x, clean_x[:1000])
    np.testing.assert_array_equal(y[400:], clean_y[400:1000])
    assert np.mean(y[:400] != clean_y[:400]) == pytest.approx(0.9, abs=0.05)
    assert set(y[:400]) == set(range(10))
    np.testing.assert_array_equal(noisy_test[1], test[1])


def test_patterns_stand_where_asked():
    x, y = data.pattern(rng(), n=200, places=range(4))
    bright = np.abs(x[..., 0]).mean(0)
    assert bright[:6, :6].mean() > 1.5 * bright[6:, 6:].mean()
    centre = x[:, 1:5, 1:5, 0].max((1, 2))
    assert centre.min() > 0.4
    assert set(y) == {0, 1}


def test_a_plus_and_a_cross_differ_in_the_corners():
    x, y = data.pattern(rng(), n=400, places=[2])
    corner, side = x[:, 2, 2, 0], x[:, 2, 3, 0]
    np.testing.assert_array_equal(corner > side, y == 1)


def test_recall_shows_the_sign_once():
    x, y = data.recall(rng(), n=50, steps=7)
    np.testing.assert_array_equal(x[:, 0, 1], 2 * y - 1)
    assert not x[:, 1:, 1].any()


def test_first_last_compares_the_ends():
    x, y = data.first_last(rng(), n=50, steps=4)
    np.testing.assert_array_equal(y, x[:, 0, 0] > x[:, 3, 0])


def test_assoc_answers_with_the_value_of_the_key():
    x, y = data.assoc(rng(), n=30, pairs=3, keys=5, values=4)
    assert x.shape == (30, 4, 9)
    keys, values = x[:, :, :5], x[:, :-1, 5:]
    assert (keys[:, :-1].sum(1) <= 1).all()
    assert not x[:, -1, 5:].any()
    match = np.einsum("nk,npk->np", keys[:, -1], keys[:, :-1])
    np.testing.assert_array_equal(np.einsum("np,npv->nv", match, values).argmax(1), y)


@pytest.mark.parametrize("memory", [0, 1, 2, 3])
def test_grammar_entropy_is_that_of_the_text(memory):
    tokens = data.grammar(rng(), n=50000).tolist()
    blocks = Counter(zip(*(tokens[i:] for i in range(memory + 1)), strict=False))
    contexts = Counter()
    for block, count in blocks.items():
        contexts[block[:-1]] += count
    surprise = sum(n * np.log(contexts[block[:-1]] / n) for block, n in blocks.items())
    assert data.grammar_entropy(memory) == pytest.approx(surprise / len(tokens), rel=0.01)


def test_more_memory_lowers_the_entropy_to_the_rate():
    entropies = [data.grammar_entropy(memory) for memory in range(4)]
    assert entropies == sorted(entropies, reverse=True)
    assert entropies[2] > entropies[3] + 0.1
    assert entropies[3] == data.grammar_entropy() == data.grammar_entropy(10)


def test_sentences_agree_in_number():
    text = " ".join(data.WORDS[token] for token in data.grammar(rng(), n=3000))
    assert "cats often see " in text
    for wrong in ("cats often sees", "cat often see ", "cats sleeps", "cat sleep ", "a cats"):
        assert wrong not in text
