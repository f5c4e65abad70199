"""What a user's file does by accident, or an exercise does wrong, spoils nothing."""

import contextlib
import functools
import inspect
import json
import os
import random
import reprlib
import sys
import time
import traceback
import warnings

import numpy as np
import pytest
from programs.exercises import BODY, GOOD, SOFTMAX

from dlprep.quiz import exercise
from dlprep.quiz.candidate import signature_fault
from dlprep.quiz.guard import copied, unchanged

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
