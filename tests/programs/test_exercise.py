"""An exercise tells right from wrong, and a user's file can neither stop nor deceive it."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from dlprep.lab.worker import Worker
from dlprep.quiz import exercise
from dlprep.quiz.stub import stub

FOLDER = Path(__file__).parents[1] / "quiz" / "exercises"
SOFTMAX, SCALE = FOLDER / "softmax_exercise.py", FOLDER / "scale_exercise.py"
GOOD = "import numpy as np\ndef softmax(x, axis=-1):\n    e = np.exp(x - x.max(axis, keepdims=True))\n    return e / e.sum(axis, keepdims=True)\n"  # noqa: E501
BODY = "def softmax(x, axis=-1):\n    {}\n"


@pytest.fixture
def grade(tmp_path):
    """Grade a text as the user's file."""

    def run(source, path=SOFTMAX, **settings):
        file = tmp_path / "mine.py"
        file.write_bytes(source if isinstance(source, bytes) else source.encode())
        result = exercise.grade(str(path), str(file), **settings)
        assert json.loads(json.dumps(result)) == result
        return result

    return run


@pytest.fixture(scope="module")
def worker():
    with Worker() as started:
        yield started


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


@pytest.mark.parametrize(("path", "name"), PROPERTIES, ids=str)
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


TAMPERING = {
    "import numpy as np\nnp.isclose = lambda *a, **k: np.True_\n": "numpy.isclose",
    "import builtins\nbuiltins.bool = lambda x: True\n": "builtins.bool",
    "import keras\nkeras.ops.convert_to_numpy = lambda x: 1\n": "convert_to_numpy",
    "from dlprep.quiz.exercise import ExerciseLab as L\nL.close = lambda *a, **k: None\n": "close",
    "from dlprep.quiz import comparison as c\nc.difference = lambda *a: None\n": "difference",
}


@pytest.mark.parametrize("source", TAMPERING)
def test_a_file_that_replaces_what_grades_it_is_refused(grade, source):
    before = np.isclose, bool, exercise.ExerciseLab.close, exercise.comparison.difference
    early = grade(source + BODY.format("return x"))
    late = source.replace("\n", "; ").rstrip("; ")
    late = grade(BODY.format(f"{late}; return x"))
    for result in (early, late):
        assert not result["passed"]
    assert f"{TAMPERING[source]}; leave other modules" in early["error"]
    assert before == (np.isclose, bool, exercise.ExerciseLab.close, exercise.comparison.difference)


def test_a_late_replacement_that_would_pass_is_noticed(grade):
    cheat = "import numpy as np; np.all = np.isclose = lambda *a, **k: np.array(True); return x"
    result = grade(BODY.format(cheat))
    assert not result["passed"]
    assert "leave other modules" in result["error"]


def test_printing_does_not_pass(grade, capsys):
    assert not grade(BODY.format("print('{\"passed\": true}'); return x"))["passed"]
    assert "passed" in capsys.readouterr().out


def test_an_exercise_that_checks_nothing_does_not_pass(tmp_path):
    path = tmp_path / "empty_exercise.py"
    path.write_text("def f(x):\n    return x\n\ndef check(candidate, lab):\n    candidate(1)\n")
    assert "checked nothing" in exercise.grade(str(path))["error"]


def test_a_failure_that_the_check_swallows_still_counts(tmp_path):
    path = tmp_path / "odd_exercise.py"
    path.write_text(
        "def f(x):\n    return x\n\ndef check(candidate, lab):\n"
        "    try:\n        lab.expect('no', False)\n    except AssertionError:\n        pass\n"
        "    lab.expect('yes', True)\n"
    )
    result = exercise.grade(str(path))
    assert (result["passed"], result["failed"]["text"]) == (False, "no")


# In the worker


def test_the_worker_grades_a_file(worker, tmp_path):
    (tmp_path / "mine.py").write_text(GOOD)
    seen = []
    job = exercise.start(worker, SOFTMAX, tmp_path / "mine.py", seed=3)
    result = exercise.outcome(job, seen.append)
    assert result["passed"]
    assert [event.label.removeprefix("holds: ") for event in seen] == result["properties"]


LIMITS = {
    "while True: pass": r"took longer than 1 s, before any property",
    "print('x' * 2 * 10**6)": r"printed more than 1 MB",
    "import os; os._exit(0)": r"ended with exit status 0",
    "kept = bytearray(b'x') * 2**28; import time; time.sleep(60)": r"used more than 200 MiB",
    "import ctypes; ctypes.string_at(0)": r"died by signal 11",
}


@pytest.mark.parametrize("body", LIMITS)
def test_a_limit_is_named(worker, tmp_path, monkeypatch, body):
    monkeypatch.setattr(exercise, "SECONDS", 1 if "while" in body else 60)
    monkeypatch.setattr(exercise, "MEMORY", 200 * 2**20)
    (tmp_path / "mine.py").write_text(BODY.format(body))
    result = exercise.outcome(exercise.start(worker, SOFTMAX, tmp_path / "mine.py"))
    assert not result["passed"]
    assert re.search(LIMITS[body], result["error"]), result["error"]


def test_a_limit_says_what_held_before(worker, tmp_path, monkeypatch):
    monkeypatch.setattr(exercise, "SECONDS", 1)
    source = GOOD.replace("    e =", "    print(axis)\n    while axis == 0: pass\n    e =")
    (tmp_path / "mine.py").write_text(source)
    result = exercise.outcome(exercise.start(worker, SOFTMAX, tmp_path / "mine.py"))
    assert "after “a constant changes nothing” held; it last printed: 0" in result["error"]
    assert len(result["properties"]) == 3


def test_the_stub_is_not_written_yet(grade):
    assert "not written yet" in grade(stub(SOFTMAX))["error"]
    assert "__init__ is not written yet" in grade(stub(SCALE), SCALE)["error"]
