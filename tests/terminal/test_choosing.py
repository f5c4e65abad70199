"""Which questions `dlprep quiz` asks, and what it refuses; how sure an answer is takes one key."""

import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from terminal.pseudo import Terminal

from dlprep.cli import cli
from dlprep.quiz.bank import Bank
from dlprep.quiz.history import History
from dlprep.quiz.schedule import answers
from dlprep.terminal.options import chosen_filters

BANK = Path(__file__).with_name("bank")


@pytest.fixture
def quiz(tmp_path, monkeypatch):
    """Return a function that runs `dlprep quiz` on typed lines."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    def command(*words, typed=()):
        lines = "".join(f"{line}\n" for line in typed)
        found = CliRunner().invoke(cli, ["quiz", "--plain", "--bank", str(BANK), *words], lines)
        found.text = " ".join(found.output.split())
        return found

    command.path = tmp_path / "dlprep" / "history.db"
    return command


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--new", "--due"], "--new and --due exclude each other: leave one out."),
        (["--missed", "--failed"], "--missed and --failed exclude each other: leave one out."),
        (
            ["--confidence", "--no-confidence"],
            "--confidence and --no-confidence exclude each other: leave one out.",
        ),
        (["--chapter", "1", "--chapter", "2"], "--chapter is given twice: leave one out."),
        (["-n", "1", "-n", "2"], "-n is given twice: leave one out."),
        (["what-is-zero", "--kind", "code"], "leave out --kind, or the ids."),
        (["what-is-zero", "--missed"], "leave out --missed, or the ids."),
        (["what-is-zero", "-n", "3"], "leave out -n, or the ids."),
        (["what-is-zero", "--minutes", "3"], "leave out --minutes, or the ids."),
    ],
)
def test_contradictory_options_are_refused(quiz, words, said):
    found = quiz(*words)
    assert (found.exit_code, said in found.text) == (2, True), found.text
    assert not quiz.path.exists()


def test_help_is_shown_whatever_else_is_said(quiz):
    found = quiz("--new", "--due", "--help")
    assert (found.exit_code, "Usage:" in found.text) == (0, True)


def test_the_same_flag_twice_contradicts_nothing(quiz):
    assert quiz("--plain", "--new", "--new", typed=["q"]).exit_code == 0


@pytest.mark.parametrize(
    ("only", "said"),
    [("due", "no review is due"), ("failed", "last answered wrong"), ("missed", "ever answered")],
)
def test_nothing_to_ask_says_what_there_is_none_of(quiz, only, said):
    assert said in quiz(f"--{only}").text


def test_named_questions_are_asked_in_their_order(quiz):
    text = quiz("what-is-zero", "even-numbers", typed=["g", "", "", "", "q"]).text
    assert text.index("What is zero?") < text.index("Question 2 of 3: new")
    assert "did you mean what-is-zero?" in quiz("what-is-zer0").text


def test_minutes_bound_a_session_in_place_of_ten(quiz):
    assert "Question 1 of 2: new" in quiz("--minutes", "2", typed=["q"]).text
    assert "Question 1 of 5: new" in quiz("--minutes", "60", typed=["q"]).text


def test_ten_questions_bound_a_session_that_nothing_else_bounds():
    names = ("chapter", "level", "kind", "tag", "only", "minutes", "count")
    which = {**dict.fromkeys(names), "ids": (), "cram": False}
    for said, count in (({}, 10), ({"minutes": 60}, None), ({"minutes": 60, "count": 3}, 3)):
        assert chosen_filters(Bank.load(BANK), {**which, **said}).count == count


def test_a_cram_says_that_nothing_moves(quiz):
    quiz("even-numbers", typed=["1,2", "", "", "", ""])
    text = quiz("even-numbers", "--cram", typed=["1,2", "2", "", "", ""]).text
    assert "In a cram no answer moves the schedule." in text
    assert "so there is nothing to rate" in text
    assert "How sure?" not in text
    assert "Change the rating" not in text


def confidences(path):
    with History.open(path) as history:
        return [answer.confidence for answer in answers(history.events())]


def test_one_more_key_says_how_sure_the_answer_is(quiz):
    found = quiz("even-numbers", typed=["1", "4", "3", "", "", "", "q"])
    assert "'4' was not understood: 1, 2, 3, 0 or Enter." in found.text
    assert "rated again, though you were sure: the next review is" in found.text
    assert confidences(quiz.path) == [3]


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("recall", ["neutral", "1", "all", "", ""]),
        ("numeric", ["0.5", "1", ""]),
        ("predict", ["2", "1", ""]),
    ],
)
def test_it_is_asked_before_the_outcome_is_shown(quiz, kind, typed):
    text = quiz("--kind", kind, typed=typed).text
    outcome = {"recall": "Key points", "numeric": "One half", "predict": "Now the experiment"}
    assert text.index("How sure?") < text.index(outcome[kind])
    assert confidences(quiz.path) == [1]


def test_enter_leaves_it_unsaid(quiz):
    quiz("even-numbers", typed=["1,2", "", "", "", ""])
    assert confidences(quiz.path) == [None]


def test_a_repetition_is_not_asked(quiz):
    text = quiz("even-numbers", typed=["1", "", "", "", "", "2", "", "", ""]).text
    assert "once more" in text
    assert text.count("How sure?") == 1


def test_no_confidence_asks_not_this_time(quiz):
    for word, asked in (("--no-confidence", 0), ("--plain", 1)):
        text = quiz(word, "even-numbers", typed=["1,2", "", ""]).text
        assert text.count("How sure?") == asked


def test_zero_stops_the_asking_until_it_is_wanted_again(quiz):
    typed = ["1,2", "0", "", "", "", "all", "", "", ""]
    text = quiz("even-numbers", "what-is-zero", typed=typed).text
    assert "Not asked any more; `dlprep quiz --confidence` asks again." in text
    assert text.count("How sure?") == 1
    for words, asked in (([], 0), (["--confidence"], 1), ([], 1)):
        found = quiz("even-numbers", *words, typed=["1,2", "", ""])
        assert found.text.count("How sure?") == asked


def test_the_other_keys_work_there_too(quiz):
    text = quiz("even-numbers", typed=["1,2", "?", "s"]).text
    assert re.search(r"How sure\?.*Hint 1 of 2: .*How sure\?.*Skipped", text)
    assert confidences(quiz.path) == []


def test_on_a_terminal_it_is_one_key_without_enter(tmp_path, program):
    command = [sys.executable, "-m", "dlprep", "quiz", "--kind", "predict", "--bank", str(BANK)]
    terminal = Terminal(command, {**program[1], "XDG_DATA_HOME": str(tmp_path)}, 40)
    terminal.until("one number")
    terminal.type("2")
    terminal.until("never ask")
    terminal.type("3")
    terminal.until("Enter shows")
    terminal.type("q")
    terminal.until("Summary")
    terminal.close()
    assert confidences(tmp_path / "dlprep" / "history.db") == [3]


def test_an_answer_counts_though_the_input_ends_before_its_confidence(quiz):
    found = quiz("--kind", "choice", "-n", "1", typed=["1"])
    assert found.exit_code == 0
    with History.open(quiz.path) as history:
        (answer,) = answers(history.events())
    assert "confidence" not in answer.data


def test_aloud_shows_no_options_and_compares_with_the_key_points(quiz):
    typed = ["two and four", "", "all", "", "", "", "q"]
    text = quiz("even-numbers", "--aloud", typed=typed).text
    shown = text[: text.index("Answer aloud")]
    assert "1. " not in shown and "Which did you say?" in text and "Your choice" not in text
    with History.open(quiz.path) as history:
        (answer,) = answers(history.events())
    assert answer.data["aloud"] is True and answer.rating == "good"
