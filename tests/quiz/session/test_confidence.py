"""How sure an answer was is stored with it; whether to ask is a setting."""

from quiz.session.asking import right, stored

from dlprep.quiz.settings import CONFIDENCE, asks, keep


def test_a_sure_error_says_why_it_comes_back_soon(ask, history, clock):
    session = ask("choice")
    session.sure(3)
    (wrong, *_) = {0, 1, 2} - set(right(session))
    feedback = session.answer_choice([wrong])
    assert (feedback.rating, feedback.reason) == ("again", "though you were sure")
    assert (feedback.due - clock().date()).days <= 2
    assert stored(history, "answer")[0].data["confidence"] == 3


def test_a_sure_answer_that_is_right_is_rated_as_ever(ask):
    session = ask("choice")
    session.sure(3)
    feedback = session.answer_choice(right(session))
    assert (feedback.rating, feedback.reason) == ("good", None)


def test_it_is_asked_until_it_is_set_otherwise(begin, history):
    assert asks(begin(), CONFIDENCE, None)
    keep(begin(), CONFIDENCE, False)
    assert not asks(begin(), CONFIDENCE, None)
    assert asks(begin(), CONFIDENCE, True)
    assert asks(begin(), CONFIDENCE, None)
    assert [event.data for event in stored(history, "setting")] == [
        {"confidence": False},
        {"confidence": True},
    ]


def test_no_confidence_holds_for_one_session(begin, history):
    assert not asks(begin(), CONFIDENCE, False)
    assert asks(begin(), CONFIDENCE, None)
    assert stored(history, "setting") == []


def test_a_setting_of_another_program_is_read_past(begin, history, clock):
    history.append("setting", None, {"colour": "red"}, at=clock(), session="s")
    assert asks(begin(), CONFIDENCE, None)
