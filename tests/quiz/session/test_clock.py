"""A session whose clock is wrong for a while, and one after midnight."""

from datetime import UTC, date, datetime, timedelta

import pytest
from quiz.session.asking import CHOICE, TWO, ids, right


def test_a_session_after_midnight_belongs_to_the_evening_before(begin, clock, history):
    clock.time = datetime(2027, 1, 15, 23, 50, tzinfo=UTC)
    session = begin(kind="choice")
    session.next()
    session.give_up()
    clock.go(minutes=20)
    session.next()
    assert session.give_up().due == date(2027, 1, 16)
    assert {event.day for event in history.events()} == {date(2027, 1, 15)}
    assert begin(only="due").next() is None
    clock.go(hours=4)
    assert begin(only="due").next() is not None


@pytest.mark.parametrize("back", [{"hours": -2}, {"days": -400}])
def test_ratings_and_undos_hold_after_the_clock_stepped_back(begin, clock, back):
    session = begin(kind="choice")
    session.next()
    session.give_up()
    clock.go(**back)
    session.rate("easy")
    session.next()
    session.give_up()
    session.undo()
    clock.go(**{unit: -step for unit, step in back.items()})
    assert ids(begin(kind="choice", only="failed")) == []
    session.skip()
    assert ids(begin(kind="choice", only="new")) == [TWO]


@pytest.mark.parametrize("year", [2099, 9999])
def test_a_clock_far_ahead_buries_no_question(begin, clock, year):
    session = begin(kind="choice")
    session.next()
    session.answer_choice(right(session))
    there, clock.time = clock.time, clock.time.replace(year=year, month=12, day=30)
    session.next()
    session.answer_choice(right(session))
    assert session.summary().answered == 2
    clock.time = there + timedelta(days=2)
    assert ids(begin(kind="choice", only="due")) == [CHOICE, TWO]


def test_a_clock_far_ahead_in_the_only_answer_makes_it_due(begin, clock):
    there, clock.time = clock.time, clock.time.replace(year=2099)
    session = begin(kind="choice", count=1)
    session.next()
    session.answer_choice(right(session))
    clock.time = there
    assert ids(begin(kind="choice", only="due")) == [CHOICE]


def test_a_clock_far_behind_changes_no_other_day(begin, clock, history):
    there = clock.time
    session = begin(kind="choice", level="senior")
    session.next()
    session.answer_choice(right(session))
    clock.time = there.replace(year=1970)
    session = begin(kind="recall")
    session.next()
    session.give_up()
    clock.time = there + timedelta(days=1)
    assert begin(kind="choice", only="due").next() is None
