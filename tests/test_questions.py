"""Every question: the linter is silent, every exercise tells right from wrong, no stray file."""

import pytest

from dlprep.lab.worker import Worker
from dlprep.quiz.bank import Bank, questions_dir
from dlprep.quiz.check import check
from dlprep.quiz.exercise import outcome, start
from dlprep.quiz.stub import definitions

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


@pytest.fixture(scope="module")
def worker():
    with Worker() as worker:
        yield worker


@pytest.mark.parametrize("question", EXERCISES, ids=lambda question: question.id)
def test_an_exercise_tells_right_from_wrong(question, worker):
    parts = definitions(question.exercise)
    assert len(parts.wrong) >= 2 and parts.right
    for name in (parts.solution, *parts.right, *parts.wrong):
        passed = outcome(start(worker, question.exercise, name=name))["passed"]
        assert passed == (name not in parts.wrong), name
