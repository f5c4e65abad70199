"""`dlprep plan`: kept, shown at any width, followed by the quiz, and what it refuses."""

import json
import sys
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from terminal.pseudo import COLOUR, Terminal

from dlprep.cli import cli
from dlprep.quiz.history import History
from dlprep.terminal.opening import today


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path / "dlprep"


def run(*words, **options):
    return CliRunner().invoke(cli, words, **options)


def in_days(number):
    return str(today() + timedelta(number))


def test_a_plan_is_shown_and_kept():
    done = run("plan", "--date", in_days(20), "--minutes", "40")
    assert done.exit_code == 0, done.output
    assert "in 20 days; 40 minutes a day." in done.output
    assert "At 40 minutes a day you reach " in done.output
    assert "dlprep quiz --planned" in done.output
    assert run("plan").output == done.output
    assert run("plan", "--minutes", "60").output != done.output
    assert f"Interview: {in_days(20)}, in 20 days.\n" in run().output


def test_overload_is_said_plainly():
    text = " ".join(run("plan", "--date", in_days(5), "--minutes", "20").output.split())
    assert ", the most asked first; all would take about " in text


def test_json_has_every_day():
    found = json.loads(run("plan", "--date", in_days(30), "--json").output)
    assert len(found["days"]) == 30 and found["interview"] == in_days(30)
    assert found["minutes"] == 30


@pytest.mark.parametrize("rich", [True, False])
def test_forty_columns_and_ascii_are_enough(program, home, rich):
    run("plan", "--date", in_days(9), "--minutes", "30")
    surroundings = {**program[1], "XDG_DATA_HOME": str(home.parent), "PYTHONIOENCODING": "ascii"}
    surroundings |= {} if rich else {"TERM": "dumb"}
    terminal = Terminal([sys.executable, "-m", "dlprep", "plan"], surroundings, 40)
    text = ""
    while part := terminal.read():
        text += part
    terminal.close()
    rows = COLOUR.sub("", text).replace("\r", "").split("\n")
    assert "dlprep quiz --planned" in rows
    assert max(map(len, rows)) <= 40


def test_the_quiz_asks_what_the_plan_has_for_today():
    run("plan", "--date", in_days(9), "--minutes", "30")
    days = json.loads(run("plan", "--json").output)["days"]
    (first, *_) = days[0]["new"]
    title = json.loads(run("show", first, "--json").output)["title"]
    asked = run("quiz", "--planned", "--plain", input="q\n").output
    assert title.split("$")[0][:20] in " ".join(asked.split())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["plan"], 1, "No interview is kept"),
        (["quiz", "--planned"], 1, "No interview is kept"),
        (["plan", "--date", "soon"], 2, "'soon' is no day: expected one like 2027-01-15."),
        (["plan", "--date", "2020-01-01"], 2, "must be after today"),
        (["plan", "--date", in_days(0)], 2, "must be after today"),
        (["plan", "--date", in_days(367)], 2, "At most 366 days ahead can be planned"),
        (["plan", "--date", "9999-12-31"], 2, "At most 366 days ahead can be planned"),
        (["plan", "--date", in_days(9), "--minutes", "0"], 2, "0 is not in the range"),
        (["plan", "--date", in_days(9), "--minutes", "1"], 1, "received 1 a day"),
        (["plan", "--forget", "--minutes", "9"], 2, "--forget takes no date"),
    ],
)
def test_what_cannot_be_planned_is_one_sentence(words, code, said):
    done = run(*words)
    assert (done.exit_code, said in " ".join(done.output.split())) == (code, True), done.output


@pytest.mark.parametrize("minutes", ["many", None, -3, 0, True, [30]])
def test_minutes_that_are_none_count_as_the_usual_ones(home, minutes):
    with History.open(home / "history.db") as history:
        data = {"interview": in_days(9), "minutes": minutes}
        history.append("setting", None, data, at=datetime.now(UTC), session="s")
    assert "30 minutes a day" in run("plan").output


def test_an_interview_can_be_forgotten_and_one_that_is_over_is_none():
    run("plan", "--date", in_days(9))
    assert run("plan", "--forget").output == "There is no interview any more.\n"
    assert run("plan").exit_code == 1
    assert "Interview" not in run().output


def test_what_would_be_ignored_is_refused():
    for words, said in (
        (["plan", "--forget", "--json"], "prints no JSON"),
        (["quiz", "--planned", "--bank", "x"], "leave --bank out"),
    ):
        done = run(*words)
        assert done.exit_code == 2 and said in done.output
