"""Sessions as programs: over pipes, and on a terminal of their own with its keys and colours."""

import os
import subprocess
import time

import pytest
from terminal.pseudo import COLOUR

from dlprep.quiz.history import History

terminals = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")


def test_a_session_over_pipes_loads_nothing_heavy(program):
    command, surroundings = program
    done = subprocess.run([*command, "choice"], env=surroundings, input="?\nq\n", timeout=60,
                          capture_output=True, text=True, encoding="utf-8")  # fmt: skip
    assert done.returncode == 0 and done.stderr == ""
    assert "Hint 1 of 2: Divide by two." in done.stdout and "\x1b" not in done.stdout
    assert done.stdout.endswith("loaded:\n")


def test_input_that_is_no_text_is_no_accident(program):
    command, surroundings = program
    done = subprocess.run([*command, "choice"], env=surroundings, input=b"\xff\xfe\nq\n",
                          timeout=60, capture_output=True)  # fmt: skip
    assert done.returncode == 0 and b"was not understood" in done.stdout


def test_signs_the_output_cannot_show_become_words(program):
    command, surroundings = program
    done = subprocess.run([*command, "choice"], env={**surroundings, "PYTHONIOENCODING": "latin-1"},
                          input=b"q\n", timeout=60, capture_output=True)  # fmt: skip
    assert done.returncode == 0 and b"A number n in Z is even" in done.stdout


def test_no_input_at_all_ends_with_a_summary(program):
    command, surroundings = program
    done = subprocess.run([*command, "choice"], env=surroundings, stdin=subprocess.DEVNULL,
                          timeout=60, capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0 and "Summary" in done.stdout


@terminals
def test_a_terminal_shows_the_first_question_in_colour_without_a_rich_console(terminal):
    screen = terminal("choice")
    text = screen.until("\n> ")
    assert "\x1b[1mWhich of these numbers are even?\x1b[0m" in text
    assert "\x1b[35mdef\x1b[0m" in text
    screen.type("q\n")
    screen.until("loaded:\r\n")


@terminals
@pytest.mark.parametrize("columns", [60, 100, 200])
def test_prose_keeps_within_the_terminal(terminal, columns):
    screen = terminal("recall", columns=columns)
    screen.until("\n> ")
    screen.type("\n")
    text = COLOUR.sub("", screen.until("\n> "))
    assert max(map(len, text.splitlines())) <= min(columns, 100)


@terminals
@pytest.mark.parametrize("word", [{"TERM": "dumb"}, {"NO_COLOR": "1"}, {}])
def test_plain_words_where_the_terminal_or_the_user_wants_them(terminal, word):
    screen = terminal("choice", *([] if word else ["--plain"]), **word)
    text = screen.until("or 1 3): ")
    assert "\x1b[" not in text.replace("\x1b[?2004h", "")
    screen.type("q\n")
    screen.until("loaded:")


@terminals
def test_ctrl_c_at_a_prompt_ends_with_a_summary(terminal):
    screen = terminal("choice")
    screen.until("\n> ")
    screen.type("\x03")
    assert "Summary" in screen.until("loaded:")
    assert screen.process.wait(timeout=30) == 130


@terminals
def test_ctrl_d_ends_with_a_summary(terminal):
    screen = terminal("choice")
    screen.until("\n> ")
    screen.type("\x04")
    assert "Summary" in screen.until("loaded:")
    assert screen.process.wait(timeout=30) == 0


@terminals
def test_ctrl_c_during_an_experiment_stops_it_and_the_quiz_goes_on(terminal):
    screen = terminal("predict")
    screen.until("\n> ")
    screen.type("2\n")
    screen.until("Keras is still loading")
    screen.type("\x03")
    text = screen.until("Enter runs it again, n lets the question's file decide")
    assert "The experiment was stopped." in COLOUR.sub("", text)
    screen.type("\n")
    assert "Right" in screen.until("Enter shows what the experiment measured")
    time.sleep(0.3)
    screen.type("q")
    assert "1 answered" in COLOUR.sub("", screen.until("loaded:"))


@terminals
def test_a_closed_terminal_ends_the_session_and_loses_no_answer(terminal, tmp_path):
    screen = terminal("numeric")
    screen.until("Your number")
    screen.type("0.5\r")
    screen.until("Enter shows")
    os.close(screen.master)
    screen.master = os.open(os.devnull, os.O_RDONLY)
    screen.process.wait(20)
    with History.open(tmp_path / "history.db") as history:
        assert [event.data["result"] for event in history.events(kinds=["answer"])] == ["right"]
