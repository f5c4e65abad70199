"""Every command on the code pages of Windows, and on terminals that have ASCII alone."""

import re
from datetime import timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from dlprep.cli import cli
from dlprep.quiz.days import now
from dlprep.quiz.history import History
from dlprep.terminal.opening import today

BANK = Path(__file__).with_name("bank")
OWN = ("--bank", str(BANK))
WORDS = {
    "": (),
    "check": ("check", "--static", *OWN),
    "code": ("code", "write-double", *OWN),
    "completion": ("completion", "bash"),
    "demo": ("demo", "even-numbers", *OWN),
    "disputes": ("disputes", *OWN),
    "doctor": ("doctor",),
    "export anki": ("export", "anki", "--out", "HOME/anki.txt", *OWN),
    "export json": ("export", "json", "--out", "HOME/q.json", *OWN),
    "interview": ("interview", "--minutes", "15", *OWN),
    "list": ("list",),
    "new": ("new", "01_basics/new-one", "--bank", "HOME/mine"),
    "pack add": ("pack", "add", "HOME/vision"),
    "pack list": ("pack", "list"),
    "pack remove": ("pack", "remove", "vision", "--yes"),
    "pack trust": ("pack", "trust", "vision", "--yes"),
    "plan": ("plan", "--date", str(today() + timedelta(20))),
    "progress export": ("progress", "export", "HOME/out", "--yes"),
    "progress import": ("progress", "import", "HOME/out", "--yes"),
    "progress merge": ("progress", "merge", "HOME/out"),
    "progress reset": ("progress", "reset", "--all", "--yes"),
    "quiz": ("quiz", "-n", "3", *OWN),
    "search": ("search", "what", "is", "softmax"),
    "show": ("show", "attention-as-soft-lookup", "--answer"),
    "stats": ("stats", *OWN),
}
ASCII, HEAVY = "ascii", ("code", "demo", "doctor", "interview", "quiz")
"""What waits for Keras is tried on one page, and on the others in the slow part."""


def commands(group, path=""):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        else:
            yield path + name


def test_no_command_is_forgotten():
    assert set(WORDS) == {"", *commands(cli)}


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        pytest.param(name, page, marks=pytest.mark.slow if name in HEAVY and page != ASCII else ())
        for name in WORDS
        for page in ("cp1252", "cp437", ASCII)
    ],
)
def test_nothing_is_escaped_and_nothing_fails(tmp_path, monkeypatch, name, encoding):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    runner = CliRunner(charset=encoding)

    def run(*words, **more):
        words = [word.replace("HOME", str(tmp_path)) for word in words]
        return runner.invoke(cli, words, **more)

    data = {"result": "wrong", "rating": "again", "seconds": 9.0, "misconceptions": ["`3`"]}
    with History.open(tmp_path / "data" / "dlprep" / "history.db") as history:
        history.append("answer", "even-numbers", data, at=now(), session="s")
    if name.startswith("pack"):
        run("new", "01_basics/one", "--bank", "HOME/vision")
    if name in ("progress import", "progress merge"):
        run(*WORDS["progress export"])
    if name in ("pack list", "pack trust", "pack remove"):
        run(*WORDS["pack add"])
    done = run(*WORDS[name], input="h\nwords\nall\n\n\n\nq\n")
    assert done.exit_code in (0, 1), done.output
    assert isinstance(done.exception, SystemExit | None), repr(done.exception)
    assert not re.search(r"\\[uUx][0-9a-f]{2}|Traceback", done.output), done.output
    assert done.output or name.startswith("export")
