"""To cram asks anything and moves nothing; a session may be named, or bounded by minutes."""

import pytest
from quiz.session.asking import CHOICE, CODE, NUMERIC, PREDICT, RECALL, TWO, ids, right, stored

from dlprep.quiz import schedule
from dlprep.quiz.bank import BankError
from dlprep.quiz.cards import Cards
from dlprep.quiz.session import SessionError


def due(history, clock):
    return schedule.due_days(Cards(history, clock().date()).memories)


def test_a_cram_moves_no_schedule(begin, history, clock):
    session = begin(kind="choice", count=1)
    session.next()
    session.answer_choice(right(session))
    before = due(history, clock)
    cram = begin(cram=True, kind="choice")
    assert [cram.next().question.id, cram.current.cram] == [CHOICE, True]
    given_up = cram.give_up()
    assert (given_up.rating, given_up.due.isoformat()) == (None, before[CHOICE])
    assert cram.next().question.id == TWO
    cram.answer_choice(right(cram))
    assert due(history, clock) == before
    assert [event.data.get("cram") for event in stored(history, "answer")] == [None, True, True]


def test_a_rating_would_move_it_and_is_refused(begin, history):
    session = begin(cram=True, ids=(CHOICE,))
    session.next()
    session.give_up()
    with pytest.raises(SessionError, match="moves no schedule"):
        session.rate("good")
    assert not stored(history, "rate")


def test_what_was_crammed_is_no_review_but_a_meeting(begin, history, clock):
    """Its numbers are drawn anew the next time, whatever rating the event names."""
    session = begin(ids=(CHOICE,))
    session.next()
    session.give_up()
    told = {"at": clock(), "session": "s"}
    crammed = history.append("answer", CHOICE, {"rating": "good", "cram": True}, **told)
    history.append("rate", CHOICE, {"of": crammed.uid, "rating": "easy"}, **told)
    memory = schedule.memories(schedule.answers(history.events()))[CHOICE]
    assert (memory.rating, memory.reviews, memory.meetings) == ("again", 1, 2)


def test_what_is_wrong_in_a_cram_comes_again_too(begin):
    session = begin(cram=True, ids=(CHOICE, TWO))
    session.next()
    session.give_up()
    session.next()
    session.answer_choice(right(session))
    assert (session.next().question.id, session.current.again) == (CHOICE, True)
    session.answer_choice(right(session))
    assert session.next() is None
    assert session.summary().results == {"gave up": 1, "right": 1}


def test_an_undone_cram_asks_again(begin):
    session = begin(cram=True, ids=(CHOICE,))
    session.next()
    session.give_up()
    assert session.undo().question.id == CHOICE
    assert session.summary().answered == 0


def test_a_cram_asks_what_is_due_soonest_first_and_then_what_is_new(begin, clock):
    for kind, days in (("choice", 0), ("recall", 1)):
        clock.go(days=days)
        session = begin(kind=kind, count=1)
        session.next()
        session.give_up()
        session.rate("easy") if kind == "choice" else session.rate("again")
    assert ids(begin(only="due")) == []
    assert ids(begin(cram=True, count=3)) == [RECALL, CHOICE, TWO]
    assert ids(begin(cram=True, only="due")) == []


def test_named_questions_come_in_their_order_due_or_not(begin):
    ids(begin(ids=(TWO,)))
    assert ids(begin(ids=(NUMERIC, TWO, NUMERIC))) == [NUMERIC, TWO]
    with pytest.raises(BankError, match="did you mean pome-fruits"):
        begin(ids=("pome-fruit",))


def test_minutes_take_what_fits_in_order(begin):
    assert ids(begin(minutes=4)) == [RECALL, PREDICT, CHOICE]


def test_one_question_always_fits(begin):
    assert ids(begin(minutes=1, kind="code")) == [CODE]


def test_missed_asks_what_was_ever_wrong_most_often_first(begin, clock):
    for name, rating in ((TWO, "again"), (CHOICE, "again"), (CHOICE, "again"), (CHOICE, "easy")):
        session = begin(ids=(name,))
        session.next()
        session.give_up()
        session.rate(rating)
        clock.go(days=1)
    assert ids(begin(only="missed")) == [CHOICE, TWO]
    assert ids(begin(only="missed", kind="recall")) == []


def test_minutes_and_a_number_both_bound(begin):
    assert ids(begin(minutes=60, count=2)) == [RECALL, PREDICT]
    assert ids(begin(minutes=1, count=2)) == [CHOICE]
