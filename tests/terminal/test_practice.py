"""`dlprep code`: one exercise in plain words and on a terminal, graded at Enter and at saves."""

import io
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from terminal.pseudo import COLOUR, Terminal

from dlprep.cli import cli
from dlprep.quiz.bank import Bank
from dlprep.terminal import practice

BANK = Path(__file__).with_name("bank")
RIGHT = "def double(x):\n    print('called')\n    return 2 * x\n"
WRONG = "def double(x):\n    return x * x\n"
posix = pytest.mark.skipif(os.name != "posix", reason="needs signals and a pseudo-terminal")


@pytest.fixture
def practise(worker, tmp_path, monkeypatch, capsys):
    """Return a function that types lines into `dlprep code`; its `code` is the exit code."""

    def typed(*lines):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        question = Bank.load(BANK)["write-double"]
        typed.code = practice.run(question, worker, tmp_path / "mine", plain=True)
        return capsys.readouterr().out

    return typed


@pytest.fixture
def command(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    words = ["code", "write-double", "--bank", str(BANK), "--folder", str(tmp_path / "mine")]
    return [sys.executable, "-m", "dlprep", *words, "--watch"]


def test_a_failure_and_a_pass_with_its_solution_and_difference(practise, editor, tmp_path):
    editor(RIGHT)
    text = practise("", "e", "", "", "q")
    _, failed, _, passed, again, _ = text.split("Enter grades the file:")
    assert "Not yet" in failed and "double is not written yet, see line 5" in failed
    order = ["Your code printed:\n    called", "\nRight\n", "2 properties hold."]
    order += ["A solution", "Your code (-) and the solution (+)", "-    return 2", "+    return x"]
    places = [passed.index(part) for part in order]
    assert places == sorted(places)
    assert "\nRight\n" in again and "A solution" not in again, "once is enough"
    assert practise.code == 0


def test_every_key_is_understood(practise):
    text = practise(*practice.KEYS)
    assert "not understood" not in text and practise.code == 0
    for key, what in practice.KEYS.items():
        assert key == "q" or f"  {key:<2}  {what[:40]}" in practise("h", "q")


def test_hints_come_one_by_one_and_end(practise):
    text = practise("?", "?", "x", "q")
    assert "Hint 1 of 1: Add it to itself." in text
    assert "There are no more hints; g shows a solution." in text
    assert "'x' was not understood: Enter or a key." in text


def test_the_same_code_as_the_solution_has_no_difference(practise, editor):
    editor('def double(x):\n    """Return twice `x`."""\n    return x + x\n')
    assert "They are the same." in practise("e", "g", "q")


def test_a_file_that_is_no_text_is_not_compared(practise, editor, tmp_path):
    editor("x")
    (tmp_path / "editor.py").write_text("import sys\nopen(sys.argv[1], 'wb').write(b'\\xff')\n")
    assert "Your file cannot be compared: " in practise("e", "g", "q")


def test_a_limit_that_is_hit_is_named(practise, editor):
    editor("def double(x):\n    while True:\n        print('x' * 10**5)\n")
    assert "printed more than 1 MB" in " ".join(practise("e", "", "q").split())


def test_a_folder_that_cannot_be_used_is_said(practise, tmp_path):
    (tmp_path / "mine").write_text("")
    assert "The file for your code cannot be written: " in practise() and practise.code == 1


@pytest.mark.parametrize(("ident", "said"), [("even-numbers", "is of kind choice; "),
                                             ("no-such", "no-such")])  # fmt: skip
def test_what_cannot_be_practised_is_refused(ident, said):
    done = CliRunner().invoke(cli, ["code", ident, "--bank", str(BANK)])
    assert done.exit_code == 1 and said in done.stderr and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [["quiz", "--kind", "code"], ["code", "write-double"]])
@pytest.mark.parametrize("folder", [None, "mine"])
def test_files_are_in_the_data_folder_or_the_one_that_is_named(
    words, folder, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    named = ["--folder", folder] if folder else []
    done = CliRunner().invoke(cli, [*words, "--bank", str(BANK), *named], input="q\n")
    file = tmp_path / (folder or "data/dlprep/exercises") / "write_double.py"
    assert done.exit_code == 0 and file.is_file()
    assert str(file) in "".join(done.output.splitlines())
    assert list(tmp_path.rglob("*.py")) == [file]


@contextmanager
def running(command, stdin):
    # What the caller ignores, as a shell's background jobs do, would stay ignored.
    heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(
        command, stdin=stdin, stdout=subprocess.PIPE, text=True, bufsize=1, preexec_fn=heeding
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def until(process, mark):
    """Return what a process writes up to a line with this mark."""
    found = ""
    while mark not in found:
        line = process.stdout.readline()
        assert line, found
        found += line
    return found


@posix
def test_without_any_input_saves_are_graded_until_ctrl_c(command, tmp_path):
    file = tmp_path / "mine" / "write_double.py"
    with running(command, subprocess.DEVNULL) as process:
        until(process, "(end of input)")
        file.write_text(WRONG)
        until(process, "Does not hold: three becomes six")
        file.write_text("def double(x):\n    while True:\n        pass\n")
        until(process, "The grading runs.")
        time.sleep(1)
        file.write_text(RIGHT)
        text = until(process, "+    return x + x")
        assert "The file was saved again, so the grading begins anew." in text
        assert "took longer" not in text
        process.send_signal(signal.SIGINT)
        assert "Stopped; your file stays as it is." in process.stdout.read()
        assert process.wait(timeout=30) == 130
    assert not (tmp_path / "data" / "dlprep").exists(), "nothing is recorded"


@posix
def test_over_a_pipe_saves_are_graded_and_keys_are_obeyed(command, tmp_path):
    with running(command, subprocess.PIPE) as process:
        until(process, "Keys: ")
        (tmp_path / "mine" / "write_double.py").write_text(WRONG)
        until(process, "Does not hold: three becomes six")
        process.stdin.write("?\nq\n")
        process.stdin.close()
        assert "Hint 1 of 1" in process.stdout.read()
        assert process.wait(timeout=30) == 0


@posix
def test_on_a_narrow_terminal_every_save_has_its_verdict(command, tmp_path):
    screen = Terminal(command, dict(os.environ, COLUMNS="", LINES=""), columns=40, rows=24)
    try:
        text = screen.until("Enter grades the file")
        file = tmp_path / "mine" / "write_double.py"
        file.write_text(WRONG)
        text += screen.until("Enter grades the file")
        file.write_text("def double(x):\n    return 3 * x\n")
        text += screen.until("9.0")
        time.sleep(0.5)
        screen.type("q")
        assert screen.process.wait(timeout=30) == 0
        rows = COLOUR.sub("", text).replace(str(file.parent), "").splitlines()
        # A bar, which has a clock, is drawn over itself.
        rows = [row for row in rows if not re.search(r"\d:\d\d:\d\d", row)]
        assert "\x1b[1;31m" in text and "Not yet" in text
        assert [row for row in rows if len(row) > 40] == []
    finally:
        screen.close()
