"""The file of a code question in the quiz: fresh for every review, editor, reset, watch."""

import os
import shlex
import sqlite3
import sys
import time

import pytest

from dlprep.terminal.bench import Bench, Saved
from dlprep.terminal.plain import Plain

RIGHT = "def double(x):\n    return 2 * x\n"
WRONG = "def double(x):\n    return x * x\n"
terminals = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "exercises" / "write_double.py"


def flat(text):
    return " ".join(text.split())


def kept_beside(file):
    return {path.read_text("utf-8") for path in file.parent.glob("write_double.*.py")}


def test_a_review_begins_with_the_stub_and_the_last_solution_is_kept(play, file, editor, history):
    editor(RIGHT)
    play("e", "", "", kind="code")
    assert file.read_text("utf-8") == RIGHT
    history.append("undo", "write-double", {"of": history.events()[-1].uid},
                   at=history.events()[-1].at, session="other")  # fmt: skip
    text = flat(play("", "q", kind="code"))
    assert "raise NotImplementedError" in file.read_text("utf-8") and kept_beside(file) == {RIGHT}
    assert "What was in it before is kept beside it, in write_double.2" in text
    assert "double is not written yet" in text


@pytest.mark.parametrize("lines", [("g", "u"), ("", "g", "u")])
def test_what_is_undone_goes_on_with_the_same_file(play, file, editor, lines):
    editor(RIGHT)
    text = play("e", *lines, "", "", kind="code")
    assert "\nRight\n" in text and kept_beside(file) == set()


def test_reset_keeps_what_was_written(play, file, editor):
    editor(WRONG)
    text = flat(play("e", "r", "r", "", "q", kind="code"))
    assert "The file is the stub again; what was in it is kept beside it, in write_double.2" in text
    assert text.count("The file is the stub again.") == 1 and "is not written yet" in text
    assert kept_beside(file) == {WRONG}


def test_a_reset_that_fails_is_said(play, file, monkeypatch, tmp_path):
    monkeypatch.setenv("EDITOR", 'sh -c \'rm "$0" && mkdir "$0"\'')
    monkeypatch.delenv("VISUAL", raising=False)
    text = flat(play("e", "r", "q", kind="code"))
    assert "The file cannot be reset: " in text and "is no file; move it away" in text
    assert play.code == 0


@pytest.mark.parametrize(
    ("visual", "editor", "said"),
    [
        ("", "", "No editor is set. Set VISUAL or EDITOR, such as EDITOR=nano, or open"),
        (" ", "no-such-editor -x", "The editor no-such-editor -x cannot be started"),
        ("'", "true", "The editor ' cannot be started, ValueError: No closing quotation"),
        ("false", "true", "The editor ended with exit status 1."),
    ],
)
def test_an_editor_that_does_not_work_is_said(play, monkeypatch, visual, editor, said):
    monkeypatch.setenv("VISUAL", visual)
    monkeypatch.setenv("EDITOR", editor)
    assert said in flat(play("e", "q", kind="code"))


def test_the_keys_of_a_file_say_where_there_is_none(play):
    text = flat(play("e", "r", "w", "q", kind="choice"))
    assert text.count("e, r and w are for the file of a code question, once it is there.") == 3


def test_e_is_a_number_where_a_number_is_asked(play, history):
    play("e", "", kind="numeric")
    assert history.events()[0].data["value"] == pytest.approx(2.718281828)


def test_a_save_is_seen_once_it_is_whole(worker, session, tmp_path):
    bench = Bench(Plain(), worker, session("code").next().question, tmp_path)
    assert bench.begin()
    bench.path.write_text(WRONG)
    bench.look()
    bench.look()
    bench.watch()
    bench.look()
    bench.path.unlink()
    bench.look()
    bench.path.write_text("")
    bench.look()
    bench.path.write_text(RIGHT)
    bench.look()
    with pytest.raises(Saved):
        bench.look()
    assert bench.grade()["passed"]
    bench.look()
    bench.reset()
    bench.look()
    bench.look()


EDITOR = """
import os, signal, sys, termios
# The signal may come within the print below, which cannot be called again from there.
signal.signal(signal.SIGINT, lambda *_: os.write(1, b"interrupted\\n"))
echo = termios.tcgetattr(0)[3] & termios.ECHO
print("editor is there, echo", bool(echo), flush=True)
open(sys.argv[1], "w").write(input())
"""


@terminals
def test_the_editor_has_the_terminal_and_its_ctrl_c(terminal, tmp_path):
    (tmp_path / "editor.py").write_text(EDITOR)
    editor = shlex.join([sys.executable, str(tmp_path / "editor.py")])
    screen, file = terminal("code", EDITOR=editor, VISUAL=""), tmp_path / "write_double.py"
    screen.until("Enter grades the file")
    time.sleep(0.3)
    screen.type("e")
    screen.until("editor is there, echo True")
    screen.type("\x03")
    screen.until("interrupted")
    screen.type("my work\n")
    assert "exit status" not in screen.until("Enter grades the file")
    assert file.read_text() == "my work"
    time.sleep(0.3)
    screen.type("q")
    screen.until("loaded:")


@terminals
@pytest.mark.parametrize("word", [(), ("--plain",)])
def test_in_the_quiz_every_save_of_a_watched_file_is_a_try(terminal, tmp_path, word):
    screen, file = terminal("code", *word), tmp_path / "write_double.py"
    enter = "\n" if word else ""
    screen.until("Enter grades the file")
    time.sleep(0.3)
    screen.type("w" + enter)
    assert "Every save is graded" in screen.until("Enter grades the file")
    file.write_text(WRONG)
    assert "three becomes six" in screen.until("Enter grades the file")
    file.write_text(RIGHT)
    assert "2 properties hold." in screen.until("Enter shows")
    time.sleep(0.3)
    screen.type("q" + enter)
    screen.until("loaded:")
    with sqlite3.connect(tmp_path / "history.db") as database:
        kinds = [row[0] for row in database.execute("SELECT kind FROM event ORDER BY id")]
    assert kinds == ["try", "answer"]
