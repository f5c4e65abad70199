"""Confidence decides when an error comes back; recognition is not readiness."""

from datetime import date, timedelta

import pytest
from quiz.session.asking import CHOICE, CODE, HERE, NUMERIC, PREDICT, RECALL, TWO

from dlprep.quiz import schedule
from dlprep.quiz.bank import Bank
from dlprep.quiz.calibration import brier, overconfidence
from dlprep.quiz.readiness import ready
from dlprep.quiz.schedule import Answer

DAY = date(2027, 1, 15)
RESULTS = {"again": "wrong", "hard": "partly", "good": "right", "easy": "right"}


def answer(rating="good", question="q", days=0, **data):
    result = RESULTS.get(rating, "unmarked")
    data = {"result": result, **data}
    return Answer(f"{question}{days}", question, DAY + timedelta(days), "s", rating, data)


def gap(*answers):
    memory = schedule.memories(answers)["q"]
    return (memory.due - memory.last).days


def well_known(last, **data):
    """Return a question with a long interval before its last answer."""
    days = [0, 2, 12, 60]
    return [*(answer(days=day) for day in days[:3]), answer(last, days=days[3], **data)]


def test_an_error_one_was_sure_of_comes_back_within_two_days():
    assert gap(*well_known("again", confidence=2)) > 2
    assert gap(*well_known("again", confidence=3)) == 2
    assert gap(answer("again", confidence=3)) == 1


def test_and_once_more_after_six_to_nine():
    assert gap(answer("again"), answer("good", days=1)) < 6
    assert gap(answer("again", confidence=3), answer("good", days=1)) == 6
    far = [answer(days=day) for day in (0, 2, 12, 60, 200)]
    assert gap(*far, answer("again", days=900), answer("easy", days=901)) > 9
    assert gap(*far, answer("again", days=900, confidence=3), answer("easy", days=901)) == 9


def test_an_error_again_comes_back_at_once():
    assert gap(answer("again", confidence=3), answer("again", days=1)) < 6


def test_being_sure_and_right_changes_nothing():
    assert gap(*well_known("good", confidence=3)) == gap(*well_known("good")) > 9


def test_a_confidence_of_another_kind_is_none():
    for odd in (0, 4, "3", None, True, 2.5, []):
        assert answer(confidence=odd).confidence is None


def test_brier_is_the_mean_squared_distance():
    sure, guess = answer("good", confidence=3), answer("again", confidence=1)
    partly = answer("hard", confidence=2)
    assert brier([sure]) == pytest.approx(0.05**2)
    assert brier([sure, guess, partly]) == pytest.approx((0.05**2 + 0.4**2 + 0.2**2) / 3)
    assert brier([answer(), answer(None, confidence=3)]) is None


def test_overconfidence_is_claimed_minus_right_by_chapter():
    answers = [
        answer("again", "a", confidence=3),
        answer("good", "b", confidence=3),
        answer("good", "c", confidence=1),
        answer("good", "gone", confidence=3),
    ]
    found = overconfidence(answers, {"a": "2", "b": "2", "c": "1"})
    assert list(found) == ["1", "2"]
    assert found == pytest.approx({"1": -0.6, "2": 0.45})


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], False),
        ([answer(question=RECALL)], True),
        ([answer(question=RECALL), answer(question=CHOICE, days=1)], False),
        ([answer(question=CHOICE), answer(question=RECALL, days=1)], True),
        ([answer(question=CHOICE, aloud=True)], True),
        ([answer("again", question=RECALL)], False),
        ([answer(question=RECALL), answer(None, question=TWO, days=1)], True),
        ([answer(question=RECALL), answer(question=PREDICT, days=1)], True),
        ([answer(question="gone"), answer(question=NUMERIC), answer(question=CODE)], False),
    ],
)
def test_a_chapter_is_ready_after_production_alone(answers, expected):
    assert ready("01_apples", answers, Bank.load(HERE / "sample_bank")) is expected
