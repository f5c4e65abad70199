"""The clock is not the order: days are mended, and begin at 4:00."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from dlprep.quiz import schedule
from dlprep.quiz.days import day_of, later, mended
from dlprep.quiz.event import Event

DAY = date(2027, 1, 15)


def days(*numbers):
    return [DAY + timedelta(number) for number in numbers]


@pytest.mark.parametrize(
    ("hour", "minute", "day"), [(3, 59, 14), (4, 0, 15), (23, 59, 15), (0, 0, 14)]
)
def test_the_day_begins_at_four(hour, minute, day):
    assert day_of(datetime(2027, 1, 15, hour, minute)) == date(2027, 1, day)


def test_the_last_day_of_the_calendar_is_the_latest():
    assert later(date.max, 5) == date.max
    assert later(DAY, 5) == DAY + timedelta(5)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ((0, 0, 3, 9), (0, 0, 3, 9)),
        ((0, 26000, 3, 9), (0, 0, 3, 9)),
        ((26000, 26001, 3, 9), (3, 3, 3, 9)),
        ((0, -20000, 3, 9), (0, 0, 3, 9)),
        ((-20000, -19999, 3, 4, 9), (-20000, -19999, 3, 4, 9)),
        ((0, 5, 4, 4, 9), (0, 4, 4, 4, 9)),
        ((0, 8, 4, 9), (0, 8, 8, 9)),
        ((0, 3, 26000), (0, 3, 3)),
        ((0, 11), (0, 11)),
        ((0, 12), (0, 0)),
        ((26000,), (10 - 365,)),
        ((), ()),
    ],
)
def test_a_day_that_does_not_fit_counts_as_the_one_before_it(written, found):
    """Today is the tenth; a day ahead of it is a journey."""
    assert mended(days(*written), DAY + timedelta(10)) == days(*found)


def test_no_mended_day_steps_back_and_most_are_believed():
    chance = Random(1)
    for _ in range(200):
        true = sorted(chance.choices(range(400), k=30))
        written = [day if chance.random() < 0.9 else chance.randrange(-9000, 9000) for day in true]
        found = mended(days(*written), DAY + timedelta(400))
        assert found == sorted(found)
        assert found[-1] <= DAY + timedelta(401)


def answered(machine, *numbers, start=1):
    return [
        Event(
            start + place,
            f"{machine}{place}",
            datetime(2027, 1, 15, tzinfo=UTC),
            DAY + timedelta(number),
            "s",
            "answer",
            "q",
            {"rating": "good"},
            machine,
        )
        for place, number in enumerate(numbers)
    ]


def test_two_merged_histories_give_one_order_whichever_came_first():
    today = DAY + timedelta(60)
    left, right_ = answered("left", 0, 9, 26000, 40), answered("right", 3, 9, 2, 50)
    one = schedule.in_order(left + right_, today)
    other = schedule.in_order(right_ + left, today)
    assert one == other
    for machine, chain in (("left", left), ("right", right_)):
        assert [e.uid for e in one if e.machine == machine] == [e.uid for e in chain]
    assert [e.day for e in one] == sorted(e.day for e in one)
    assert schedule.memories(schedule.answers(one))["q"].reviews == 8


def test_an_undo_that_comes_before_its_answer_still_undoes_it():
    (answer,) = answered("b", 0)
    undo = answer._replace(uid="u", kind="undo", machine="a", data={"of": answer.uid})
    assert schedule.answers(schedule.in_order([answer, undo], DAY)) == []
