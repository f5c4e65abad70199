"""What the history says is a pure function of events, bank and day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from quiz.session.asking import CHOICE, CODE, HERE, NUMERIC, PREDICT, RECALL, TWO

from dlprep.quiz import schedule
from dlprep.quiz.bank import Bank, BankError
from dlprep.quiz.event import Event
from dlprep.quiz.overview import overview
from dlprep.quiz.statistics import Misconception, Streak, Tally, statistics, streak

TODAY = date(2027, 1, 15)
BANK = Bank.load(HERE / "sample_bank")


class Past:
    """A history in memory."""

    def __init__(self):
        self.events = []

    def add(self, kind, question, ago=0, **data):
        number = len(self.events) + 1
        day = TODAY - timedelta(ago)
        at = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
        event = Event(number, f"uid{number}", at, day, "s", kind, question, data)
        self.events.append(event)
        return event.uid

    def answer(self, question, rating="good", ago=0, **data):
        result = {"again": "wrong", None: "unmarked"}.get(rating, "right")
        return self.add("answer", question, ago, **{"result": result, "rating": rating, **data})

    @property
    def memories(self):
        return schedule.memories(schedule.answers(schedule.in_order(self.events, TODAY)))

    def statistics(self, chapter=None):
        return statistics(BANK, self.events, self.memories, TODAY, chapter)

    def overview(self):
        return overview(BANK, self.events, self.memories, TODAY)


@pytest.fixture
def past():
    return Past()


def test_without_a_history_nothing_is_known(past):
    found = past.statistics()
    assert found.answers == 0 and found.brier is None
    assert {(one.recall, one.answered, one.ready) for one in found.chapters} == {(None, 0, False)}
    assert (found.streak, sum(count for _, count in found.days)) == (Streak(0, 0), 0)
    assert found.next.questions[0] == RECALL


def test_recall_is_the_mean_by_chapter_and_by_tag(past):
    past.answer(CHOICE, ago=9)
    past.answer(TWO, "again", ago=3)
    past.answer(PREDICT, "easy", ago=1)
    past.answer("gone from the bank", ago=1)
    memories = schedule.memories(schedule.answers(past.events))
    known = {name: schedule.recall(memories[name], TODAY) for name in (CHOICE, TWO, PREDICT)}
    found = past.statistics()
    apples, pears = found.chapters
    assert (apples.name, apples.questions, apples.answered) == ("01_apples", 3, 2)
    assert apples.recall == pytest.approx((known[CHOICE] + known[TWO]) / 2)
    assert pears.recall == pytest.approx(known[PREDICT])
    (tag,) = found.tags
    assert (tag.name, tag.questions, tag.answered) == ("botany", 2, 2)
    assert tag.recall == pytest.approx((known[TWO] + known[PREDICT]) / 2)


def test_a_chapter_is_ready_after_production(past):
    past.answer(RECALL, ago=2)
    past.answer(NUMERIC, ago=2)
    past.answer(CHOICE, ago=1)
    assert [one.ready for one in past.statistics().chapters] == [False, True]


def test_accuracy_by_kind_counts_rated_answers(past):
    past.answer(CHOICE, ago=3)
    past.answer(CHOICE, "again", ago=2)
    past.answer(CHOICE, None, ago=2, result="right", again=True)
    past.answer(TWO, "hard", result="partly")
    marked = past.answer(RECALL, None)
    past.add("rate", RECALL, of=marked, rating="good")
    past.add("undo", CODE, of=past.answer(CODE, "again"))
    assert past.statistics().kinds == (
        Tally("recall", 1, 1.0),
        Tally("choice", 3, 0.5),
        Tally("numeric", 0, None),
        Tally("predict", 0, None),
        Tally("code", 0, None),
    )


def test_misconceptions_come_most_often_first(past):
    past.answer(TWO, "again", ago=4, misconceptions=["Plum"])
    past.answer(CHOICE, "again", ago=3, misconceptions=["Blue"])
    past.answer(CHOICE, None, ago=1, cram=True, misconceptions=["Blue"])
    past.answer(CHOICE, "again", misconceptions="damaged")
    assert past.statistics().misconceptions == (
        Misconception(CHOICE, "Blue", 2, TODAY - timedelta(1)),
        Misconception(TWO, "Plum", 1, TODAY - timedelta(4)),
    )


def test_calibration_by_how_sure_and_by_chapter(past):
    past.answer(CHOICE, "again", confidence=3)
    past.answer(PREDICT, confidence=3)
    past.answer(NUMERIC, confidence=1)
    past.answer(RECALL)
    past.answer(TWO, None, cram=True, confidence=3, result="wrong")
    found = past.statistics()
    assert found.confidences == (Tally(1, 1, 1.0), Tally(2, 0, None), Tally(3, 2, 0.5))
    assert found.brier == pytest.approx((0.95**2 + 0.05**2 + 0.6**2) / 3)
    apples, pears = found.chapters
    assert (apples.judged, apples.overconfidence) == (1, pytest.approx(0.95))
    assert (pears.judged, pears.overconfidence) == (2, pytest.approx(-0.325))


def test_what_the_user_marked_is_as_right_as_it_was_rated(past):
    for rating in ("good", "again"):
        marked = past.answer(RECALL, None, confidence=3)
        past.add("rate", RECALL, of=marked, rating=rating)
    assert past.statistics().brier == pytest.approx((0.05**2 + 0.95**2) / 2)


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        ([], (0, 0)),
        ([0], (1, 1)),
        ([1], (1, 1)),
        ([2], (0, 1)),
        ([0, 0, 1, 2, 4], (3, 3)),
        ([1, 2, 5, 6, 7, 8], (2, 4)),
    ],
)
def test_a_streak_may_wait_for_today(ago, expected):
    assert streak([TODAY - timedelta(days) for days in ago], TODAY) == Streak(*expected)


@pytest.mark.parametrize("odd", [None, 1, True, [], {}, [[]], [{}], {"a": []}])
def test_an_answer_with_odd_data_is_read_past(past, odd):
    names = ("result", "confidence", "misconceptions", "again", "cram", "aloud", "seconds", "drawn")
    past.add("answer", CHOICE, rating="good", **dict.fromkeys(names, odd))
    past.add("rate", TWO, of=past.answer(TWO), rating=odd)
    assert past.statistics().answers == 2
    assert past.overview().questions == 6


@pytest.mark.parametrize("day", [date.min, date(1, 1, 2), date.max])
def test_a_day_at_the_end_of_time_is_counted(past, day):
    past.answer(CHOICE, ago=(TODAY - day).days)
    past.answer(CHOICE, ago=1)
    past.answer(CHOICE)
    assert past.statistics().streak.days == past.overview().streak.days == 2


def test_one_chapter_alone(past):
    past.answer(CHOICE, ago=2)
    past.answer(PREDICT, "again", ago=2)
    found = past.statistics("pears")
    assert [one.name for one in found.chapters] == ["02_pears"]
    assert (found.answers, found.days[-3][1]) == (1, 1)
    assert found.next.questions == (PREDICT, CODE, NUMERIC)
    assert " --minutes 20 --chapter 02_pears" in found.next.command
    with pytest.raises(BankError, match="no chapter"):
        past.statistics("plums")


def test_the_next_minutes_are_a_session_or_a_cram(past):
    past.answer(CHOICE, "again", ago=3)
    assert past.statistics().next.questions[0] == CHOICE
    assert past.statistics().next.minutes == 11
    for question in BANK:
        past.answer(question.id, "easy")
    found = past.statistics().next
    assert "--cram" in found.command
    assert len(found.questions) == len(BANK)


def test_the_same_events_give_the_same_numbers(past):
    past.answer(CHOICE, "again", ago=3, confidence=2)
    assert past.statistics() == past.statistics()


def test_an_overview_counts_what_is_due_and_new(past):
    found = overview(BANK, [], {}, TODAY)
    assert (found.due, found.new, found.waiting, found.streak.longest) == (0, 6, None, 0)
    past.answer(CODE, "again", ago=4)
    past.answer(CHOICE, "again", ago=2)
    past.answer("gone from the bank", "again", ago=9)
    past.answer(RECALL, "easy")
    found = past.overview()
    assert (found.due, found.minutes, found.overdue, found.new) == (2, 6, 3, 3)
    assert (found.today, found.waiting, found.next.questions[0]) == (1, None, CODE)
    past.answer("gone from the bank", "easy")
    past.answer("gone from the bank", "easy", ago=1)
    assert (past.overview().today, past.overview().streak.days) == (1, 1)


def test_an_overview_names_the_next_day(past):
    past.answer(RECALL, "again")
    past.answer(CHOICE, "easy")
    assert past.overview().waiting == TODAY + timedelta(1)


def test_what_was_taken_for_the_outcome_that_decides_is_counted(past):
    past.answer(CHOICE)
    for question, right in ((CHOICE, True), (CHOICE, False), (TWO, True), ("gone", False)):
        past.add("reading", question, chosen="a", right=right)
    found = past.statistics().readings
    assert (found.answers, found.accuracy) == (3, pytest.approx(2 / 3))
    assert Past().statistics().readings.accuracy is None
