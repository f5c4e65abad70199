"""The two views: what they write, and which one suits the streams."""

import io
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dlprep.lab.printable import printable
from dlprep.lab.report import Claim, Figure, Report, Value
from dlprep.quiz.bank import Bank
from dlprep.terminal.plain import Plain
from dlprep.terminal.question import print_question, record, show_question
from dlprep.terminal.report import print_report
from dlprep.terminal.screen import Screen
from dlprep.terminal.streams import open_view

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
BANK = Path(__file__).with_name("bank")
REPORT = Report(
    question="even-numbers",
    seed=4,
    aa=True,
    claims=[Claim("it holds", True, 0.123456, "< 1"), Claim("it does not", False, 3, "= 4")],
    values=[Value("loss", 0.000012345, "nats"), Value("rows", 1234567)],
    answer=0.5,
    figures=[Figure("bars", "Heights", {"heights": {"a": 1.0, "b": 2.0}, "y_label": "",
                                        "log_y": False})],
    seconds=1.25,
    versions={"keras": "3.15.1", "tensorflow": "2.21.0"},
    device="CPU",
)  # fmt: skip


@pytest.fixture
def question():
    return Bank.load(BANK)["even-numbers"]


@pytest.fixture(params=[Plain, Screen])
def view(request):
    return request.param()


def test_a_report_names_claims_in_words(view, capsys):
    print_report(view, REPORT)
    text = capsys.readouterr().out
    words = "holds FAILS it-does-not 0.123456 <-1 loss nats Heights 3.15.1"
    assert [word for word in words.split() if word.replace("-", " ") not in text] == []
    assert ("\x1b[" in text) == view.styled


EXPECTED = """
What the experiment measured

  holds  it holds
         measured 0.123456, expected < 1
  FAILS  it does not
         measured 3, expected = 4

  loss: 1.2345e-5 nats
  rows: 1234567
  The answer is: 0.5

Heights
     height
  a       1
  b       2

even-numbers · A/A run: every treatment got the control's arguments · seed 4 ·
1.2 s · CPU · keras 3.15.1 · tensorflow 2.21.0
"""


def test_a_report_in_the_plain_view(capsys):
    print_report(Plain(), REPORT)
    assert capsys.readouterr().out == EXPECTED


def test_a_claim_that_fails_comes_last(view, capsys):
    print_report(view, replace(REPORT, claims=REPORT.claims[::-1]))
    text = capsys.readouterr().out
    assert text.index("it holds") < text.index("it does not")


def test_both_views_say_the_same_of_a_report(monkeypatch, capsys):
    bare = replace(REPORT, figures=[])
    told = []
    for view in (Plain(), Screen()):
        monkeypatch.setattr(type(view), "width", 70)
        print_report(view, bare)
        told.append(re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out).split())
    plain, screen = told
    assert plain == [word for word in screen if word.strip("─")]


def test_escape_codes_in_a_question_cannot_reach_the_terminal(view, capsys):
    view.say("a\x1b[2Jb\x07")
    text = capsys.readouterr().out
    assert "\x1b[2J" not in text and "\x07" not in text
    assert printable("tab\tnew\nline") == "tab    new\nline"


def test_a_question_is_shown_without_its_answer(question, capsys):
    print_question(question, answer=False, plain=True)
    text = capsys.readouterr().out
    assert "basics, junior, choice, about 1 min" in text and "2. `3`" in text
    assert "even-numbers" not in text, "the id may name the answer"
    assert "Half of it" not in text and "Even means" not in text


def test_a_question_is_shown_with_all_it_has(question, capsys):
    print_question(question, answer=True, plain=True)
    text = capsys.readouterr().out
    for part in ("Hints", "Half of it is two.", "Two and four", "Red flag", "In depth", "Sources"):
        assert part in text


def test_hints_show_the_numbers_drawn(question, capsys):
    drawing = replace(question, draw={"width": (16, 64)}, hints=("It has {width} units.",))
    print_question(drawing, answer=True, plain=True)
    assert "It has 16 units." in capsys.readouterr().out


def test_a_question_as_data_survives_json(question):
    data = json.loads(json.dumps(record(question, answer=True)))
    assert data["id"] == "even-numbers" and data["chapter"] == "01_basics"
    assert data["body"]["options"][1]["correct"] is False
    assert data["demo"].endswith("even-numbers.py") and data["exercise"] is None


def test_data_without_the_answer_does_not_tell_it(question):
    text = json.dumps(record(question, answer=False))
    assert "Half of it is two." in json.dumps(record(question, answer=True))
    assert question.title in text and question.body.options[1].text in text
    secrets = (*question.hints, question.body.answer, *question.body.key_points)
    for secret in ("correct", "reason", "Half of it", "Red flag", *secrets):
        assert json.dumps(secret)[1:-1] not in text


def test_pipes_get_plain_words(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert isinstance(open_view(plain=False), Plain)


def test_a_prompt_repeats_what_nobody_saw_typed(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("  two \n"))
    view = Plain()
    assert view.ask("Above\nYour answer") == "two"
    assert capsys.readouterr().out == "\nAbove\nYour answer: two\n"
    with pytest.raises(EOFError):
        view.ask("More")


def test_a_program_with_a_fence_in_it_is_shown_whole(view, capsys):
    view.code('def f():\n    """Like\n    ```\n    **x**\n    ```\n    """')
    text = COLOUR.sub("", capsys.readouterr().out)
    assert text.count("```") == 2 and "**x**" in text


@pytest.mark.parametrize("title", ["1. a", "# a", "- a", "> a", "| a |", "    a", "$$a", "a*"])
def test_a_title_is_one_line_whatever_it_begins_with(view, question, title, capsys):
    show_question(view, replace(question, title=title))
    assert COLOUR.sub("", capsys.readouterr().out).split("\n")[0] == title.strip()
