"""What is wrong with the history or the output is said by every command: one sentence, exit 1."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from dlprep.cli import cli
from dlprep.quiz.history import History

BANK = Path(__file__).with_name("bank")
READERS = (["list"], ["search", "even"], ["check", "--static"], ["quiz", "--plain"])


@pytest.fixture
def history(tmp_path, monkeypatch):
    """Return the place of the user's history."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "dlprep" / "history.db"


def notes(path):
    path.parent.mkdir(parents=True)
    path.write_text("my notes")


def pipe(path):
    path.parent.mkdir(parents=True)
    os.mkfifo(path)


def odd_row(path):
    import sqlite3

    with History.open(path), sqlite3.connect(path) as other:
        other.execute(
            "INSERT INTO event VALUES (1, 'u', '2027-01-15T12:00:00.000000Z', '2027-99-99', 's',"
            " 'answer', 'q', '{}', '')"
        )
    other.close()


def no_folder(path):
    path.parents[1].write_text("a file where a folder should be")


@pytest.mark.parametrize("words", READERS, ids=lambda words: words[0])
@pytest.mark.parametrize("make", [notes, pipe, odd_row, no_folder])
def test_a_bad_history_is_said_alike_by_every_command_that_reads_it(history, make, words):
    make(history)
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 1
    (line,) = (line for line in done.stderr.splitlines() if line != "No faults.")
    assert line.startswith(f"The history {history} ")
    with suppress(OSError):
        assert make is not notes or history.read_text() == "my notes"


@pytest.mark.parametrize("words", READERS[:3], ids=lambda words: words[0])
@pytest.mark.parametrize("as_json", [[], ["--json"]], ids=["", "json"])
def test_a_bad_history_keeps_nobody_from_the_bank(history, words, as_json):
    done = CliRunner().invoke(cli, [*words, *as_json])
    notes(history)
    after = CliRunner().invoke(cli, [*words, *as_json])
    assert after.exit_code == 1 and "The history" in after.stderr
    assert after.stdout == done.stdout and (done.stdout or "No faults." in after.stderr)


def test_the_doctor_says_so_too(history):
    from dlprep.terminal.doctor import database

    notes(history)
    (row,) = database()
    assert not row.ok
    assert row.found.startswith(f"The history {history} is damaged")


@pytest.mark.parametrize("words", READERS[:3], ids=lambda words: words[0])
def test_what_only_reads_needs_no_history_and_makes_none(history, words):
    assert CliRunner().invoke(cli, words).exit_code == 0
    assert not history.parent.exists()


def test_the_doctor_makes_no_history(history):
    from dlprep.terminal.doctor import database

    (row,) = database()
    assert row.ok and "begun with the first quiz" in row.found
    assert not history.parent.exists()


def test_the_doctor_shows_the_folder_of_the_users_code(history):
    from dlprep.terminal.doctor import exercises

    folder = history.parent / "exercises"
    (row,) = exercises()
    assert row.ok and row.found == f"{folder}, begun with the first code question"
    assert not history.parent.exists()
    folder.mkdir(parents=True)
    (folder / "softmax.py").write_text("")
    assert exercises()[0].found == f"{folder}, 1 file"
    (folder / "softmax.py").unlink()
    folder.rmdir()
    folder.write_text("")
    (row,) = exercises()
    assert not row.ok and row.found == f"{folder} is no folder to write to"
    assert row.mend.endswith("name another with --folder.")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device")
@pytest.mark.parametrize(
    "words",
    [["list"], ["list", "--json"], ["search", "even"], ["show", "even-numbers"], ["--help"]],
    ids=" ".join,
)
@pytest.mark.parametrize("buffered", [True, False])
def test_a_full_output_is_said_once(history, words, buffered, monkeypatch):
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    if not buffered:
        monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    bank = [] if words == ["--help"] else ["--bank", str(BANK)]
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dlprep", *words, *bank],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "No space left on device" in line


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("list >&-", ["The system refuses: standard output is closed"]),
        ("search nothing-of-the-kind 2>&-", []),
        ("list 2>&- <&- >/dev/null", []),
    ],
)
def test_a_closed_stream_is_no_traceback(history, words, lines):
    command = f'"{sys.executable}" -m dlprep {words.replace(" ", f" --bank {BANK} ", 1)}'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert done.stderr.splitlines() == lines
    assert done.returncode == (0 if "/dev/null" in words else 1)


def test_a_reader_that_goes_away_is_no_fault_to_speak_of(history):
    command = [sys.executable, "-m", "dlprep", "list", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as done:
        done.stdout.close()
        assert done.stderr.read() == b""
    assert done.returncode == 1
