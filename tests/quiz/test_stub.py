"""The stub has the solution's signature and docstring and nothing of its body."""

import ast
from pathlib import Path

import pytest

from dlprep.quiz.stub import definitions, difference, solution, stub

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


def test_the_solution_is_shown_with_its_decorators_and_without_the_docstring(exercise):
    assert solution(SOFTMAX).startswith("def softmax(x, axis=-1):\n    secret = np.exp(")
    for source in ('def f(): "Two."; return 2', 'def f():\n    """Nothing."""'):
        assert solution(exercise(source)) == source
    assert solution(SCALE).startswith("@keras.saving.register_keras_serializable(")


def test_a_difference_is_that_of_the_definition_of_the_same_name():
    source = SOFTMAX.read_text("utf-8")
    own = f"import os\n\n\n{source}\n\n\nprint(os)\n"
    assert difference(own, SOFTMAX) == []
    rows = difference(own.replace("    return ", "    return 1 * "), SOFTMAX)
    assert "".join(row[0] for row in rows) == ".  -+"


@pytest.mark.parametrize("own", ["def other():\n    pass", "def softmax(", "", "\0"])
def test_a_file_without_the_definition_is_compared_whole(own):
    rows = difference(own, SOFTMAX)
    assert [row[1:] for row in rows if row[0] == "-"] == own.splitlines()
    added = "\n".join(row[1:] for row in rows if row[0] == "+")
    assert added.startswith("def softmax(x, axis=-1):") and added.endswith("keepdims=True)")
