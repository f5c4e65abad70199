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
    "'words'": ("str", "words", "'words'"),
    "{'a': 1.0}": ("dict", "a = 1.0", "{'a': 1.0}"),
    "[[1.0], [1.0, 2.0]]": ("list", "shape (", "[1.0]", "[[1.0], [1.0, 2.0]]"),
    "0.5": ("shape ()", "0.5", "float"),
    "np.zeros((1, 1, 1, 1, 1))": ("shape (1, 1, 1, 1, 1)", "[[[[[0.]]]]]", "ndarray", "0 ("),
}


@pytest.mark.slow
@pytest.mark.turns(2)
@EACH
def test_an_exercise_tells_right_from_wrong(question, worker):
    parts = definitions(question.exercise)
    assert len(parts.wrong) >= 4 and len(parts.right) >= 2
    for name in (parts.solution, *parts.right, *parts.wrong):
        passed = outcome(start(worker, question.exercise, name=name))["passed"]
        assert passed == (name not in parts.wrong), name


@EACH
def test_an_exercise_says_what_came_instead_of_a_result(question, worker, tmp_path):
    file, parts = tmp_path / "mine.py", definitions(question.exercise)
    for junk, came in JUNK.items():
        text = stub(question.exercise).replace("raise NotImplementedError", f"return {junk}")
        file.write_text(f"import numpy as np\n{text}")
        result = outcome(start(worker, question.exercise, file))
        assert not result["passed"] and "dispute" not in (result["error"] or ""), junk
        if failed := result["failed"]:
            assert failed["got"].startswith(came), junk
        elif parts.returns:
            assert "the check cannot go on with what" in result["error"], junk


def test_a_softmax_without_a_logarithm_is_told_that_two_arrays_have_to_come(worker, tmp_path):
    question, file = BANK["stable-softmax"], tmp_path / "mine.py"
    for junk in ("logits", "0.5", "'words'", "np.float64(3)", "{1: logits}", "(logits,) * 3"):
        file.write_text(
            stub(question.exercise).replace("raise NotImplementedError", f"return {junk}")
        )
        failed = outcome(start(worker, question.exercise, file))["failed"]
        assert failed["text"] == "two arrays come back", junk


PRODUCTION = {"numeric", "code", "recall"}
DEEP = 5


def followed(question, path=()):
    """Yield the paths of five different questions that an interviewer may follow from here."""
    path = (*path, question.id)
    if len(path) == DEEP:
        yield path
        return
    for id in question.follow_ups:
        if id not in path:
            yield from followed(BANK[id], path)


def test_every_question_follows_from_another():
    followed_up = {id for question in BANK for id in question.follow_ups}
    assert [question.id for question in BANK if question.id not in followed_up] == []


@pytest.mark.parametrize("question", BANK, ids=lambda question: question.id)
def test_five_questions_deep_an_interviewer_asks_for_code_or_a_number(question):
    assert any(BANK[path[-1]].kind in ("code", "numeric") for path in followed(question))


def test_most_of_what_is_asked_has_to_be_produced():
    produced = sum(question.asked for question in BANK if question.kind in PRODUCTION)
    assert produced >= 0.6 * sum(question.asked for question in BANK)


def test_numbers_are_drawn_anew_in_at_least_ten_questions():
    assert sum(bool(question.draw) for question in BANK) >= 10
