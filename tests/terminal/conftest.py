"""A small bank, a history in a file, a worker, and sessions whose input is a script."""

import io
import os
import shlex
import shutil
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from terminal.pseudo import Terminal

from dlprep.lab.worker import Worker
from dlprep.quiz.bank import Bank
from dlprep.quiz.history import History
from dlprep.quiz.session import Filters, Session
from dlprep.terminal import quiz

BANK = Path(__file__).with_name("bank")
PLAY = Path(__file__).with_name("play.py")


@pytest.fixture(scope="session")
def worker():
    with Worker() as worker:
        yield worker


@pytest.fixture
def history(tmp_path):
    with History.open(tmp_path / "history.db") as history:
        yield history


@pytest.fixture
def session(history):
    """Return a function that begins a session of one kind, or of all, of a bank."""
    start = datetime(2027, 1, 4, 9, 0, tzinfo=timezone(timedelta(hours=1)))

    def begin(kind=None, folder=BANK):
        bank = Bank.load(folder)
        return Session(bank, history, Filters(kind=kind), seed=3, clock=lambda: start)

    return begin


@pytest.fixture
def bank(tmp_path):
    """Return the folder of a copy of the small bank, to be changed by the test."""
    shutil.copytree(BANK, tmp_path / "bank")
    return tmp_path / "bank"


@pytest.fixture
def play(session, worker, tmp_path, monkeypatch, capsys):
    """Return a function that types lines into a plain session.

    It returns what was written; the exit code is in its attribute `code`.
    """

    def typed(*lines, begin=session, **which):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        folder = tmp_path / "exercises"
        typed.code = quiz.run(begin(**which), worker, plain=True, folder=folder)
        return capsys.readouterr().out

    return typed


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """Return a function that sets the user's editor: it writes this text to the file."""

    def writing(text):
        script = tmp_path / "editor.py"
        script.write_text(f"import sys\nopen(sys.argv[1], 'w').write({text!r})\n")
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", shlex.join([sys.executable, str(script)]))

    return writing


@pytest.fixture
def program(tmp_path):
    """Return the command line of a session and its surroundings."""
    surroundings = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "", "LINES": ""}
    surroundings.pop("NO_COLOR", None)
    return [sys.executable, str(PLAY), str(tmp_path / "history.db")], surroundings


@pytest.fixture
def terminal(program):
    """Return a function that starts a session on a terminal."""
    opened = []

    def start(*words, columns=80, rows=40, **more):
        command, surroundings = program
        surroundings = {**surroundings, **more}
        opened.append(Terminal([*command, *words], surroundings, columns, rows))
        return opened[-1]

    yield start
    for one in opened:
        one.close()
