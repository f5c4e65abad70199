"""A user's code can neither stop nor deceive an exercise."""

import re
from types import SimpleNamespace

import pytest
from programs.exercises import BODY, GOOD, SCALE, SOFTMAX

from dlprep.quiz import exercise
from dlprep.quiz.stub import stub

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
