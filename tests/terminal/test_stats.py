"""`dlprep stats` and `dlprep` alone: charts and the next step, at any width, without a history."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from terminal.pseudo import COLOUR, Terminal

from dlprep.cli import cli
from dlprep.quiz.bank import Bank
from dlprep.quiz.history import History
from dlprep.quiz.overview import overview
from dlprep.terminal.home import show
from dlprep.terminal.opening import past, today
from dlprep.terminal.plain import Plain

BANK = Path(__file__).with_name("bank")
ALL = ("even-numbers", "half-of-one", "sum-of-ten", "what-is-zero", "write-double")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Give the user an empty folder for data."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path / "dlprep" / "history.db"


@pytest.fixture
def answer(home):
    """Return a function that writes an answer into the history."""

    def write(question, result="right", ago=0, **data):
        rating = "good" if result == "right" else "again"
        data = {"result": result, "rating": rating, **data}
        at = datetime.now(UTC).astimezone() - timedelta(ago)
        with History.open(home) as history:
            history.append("answer", question, data, at=at, session="s")

    return write


def run(*words):
    return CliRunner().invoke(cli, [*words])


def stats(*words):
    return run("stats", "--bank", str(BANK), *words)


def test_stats_without_a_history_name_the_next_step(home):
    found = stats("--plain")
    assert found.exit_code == 0
    assert "Nothing has been answered yet" in found.output
    assert f"dlprep quiz --minutes 20 --bank {BANK}" in " ".join(found.output.split())
    assert not home.exists()


def test_every_chart_has_its_number_beside_it(answer):
    answer("even-numbers", "wrong", 3, confidence=3, misconceptions=["`3`"])
    answer("half-of-one", ago=1, confidence=2)
    text = stats("--plain").output
    for row in (
        "%  01_basics: 2 of 5, ready",
        "..........   0%  choice: 1 answer",
        "########## 100%  numeric: 1 answer",
        "..........    -  code: 0 answers",
        "..........   0%  sure: 95% said, 1\n",
        "###.......  +32  01_basics: 2 answers",
        "1 x  `3` (even-numbers, last on",
        "1 day in a row, at most 1 day so far.",
        "  - Which of these numbers are even? (01_basics, 1 min)",
    ):
        assert row in text


def test_json_has_the_same_numbers(answer):
    answer("even-numbers", "wrong", 3, confidence=3, misconceptions=["`3`"])
    found = json.loads(stats("--json").stdout)
    (chapter,) = found["chapters"]
    assert (chapter["name"], chapter["answered"], chapter["ready"]) == ("01_basics", 1, False)
    assert 0 < chapter["recall"] < 1
    assert chapter["overconfidence"] == found["confidences"][2]["accuracy"] + 0.95
    assert found["misconceptions"][0]["text"] == "`3`"
    assert found["streak"] == {"days": 0, "longest": 1}
    assert found["next"]["questions"][0] == "even-numbers"


def test_a_chapter_that_is_not_there_is_said():
    found = stats("--chapter", "plums")
    assert (found.exit_code, "no chapter 'plums' in the bank" in found.output) == (1, True)


@pytest.mark.parametrize("command", [["stats"], []])
@pytest.mark.parametrize("rich", [True, False])
def test_forty_columns_and_ascii_are_enough(command, rich, answer, program, home):
    for ago, question in enumerate(ALL):
        answer(question, ("right", "wrong")[ago % 2], ago, confidence=ago % 3 + 1)
    surroundings = {**program[1], "XDG_DATA_HOME": str(home.parent.parent)}
    surroundings |= {"PYTHONIOENCODING": "ascii"} | ({} if rich else {"TERM": "dumb"})
    bank = ["--bank", str(BANK)] if command else []
    terminal = Terminal([sys.executable, "-m", "dlprep", *command, *bank], surroundings, 40)
    text = ""
    while part := terminal.read():
        text += part
    terminal.close()
    rows = COLOUR.sub("", text).replace("\r", "").split("\n")
    assert "--minutes 20" in " ".join(text.split())
    assert text.isascii() and "\\u" not in text
    assert max(map(len, rows)) <= 40


def test_dlprep_alone_works_without_a_history(home):
    found = run()
    assert found.exit_code == 0
    assert "Due: nothing; nothing has been answered yet." in found.output
    assert "  dlprep quiz --minutes 20\n" in found.output
    assert not home.exists()


def test_dlprep_alone_says_what_is_due_and_new(answer):
    first, second, *rest = Bank.load()
    answer(first.id, "wrong", ago=4)
    answer(second.id)
    text = run().output
    assert f"Due: 1 question, about {first.minutes:g} min, the oldest since 3 days.\n" in text
    assert f"New: {len(rest)} of {len(rest) + 2} questions.\n" in text
    assert "Today: 1 answer; 1 day in a row.\n" in text
    assert "  dlprep quiz --minutes 20\n" in text


def test_when_nothing_is_due_the_next_day_is_named(answer, home, capsys):
    for question in ALL:
        answer(question)
    found = overview(Bank.load(BANK), *past(today()), today())
    show(Plain(), found, today())
    text = capsys.readouterr().out
    assert text.startswith("Due: nothing; the next review is in 2 days.\nNew: 0 of 5 questions.\n")
    assert "  dlprep quiz --minutes 20 --cram --bank" in text


def test_help_still_lists_the_commands():
    text = run("--help").output
    for name in cli.commands:
        assert f"\n  {name} " in text


def test_a_damaged_history_is_said_by_both(home):
    home.parent.mkdir()
    home.write_bytes(b"no database")
    for found in (run(), stats()):
        assert found.exit_code == 1
        assert "is damaged: it is no SQLite file" in found.output
