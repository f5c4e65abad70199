"""The stub has the solution's signature and docstring and nothing of its body."""

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dlprep.quiz.bank import Bank
from dlprep.quiz.stub import definitions, stub, write_stub

HERE = Path(__file__).parent
SOFTMAX, SCALE = (HERE / "exercises" / f"{name}_exercise.py" for name in ("softmax", "scale"))


@pytest.fixture
def exercise(tmp_path):
    """Write an exercise and return its path."""

    def write(source):
        path = tmp_path / "sample_exercise.py"
        path.write_text(source, "utf-8")
        return path

    return write


@pytest.fixture
def question():
    found = Bank.load(HERE / "session" / "sample_bank")["slice-a-pear"]
    return replace(found, id="softmax", path=SOFTMAX.with_name("softmax.md"))


def test_a_function_keeps_signature_and_docstring():
    assert (
        stub(SOFTMAX)
        == '''import numpy as np


def softmax(x, axis=-1):
    """Return the softmax of `x` along `axis`.

    Args:
        x: array of floats.
        axis: the axis that sums to one.
    """
    raise NotImplementedError
'''
    )


def test_a_class_keeps_its_public_methods():
    assert (
        stub(SCALE)
        == '''import keras
from keras import layers, ops

START = "ones"


@keras.saving.register_keras_serializable(package="exercise")
class Scale(layers.Layer):
    """Multiply each feature by a weight of its own.

    Args:
        start: initializer of the weights.
        **kwargs: arguments of `keras.layers.Layer`.
    """

    def __init__(self, start=START, **kwargs):
        raise NotImplementedError

    def build(self, shape):
        """Create the weights."""
        raise NotImplementedError

    def call(self, x):
        raise NotImplementedError

    def get_config(self):
        raise NotImplementedError
'''
    )


SOURCES = {
    "def f(x): return secret(x)": "def f(x):\n    raise NotImplementedError\n",
    "def f(\n    x,  # one\n    y=1,\n):\n    return secret": (
        "def f(\n    x,  # one\n    y=1,\n):\n    raise NotImplementedError\n"
    ),
    "@decorate(\n    1\n)\ndef f(x):\n    secret = 1\n": (
        "@decorate(\n    1\n)\ndef f(x):\n    raise NotImplementedError\n"
    ),
    "import secret.deep\nimport math\ndef f(x):\n    return math.pi + secret.deep.x\n": (
        "import math\n\n\ndef f(x):\n    raise NotImplementedError\n"
    ),
    "from typing import Any, Never\nfrom secret import a\ndef f(x: Any) -> list:\n    return a\n": (
        "from typing import Any\n\n\ndef f(x: Any) -> list:\n    raise NotImplementedError\n"
    ),
    "class C:\n    a: int\n    b = 1\n\n    @property\n    def p(self):\n        'Doc.'\n"
    "        return secret\n\n    def _secret(self):\n        pass\n": (
        "class C:\n    a: int\n    b = 1\n\n    @property\n    def p(self):\n        'Doc.'\n"
        "        raise NotImplementedError\n"
    ),
    "def f(a,\n  b=(1, 2)): return secret\n": (
        "def f(a, b=(1, 2)):\n    raise NotImplementedError\n"
    ),
    "def f(x):\n    @secret\n    def inner():\n        pass\n    return inner\n": (
        "def f(x):\n    raise NotImplementedError\n"
    ),
    "def f(x: 'a:b' = {1: 2}) -> dict[str, int]:\n    # secret\n    return x\n": (
        "def f(x: 'a:b' = {1: 2}) -> dict[str, int]:\n    raise NotImplementedError\n"
    ),
    "class C:\n    @property\n    def x(self):\n        return secret\n": (
        "class C:\n\n    @property\n    def x(self):\n        raise NotImplementedError\n"
    ),
    "_secret = 1\ndef _private():\n    pass\ndef wrong_f():\n    pass\ndef f(): pass\n": (
        "def f():\n    raise NotImplementedError\n"
    ),
}


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_of_the_body_is_told(exercise, source):
    text = stub(exercise(source))
    assert text == SOURCES[source]
    ast.parse(text)
    assert "secret" not in text


def test_the_definitions_are_named():
    found = definitions(SOFTMAX)
    assert found.solution == "softmax"
    assert found.wrong == ("wrong_overflow", "wrong_axis", "wrong_sum")
    assert found.right == ("right_by_logarithms",)
    assert found.returns
    assert not definitions(SCALE).returns


@pytest.mark.parametrize(
    ("body", "returns"),
    [("x.sort()", False), ("return", False), ("return x", True), ("yield x", True)],
)
def test_whether_a_value_is_returned_is_known(exercise, body, returns):
    assert definitions(exercise(f"def f(x):\n    {body}\n")).returns == returns


def test_a_file_without_a_solution_is_refused(exercise):
    with pytest.raises(ValueError, match="begin it with a public function"):
        stub(exercise("def check(candidate, lab):\n    pass\n"))


def test_the_stub_is_written_once(question, tmp_path):
    path = write_stub(question, tmp_path / "new" / "folder")
    assert path.name == "softmax.py"
    text = path.read_text("utf-8")
    assert text.startswith('"""Write a function that cuts a pear."""\n\nimport numpy')
    assert text.endswith(stub(SOFTMAX))
    path.write_text("my work")
    assert write_stub(question, path.parent) == path
    assert path.read_text() == "my work"


FULL = """
import resource, sys
from dataclasses import replace
from pathlib import Path
from dlprep.quiz.bank import Bank
from dlprep.quiz.stub import write_stub
question = Bank.load(sys.argv[1])["slice-a-pear"]
question = replace(question, id="softmax", path=Path(sys.argv[2]).with_name("softmax.md"))
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
write_stub(question, sys.argv[3])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit for files")
def test_a_disk_that_is_full_leaves_no_file(tmp_path):
    """A limit of 100 bytes stands for the disk."""
    command = [sys.executable, "-c", FULL, HERE / "session" / "sample_bank", SOFTMAX, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True)
    assert "OSError: [Errno 27] File too large" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("source", ["def f(x)", "", "x = '\x00'", "def f(x):\n" + "-" * 10**5])
def test_an_exercise_that_is_broken_leaves_no_file(question, exercise, tmp_path, source):
    path = exercise(source)
    broken = replace(question, id="sample", path=path.with_name("sample.md"))
    with pytest.raises((ValueError, SyntaxError, MemoryError, RecursionError)):
        write_stub(broken, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_title_that_no_file_can_hold_leaves_none(question, tmp_path):
    with pytest.raises(UnicodeEncodeError):
        write_stub(replace(question, title="\udc80"), tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_a_title_with_quotes_gives_valid_python(question, tmp_path):
    odd = replace(question, title='Why "\\d" ends in "x"')
    assert ast.get_docstring(ast.parse(write_stub(odd, tmp_path).read_text("utf-8")))


def test_a_question_of_another_kind_has_no_stub(question, tmp_path):
    with pytest.raises(ValueError, match="choose one of kind code"):
        write_stub(replace(question, kind="choice"), tmp_path)
