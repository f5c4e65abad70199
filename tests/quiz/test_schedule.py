"""The schedule is a pure function of the events, counted in local days."""

import random
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import fsrs
import pytest

from dlprep.quiz import schedule
from dlprep.quiz.history import Event

DAY = date(2027, 1, 15)


class Events:
    """A history in memory, one event a minute."""

    def __init__(self):
        self.list = []

    def add(self, kind, question="a", day=DAY, **data):
        number = len(self.list) + 1
        at = datetime(2027, 1, 15, tzinfo=UTC) + timedelta(minutes=number)
        self.list.append(Event(number, f"uid{number}", at, day, "s", kind, question, data))
        return f"uid{number}"

    def answer(self, rating="good", question="a", days=0):
        return self.add("answer", question, DAY + timedelta(days), rating=rating)

    def memories(self, **settings):
        return schedule.memories(schedule.answers(self.list), **settings)


@pytest.fixture
def events():
    return Events()


@pytest.mark.parametrize(("rating", "days"), [("again", 1), ("hard", 1), ("good", 2), ("easy", 8)])
def test_the_first_rating_sets_the_first_interval(events, rating, days):
    events.answer(rating)
    assert events.memories()["a"].due == DAY + timedelta(days)


def test_a_memory_equals_fsrs_with_whole_days(events):
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card = fsrs.Card(card_id=1)
    for days, rating in ((0, "good"), (2, "hard"), (5, "again"), (5, "hard"), (9, "easy")):
        events.answer(rating, days=days)
        at = datetime(2027, 1, 15, tzinfo=UTC) + timedelta(days)
        value = fsrs.Rating[rating.capitalize()]
        card, _ = scheduler.review_card(card, value, at)
    memory = events.memories()["a"]
    assert (memory.stability, memory.difficulty) == (card.stability, card.difficulty)
    assert (memory.due, memory.last) == (card.due.date(), DAY + timedelta(9))
    assert (memory.reviews, memory.lapses, memory.rating) == (5, 1, "easy")


def test_the_same_events_give_the_same_schedule(events):
    chance = random.Random(0)
    for number in range(300):
        rating = chance.choice(schedule.RATINGS)
        events.answer(rating, question=f"q{number % 40}", days=number // 10)
    assert events.memories() == events.memories()


def test_the_local_day_counts_not_the_instant(events):
    """Two answers a minute apart, before and after midnight, are a day apart."""
    events.answer("good")
    before = events.memories()["a"].due
    events.answer("good", days=1)
    assert events.memories()["a"].last == DAY + timedelta(1)
    assert events.memories()["a"].due > before


def test_a_higher_retention_shortens_the_interval(events):
    for days in (0, 2, 12):
        events.answer("good", days=days)
    usual, higher = events.memories(), events.memories(desired_retention=0.97)
    assert higher["a"].due < usual["a"].due


def test_the_last_rating_the_user_gave_counts(events):
    answer = events.answer("again")
    events.add("rate", of=answer, rating="hard")
    events.add("rate", of=answer, rating="easy")
    assert events.memories()["a"].rating == "easy"
    assert events.memories()["a"].lapses == 0


def test_an_undone_answer_never_was(events):
    first = events.answer("easy")
    second = events.answer("again", days=1)
    before = Events()
    before.answer("easy")
    events.add("undo", of=second)
    assert events.memories()["a"] == before.memories()["a"]
    events.add("rate", of=second, rating="easy")
    events.add("undo", of=second)
    events.add("undo", of=first)
    assert events.memories() == {}


def test_an_answer_nobody_rated_is_no_review(events):
    answer = events.answer(None)
    assert events.memories() == {}
    events.add("rate", of=answer, rating="good")
    assert "a" in events.memories()


def test_events_of_other_kinds_and_unknown_ratings_change_nothing(events):
    events.answer("good")
    before = events.memories()
    for kind in ("commit", "try", "skip", "dispute", "kind of a later version"):
        events.add(kind, rating="again", of="uid1")
    events.add("rate", of="uid of no answer", rating="again")
    events.add("answer", rating="splendid")
    events.add("answer", question=None, rating="again")
    assert events.memories() == before


def test_due_is_longest_overdue_first(events):
    events.answer("easy", "late")
    events.answer("again", "b")
    events.answer("again", "a")
    events.answer("good", "middle")
    memories = events.memories()
    on = {
        days: [m.question for m in schedule.due(memories, DAY + timedelta(days))]
        for days in range(9)
    }
    assert on[0] == []
    assert on[1] == ["a", "b"]
    assert on[7] == ["a", "b", "middle"]
    assert on[8] == ["a", "b", "middle", "late"]


def test_due_days_are_iso_dates(events):
    events.answer("again")
    known = schedule.memories(schedule.answers(schedule.in_order(events.list, DAY)))
    assert schedule.due_days(known) == {"a": "2027-01-16"}


def test_recall_falls_from_one_to_the_retention_at_the_due_day(events):
    for days in (0, 2, 12):
        events.answer("good", days=days)
    memory = events.memories()["a"]
    assert schedule.recall(memory, memory.last) == 1
    assert schedule.recall(memory, memory.due) == pytest.approx(0.9, abs=0.003)
    assert schedule.recall(memory, memory.due + timedelta(90)) < 0.85


def test_recall_by_chapter_is_the_mean_of_what_was_answered(events):
    events.answer("again", "a")
    events.answer("easy", "b")
    events.answer("good", "c")
    events.answer("good", "gone from the bank")
    memories = events.memories()
    day = DAY + timedelta(3)
    found = schedule.recall_by_chapter(memories, {"a": "1", "b": "1", "c": "2", "new": "3"}, day)
    assert list(found) == ["1", "2"]
    mean = (schedule.recall(memories["a"], day) + schedule.recall(memories["b"], day)) / 2
    assert found["1"] == pytest.approx(mean)


def test_a_card_id_is_the_same_in_every_process():
    assert schedule.card_id("adam-first-steps") == 237206249492600
    assert schedule.card_id("a") != schedule.card_id("b")


def test_fsrs_is_not_imported_before_the_first_answer():
    code = (
        "import sys; from dlprep.quiz import schedule;"
        "assert schedule.memories([]) == {} and schedule.due_days({}) == {};"
        "print('fsrs' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
