"""`dlprep interview` as a command: reports, what it refuses, kills, and its clock on a terminal."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from terminal.interviewing import Clock, spread
from terminal.pseudo import COLOUR, Terminal

from dlprep.cli import cli
from dlprep.quiz.bank import Bank
from dlprep.quiz.claim import Claim
from dlprep.quiz.history import History
from dlprep.quiz.interview.interview import Interview
from dlprep.quiz.interview.rule import Terms

ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="needs signals and a pseudo-terminal")


@pytest.fixture
def bank(tmp_path):
    return spread(tmp_path)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path / "dlprep" / "history.db"


def run(*words, **options):
    return CliRunner().invoke(cli, ["interview", *words], **options)


@pytest.fixture
def held(home, bank):
    """Return a finished interview, with a wrong answer, in the user's history."""
    path = next(bank.rglob("sum-of-ten.md"))
    path.write_text(path.read_text("utf-8").replace("title: Do", "title: <b>Do</b> $x^2$"), "utf-8")
    with History.open(home) as history:
        interview = Interview(Bank.load(bank), history, Terms(15, seed=1), Clock())
        while interview.put():
            question = interview.open.ask.question
            if question.kind in ("numeric", "code"):
                interview.give_up()
            else:
                interview.say("")
                interview.mark([])
    return interview


def test_a_report_in_words_as_json_and_as_a_page(held, bank, tmp_path):
    page = tmp_path / "report.html"
    done = run("--report", "--bank", str(bank), "--html", str(page))
    assert done.exit_code == 0, done.output
    assert "A stronger answer had:" in done.output and "compared with the key points by" in (
        " ".join(done.output.split())
    )
    assert f"dlprep quiz {held.report().study[0].question}" in done.output
    text = page.read_text("utf-8")
    assert "http" not in text and "<script" not in text and "&lt;b&gt;Do" in text
    found = json.loads(run("--report", "--bank", str(bank), "--json").output)
    assert found == json.loads(json.dumps(held.report().to_dict()))


def test_what_cannot_be_is_one_sentence(home, bank, tmp_path):
    assert "No interview was held yet" in run("--report").output
    for words, said in (
        (["--json"], "--json is for --report"),
        (["--report", "--new"], "for what was held"),
        (["--report", "--end"], "for what was held"),
        (["--report", "--line"], "for what was held"),
        (["--minutes", "20"], "'20' is not one of"),
        (["--chapter", "nowhere"], "nowhere"),
    ):
        done = run(*words)
        assert done.exit_code in (1, 2) and said in done.output, done.output
        assert "Traceback" not in done.output
    assert not History.existing() or not Interview.last(Bank.load(bank), History.existing())


def test_a_page_that_cannot_be_written_loses_nothing(held, bank, tmp_path):
    done = run("--report", "--bank", str(bank), "--html", str(tmp_path))
    assert done.exit_code == 1 and "cannot be written" in done.output
    assert run("--report", "--bank", str(bank)).exit_code == 0


def test_an_unfinished_one_is_not_left_by_accident(home, bank):
    with History.open(home) as history:
        Interview(Bank.load(bank), history, Terms(15), Clock()).put()
    done = run("--minutes", "30", "--bank", str(bank))
    assert done.exit_code == 1 and "is not finished, 0 of 15 minutes" in done.output
    ended = run("--end", "--bank", str(bank))
    assert ended.exit_code == 0 and "Report" in ended.output
    with History.open(home) as history:
        assert Interview.last(Bank.load(bank), history).ended


@posix
def test_on_a_terminal_it_survives_a_kill_and_pauses_at_a_signal(home, bank):
    words = ["interview", "--bank", str(bank), "--folder", str(home.parent)]
    command = [sys.executable, "-m", "dlprep", *words]
    surroundings = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    surroundings.pop("NO_COLOR", None)
    terminal = Terminal([*command, "--seed", "1"], surroundings)
    try:
        screen = COLOUR.sub("", terminal.until("Enter when you have answered"))
        assert "0 of 30 minutes" in screen and "Question 1" in screen
        terminal.type("words\r")
        terminal.until("Which did you say?")
        terminal.process.send_signal(signal.SIGKILL)
    finally:
        terminal.close()
    terminal = Terminal(command, surroundings, columns=40)
    try:
        screen = terminal.until("Which did you say?")
        assert "goes on at 0 of 30 minutes" in COLOUR.sub("", screen)
        terminal.type("none\r")
        terminal.until("Question 2")
        terminal.type("\x03")
        terminal.until("goes on.")
        assert terminal.process.wait(20) == 130
    finally:
        terminal.close()
    with History.open(home) as history:
        assert Interview.last(Bank.load(bank), history).turns[0].result == "wrong"


@posix
def test_the_clock_on_screen_goes_on(program, tmp_path):
    script = tmp_path / "clock.py"
    script.write_text(
        "import itertools\n"
        "from dlprep.terminal.screen import Screen\n"
        "view = Screen()\n"
        "ticks = itertools.count()\n"
        "view.status = lambda: f'{next(ticks) // 20} of 30 minutes'\n"
        "with view.keyboard:\n"
        "    print('got', view.ask('Say'))\n"
    )
    terminal = Terminal([sys.executable, str(script)], program[1])
    try:
        terminal.until("1 of 30 minutes")
        terminal.type("wo")
        terminal.until("2 of 30 minutes")
        terminal.type("rds\r")
        terminal.until("got words")
    finally:
        terminal.close()


def test_from_the_command_to_the_report(home, bank, tmp_path):
    page = tmp_path / "report.html"
    typed = "s\n" * 9
    done = run("--bank", str(bank), "--seed", "1", "--html", str(page), input=typed)
    assert done.exit_code == 0, done.output
    assert "What to study" in done.output and page.exists()


def test_a_page_of_a_paused_interview_comes_later(home, bank, tmp_path):
    page = tmp_path / "report.html"
    done = run("--bank", str(bank), "--html", str(page), input="q\n")
    assert "name --html again then" in done.output and not page.exists()


def test_a_seed_of_zero_is_one(home, bank):
    run("--bank", str(bank), "--seed", "0", input="q\n")
    with History.open(home) as history:
        assert Interview.last(Bank.load(bank), history).terms.seed == 0


def test_an_exam_reports_nothing_before_its_end(home, bank):
    run("--bank", str(bank), "--exam", input="words\n1\nq\n")
    for words in (["--report"], ["--report", "--json"]):
        done = run(*words, "--bank", str(bank))
        assert done.exit_code == 1 and "tells nothing before its end" in done.output
    assert run("--end", "--bank", str(bank)).exit_code == 0


def test_one_interview_is_held_in_one_place(home, bank):
    run("--bank", str(bank), input="q\n")
    with History.open(home) as history:
        claim = Claim(home)
        assert claim.take(Interview.last(Bank.load(bank), history).name)
        done = run("--bank", str(bank), input="q\n")
        claim.release()
    assert done.exit_code == 1 and "in another terminal" in done.output
