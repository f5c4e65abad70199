"""`dlprep interview`: held in plain words and on a terminal, paused, gone on with, reported."""

import io
import sys

import pytest
from terminal.interviewing import CHAPTERS, Clock, spread

from dlprep.quiz.bank import Bank
from dlprep.quiz.interview.interview import Interview
from dlprep.quiz.interview.rule import Terms
from dlprep.terminal import room
from dlprep.terminal.plain import Plain
from dlprep.terminal.room import Room

RIGHT = "def double(x):\n    return 2 * x\n"


@pytest.fixture
def bank(tmp_path):
    return spread(tmp_path)


@pytest.fixture
def hold(bank, history, worker, tmp_path, monkeypatch, capsys):
    """Return a function that types lines into an interview; it returns it and what was written."""

    def typed(*lines, name=None, **terms):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        begun = None if name else Terms(**({"seed": 1} | terms))
        held = Interview(Bank.load(bank), history, begun, Clock(), name)
        typed.code = Room(held, worker, Plain(), tmp_path / "exercises").hold()
        return held, capsys.readouterr().out

    return typed


def answers(question):
    """Return what is typed for a question that is answered well."""
    return {
        "sum-of-ten": ["yes", "all", ""],
        "even-numbers": ["two and four", "1", ""],
        "half-of-one": ["1/2"],
        "what-is-zero": ["nothing", "all", ""],
        "write-double": ["e", ""],
    }[question]


def scripted(hold):
    """Hold an interview whose every question is answered well; return it and what was written."""
    lines, asked = [], 0
    while True:
        held, text = hold(*lines)
        if held.ended:
            return held, text
        assert len(held.turns) == asked + 1, text
        asked += 1
        lines += answers(held.turns[-1].ask.question.id)


def test_an_interview_to_its_end(hold, editor, history):
    editor(RIGHT)
    held, text = scripted(hold)
    assert {turn.ask.question.id for turn in held.turns} == set(CHAPTERS)
    assert [turn.result for turn in held.turns].count("right") >= 4, text
    assert "Question 2 (" in text and "of 30 minutes\nAnswer aloud" in text
    assert "1. yes" not in text, "options are not shown"
    assert "The experiment measured 0.5." in text
    assert len(history.events(kinds=["answer"])) >= 5


def test_an_exam_shows_nothing_before_its_end(hold, editor, bank):
    editor("def double(x):\n    return x\n")
    lines = []
    while True:
        held, text = hold(*lines, exam=True)
        if held.ended:
            break
        kind = held.turns[-1].ask.question.kind
        lines += {"numeric": ["7"], "code": ["e", ""]}.get(kind, ["words", "1"])
    before, *marked = text.split("What you said of this")
    assert marked and held.unmarked
    for question in Bank.load(bank):
        for told in (question.body.answer[:30], *question.body.key_points):
            assert told not in before
    for told in ("Right", "Wrong", "measured", "holds", "strong answer"):
        assert told not in before
    assert "Handed in." in before


def test_it_pauses_and_goes_on_with_the_file_as_it_was(hold, editor, tmp_path):
    editor(RIGHT)
    lines = []
    while True:
        held, _ = hold(*lines)
        if held.turns[-1].ask.question.kind == "code":
            break
        lines += answers(held.turns[-1].ask.question.id)
    held, text = hold(*lines, "e", "q")
    assert "Paused at " in text and hold.code == 0
    file = tmp_path / "exercises" / held.name / "write_double.py"
    assert file.read_text() == RIGHT
    again, text = hold("", "q", name=held.name)
    assert "which goes on at" in text and file.read_text() == RIGHT
    assert next(t for t in again.turns if t.ask.question.kind == "code").result == "right"


def test_every_key_is_understood_and_passing_tells_what_it_is(hold):
    held, text = hold(*room.KEYS)
    assert "not understood" not in text
    for key, what in room.KEYS.items():
        assert f"  {key}  {what[:40]}" in hold("h", "q")[1]
    assert held.turns[0].result == "gave up" and "Passed, after " in text
    _, text = hold("words", "s", "x", "7", "1")
    assert "There is no question to pass on here." in text
    assert text.count("not understood: numbers from 1 to") == 2


def test_what_was_noted_in_an_exam_is_kept_at_once(hold):
    held, _ = hold("my words", exam=True)
    assert held.turns[0].text == "my words" and held.turns[0].given


@pytest.mark.parametrize("name", ["sum-of-ten", "even-numbers", "what-is-zero"])
def test_a_question_that_cannot_be_read_is_left_out(hold, bank, name):
    held, _ = hold("q")
    path = next(bank.rglob(f"{name}.md"))
    head, mark, rest = path.read_bytes().rpartition(b"---\n")
    path.write_bytes(head + mark + b"\xff" + rest)
    held, text = hold(*["s"] * 9, name=held.name)
    assert held.ended and hold.code == 0
    assert name not in [turn.ask.question.id for turn in held.turns]
    assert text.count("This question is left out: ") == 1


def test_a_file_that_cannot_be_made_costs_no_answer(hold, bank, tmp_path, history):
    (tmp_path / "exercises").write_text("in the way")
    held, text = hold(*["s"] * 9)
    assert held.ended and "This question is left out: " in text
    assert "write-double" not in [event.question for event in history.events(kinds=["answer"])]
