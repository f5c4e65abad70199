"""What decides is asked of the measured outcomes before the reasons are shown."""

import os
import sys

import pytest
from terminal.pseudo import COLOUR, Terminal

from dlprep.quiz.history import History

DECIDES = "the sum is more than fifty"
MORE = '\n    lab.claim("the sum is odd", total % 2 == 1, measured=total % 2, expected="= 1")\n'
pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")


@pytest.fixture
def ask(bank, tmp_path, program):
    """Return a function that predicts wrongly; it returns the terminal and the verdict's screen."""
    demo = bank / "01_basics" / "sum-of-ten.py"
    demo.write_text(demo.read_text("utf-8") + MORE, "utf-8")
    opened = []

    def start(*words, columns=80):
        command = [sys.executable, "-m", "dlprep", "quiz", "sum-of-ten", "--bank", str(bank)]
        surroundings = {**program[1], "XDG_DATA_HOME": str(tmp_path)}
        opened.append(Terminal([*command, "--no-confidence", *words], surroundings, columns))
        screen = COLOUR.sub("", opened[-1].until("one number"))
        wrong = 1 if "1. False" in screen.replace("`", "") else 2
        opened[-1].type(f"{wrong}" + "\r" * ("--plain" in words))
        return opened[-1], COLOUR.sub("", opened[-1].until("Enter shows what"))

    yield start
    for one in opened:
        one.close()


def readings(tmp_path):
    with History.open(tmp_path / "dlprep" / "history.db") as history:
        return [event.data for event in history.events(kinds=["reading"])]


def place_of(terminal):
    """Go on to the outcomes; return the number of the one that decides."""
    terminal.type("\r")
    screen = COLOUR.sub("", terminal.until("Which of these decides"))
    return next(n for n in (1, 2) if f"{n}. holds  {DECIDES[:18]}" in screen)


@pytest.mark.parametrize("plain", [False, True])
def test_the_reasons_wait_for_what_decides(ask, tmp_path, plain):
    terminal, verdict = ask(*["--plain"] * plain, columns=40)
    assert "you chose it" in verdict and "fifty or less" not in verdict
    terminal.type(f"{place_of(terminal)}" + "\r" * plain)
    said = COLOUR.sub("", terminal.until("Enter shows the reasons"))
    assert "Yes: the answer rests on this one." in said
    (data,) = readings(tmp_path)
    assert (data["chosen"], data["right"]) == (DECIDES, True) and data["of"]


def test_another_outcome_is_named(ask, tmp_path):
    terminal, _ = ask()
    right = place_of(terminal)
    terminal.type(f"{3 - right}")
    said = COLOUR.sub("", terminal.until("Enter shows the reasons"))
    assert f"It is {right}: the answer rests on this one." in said
    assert not readings(tmp_path)[0]["right"]


def test_zero_stops_the_asking_for_good(ask, tmp_path):
    terminal, _ = ask()
    place_of(terminal)
    terminal.type("0")
    terminal.until("`dlprep quiz --reading` asks again.")
    terminal, verdict = ask()
    assert "you chose it" in verdict
    terminal.type("\r")
    assert "never ask" not in terminal.until("Enter shows")
    assert readings(tmp_path) == []


def test_a_single_outcome_is_not_asked_for(ask, bank):
    demo = bank / "01_basics" / "sum-of-ten.py"
    demo.write_text(demo.read_text("utf-8").replace(MORE, ""), "utf-8")
    terminal, _ = ask()
    terminal.type("\r")
    assert "Which of these" not in terminal.until("Enter")
