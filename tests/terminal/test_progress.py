"""`dlprep progress` asks before it takes anything away, and says how to have it back."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from dlprep.cli import cli
from dlprep.quiz import progress, schedule
from dlprep.quiz.history import History

NOON = datetime(2027, 1, 15, 12, tzinfo=UTC)
BANK = ["--bank", str(Path(__file__).with_name("bank"))]


def fill(path, names="abc"):
    with History.open(path) as history:
        for name in names:
            history.append("answer", name, {"rating": "good"}, at=NOON, session="s")
        return history.events()


@pytest.fixture
def path(tmp_path, monkeypatch):
    """Return the place of the user's history."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "dlprep" / "history.db"


def run(*words, input=None):
    return CliRunner().invoke(cli, ["progress", *map(str, words)], input=input)


def events(path):
    with History.open(path) as history:
        return [one[1:] for one in history.events()]


def answered(path):
    with History.open(path) as history:
        return {one.question for one in schedule.answers(history.events())}


def test_an_export_merged_elsewhere_adds_what_is_new(path, tmp_path):
    there = fill(path)
    file = tmp_path / "progress.jsonl"
    assert run("export", file).stdout == f"3 events written to {file}\n"
    path.unlink()
    mine = fill(path, "xy")
    assert run("merge", file).stdout == "3 new events of 3 merged.\n"
    assert run("merge", file).stdout == "0 new events of 3 merged.\n"
    assert events(path) == [one[1:] for one in mine + there]


def test_a_pipe_takes_progress_from_machine_to_machine(path):
    fill(path)
    text = run("export", "-").stdout
    assert json.loads(text.splitlines()[0])["events"] == 3
    assert run("merge", "-", input=text).stdout == "0 new events of 3 merged.\n"


@pytest.mark.parametrize("words", [["a"], ["--all"], ["--chapter", "1"]], ids=" ".join)
def test_a_reset_is_asked_told_and_taken_back_by_the_command_it_prints(path, words):
    fill(path, ["a", "even-numbers"])
    before, forgotten = events(path), {"a": {"a"}, "--chapter": {"even-numbers"}}.get(words[0])
    refused = run("reset", *words, *BANK, input="n\n")
    assert refused.exit_code == 1 and refused.stderr.startswith("Nothing was changed")
    assert events(path) == before
    done = run("reset", *words, *BANK, input="y\n")
    assert "will be forgotten. Go on?" in done.stdout
    assert answered(path) == {"a", "even-numbers"} - (forgotten or {"a", "even-numbers"})
    command = done.stdout.splitlines()[-1]
    assert command.startswith("dlprep progress import ")
    assert CliRunner().invoke(cli, command.split()[1:]).exit_code == 0
    assert events(path) == before


def test_an_import_takes_the_place_of_everything_and_keeps_it(path, tmp_path):
    file = tmp_path / "progress.jsonl"
    fill(path, "ab")
    run("export", file)
    fill(path, "c")
    everything = events(path)
    assert run("import", file, input="\n").exit_code == 1
    done = run("import", file, "--yes")
    assert answered(path) == {"a", "b"}
    CliRunner().invoke(cli, done.stdout.splitlines()[-1].split()[1:])
    assert events(path) == everything


def test_a_first_import_asks_nothing(path, tmp_path):
    fill(path)
    run("export", tmp_path / "f")
    path.unlink()
    assert run("import", tmp_path / "f").stdout == "3 events imported.\n"
    assert answered(path) == set("abc")


def test_an_export_over_a_file_is_asked(path, tmp_path):
    fill(path)
    (tmp_path / "notes").write_text("mine")
    assert run("export", tmp_path / "notes").exit_code == 1
    assert (tmp_path / "notes").read_text() == "mine"
    assert run("export", tmp_path / "notes", "--yes").exit_code == 0


def test_a_link_is_followed_not_replaced(path, tmp_path):
    fill(path)
    (tmp_path / "link").symlink_to(tmp_path / "file")
    run("export", tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "file").is_file()


def odd(path, tmp_path):
    fill(path)
    (tmp_path / "notes").write_text("my notes")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["export", "{}"], "cannot be written: a folder, a pipe or a device"),
        (["export", "/dev/null"], "cannot be written: a folder, a pipe or a device"),
        (["export", "{}/notes/below"], "cannot be written: "),
        (["import", "{}/nothing"], "cannot be read: No such file"),
        (["import", "{}"], "cannot be read: Is a directory"),
        (["import", "{}/notes", "--yes"], "is no progress"),
        (["merge", "{}/notes"], "is no progress"),
        (["merge", "/dev/null"], "is no progress"),
        (["reset", "evn-numbers", *BANK], "did you mean even-numbers"),
        (["reset", "--chapter", "nowhere", *BANK], "no chapter 'nowhere'"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else None,
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(path, tmp_path, words, said):
    fill(path)
    (tmp_path / "notes").write_text("my notes")
    before = events(path)
    done = run(*[word.replace("{}", str(tmp_path)) for word in words])
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert said in done.stderr
    assert events(path) == before


@pytest.mark.parametrize("words", [["export", "f"], ["reset", "--all"]], ids=" ".join)
def test_without_a_history_there_is_nothing_to_do(path, words):
    done = run(*words)
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert not path.parent.exists()


@pytest.mark.parametrize("words", [[], ["a", "--all"], ["--all", "--chapter", "1"]], ids=" ".join)
def test_a_reset_of_nothing_or_of_two_things_is_refused(path, words):
    fill(path)
    assert run("reset", *words).exit_code == 2


def test_nothing_to_forget_is_no_fault(path):
    fill(path, [])
    done = run("reset", "--all")
    assert (done.exit_code, done.stdout) == (0, "There is no answer to forget.\n")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs kill and fork")
@pytest.mark.parametrize(
    ("words", "backup"),
    [
        (["export", "{}/out", "--yes"], False),
        (["merge", "{}/more"], False),
        (["import", "{}/more", "--yes"], True),
        (["reset", "--all", "--yes"], True),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_a_kill_inside_any_write_leaves_the_old_state_or_the_new(path, tmp_path, words, backup):
    common = fill(path)
    (tmp_path / "data" / "out").write_text("old")
    # The copy went on apart, so that a merge writes all anew.
    longer = [*common, *(one._replace(uid=f"#{one.id}") for one in common)]
    progress.export(longer, tmp_path / "data" / "more")
    fill(path, "de")
    command = ["progress", *(word.replace("{}", str(tmp_path / "data")) for word in words)]
    dying = [sys.executable, str(Path(__file__).with_name("dying.py")), str(tmp_path), *command]
    done = subprocess.run(dying, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = [line.split(",") for line in done.stdout.splitlines()]
    assert len(found) > 8 and [line[3] for line in found].count("alive") == 1
    states = [line[words[0] == "export"] for line in found]
    assert set(states) == {"old", "new"} and states == sorted(states, reverse=True)
    assert not backup or all(line[2] == "kept" for line in found if line[0] == "new")
