"""The commands with a pack that writes a file as soon as any of its programs is run or imported."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from dlprep.cli import cli
from dlprep.quiz.history import History
from dlprep.quiz.new import create

PAGE = Path(__file__).parents[2] / "docs" / "packs.md"
SENTENCE = "`dlprep pack trust evil` lists them and asks"


@pytest.fixture
def dlprep(tmp_path, monkeypatch):
    """Return a function that runs a command as a user with empty folders."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def command(*words, typed=""):
        return CliRunner().invoke(cli, [str(word) for word in words], input=typed)

    return command


@pytest.fixture
def trace(tmp_path):
    """Return the file that the pack `evil` writes, which is added."""
    return tmp_path / "trace"


@pytest.fixture
def evil(dlprep, trace, tmp_path):
    """Return the copy of a pack whose programs, and names that Python may import, leave a trace."""
    folder = tmp_path / "evil"
    for kind in ("choice", "numeric", "predict", "recall", "code"):
        create(folder, f"01_mine/a-{kind}", kind)
    attack = f"open({str(trace)!r}, 'a').write('ran')\n"
    for path in folder.rglob("*.py"):
        path.write_text(attack + path.read_text("utf-8"), "utf-8")
    for name in ("keras.py", "numpy.py", "sitecustomize.py", "conftest.py"):
        (folder / name).write_text(attack)
        (folder / "01_mine" / name).write_text(attack)
    assert dlprep("pack", "add", folder).exit_code == 0
    return tmp_path / "data" / "dlprep" / "packs" / "evil"


COMMANDS = [
    ([], ""),
    (["list"], ""),
    (["list", "--chapter", "evil:01_mine", "--json"], ""),
    (["search", "gradient"], ""),
    (["stats"], ""),
    (["show", "evil:a-choice", "--answer", "--plain"], ""),
    (["show", "evil:a-code", "--answer", "--json"], ""),
    (["check", "--static"], ""),
    (["check", "evil:a-choice"], ""),
    (["pack", "list"], ""),
    (["pack", "trust", "evil"], "n\n"),
    (["pack", "trust", "evil"], ""),
    (["demo", "evil:a-choice", "--plain"], ""),
    (["demo", "evil:a-numeric", "--aa", "--json"], ""),
    (["code", "evil:a-code", "--plain"], "\n?\ng\n\nq\n"),
    (["quiz", "evil:a-choice", "--plain"], "1\n\nd\n\n\nq\n"),
    (["quiz", "evil:a-numeric", "--plain"], "210\n\nd\n\n\nq\n"),
    (["quiz", "evil:a-predict", "--plain"], "1\n\nd\n\n\nq\n"),
    (["quiz", "evil:a-recall", "--plain"], "x\n1\n\nd\n\n\nq\n"),
    (["quiz", "evil:a-code", "--plain"], "\n\n\nq\n"),
]
ASK = ("demo", "code", "quiz")


@pytest.mark.parametrize(("words", "typed"), COMMANDS, ids=[" ".join(w) for w, _ in COMMANDS])
def test_no_command_runs_anything_of_a_pack_that_is_not_trusted(
    dlprep, evil, trace, monkeypatch, words, typed
):
    monkeypatch.chdir(evil)
    found = dlprep(*words, typed=typed)
    assert found.exception is None or isinstance(found.exception, SystemExit), found.output
    assert not trace.exists()
    if words and words[0] in ASK:
        assert SENTENCE in " ".join(found.output.split())


@pytest.mark.parametrize("command", ["demo", "code", "quiz", "check", "list"])
def test_the_copy_is_no_way_around(dlprep, evil, trace, command):
    found = dlprep(command, *["a-code"] * (command != "list"), "--bank", evil / ".." / "evil")
    assert found.exit_code == 1 and "is a pack that was added: leave out --bank" in found.output
    assert not trace.exists()


def test_a_trusted_demonstration_runs_and_a_changed_one_does_not(dlprep, evil, trace):
    asked = dlprep("pack", "trust", "evil", typed="y\n")
    assert asked.exit_code == 0 and str(evil / "01_mine" / "a-choice.py") in asked.output
    assert not trace.exists()
    assert dlprep("demo", "evil:a-choice", "--plain").exit_code == 0
    assert trace.read_text() == "ran"
    trace.unlink()
    with (evil / "01_mine" / "a-choice.py").open("a") as file:
        file.write("# changed\n")
    found = dlprep("demo", "evil:a-choice", "--plain")
    assert found.exit_code == 1 and "has changed since it was trusted" in found.output
    assert "changed since it was trusted" in dlprep("pack", "list").output
    assert not trace.exists()


def test_a_pack_is_removed_and_the_answers_stay(dlprep, evil, tmp_path):
    typed = "x\n\n1\n\n\n\nq\n"
    assert "Summary" in dlprep("quiz", "evil:a-recall", "--plain", typed=typed).output
    due = {row["id"]: row["due"] for row in json.loads(dlprep("list", "--json").stdout)}
    assert due["evil:a-recall"] and due["evil:a-choice"] is None
    assert dlprep("check", "--static").exit_code == 0
    kept = dlprep("pack", "remove", "evil", typed="n\n")
    assert kept.exit_code == 1 and "Nothing was changed" in kept.output
    assert dlprep("pack", "remove", "evil", "--yes").exit_code == 0
    assert "evil:" not in dlprep("list").output
    with History.existing() as history:
        assert "evil:a-recall" in {event.question for event in history.events()}
    assert dlprep("pack", "list").output.startswith("There is no pack")


def test_a_question_says_from_which_pack_it_is(dlprep, evil):
    assert "evil:mine, " in dlprep("show", "evil:a-choice", "--plain").output


def test_a_broken_pack_hides_nothing(dlprep, evil):
    for path in evil.rglob("*.md"):
        path.write_text("\x00")
    found = dlprep("list")
    assert found.exit_code == 0 and "adam-first-steps" in found.stdout
    (line,) = found.stderr.splitlines()
    assert "and 4 more in the pack evil" in line


def test_a_file_in_place_of_the_folder_of_packs_is_no_pack(dlprep, tmp_path):
    (tmp_path / "data" / "dlprep").mkdir(parents=True)
    (tmp_path / "data" / "dlprep" / "packs").write_text("")
    assert dlprep("list").exit_code == 0


def test_the_template_of_the_docs_is_a_pack(dlprep, tmp_path):
    files = re.findall(r"`(\d\d_\w+/[\w.]+)`:\n\n```\w+\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    assert len(files) == 2
    for name, text in files:
        path = tmp_path / "vision" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    checked = dlprep("check", "--bank", tmp_path / "vision")
    assert checked.exit_code == 0, checked.output
    assert (
        "vision: 1 question, such as vision:halved"
        in dlprep("pack", "add", tmp_path / "vision").output
    )
    assert dlprep("pack", "trust", "vision", "--yes").exit_code == 0
    played = dlprep("quiz", "vision:halved", "--plain", typed="2\n\n\n\n\n")
    assert "Right" in played.output
