"""An exercise tells right from wrong, and says what is wrong."""

import re
from pathlib import Path

import numpy as np
import pytest
from programs.exercises import BODY, GOOD, SCALE, SOFTMAX

from dlprep.quiz import exercise

PROPERTIES = {
    (SOFTMAX, None): None,
    (SOFTMAX, "softmax"): None,
    (SOFTMAX, "right_by_logarithms"): None,
    (SOFTMAX, "wrong_overflow"): "large inputs stay finite",
    (SOFTMAX, "wrong_axis"): "axis 0 works",
    (SOFTMAX, "wrong_sum"): "rows sum to one",
    (SCALE, "Scale"): None,
    (SCALE, "right_by_matrix"): None,
    (SCALE, "wrong_constant"): "there is a weight for each feature",
    (SCALE, "wrong_scalar"): "there is a weight for each feature",
}


@pytest.mark.parametrize(("path", "name"), PROPERTIES, ids=lambda given: Path(given or "all").stem)
def test_right_definitions_pass_and_wrong_ones_fail(path, name):
    result = exercise.grade(str(path), name=name)
    assert (result["error"], result["line"]) == (None, None)
    failed = PROPERTIES[path, name]
    assert (result["passed"], (result["failed"] or {}).get("text")) == (failed is None, failed)


def test_the_properties_that_hold_are_listed_and_told():
    told = []
    result = exercise.grade(str(SOFTMAX), name="wrong_axis", emit=lambda *event: told.append(event))
    assert result["properties"] == [
        "the shape stays",
        "rows sum to one",
        "a constant changes nothing",
    ]
    assert told[1] == (exercise.HOLDS + "rows sum to one", 2, 2)


@pytest.mark.parametrize("got", [[[1, 2]], ((1.0, 2.0),), np.float32([[1, 2]]), [np.array([1, 2])]])
def test_whatever_numpy_makes_an_array_of_is_one(got):
    lab = exercise.ExerciseLab("softmax")
    assert lab.array("it has the shape", got, (1, 2)).tolist() == [[1.0, 2.0]]
    assert lab.array("a number will do for no axis", 3, ()) == 3


@pytest.mark.parametrize(
    ("got", "came"),
    [
        ([1, 2], "shape (2,): [1, 2]"),
        ("ab", "str, which is no number or array: 'ab'"),
        ([[1], [1, 2]], "list, which is no number or array: [[1], [1, 2]]"),
        (None, "None (is a `return` missing?)"),
    ],
)
def test_what_is_no_array_of_the_shape_is_described(got, came):
    lab = exercise.ExerciseLab("softmax")
    with pytest.raises(exercise.Failed, match="it has the shape"):
        lab.array("it has the shape", got, (1, 2), given=7)
    assert lab.failed["got"] == came
    assert lab.failed["given"] == "7"
    assert lab.failed["expected"].endswith("shape (1, 2)")


def test_what_is_close_agrees_in_five_digits_or_is_nearly_nothing():
    lab = exercise.ExerciseLab("softmax")
    for text, got, expected in (("large", 1e3 + 9e-3, 1e3), ("small", 9e-8, 0)):
        lab.close(text, got, expected)
        with pytest.raises(exercise.Failed):
            lab.close(text, expected + 2 * (got - expected), expected)


def test_a_property_that_is_looked_at_again_is_listed_once():
    told = []
    lab = exercise.ExerciseLab("softmax", emit=lambda *event: told.append(event))
    for _ in range(3):
        lab.expect("it holds", True)
    assert lab.properties == ["it holds"]
    assert told == [(exercise.HOLDS + "it holds", 1, 1)]


def test_the_users_file_is_graded(grade):
    assert grade(GOOD)["passed"]
    assert grade(GOOD, seed=7)["passed"]
    assert grade(GOOD.replace("softmax", "mine"), name="mine")["passed"]


def test_the_first_property_that_fails_comes_with_input_got_and_expected(grade):
    failed = grade(BODY.format("return x.T"))["failed"]
    assert failed["text"] == "the shape stays"
    assert (failed["got"], failed["expected"]) == ("(6, 4)", "(4, 6)")
    assert failed["given"].endswith("of shape (4, 6), float64")
    failed = grade(BODY.format("return x - x.mean(axis, keepdims=True) + 0.5"))["failed"]
    assert failed["text"] == "rows sum to one"
    assert re.search(r"4 of 4 values are off, at \[.\] it is 3 instead of 1", failed["got"])


ERRORS = {
    "def softmax(x, axis=-1)\n    return x": r"mine.py, line 1: expected ':': `def softmax",
    "x = '": r"line 1: unterminated string",
    "": r"mine.py defines no softmax",
    "softmax = 3": r"softmax is a int; it has to be a function",
    "class softmax: pass": r"softmax is a type; it has to be a function",
    "def softmax(x): return x": r"has to take \(x, axis=-1\), and takes \(x\)",
    "def softmax(x, dim=-1): return x": r"has to take \(x, axis=-1\)",
    "def softmax(x, axis): return x": r"missing a required argument: 'axis'",
    "def softmax(x, axis=-1, *, scale): return x": r"missing a required .*'scale'",
    BODY.format("raise NotImplementedError"): r"softmax is not written yet, see line 2",
    BODY.format("pass"): r"softmax returned None given x = \[\[.*missing\?",
    BODY.format("return x[99]"): r"line 2: IndexError: .* in `return x\[99\]` given x = \[\[",
    BODY.format("return softmax(x)"): r"line 2: the function calls itself without end",
    BODY.format("assert x.ndim == 1, 'one axis'"): r"line 2: AssertionError: one axis",
    "import numpy as np\n" + BODY.format("return np.full(x.shape, None)"): (
        r"cannot go on with what softmax returned, \[\[None.* of shape \(4, 6\), object given x ="
    ),
    BODY.format("raise SystemExit(0)"): r"line 2: the program is ended",
    BODY.format("raise MemoryError"): r"line 2: out of memory, the limit is 1 GiB",
    "import sys\nsys.exit(0)": r"line 2: the program is ended",
    "import no_such_module": r"line 1: ModuleNotFoundError: No module named 'no_such_module'",
    b"\xff\xfe": r"mine.py, line 1: .*decode",
    b"\0": r"mine.py is not Python: .*null bytes; save it as UTF-8",
    "x = 1".encode("utf-16"): r"mine.py is not Python: .*null bytes",
    "x = " + "-" * 100_000 + "1": r"mine.py is not Python: .*nested",
    "# coding: nonsense": r"mine.py, line 1: unknown encoding",
    BODY.format("raise KeyboardInterrupt"): r"mine.py, line 2: KeyboardInterrupt in",
    "import functools\nsoftmax = functools.partial(lambda x, axis=-1: None)": (
        r"the function returned None given x = "
    ),
}


@pytest.mark.parametrize("source", ERRORS, ids=lambda source: repr(source)[:40])
def test_a_file_that_cannot_be_graded_says_why(grade, source):
    result = grade(source)
    assert not result["passed"]
    assert result["failed"] is None
    assert re.search(ERRORS[source], result["error"]), result["error"]


def test_the_line_of_an_error_is_told(grade):
    assert grade(BODY.format("return x[99]"))["line"] == 2
    assert grade("def softmax(x")["line"] == 1
    assert grade("")["line"] is None


def test_a_missing_file_is_said(tmp_path):
    result = exercise.grade(str(SOFTMAX), str(tmp_path / "none.py"))
    assert "none.py cannot be read: No such file" in result["error"]


LAYER = """
import keras
class Scale(keras.layers.Layer):
    def __init__(self, {}):
        super().__init__()
    def call(self, x):
        return x.nothing
"""


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ("start", r"Scale has to take \(start='ones', \*\*kwargs\), and takes \(start\)"),
        ("start=1, **kwargs", r"line 7: .*Error: .* in `return x.nothing` given x = .*\(3, 2\)"),
    ],
)
def test_a_class_that_cannot_be_graded_says_why(grade, arguments, error):
    result = grade(LAYER.format(arguments), SCALE)
    assert re.search(error, result["error"]), result["error"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("self.start = start", "you forgot to call"),
        ("return 3", "__init__() should return None"),
        ("super().__init__(nonsense=1)", "nonsense"),
    ],
)
def test_what_keras_says_of_a_users_class_is_not_blamed_on_the_exercise(grade, body, error):
    source = LAYER.replace("super().__init__()", body).replace("return x.nothing", "return x")
    result = grade(source.format("start='ones', **kwargs"), SCALE)
    assert error in result["error"] and "dispute" not in result["error"]
    assert "Scale" in result["error"]
