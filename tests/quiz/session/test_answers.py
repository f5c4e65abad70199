"""Each kind is answered in its own way, and the answer is graded."""

import pytest
from quiz.session.asking import FAILED, PASSED, PREDICT, right, stored

from dlprep.lab.report import Report
from dlprep.quiz import readiness, schedule
from dlprep.quiz.numbers import NumberError
from dlprep.quiz.session import Filters, Session, SessionError


def test_a_right_choice_is_good_and_every_option_has_its_verdict(ask):
    session = ask("choice")
    feedback = session.answer_choice(right(session))
    assert (feedback.result, feedback.rating, feedback.final) == ("right", "good", True)
    assert [verdict.option for verdict in feedback.verdicts] == list(session.current.options)
    assert all(verdict.right for verdict in feedback.verdicts)
    assert session.feedback is feedback


def test_indices_follow_the_order_shown(begin):
    for seed in range(5):
        session = begin(seed, kind="choice", level="mid")
        session.next()
        assert session.answer_choice(right(session)).result == "right"
        session.undo()
        wrong = [i for i in range(3) if i not in right(session)][0]
        feedback = session.answer_choice([wrong])
        chosen = [verdict.option for verdict in feedback.verdicts if verdict.chosen]
        assert chosen == [session.current.options[wrong]]
        assert feedback.detail["misconceptions"] == [chosen[0].text]
        session.undo()


@pytest.mark.parametrize(
    ("seconds", "rating", "reason"), [(29, "good", None), (31, "hard", "over twice the time")]
)
def test_slow_is_hard(ask, clock, seconds, rating, reason):
    session = ask("choice")
    for step in (90, seconds):
        clock.go(seconds=step)
        session.active()
    feedback = session.answer_choice(right(session))
    assert (feedback.rating, feedback.reason) == (rating, reason)
    assert feedback.seconds == 90 + seconds


def test_a_coffee_is_not_slow(ask, clock):
    """More than two minutes without a key, and what follows the last key, do not count."""
    session = ask("choice")
    for step in (30, 121, 3600, 20):
        clock.go(seconds=step)
        session.active()
    clock.go(seconds=300)
    feedback = session.answer_choice(right(session))
    assert (feedback.rating, feedback.seconds) == ("good", 50)


@pytest.mark.parametrize(
    ("minutes", "rating", "seconds"), [(1.9, "good", 114), (3, "hard", 180), (5, "good", 0)]
)
def test_a_thought_counts_where_no_keys_are_seen(ask, clock, minutes, rating, seconds):
    """A line comes in one piece; only what is longer than any thought is a coffee."""
    session = ask("choice")
    clock.go(minutes=minutes)
    session.active(line=True)
    feedback = session.answer_choice(right(session))
    assert (feedback.rating, feedback.seconds) == (rating, seconds)


def test_writing_code_counts_though_no_key_is_seen(ask, clock):
    session = ask("code")
    clock.go(minutes=session.current.question.minutes * 3)
    session.active()
    feedback = session.answer_code(PASSED)
    assert (feedback.rating, feedback.reason) == ("hard", "over twice the time")


def test_without_keys_the_time_ends_with_the_answer(ask, clock):
    session = ask("choice")
    clock.go(seconds=119)
    assert session.answer_choice(right(session)).seconds == 119


def test_a_clock_set_back_costs_no_negative_time(ask, clock):
    session = ask("choice")
    clock.go(hours=-1)
    assert session.answer_choice(right(session)).seconds == 0


def test_hints_come_one_by_one_and_make_it_hard(ask):
    session = ask("choice")
    assert [session.hint() for _ in range(4)] == [
        "Think of the tree.",
        "Think of autumn.",
        None,
        None,
    ]
    feedback = session.answer_choice(right(session))
    assert (feedback.rating, feedback.reason) == ("hard", "because of a hint")
    assert session.rate("good").reason is None, "the user decided"


def test_recall_stops_the_clock_when_the_answer_is_shown(ask, clock, history):
    session = ask("recall")
    clock.go(seconds=30)
    session.commit("skin, flesh")
    clock.go(minutes=30)
    feedback = session.answer_recall([0, 1, 3])
    assert (feedback.result, feedback.rating, feedback.seconds) == ("right", "good", 30)
    assert feedback.detail["missed"] == ["Core."]
    assert stored(history, "commit")[0].data["text"] == "skin, flesh"


def test_a_red_flag_fails_a_recall(ask):
    session = ask("recall")
    assert session.answer_recall([0, 1, 2, 3], flagged=[0]).rating == "again"


def test_a_free_text_waits_for_the_users_rating(ask, begin):
    session = ask("recall")
    session.commit("something")
    feedback = session.answer_recall(None)
    assert (feedback.result, feedback.rating) == ("unmarked", None)
    assert not begin(kind="recall").next().is_review
    assert session.rate("good").rating == "good"
    assert begin(kind="recall").next() is None


def test_a_number_is_graded_with_the_questions_tolerance(ask):
    session = ask("numeric")
    assert session.answer_numeric("0.2", 0.203).result == "right"
    session.undo()
    feedback = session.answer_numeric("200", 0.2)
    assert (feedback.result, feedback.detail["key"]) == ("wrong", 0.2)
    assert "10^3" in feedback.remarks[0]


def test_text_that_is_no_number_leaves_the_card_open(ask, history):
    session = ask("numeric")
    with pytest.raises(NumberError):
        session.answer_numeric("a lot", 0.2)
    assert session.feedback is None
    assert history.events() == []


def test_a_prediction_is_stored_before_the_run(ask, history, clock):
    session = ask("predict")
    (index,) = right(session)
    clock.go(seconds=20)
    session.commit(index)
    (committed,) = stored(history, "commit")
    assert committed.data["chosen"] == ["The left"]
    assert stored(history, "answer") == []
    clock.go(minutes=10)
    feedback = session.resolve(Report(PREDICT, 0, False, answer="The left"))
    assert (feedback.result, feedback.rating, feedback.seconds) == ("right", "good", 20)
    assert [verdict.chosen for verdict in feedback.verdicts].index(True) == index


@pytest.mark.parametrize(
    "report", [None, *(Report(PREDICT, 0, False, answer=a) for a in (None, "Neither"))]
)
def test_a_run_without_an_outcome_leaves_the_file_to_decide(ask, report):
    session = ask("predict")
    session.commit(right(session)[0])
    feedback = session.resolve(report)
    assert feedback.result == "right"
    assert "file decides" in feedback.remarks[0]


def test_a_prediction_is_made_once_and_first(ask):
    session = ask("predict")
    with pytest.raises(SessionError, match="call commit first"):
        session.resolve(None)
    with pytest.raises(IndexError):
        session.commit(2)
    session.commit(0)
    with pytest.raises(SessionError, match="already committed"):
        session.commit(1)


def test_code_is_tried_until_it_passes(ask, history):
    session = ask("code")
    feedback = session.answer_code(FAILED)
    assert (feedback.result, feedback.rating, feedback.final) == ("wrong", None, False)
    assert session.feedback is None
    session.answer_code(FAILED)
    feedback = session.answer_code(PASSED)
    assert (feedback.result, feedback.rating, feedback.final) == ("right", "hard", True)
    assert feedback.reason == "after 2 failed tries"
    assert len(stored(history, "try")) == 2
    (answer,) = stored(history, "answer")
    assert (answer.data["tries"], answer.data["reason"]) == (3, "after 2 failed tries")


def test_one_failed_try_is_still_good_and_an_undo_forgets_none(ask):
    session = ask("code")
    session.answer_code(FAILED)
    assert session.answer_code(PASSED).rating == "good"
    session.undo()
    session.answer_code(FAILED)
    assert session.answer_code(PASSED).rating == "hard"


@pytest.mark.parametrize("kind", ["recall", "choice", "numeric", "predict", "code"])
def test_giving_up_ends_any_kind(ask, kind):
    session = ask(kind)
    feedback = session.give_up()
    assert (feedback.result, feedback.rating) == ("gave up", "again")
    assert not any(verdict.chosen for verdict in feedback.verdicts)


def test_a_call_that_does_not_fit_is_refused_and_stores_nothing(begin, ask, history):
    session = begin()
    for call in (session.hint, session.give_up, session.skip, lambda: session.dispute("x")):
        with pytest.raises(SessionError, match="call next first"):
            call()
    with pytest.raises(SessionError, match="nothing has been answered"):
        session.rate("good")
    session = ask("choice")
    with pytest.raises(SessionError, match="of kind choice"):
        session.answer_numeric("1", 1)
    with pytest.raises(ValueError, match="at least one"):
        session.answer_choice([])
    assert history.events() == []
    session.give_up()
    for call in (session.hint, session.give_up, session.skip, lambda: session.answer_choice([0])):
        with pytest.raises(SessionError, match="is answered"):
            call()


@pytest.mark.parametrize("kind", ["choice", "predict"])
def test_what_is_asked_aloud_is_compared_like_a_free_answer(bank, history, clock, kind):
    session = Session(bank, history, Filters(kind=kind), clock=clock, aloud=True)
    card = session.next()
    assert (card.kind, card.aloud, card.question.kind) == ("recall", True, kind)
    with pytest.raises(SessionError, match="of kind recall"):
        session.answer_choice([0])
    session.commit("in my own words")
    feedback = session.answer_recall(range(len(card.question.body.key_points)))
    assert (feedback.result, feedback.rating, feedback.verdicts) == ("right", "good", ())
    known = schedule.answers(history.events())
    assert known[-1].data["aloud"] is True
    assert readiness.ready(card.question.chapter, known, bank)


def test_aloud_changes_nothing_for_other_kinds(bank, history, clock):
    session = Session(bank, history, Filters(kind="numeric"), clock=clock, aloud=True)
    assert (session.next().kind, session.current.aloud) == ("numeric", False)
    session.answer_numeric("1", 1.0)
    assert "aloud" not in history.events(kinds=["answer"])[-1].data
