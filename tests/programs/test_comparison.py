"""Values are described briefly, and a difference says what differs and where."""

import keras
import ml_dtypes
import numpy as np
import pytest

from dlprep.quiz.comparison import LENGTH, brief, difference


def compare(got, expected, rtol=1e-5, atol=1e-7):
    found = difference(got, expected, rtol, atol)
    return found and (found.got, found.expected)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (1.0, 1),
        (np.float32(0.1), 0.1),
        ([1, 2], np.array([1.0, 2.0])),
        (np.array([np.nan, np.inf]), [np.nan, np.inf]),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (np.array([True, False]), [1, 0]),
        (np.array([1 + 1e-6]), [1]),
        (np.array([5e-8]), [0]),
        (np.array([1e6 + 5]), [1e6]),
        (np.array([1j]), np.array([1j])),
        (np.ones(3, ml_dtypes.bfloat16), np.ones(3)),
    ],
    ids=repr,
)
def test_close_values_do_not_differ(got, expected):
    assert compare(got, expected) is None


def test_tensors_compare_like_arrays():
    assert compare(keras.ops.ones((2, 2)), np.ones((2, 2))) is None
    assert compare(keras.Variable([1.0, 2.0]), [1, 2]) is None
    assert "1 of 2" in compare(keras.ops.convert_to_tensor([1.0, 3.0]), [1, 2])[0]


DIFFERENCES = [
    (np.ones((2, 3)), np.ones((3, 2)), "shape (2, 3): [["),
    (np.ones((3, 1)), np.ones(3), "shape (3, 1)"),
    (np.array([[1, 2], [3, 9]]), [[1, 2], [3, 4]], "1 of 4 values is off, at [1, 1] it is 9"),
    (np.array([np.nan, 5]), [1, 2], "1 of 2 values is not finite, at [0] it is nan instead of 1"),
    (np.array([np.inf, 1.0]), [1.0, 1.0], "not finite, at [0] it is inf"),
    (np.array([-np.inf]), [np.inf], "it is -inf instead of inf"),
    (np.array([1.0]), [np.nan], "it is 1 instead of nan"),
    (2.0, 1.0, "2.0"),
    (np.array([1e6 + 15]), [1e6], "it is 1000015 instead of 1000000"),
    (np.array([1e-6]), [0.0], "it is 1e-06 instead of 0"),
    (np.array([1j]), [1.0], "instead of 1"),
    (np.array([1.00004003]), [1.00001], "it is 1.00004003 instead of 1.00001"),
    (None, 1.0, "is a `return` missing?"),
    ("1.0", 1.0, "str, which is no number or array: '1.0'"),
    ({"a": 1}, 1.0, "dict, which is no number"),
    (object(), 1.0, "object, which is no number"),
    ([[1], [1, 2]], [1.0], "list, which is no number"),
]


@pytest.mark.parametrize(
    ("got", "expected", "words"), DIFFERENCES, ids=lambda value: repr(value)[:9]
)
def test_a_difference_says_what_differs(got, expected, words):
    assert words in compare(got, expected)[0]


def test_an_oracle_that_is_no_number_is_the_authors_fault():
    with pytest.raises(TypeError, match="expected has to be a number"):
        difference(1.0, None, 0, 0)


def test_the_worst_place_is_named():
    got = np.zeros(100)
    got[[3, 50]] = 0.5, 7
    assert "2 of 100 values are off, at [50] it is 7 instead of 0" in compare(got, np.zeros(100))[0]


class Rude:
    """Cannot be printed."""

    def __repr__(self):
        raise RuntimeError


class Hollow:
    """Has a shape and a dtype but no values."""

    shape, dtype = (2,), "float"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        (3, "3"),
        ("text", "'text'"),
        (np.float32(0.1), "0.100000001 (float32)"),
        (np.arange(3), "[0, 1, 2] of shape (3,), int64"),
        ({"x": np.arange(2), "axis": -1}, "x = [0, 1] of shape (2,), int64, axis = -1"),
        ((np.arange(1), 2), "([0] of shape (1,), int64, 2)"),
        ({}, "{}"),
        (np.zeros((0, 2)), "[] of shape (0, 2), float64"),
        (Hollow(), "Hollow of shape (2,), float"),
        ([Hollow], "[<class"),
        (Rude(), "Rude"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_is_described(value, words):
    assert words in brief(value)


def test_a_symbolic_tensor_is_described():
    assert brief(keras.KerasTensor((None, 3))) == "KerasTensor of shape (None, 3), float32"


def test_a_large_array_is_abbreviated():
    rng = np.random.default_rng(0)
    assert "..., " in brief(rng.normal(size=(50, 50)))
    assert len(brief(rng.normal(size=(9, 9, 9, 9)))) <= LENGTH
    assert "from 0 to 6560" in brief(np.arange(6561).reshape(9, 9, 9, 9))
    assert len(brief("x" * 10**6)) <= LENGTH
    assert len(brief({name: rng.normal(size=(20, 20)) for name in "abcd"})) < 2 * LENGTH


class Cut:
    def __repr__(self):
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10**5000, "int that cannot be shown"),
        ([10**5000], "list that cannot be shown"),
        ({"x": 1, "y": Cut()}, "x = 1, y = Cut that cannot be shown"),
    ],
    ids=["integer", "list", "dictionary"],
)
def test_a_value_without_a_text_is_named_by_its_type(value, text):
    assert brief(value) == text
    assert difference(value, 1.0, 0, 0).got.endswith(text)
