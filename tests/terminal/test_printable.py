"""Nothing that is printed moves the cursor, whoever named a file or wrote a text."""

import shutil
import sys
from pathlib import Path

import pytest

from dlprep.__main__ import main
from dlprep.lab.printable import printable

BANK = Path(__file__).with_name("bank")
BAD = "\x1b[31m\x9b2J\x07\u202e"


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Run a command; return what it wrote to both streams."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["dlprep", *words])
        with pytest.raises(SystemExit):
            main()
        done = capsys.readouterr()
        return done.out + done.err

    return run


@pytest.fixture
def bank(tmp_path):
    """A bank whose files and titles hold escapes."""
    folder = shutil.copytree(BANK, tmp_path / f"bank{BAD}")
    for kind in ("md", "py"):
        old = folder / "01_basics" / f"even-numbers.{kind}"
        old.rename(folder / "01_basics" / f"even{BAD}.{kind}")
    title = folder / "01_basics" / "half-of-one.md"
    title.write_text(title.read_text().replace("title: ", 'title: "\\e[31m\\x9b" # ', 1))
    (folder / "01_basics" / f"broken{BAD}.md").write_text(f"---\n{BAD}\n---\n")
    return str(folder)


@pytest.mark.parametrize(
    "words",
    [
        ["list"],
        ["list", "--json"],
        ["search", "one"],
        ["check", "--static"],
        ["check", "--static", "--json"],
        ["show", "half-of-one"],
        ["show", "half-of-one", "--plain", "--answer"],
        ["show", "half-of-one", "--json"],
        ["show", BAD],
        ["show", f"even{BAD}"],
        ["demo", f"even{BAD}x"],
        ["list", "--chapter", BAD],
        ["list", f"--{BAD}"],
        [BAD],
        ["show", "\udcff"],
    ],
    ids=repr,
)
def test_what_a_command_prints_is_printable(run, bank, words):
    inside = [] if words[0] == BAD else ["--bank", bank]
    told = run(*words, *inside)
    assert told
    assert printable(told) == told.replace("\t", "    ")


def test_a_missing_bank_is_printable_too(run):
    assert printable(told := run("list", "--bank", f"/none{BAD}")) == told
    assert "/none\ufffd[31m" in told


def test_a_folder_that_cannot_be_written_is_a_sentence(run, tmp_path):
    (tmp_path / "file").write_text("")
    told = run("demo", "half-of-one", "--bank", str(BANK), "--svg", str(tmp_path / "file" / BAD))
    assert "The system refuses: [Errno 20] Not a directory: " in told
    assert printable(told) == told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\nc\r\nd", "a    b\nc\nd"),
        ("\x1b[2J", "\ufffd[2J"),
        ("\x00\x07\x7f\x9b\u2028", "\ufffd" * 5),
        ("\udc80 \ud83d", "\ufffd \ufffd"),
        ("\u202eabc\u2066", "\ufffdabc\ufffd"),
        ("\x1f\x7f\x80\x9f\u2029\u202a\u2069\ud800\udfff\ufffe\uffff", "\ufffd" * 11),
        (" ~\xa0\u2027\u202f\u2065\u206a\ue000", " ~\xa0\u2027\u202f\u2065\u206a\ue000"),
        ("naïve 🙂 \u200d ½", "naïve 🙂 \u200d ½"),
    ],
)
def test_a_text_is_made_printable(text, shown):
    assert printable(text) == shown
    assert printable(shown) == shown
    shown.encode()
