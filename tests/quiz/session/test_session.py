"""An answer is stored before its feedback; it can be rated, undone, disputed and summed up."""

import json

import pytest
from quiz.session.asking import CHOICE, FAILED, PREDICT, RECALL, TWO, ids, right, stored

from dlprep.lab.report import Report
from dlprep.quiz.history import History


def test_the_answer_is_on_the_disk_before_the_feedback_is_shown(ask, history):
    session = ask("choice")
    feedback = session.answer_choice(right(session))
    with History.open(history.path) as other:
        (event,) = other.events()
    assert event.uid == feedback.event
    assert (event.kind, event.question, event.session) == ("answer", CHOICE, session.name)
    assert event.data["result"] == "right"


def test_the_user_overrules_the_rating(ask, begin, clock):
    session = ask("choice")
    session.give_up()
    session.rate("hard")
    feedback = session.rate("easy")
    assert (feedback.result, feedback.rating) == ("gave up", "easy")
    assert session.feedback is feedback
    clock.go(days=7)
    assert CHOICE not in ids(begin(only="due"))
    clock.go(days=1)
    assert CHOICE in ids(begin(only="due"))
    with pytest.raises(ValueError, match="expected one of"):
        session.rate("perfect")


def test_the_last_answer_can_be_rated_when_the_next_card_is_up(ask):
    session = ask("choice")
    session.give_up()
    session.next()
    assert session.rate("good").card.question.id == CHOICE
    assert session.feedback is None


def test_undo_asks_again_and_keeps_the_voided_event(ask, begin, history):
    session = ask("choice")
    session.hint()
    before = session.current
    session.give_up()
    card = session.undo()
    assert (card.question.id, card.number, card.total) == (CHOICE, 1, 2)
    assert card.options == before.options
    assert session.answer_choice(right(session)).rating == "hard", "the hint has been read"
    assert [event.kind for event in history.events()] == ["answer", "undo", "answer"]
    assert begin(kind="choice", only="failed").next() is None
    assert session.summary().results == {"right": 1}


def test_undo_on_the_next_card_goes_back_and_then_on(ask):
    session = ask("choice")
    session.give_up()
    assert session.next().question.id == TWO
    assert session.undo().question.id == CHOICE
    assert session.undo() is None
    session.give_up()
    assert (session.next().question.id, session.current.number) == (TWO, 2)


def test_undo_goes_back_through_all_answers_and_from_the_end(begin):
    session = begin(count=3)
    asked = ids(session)
    assert session.current is None
    undone = [session.undo() for _ in range(6)]
    assert [card.again for card in undone] == [True] * 3 + [False] * 3
    assert [card.question.id for card in undone] == 2 * asked[::-1]
    assert session.undo() is None
    assert ids(session) == asked


def test_a_skipped_question_is_not_answered(ask, begin, history):
    session = ask("choice")
    session.skip()
    assert session.next().question.id == TWO
    assert [event.kind for event in history.events()] == ["skip"]
    assert begin(kind="choice").next().question.id == CHOICE


def test_a_dispute_keeps_note_and_report(ask, history):
    session = ask("choice")
    session.dispute("before")
    feedback = session.give_up()
    report = Report(CHOICE, 0, False)
    session.dispute("after", report)
    before, after = (event.data for event in stored(history, "dispute"))
    assert before == {"note": "before", "of": None, "report": None}
    assert after == {"note": "after", "of": feedback.event, "report": report.to_dict()}


def test_every_event_survives_json(begin, history):
    session = begin()
    session.next()
    session.commit("text")
    session.answer_recall([0], [0])
    session.next()
    session.commit(0)
    session.resolve(Report(PREDICT, 0, False, answer=3.5))
    session.next()
    session.answer_choice([0, 1])
    session.next()
    session.answer_code(FAILED)
    session.skip()
    session.next()
    session.skip()
    session.next()
    session.answer_numeric("1/8", "inf")
    session.rate("good")
    for event in history.events():
        assert json.loads(json.dumps(event.data)) == event.data


def test_the_summary_counts(begin, clock):
    session = begin()
    session.next()
    clock.go(seconds=10)
    session.answer_recall([0, 1])
    session.next()
    session.commit([i for i in range(2) if i not in right(session)][0])
    session.resolve(None)
    session.next()
    clock.go(seconds=5)
    session.answer_choice(right(session))
    session.next()
    session.skip()
    session.next()
    summary = session.summary()
    assert summary.answered == 3
    assert summary.results == {"partly": 1, "wrong": 1, "right": 1}
    assert summary.chapters == {"01_apples": {"partly": 1, "right": 1}, "02_pears": {"wrong": 1}}
    assert (summary.seconds, summary.skipped, summary.left) == (15, 1, 2)
    assert summary.misconceptions == [(PREDICT, "The right")]
    assert sorted(summary.due_tomorrow) == sorted([RECALL, PREDICT])
    session.answer_choice(right(session))
    assert session.summary().chapters["01_apples"] == {"partly": 1, "right": 2}
