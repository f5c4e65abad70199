"""What goes wrong around a session is said in words, and the session goes on where it can."""

import pytest

from dlprep.terminal.experiment import Experiment
from dlprep.terminal.plain import Plain


def break_demo(bank, name, body):
    (bank / "01_basics" / f"{name}.py").write_text(f"def run(lab):\n    {body}\n", "utf-8")


def test_a_failed_experiment_lets_the_file_decide_a_prediction(play, bank):
    break_demo(bank, "sum-of-ten", "print('so far'); raise ValueError('no sum')")
    text = play("2", "", kind="predict", folder=bank)
    assert "The experiment failed:" in text and "ValueError: no sum" in text and "so far" in text
    assert "the answer in the question's file decides" in text
    assert "1 answered in 0 s: 1 right." in text


def test_a_failed_experiment_leaves_a_number_to_the_user(play, bank):
    break_demo(bank, "half-of-one", "lab.claim('it claims', True)")
    text = play("0.5", "3", "", kind="numeric", folder=bank)
    assert "The experiment gave no number; rate it yourself." in text
    assert "Not graded, rated good" in text


def test_a_claim_that_fails_is_said_in_words(play, bank):
    break_demo(bank, "even-numbers", "lab.claim('one is two', 1 == 2, measured=1, expected='= 2')")
    assert "FAILS" in play("1,2", "", kind="choice", folder=bank)


def test_a_question_that_cannot_be_read_is_skipped(play, bank, session):
    def begin(kind, folder):
        begun = session(kind, folder)
        (folder / "01_basics" / "even-numbers.md").unlink()
        return begun

    text = " ".join(play(kind="choice", begin=begin, folder=bank).split())
    assert "cannot be read" in text and "The question is skipped." in text
    assert play.code == 0


def test_whatever_goes_wrong_with_a_question_the_session_goes_on(play, monkeypatch):
    """A fault of the program stands for the one nobody has thought of."""
    monkeypatch.setattr("dlprep.terminal.quiz.show_options", lambda *_: [][1])
    text = " ".join(play("0.5", "", kind="choice").split())
    assert "This question went wrong, IndexError: list index out of range." in text
    assert play.code == 0


def test_a_history_that_fails_ends_the_session(play, history, session):
    def begin(kind):
        begun = session(kind)
        history.close()
        return begun

    text = " ".join(play("1,2", kind="choice", begin=begin).split())
    assert "could not be" in text and history.path.name in text.replace(" ", "")
    assert play.code == 1


def test_a_stopped_experiment_starts_anew(worker, session, capsys):
    card = session("numeric").next()
    experiment = Experiment(worker, card.question)
    experiment.begin()
    experiment.stop()
    assert experiment.finish(Plain()).answer == 0.5
    assert experiment.finish(Plain()).seed == 0


def write_exercise(bank, source):
    (bank / "01_basics" / "write-double_exercise.py").write_text(source, "utf-8")


def test_an_exercise_that_is_broken_is_said_and_skipped(play, bank, tmp_path):
    for source in ("def double(x)\n    return", "nothing = 1\n", "x = '\x00'"):
        write_exercise(bank, source)
        text = " ".join(play(kind="code", folder=bank).split())
        assert "The file for your code cannot be written: " in text and "Skipped." in text
        assert play.code == 0
        assert not (tmp_path / "exercises").exists()


@pytest.mark.parametrize(("value", "verdict"), [("x", "Not yet"), ("2 * x", "Right")])
def test_what_the_users_code_prints_is_shown_passed_or_failed(play, editor, value, verdict):
    body = f"print('\\x1b[31mgot', x)\n    return {value}"
    editor(f"print('loaded')\n\ndef double(x):\n    {body}\n")
    text = play("e", "", "g", "", "", kind="code")
    assert "Your code printed:\n    loaded\n    \ufffd[31mgot " in text
    assert verdict in text
