"""A demonstration file runs; what is wrong with one is said in a line that names the place."""

import sys

import pytest

from dlprep.lab.report import Report
from dlprep.lab.run import DemoError, brief, demo, load

GOOD = """
from dataclasses import dataclass
import inspect

@dataclass
class Setting:
    x: "int" = 1

def run(lab):
    for step in lab.progress(range(2), "steps"):
        lab.value(f"step {step}", lab.rng.normal())
    lab.claim("settings differ", lab.contrast(Setting, control={}, treatment={"x": 2})[1].x == 2)
    lab.claim("its source can be read", "x: " in inspect.getsource(Setting))
"""

LAYER = """
import keras
import numpy as np

def forward():
    return keras.layers.Dense(2)(np.ones(3, "float32"))

def run(lab):
    lab.claim("never", forward() is None)
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "adam-first-steps.py"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_a_file_becomes_a_report(write):
    report = Report.from_dict(demo(write(GOOD), "adam-first-steps", seed=3))
    assert report.question == "adam-first-steps"
    assert report.seed == 3
    assert report.holds


def test_an_aa_run(write):
    assert not Report.from_dict(demo(write(GOOD), "q", aa=True)).holds


def test_what_is_drawn_reaches_the_demonstration_and_its_report(write):
    text = "def run(lab):\n    lab.claim('it is drawn', lab.draw['width'] == 16)\n"
    report = demo(write(text), "q", draw={"width": 16})
    assert report["claims"][0]["holds"]
    assert report["draw"] == {"width": 16}


def test_progress_is_passed_on(write):
    news = []
    demo(write(GOOD), "q", emit=lambda *event: news.append(event))
    assert news == [("steps", 0, 2), ("steps", 1, 2), ("steps", 2, 2)]


def test_nothing_is_written_beside_the_file(write, tmp_path):
    demo(write(GOOD), "q")
    assert [path.name for path in tmp_path.iterdir()] == ["adam-first-steps.py"]


def test_an_edited_file_is_read_anew(write):
    path = write("def run(lab):\n    return 1\n")
    assert load(path)(None) == 1
    write("def run(lab):\n    return 2\n")
    assert load(path)(None) == 2


def test_the_search_path_is_left_alone(write):
    before = list(sys.path)
    demo(write(GOOD), "q")
    assert sys.path == before


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 0, "defines no function run(lab): write `def run(lab):`"),
        ("run = 3", 0, "defines no function run(lab)"),
        ("def run(lab)\n    pass\n", 1, "SyntaxError: expected ':'"),
        ("def run(lab):\n\tx\n        y\n", 3, "TabError: inconsistent use of tabs"),
        ("x = 1\nimport not_there\n", 2, "ModuleNotFoundError: No module named 'not_there'"),
        ("def run(lab):\n    x = 1\n    1 / 0\n", 3, "ZeroDivisionError: division by zero"),
        ("def run(lab):\n    exit(3)\n", 2, "SystemExit: 3"),
        ("def run(lab):\n    raise KeyboardInterrupt\n", 2, "KeyboardInterrupt"),
        ("raise KeyboardInterrupt\n", 1, "KeyboardInterrupt"),
        ("def run(lab):\n    raise ValueError\n", 2, "ValueError"),
        ("def run(lab):\n    lab.claim('c', None)\n", 2, "TypeError: claim 'c' needs True"),
        (
            "def run(lab):\n    lab.value('v', 1)\n",
            0,
            "claims nothing: call lab.claim(text, holds)",
        ),
        ("def run():\n    pass\n", 0, "takes 0 positional arguments but 1 was given"),
        (LAYER, 6, "ValueError: "),
    ],
)
def test_a_fault_is_named_with_its_place(write, text, line, message):
    path = write(text)
    with pytest.raises(DemoError) as caught:
        demo(path, "q")
    assert (str(caught.value.path), caught.value.line) == (path, line)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{path}:{line}: " if line else f"{path}: ")


def test_bytes_that_are_no_text_are_a_fault(tmp_path):
    path = tmp_path / "latin.py"
    path.write_bytes(b"name = '\xe9'\n")
    with pytest.raises(DemoError, match="SyntaxError"):
        load(path)


def test_a_missing_file_is_a_fault(tmp_path):
    with pytest.raises(DemoError, match=r"absent\.py: cannot be read: No such file"):
        load(tmp_path / "absent.py")


def test_a_fault_in_a_helper_of_the_file_is_named_where_it_arose(write):
    path = write("def helper():\n    return [][1]\n\n\ndef run(lab):\n    helper()\n")
    with pytest.raises(DemoError, match=r":2: IndexError"):
        demo(path, "q")


def test_a_long_message_is_cut_and_loses_its_empty_lines():
    text = brief(ValueError("first\n\n  second\n\n" + "x" * 1000))
    assert text.startswith("ValueError: first\n  second\nxxx")
    assert len(text) == 500
    assert text.endswith("…")
