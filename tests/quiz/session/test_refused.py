"""What cannot be written never was: the same call succeeds once the disk has room again."""

import sqlite3
from contextlib import closing, contextmanager

import pytest
from quiz.session.asking import FAILED, PASSED, right

from dlprep.quiz.history import HistoryError


@contextmanager
def refusing(history):
    """Let another program on the same file refuse every event."""
    with closing(sqlite3.connect(history.path)) as other:
        other.execute(
            "CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        other.commit()
        yield
        other.execute("DROP TRIGGER full")
        other.commit()


def refused(history, call, *args):
    """Call in vain, then again."""
    with refusing(history), pytest.raises(HistoryError, match="not saved"):
        call(*args)
    return call(*args)


def test_an_answer_is_given_again(ask, history):
    session = ask("choice")
    assert refused(history, session.answer_choice, right(session)).result == "right"
    assert refused(history, session.rate, "easy").rating == "easy"
    assert len(history.events()) == 2


def test_a_commitment_is_made_again(ask, history):
    session = ask("recall")
    refused(history, session.commit, "a tree")
    refused(history, session.answer_recall, None)
    assert [event.kind for event in history.events()] == ["commit", "answer"]


def test_a_try_counts_once_it_is_stored(ask, history):
    session = ask("code")
    refused(history, session.answer_code, FAILED)
    assert session.answer_code(PASSED).rating == "good", "after one failed try"


def test_what_is_not_undone_still_stands(ask, history):
    session = ask("choice")
    card = session.current
    session.give_up()
    with refusing(history), pytest.raises(HistoryError):
        session.undo()
    assert session.summary().answered == 1
    assert refused(history, session.undo).question == card.question
    assert refused(history, session.skip) is None
    assert session.undo().question == card.question
