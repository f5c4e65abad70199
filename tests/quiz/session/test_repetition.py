"""What is answered wrong comes again in the session, and counts once."""

import pytest
from quiz.session.asking import CHOICE, CODE, TWO, ids, right, stored

from dlprep.quiz.session import SessionError


def test_a_wrong_answer_comes_again_when_all_else_is_done(begin):
    session = begin(kind="choice")
    assert (session.next().total, session.current.again) == (2, False)
    session.give_up()
    assert (session.next().question.id, session.current.total) == (TWO, 3)
    session.answer_choice(right(session))
    card = session.next()
    assert (card.question.id, card.again, card.number, card.total) == (CHOICE, True, 3, 3)
    session.answer_choice(right(session))
    assert session.next() is None


def test_a_repetition_moves_no_schedule_and_does_not_count_twice(begin, history, clock):
    session = begin(kind="choice", count=1)
    session.next()
    first = session.give_up()
    session.next()
    again = session.answer_choice(right(session))
    assert (again.result, again.rating, again.due) == ("right", "again", first.due)
    assert again.reason == "because of the first answer"
    assert stored(history, "answer")[1].data["again"] is True
    assert session.summary().results == {"gave up": 1}
    assert (session.summary().answered, session.summary().left) == (1, 0)
    clock.go(days=1)
    assert begin(kind="choice", only="failed").next().question.id == CHOICE


def test_a_question_comes_again_once(begin):
    session = begin(kind="choice", count=1)
    for again in (False, True):
        assert session.next().again is again
        session.give_up()
    assert session.next() is None


def test_what_the_user_rates_better_does_not_come_again_and_the_other_way_round(begin):
    session = begin(kind="choice")
    session.next()
    session.give_up()
    session.rate("hard")
    session.next()
    session.answer_choice(right(session))
    session.rate("again")
    assert (session.next().question.id, session.current.again) == (TWO, True)


def test_a_rating_after_a_repetition_is_for_the_first_answer(begin, history):
    session = begin(kind="choice", count=1)
    session.next()
    first = session.give_up()
    session.next()
    session.answer_choice(right(session))
    rated = session.rate("easy")
    assert (rated.rating, rated.reason, session.feedback) == ("easy", None, rated)
    assert rated.due > first.due
    assert stored(history, "rate")[0].data["of"] == first.event


def test_undo_works_over_a_repetition(begin):
    session = begin(kind="choice", count=1)
    session.next()
    session.give_up()
    session.next()
    assert not session.undo().again, "the open repetition gives way to the first answer"
    session.give_up()
    session.next()
    session.give_up()
    assert session.undo().again
    session.answer_choice(right(session))
    assert session.undo().again
    assert not session.undo().again
    session.answer_choice(right(session))
    assert session.next() is None, "it is not wrong any more"


def test_a_skipped_repetition_is_gone_until_the_skip_is_undone(begin):
    session = begin(kind="choice", count=1)
    session.next()
    session.give_up()
    session.next()
    session.skip()
    assert session.next() is None
    assert session.summary().skipped == 0
    assert session.undo().again


def test_a_skip_can_be_undone(begin, history):
    session = begin(kind="choice")
    session.next()
    session.skip()
    assert session.next().question.id == TWO
    card = session.undo()
    assert (card.question.id, card.number, card.total) == (CHOICE, 1, 2)
    assert session.summary().skipped == 0
    assert [event.kind for event in history.events()] == ["skip", "undo"]
    assert history.events()[1].data["of"] == history.events()[0].uid
    assert ids(session) == [CHOICE, TWO]


def test_hints_and_failed_tries_of_the_first_time_do_not_count_again(begin):
    session = begin(kind="code")
    session.next()
    session.hint()
    session.give_up()
    assert session.next().question.id == CODE
    assert session.hint() is not None


def test_the_day_of_the_next_review_comes_with_the_feedback(begin, clock):
    session = begin(kind="choice")
    session.next()
    feedback = session.answer_choice(right(session))
    assert (feedback.due - session.today).days == 2
    assert (session.rate("again").due - session.today).days == 1
    session.next()
    clock.go(days=1)
    session.answer_choice(right(session))
    assert (session.feedback.due - session.today).days == 2


def test_what_nobody_rated_has_no_day(ask):
    session = ask("recall")
    assert session.answer_recall(None).due is None
    assert session.rate("good").due is not None


def test_confidence_is_kept_with_the_answer(ask, history):
    session = ask("choice")
    with pytest.raises(ValueError, match="expected one of"):
        session.sure(4)
    session.sure(3)
    session.give_up()
    with pytest.raises(SessionError, match="is answered"):
        session.sure(1)
    assert stored(history, "answer")[0].data["confidence"] == 3
