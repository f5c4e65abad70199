"""The plan until an interview: what a day holds, its formulas, and learners it does not know."""

import importlib.util
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import fsrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.quiz import plan as core
from dlprep.quiz.bank import Bank
from dlprep.quiz.plan import Known, plan
from dlprep.quiz.schedule import Memory

BANK = list(Bank.load())
TODAY = date(2027, 1, 15)
LONGEST = max(question.minutes for question in BANK)
TOTAL = sum(question.minutes for question in BANK)


def memory(name, ago, stability=4.0):
    last = TODAY - timedelta(ago)
    return Memory(name, last, last + timedelta(4), "good", stability, 5.0, 1, 1, 0)


def made(days, minutes, answered=(), **changes):
    memories = {question.id: memory(question.id, **changes) for question in answered}
    return plan(BANK, memories, TODAY, TODAY + timedelta(days), minutes)


@settings(max_examples=25)
@given(st.integers(1, 40), st.integers(int(LONGEST), 120), st.integers(0, len(BANK)))
def test_every_day_keeps_to_its_minutes_and_meets_each_question_once(days, minutes, answered):
    found = made(days, minutes, BANK[:answered], ago=3)
    size = {question.id: question.minutes for question in BANK}
    assert [one.day for one in found.days] == [TODAY + timedelta(n) for n in range(days)]
    met = {question.id for question in BANK[:answered]}
    for one in found.days:
        both = one.reviews + one.new
        assert len(both) == len(set(both))
        assert one.minutes == sum(size[name] for name in both) <= minutes
        assert met.issuperset(one.reviews) and met.isdisjoint(one.new)
        met.update(one.new)
    assert found.reached == len(met) and found.questions == len(BANK)
    assert all(0 <= chance <= 1 for chance in found.recall.values())
    assert found == made(days, minutes, BANK[:answered], ago=3)


def test_most_asked_questions_come_first():
    found = made(9, LONGEST)
    order = [name for one in found.days for name in one.new]
    asked = {question.id: question.asked for question in BANK}
    assert 0 < found.reached < len(BANK)
    left_out = [asked[name] for name in asked if name not in order]
    assert asked[order[0]] == max(asked.values())
    assert sum(asked[name] for name in order) / len(order) > sum(left_out) / len(left_out)


def test_with_time_enough_everything_is_seen_once_more_in_the_last_days():
    found = made(40, TOTAL / 10)
    assert found.reached == found.refreshed == len(BANK)
    last = {name for one in found.days[-12:] for name in (*one.reviews, *one.new)}
    assert len(last) == len(BANK)
    assert not any(one.new for one in found.days[-core.LAST :])


def test_what_is_known_for_long_is_seen_once_more_too():
    found = made(40, TOTAL / 10, BANK, ago=30, stability=3000.0)
    assert found.refreshed == len(BANK)
    assert not any(one.reviews for one in found.days[:20])


def test_more_minutes_never_reach_fewer():
    reached = [made(10, minutes).reached for minutes in (LONGEST, 30, 60, 120)]
    assert reached == sorted(reached) and reached[0] < reached[-1]


def test_what_was_answered_today_counts_for_today():
    few = BANK[:3]
    spent = sum(question.minutes for question in few)
    found = made(20, 40, few, ago=0)
    assert found.days[0].minutes <= 40 - spent
    assert not {question.id for question in few} & {*found.days[0].reviews, *found.days[0].new}


def test_what_cannot_be_planned_is_refused():
    with pytest.raises(ValueError, match="after today, 2027-01-15; received 2027-01-15"):
        made(0, 30)
    with pytest.raises(ValueError, match="At most 366 days ahead"):
        made(367, 30)
    with pytest.raises(ValueError, match=f"takes {LONGEST:g} minutes; received 2 a day"):
        made(9, 2)


@pytest.mark.parametrize("days", [0, 1, 5, 30])
@pytest.mark.parametrize("rating", [fsrs.Rating.Good, fsrs.Rating.Again])
def test_the_formulas_are_those_of_fsrs(days, rating):
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    first = datetime(2027, 1, 1, tzinfo=UTC)
    card, _ = scheduler.review_card(fsrs.Card(1, due=first), rating, first)
    later = first + timedelta(days)
    known = Known(3.0, card.stability, card.difficulty, days)
    recall = core.retrievability(days, card.stability)
    assert recall == pytest.approx(scheduler.get_card_retrievability(card, later))
    if days:
        after = [scheduler.review_card(card, grade, later)[0].stability for grade in (3, 1)]
        assert core.stabilities(known, recall) == pytest.approx(after, rel=1e-3)


def test_a_review_gains_more_of_what_is_weaker_and_nothing_falls():
    gains = [core.gain(Known(3.0, stability, 5.0, 5), 10) for stability in (1, 4, 16, 64)]
    assert gains == sorted(gains, reverse=True) and gains[-1] > 0


@pytest.fixture(scope="module")
def simulation():
    path = Path(__file__).parents[1] / "benchmarks" / "plan_simulation.py"
    spec = importlib.util.spec_from_file_location("plan_simulation", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_learners_of_unknown_memory_know_a_tenth_more_than_with_other_schedules(simulation):
    rows = simulation.table(30, 5000)
    assert len(rows) == 6
    for row in rows:
        assert row["over FSRS"] >= 0.1 and row["over uniform"] >= 0.1, row
        assert row["lose to FSRS"] <= 0.2 and row["lose to uniform"] <= 0.2, row
