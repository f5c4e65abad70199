"""The commands on a bank of one's own: `--bank`, ids and chapters, margins, what `new` prints."""

import json

import pytest
from click.testing import CliRunner

from dlprep.cli import cli
from dlprep.quiz.new import create


@pytest.fixture
def pack(tmp_path, monkeypatch):
    """Return the folder of a bank with a question in each of two chapters."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    create(tmp_path / "pack", "01_mine/one", "recall")
    create(tmp_path / "pack", "02_yours/two", "predict")
    return tmp_path / "pack"


@pytest.fixture
def dlprep(pack):
    """Return a function that runs a command on the bank; its result has `exit_code`, `output`."""

    def command(*words):
        return CliRunner().invoke(cli, [*words, "--bank", str(pack)])

    return command


def test_every_command_takes_a_bank(dlprep):
    assert json.loads(dlprep("list", "--json").stdout)[0]["id"] == "one"
    assert dlprep("search", "parabola").stdout.startswith("two\t")
    assert "steadier gradient" in dlprep("show", "one", "--plain").output
    assert "1.0" in dlprep("demo", "one", "--plain").output
    quiz = dlprep("quiz", "--plain", "--chapter", "mine", "-n", "1")
    assert "steadier gradient" in quiz.output


@pytest.mark.parametrize("words", [["list"], ["show", "one"], ["demo", "one"], ["check"]])
def test_a_bank_that_is_not_there_is_said(words, tmp_path):
    found = CliRunner().invoke(cli, [*words, "--bank", str(tmp_path / "nowhere")])
    assert found.exit_code == 1
    assert "nowhere: not a folder; name the folder that holds the chapters" in found.output


def test_one_question_is_checked_with_its_margins(dlprep, pack):
    (pack / "notes.txt").write_text("x")
    found = dlprep("check", "one", "-v")
    assert found.exit_code == 0, found.output
    assert "100 examples give a tenth of the noise (measured" in found.stdout
    assert "two" not in found.stdout
    assert "No faults." in found.stderr


@pytest.mark.parametrize("name", ["2", "yours", "02_yours", "two"])
def test_a_chapter_is_checked(dlprep, pack, name):
    question = pack / "02_yours" / "two.md"
    question.write_text(question.read_text().replace("minutes: 2", "minutes: 0"))
    assert dlprep("check", "mine", "--static").exit_code == 0
    found = dlprep("check", name, "--static")
    assert found.exit_code == 1
    assert found.stdout.startswith(f"{question}:10: minutes: 0 is not more than 0")


def test_a_name_that_is_not_there_is_said(dlprep, pack):
    assert "did you mean one?" in dlprep("check", "onee").output
    assert "did you mean 02_yours?" in dlprep("check", "02_your").output
    found = dlprep("check", str(pack))
    assert found.exit_code == 1
    assert f"is a folder: `dlprep check --bank {pack}` checks a bank" in found.output


def test_a_broken_question_can_be_checked_alone(dlprep, pack):
    (pack / "01_mine" / "one.md").write_text("no front matter")
    found = dlprep("check", "one", "--static")
    assert found.exit_code == 1
    assert "one.md:1: no front matter" in found.stdout


def test_new_prints_what_comes_next(dlprep, pack):
    lines = dlprep("new", "01_mine/three").stdout.splitlines()
    assert lines[:2] == [str(pack / "01_mine" / name) for name in ("three.md", "three.py")]
    assert lines[-3:] == [
        f"  dlprep {words} --bank {pack}"
        for words in ("demo three --seed 1", "demo three --aa", "check three -v")
    ]


@pytest.mark.parametrize(
    "words", [("--new", "--due"), ("--failed", "--new"), ("--due", "--failed")]
)
def test_flags_that_exclude_each_other_are_refused(dlprep, words):
    done = dlprep("quiz", *words)
    assert done.exit_code == 2
    assert f"{words[0]} and {words[1]} exclude each other: leave one out." in done.output


def test_filters_that_no_question_fits_are_named(dlprep):
    for command in ("quiz", "list"):
        done = dlprep(command, "--chapter", "1", "--kind", "predict")
        assert done.exit_code == 1
        assert (
            "no question in the bank is all of this: chapter 01_mine, kind predict" in done.stderr
        )
