"""An exercise tells right from wrong, and a user's file can neither stop nor deceive it."""

import contextlib
import functools
import inspect
import json
import os
import random
import re
import reprlib
import sys
import time
import traceback
import warnings
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from dlprep.lab.worker import Worker
from dlprep.quiz import exercise
from dlprep.quiz.candidate import signature_fault
from dlprep.quiz.guard import copied, unchanged
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


ACCIDENTS = [
    "import numpy as np; np.isclose = lambda *a, **k: np.True_",
    "import numpy as np; np.cosh = np.sin",
    "import numpy as np; np.linalg.norm = None",
    "import builtins; builtins.bool = lambda x: True",
    "import builtins; builtins.sum = builtins.len = None",
    "import numpy as np; np.seterr(invalid='raise')",
    "import numpy as np; np.set_printoptions(precision=1, threshold=0)",
    "import numpy as np; np.random.seed(0)",
    "import random; random.seed(0)",
    "import random; random.random = lambda: 4",
    "import sys; sys.setrecursionlimit(300)",
    "import sys; sys.stdout = None",
    "import time; time.sleep = None",
    "import json; json.dumps = None",
    "import inspect, reprlib; inspect.signature = reprlib.repr = None",
    "import contextlib, functools; contextlib.suppress = functools.wraps = None",
    "import traceback; traceback.walk_tb = traceback.extract_tb = None",
    "import os; os.chdir('/')",
    "import os; os.environ.clear()",
    "import warnings; warnings.simplefilter('error')",
]


def surroundings():
    """Return what a user's code can change by accident."""
    return (
        np.isclose, np.cosh, np.linalg.norm, bool, sum, len, np.geterr(), np.get_printoptions(),
        json.dumps, inspect.signature, reprlib.repr, contextlib.suppress, functools.wraps,
        traceback.walk_tb, np.random.get_state()[1].tolist(), random.getstate(), random.random,
        time.sleep,
        sys.getrecursionlimit(), sys.stdout, os.getcwd(), dict(os.environ), warnings.filters[:],
    )  # fmt: skip


@pytest.mark.parametrize("accident", ACCIDENTS)
def test_accidents_of_a_users_file_spoil_nothing(grade, accident):
    np.random.seed(5)
    random.seed(5)
    exercise.grade(str(SOFTMAX))
    before = surroundings()
    early, late = f"{accident}\n{GOOD}", GOOD.replace("):\n", f"):\n    {accident}\n")
    assert early != late != GOOD
    for source in (early, late):
        np.random.seed(5)
        random.seed(5)
        exercise.grade(str(SOFTMAX))
        result = grade(source)
        assert (result["passed"], result["error"]) == (True, None)
        assert surroundings() == before
        assert not grade(source.replace("return e", "return 1 + e"))["passed"]


CHANCE = """
import numpy as np


def noise(x):
    return x + np.random.normal(size=x.shape)


def check(candidate, lab):
    x = np.zeros(3)
    first = candidate(x)
    here = np.random.normal()
    lab.expect("each call draws anew", first != candidate(x))
    lab.expect("the check's own chance goes on", here != np.random.normal())
"""


def test_global_chance_goes_on_for_each_by_itself(grade, tmp_path):
    path = tmp_path / "noise_exercise.py"
    path.write_text(CHANCE)
    assert exercise.grade(str(path))["passed"]
    seeded = "import numpy as np\ndef noise(x):\n    np.random.seed(0)\n    return {}\n"
    result = grade(seeded.format("x + np.random.normal(size=x.shape)"), path)
    assert result["failed"]["text"] == "each call draws anew"


CHANGES = ["x -= 1; return x", "x.sort(); return x.copy()", "x[0, 0] = np.nan; return x * 1.0"]


@pytest.mark.parametrize("body", CHANGES)
def test_a_changed_argument_is_the_property_that_fails(grade, body):
    failed = grade("import numpy as np\n" + BODY.format(body))["failed"]
    assert failed["text"] == "the arguments stay as they are"
    assert failed["given"].startswith("x = [[")
    assert failed["got"].startswith("x = ") and failed["got"] != failed["given"]


def test_arguments_in_lists_are_looked_at_too(grade, tmp_path):
    path = tmp_path / "total_exercise.py"
    path.write_text(
        "def total(xs, names):\n    return sum(xs)\n\ndef check(candidate, lab):\n"
        "    lab.expect('three', candidate([1, 2], {'a': [3]}) == 3)\n"
    )
    assert exercise.grade(str(path))["passed"]
    for body in ("xs.append(0)", "names['a'].pop()", "names.pop('a')"):
        source = f"def total(xs, names):\n    {body}\n    return 3\n"
        assert grade(source, path)["failed"]["text"] == "the arguments stay as they are"


def test_an_argument_with_nan_that_stays_has_not_changed():
    given = [np.array([np.nan, 1.0]), {"x": np.array([0.0])}]
    before = copied(given)
    assert unchanged(given, before)
    given[1]["x"][0] = -0.0
    assert not unchanged(given, before)


def test_arguments_by_name_alone_are_called_by_name():
    def wanted(x, *, scale, shift=0): ...
    def mine(x, *, scale, shift): ...

    assert signature_fault(wanted, wanted) is None
    assert "missing a required" in signature_fault(mine, wanted)


def test_a_solution_that_returns_nothing_may_write_into_its_arguments(tmp_path):
    path = tmp_path / "order_exercise.py"
    path.write_text(
        "def order(x):\n    x.sort()\n\ndef check(candidate, lab):\n    x = [2, 1]\n"
        "    candidate(x)\n    lab.expect('sorted', x == [1, 2])\n"
    )
    assert exercise.grade(str(path))["passed"]


BROKEN = {
    "def f(x)\n    pass": "broken_exercise.py, line 1: SyntaxError: expected ':'",
    "def check(candidate, lab):\n    pass\n": "begin it with a public function",
    "def f(x):\n    return x\n\nimport nothing_there\n": "line 4: ModuleNotFoundError",
    "def f(x):\n    return x\n\n1 / 0": "line 4: ZeroDivisionError",
    "x = '\x00'": "ull byte",
    b"\xff": "UnicodeDecodeError",
    "def f(x):\n    return x\n\ndef check(candidate, lab):\n    lab.close('a', 1, None)\n": (
        "the exercise itself stopped: TypeError: expected has to be"
    ),
}


@pytest.mark.parametrize("source", BROKEN, ids=repr)
def test_an_exercise_that_is_broken_is_a_sentence(grade, tmp_path, source):
    path = tmp_path / "broken_exercise.py"
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    error = grade(f"{GOOD}f = softmax\n", path)["error"]
    assert BROKEN[source] in error
    assert error.endswith("; dispute this question") == ("Module" not in error)


RUDE = """
class Rude(Exception):
    def __str__(self):
        raise RuntimeError
    __repr__ = __str__

class Odd:
    shape, dtype = (2,), "float64"
    def __array__(self, *args, **kwargs):
        raise Rude

class Cut:
    def __repr__(self):
        raise KeyboardInterrupt
    __array__ = __repr__

class Hiding(type):
    @property
    def __name__(self):
        raise RuntimeError("no name")
    __repr__ = __name__.fget

class Nameless(Exception, metaclass=Hiding):
    pass

def softmax(x, axis=-1):
    {}
"""


@pytest.mark.parametrize(
    "body",
    ["raise Rude", "return Odd()", "return [[1], [1, 2]]", "return 10**400", "return '\\udc80'",
     "raise ValueError('\\udc80')", "raise BaseException('x')", "return {1: Rude()}",
     "raise ExceptionGroup('many', [ValueError('one')])", "return 10**5000", "return [10**5000]",
     "return Cut()", "return [Cut()]", "raise Nameless"],
)  # fmt: skip
def test_whatever_a_users_code_returns_or_raises_is_a_sentence(grade, body):
    result = grade(RUDE.format(body))
    assert not result["passed"]
    assert result["error"] or result["failed"]


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
    (tmp_path / "mine.py").write_text(f"print('seen')\n{GOOD}")
    seen = []
    job = exercise.start(worker, SOFTMAX, tmp_path / "mine.py", seed=3)
    result = exercise.outcome(job, seen.append)
    assert result["passed"]
    assert [event.label.removeprefix("holds: ") for event in seen] == result["properties"]
    assert result["printed"] == "seen"


def test_a_seed_reaches_the_worker():
    asked = SimpleNamespace(submit=lambda target, **given: given)
    assert [exercise.start(asked, SOFTMAX, seed=seed)["seed"] for seed in (3, 4)] == [3, 4]


LIMITS = {
    "while True: pass": r"took longer than 1 s, in line 2 of mine.py, before any property",
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
    assert result["error"].endswith("in line 4 of mine.py, after “a constant changes nothing” held")
    assert (result["line"], result["printed"].splitlines()[-1]) == (4, "0")
    assert len(result["properties"]) == 3


def test_the_stub_is_not_written_yet(grade):
    assert "not written yet" in grade(stub(SOFTMAX))["error"]
    assert "__init__ is not written yet" in grade(stub(SCALE), SCALE)["error"]
