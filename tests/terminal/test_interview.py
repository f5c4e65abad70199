"""`dlprep interview`: held in plain words and on a terminal, paused, gone on with, reported."""

import io
import json
import os
import shutil
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from terminal.pseudo import COLOUR, Terminal

from dlprep.cli import cli
from dlprep.quiz.bank import Bank
from dlprep.quiz.history import History
from dlprep.quiz.interview.interview import Interview
from dlprep.quiz.interview.rule import Terms
from dlprep.terminal import room
from dlprep.terminal.plain import Plain
from dlprep.terminal.room import Room

ROOT = Path(__file__).parents[2]
RIGHT = "def double(x):\n    return 2 * x\n"
CHAPTERS = ("even-numbers", "half-of-one", "sum-of-ten", "what-is-zero", "write-double")
posix = pytest.mark.skipif(os.name != "posix", reason="needs signals and a pseudo-terminal")


@pytest.fixture
def bank(tmp_path):
    """Return a bank of the small one's questions, each in a chapter of its own."""
    (files,) = (Path(__file__).parent / "bank").iterdir()
    for number, name in enumerate(CHAPTERS, 1):
        chapter = tmp_path / "bank" / f"{number:02}_{name.replace('-', '_')}"
        chapter.mkdir(parents=True)
        for path in files.glob(f"{name}*"):
            shutil.copy(path, chapter)
    return tmp_path / "bank"


class Clock:
    """Twenty seconds pass whenever somebody looks."""

    def __init__(self):
        self.time = datetime(2027, 1, 4, 9, tzinfo=UTC)

    def __call__(self):
        self.time += timedelta(seconds=20)
        return self.time


@pytest.fixture
def hold(bank, history, worker, tmp_path, monkeypatch, capsys):
    """Return a function that types lines into an interview; it returns it and what was written."""

    def typed(*lines, name=None, **terms):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        begun = None if name else Terms(**({"seed": 1} | terms))
        held = Interview(Bank.load(bank), history, begun, Clock(), name)
        typed.code = Room(held, worker, Plain(), tmp_path / "exercises").hold()
        return held, capsys.readouterr().out

    return typed


def answers(question):
    """Return what is typed for a question that is answered well."""
    return {
        "sum-of-ten": ["yes", "all", ""],
        "even-numbers": ["two and four", "1", ""],
        "half-of-one": ["1/2"],
        "what-is-zero": ["nothing", "all", ""],
        "write-double": ["e", ""],
    }[question]


def scripted(hold):
    """Hold an interview whose every question is answered well; return it and what was written."""
    lines, asked = [], 0
    while True:
        held, text = hold(*lines)
        if held.ended:
            return held, text
        assert len(held.turns) == asked + 1, text
        asked += 1
        lines += answers(held.turns[-1].ask.question.id)


def test_an_interview_to_its_end(hold, editor, history):
    editor(RIGHT)
    held, text = scripted(hold)
    assert {turn.ask.question.id for turn in held.turns} == set(CHAPTERS)
    assert [turn.result for turn in held.turns].count("right") >= 4, text
    assert "Question 2 (" in text and "of 30 minutes\nAnswer aloud" in text
    assert "1. yes" not in text, "options are not shown"
    assert "The experiment measured 0.5." in text
    assert len(history.events(kinds=["answer"])) >= 5


def test_an_exam_shows_nothing_before_its_end(hold, editor, bank):
    editor("def double(x):\n    return x\n")
    lines = []
    while True:
        held, text = hold(*lines, exam=True)
        if held.ended:
            break
        kind = held.turns[-1].ask.question.kind
        lines += {"numeric": ["7"], "code": ["e", ""]}.get(kind, ["words", "1"])
    before, *marked = text.split("What you said of this")
    assert marked and held.unmarked
    for question in Bank.load(bank):
        for told in (question.body.answer[:30], *question.body.key_points):
            assert told not in before
    for told in ("Right", "Wrong", "measured", "holds", "strong answer"):
        assert told not in before
    assert "Handed in." in before


def test_it_pauses_and_goes_on_with_the_file_as_it_was(hold, editor, tmp_path):
    editor(RIGHT)
    lines = []
    while True:
        held, _ = hold(*lines)
        if held.turns[-1].ask.question.kind == "code":
            break
        lines += answers(held.turns[-1].ask.question.id)
    held, text = hold(*lines, "e", "q")
    assert "Paused at " in text and hold.code == 0
    file = next((tmp_path / "exercises").rglob("write*.py"))
    assert file.read_text() == RIGHT
    again, text = hold("", "q", name=held.name)
    assert "which goes on at" in text and file.read_text() == RIGHT
    assert next(t for t in again.turns if t.ask.question.kind == "code").result == "right"


def test_every_key_is_understood_and_passing_tells_what_it_is(hold):
    held, text = hold(*room.KEYS)
    assert "not understood" not in text
    for key, what in room.KEYS.items():
        assert f"  {key}  {what[:40]}" in hold("h", "q")[1]
    assert held.turns[0].result == "gave up" and "Passed, after " in text
    _, text = hold("words", "s", "x", "7", "1")
    assert "There is no question to pass on here." in text
    assert text.count("not understood: numbers from 1 to") == 2


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
