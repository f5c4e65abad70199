"""While an experiment runs the user can go on; every key has its sense, to the end."""

import os
import signal
import time

import pytest
from terminal.pseudo import COLOUR

from dlprep.quiz.history import History

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")


def typed(screen, text):
    """Type when the prompt is there; what comes before is dropped."""
    time.sleep(0.3)
    screen.type(text)


@pytest.mark.parametrize("word", [(), ("--plain",)])
def test_a_prediction_does_not_have_to_wait_for_its_experiment(terminal, word, tmp_path):
    end = "\n" * len(word)
    screen = terminal("predict", *word)
    screen.until("one number")
    typed(screen, f"2{end}")
    screen.until("n goes on")
    screen.type("n")
    text = " ".join(COLOUR.sub("", screen.until("Enter shows the reasons")).split())
    assert "The experiment runs on" in text
    assert "so the answer in the question's file decides" in text and "Right, rated good" in text
    typed(screen, "\n")
    screen.until("Enter shows what")
    typed(screen, "\n")
    assert "What the experiment measured" in COLOUR.sub("", screen.until("Enter ends the session"))
    typed(screen, f"q{end}")
    screen.until("loaded:")
    with History.open(tmp_path / "history.db") as history:
        assert [event.kind for event in history.events()] == ["commit", "answer"]


def test_a_narrow_window_shows_the_keys_of_a_wait_whole(terminal):
    screen = terminal("predict", columns=40)
    screen.until("one number")
    typed(screen, "2")
    screen.until("\nn goes on, Ctrl-C stops it.")
    text = COLOUR.sub("", screen.until("measured"))
    assert "Keras is still loading" in text and "…" not in text.partition("Right")[0]


def test_a_stopped_experiment_asks_what_decides(terminal):
    screen = terminal("predict")
    screen.until("one number")
    typed(screen, "2")
    screen.until("n goes on")
    os.kill(screen.process.pid, signal.SIGINT)
    screen.until("Enter runs it again")
    typed(screen, "?")
    assert "no hint is needed" in screen.until("Enter runs it again")
    typed(screen, "d")
    text = screen.until("Enter shows what")
    assert "counts as giving up" not in text and "Right, rated good" in COLOUR.sub("", text)


def test_the_last_skip_can_be_undone(terminal):
    screen = terminal("choice")
    screen.until("or 1 3)")
    typed(screen, "s")
    screen.until("u takes the skip back")
    typed(screen, "u")
    screen.until("Which of these numbers are even?")
    screen.until("or 1 3)")
    typed(screen, "s")
    screen.until("u takes the skip back")
    typed(screen, "\n")
    assert "1 skipped, 0 left" in COLOUR.sub("", screen.until("loaded:"))


def test_after_the_answer_the_keys_named_are_those_that_make_sense(terminal):
    screen = terminal("choice")
    screen.until("or 1 3)")
    typed(screen, "1 2\n")
    screen.until("Enter shows the reasons")
    typed(screen, "x")
    text = " ".join(COLOUR.sub("", screen.until("Enter shows the reasons")).split())
    assert "'x' was not understood" in text and "g give up" not in text
    assert "1 2 3 4 rate it, n goes on, u undo, q quit" in text


def test_a_stop_gives_the_shell_a_terminal_it_can_use(terminal):
    """Brackets around pastes and a hidden cursor are for a session only."""
    screen = terminal("choice")
    assert "\x1b[?2004h" in screen.until("or 1 3)")
    time.sleep(0.3)
    os.kill(screen.process.pid, signal.SIGTSTP)
    time.sleep(0.5)
    screen.process.send_signal(signal.SIGCONT)
    text = screen.until("or 1 3)")
    assert text.index("\x1b[?2004l") < text.index("\x1b[?25h") < text.index("\x1b[?2004h")
