"""Every question: the linter is silent, every exercise tells right from wrong, no stray file."""

import pytest

from dlprep.lab.worker import Worker
from dlprep.quiz.bank import Bank, questions_dir
from dlprep.quiz.check import check
from dlprep.quiz.coverage import load, names
from dlprep.quiz.exercise import outcome, start
from dlprep.quiz.stub import definitions, stub

BANK = Bank.load()
EXERCISES = [question for question in BANK if question.kind == "code"]


def test_the_linter_is_silent():
    assert [str(message) for message in check(questions_dir(), run_demos=False)] == []


def test_every_chapter_has_questions():
    chapters = {question.chapter for question in BANK}
    assert [name[:2] for name in sorted(chapters)] == [f"{n:02d}" for n in range(1, 14)]


def test_every_kind_is_there():
    kinds = {question.kind for question in BANK}
    assert kinds == {"recall", "choice", "numeric", "predict", "code"}


def test_every_question_covers_what_the_bank_lists():
    listed = set(names(load(questions_dir())))
    for question in BANK:
        assert question.covers and set(question.covers) <= listed, question.id


def test_every_question_says_how_often_it_is_asked():
    heads = [question.path.read_text("utf-8").split("\n---\n")[0] for question in BANK]
    assert all("\nasked: " in head for head in heads)


@pytest.fixture(scope="module")
def worker():
    with Worker() as worker:
        yield worker


EACH = pytest.mark.parametrize("question", EXERCISES, ids=lambda question: question.id)
JUNK = {
    "'words'": "str, which is no number or array",
    "{'a': 1.0}": "dict, which is no number or array",
    "[[1.0], [1.0, 2.0]]": "list, which is no number or array",
    "0.5": "shape ()",
    "np.zeros((1, 1, 1, 1, 1))": "shape (1, 1, 1, 1, 1)",
}


@EACH
def test_an_exercise_tells_right_from_wrong(question, worker):
    parts = definitions(question.exercise)
    assert len(parts.wrong) >= 4 and len(parts.right) >= 2
    for name in (parts.solution, *parts.right, *parts.wrong):
        passed = outcome(start(worker, question.exercise, name=name))["passed"]
        assert passed == (name not in parts.wrong), name


@EACH
def test_an_exercise_says_what_came_instead_of_an_array(question, worker, tmp_path):
    file = tmp_path / "mine.py"
    for junk, came in JUNK.items():
        both = f"({junk}, {junk})" if question.id == "stable-softmax" else junk
        file.write_text(
            stub(question.exercise).replace("raise NotImplementedError", f"return {both}")
        )
        failed = outcome(start(worker, question.exercise, file))["failed"]
        assert failed["got"].startswith(came), junk
        assert "shape (" in failed["expected"], junk
        assert "shape" in failed["text"] or "there is a" in failed["text"], junk


def test_a_softmax_without_a_logarithm_is_told_that_two_arrays_have_to_come(worker, tmp_path):
    question, file = BANK["stable-softmax"], tmp_path / "mine.py"
    for junk in ("logits", "0.5", "'words'", "np.float64(3)", "{1: logits}", "(logits,) * 3"):
        file.write_text(
            stub(question.exercise).replace("raise NotImplementedError", f"return {junk}")
        )
        failed = outcome(start(worker, question.exercise, file))["failed"]
        assert failed["text"] == "two arrays come back", junk
