"""`dlprep export`: to the standard output or a file that is whole, in UTF-8 on any terminal."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from dlprep.cli import cli
from dlprep.quiz.export import SCHEMA

BANK = Path(__file__).with_name("bank")


def run(*words):
    return CliRunner().invoke(cli, ["export", *map(str, words), "--bank", str(BANK)])


@pytest.mark.parametrize("format", ["anki", "json"])
def test_a_file_has_what_the_standard_output_shows(tmp_path, format):
    out = tmp_path / "new" / "questions"
    shown = run(format)
    told = run(format, "--out", out)
    assert (shown.exit_code, told.exit_code) == (0, 0)
    assert out.read_text("utf-8") == shown.output
    assert told.output == f"5 questions written to {out}\n"
    assert [path.name for path in out.parent.iterdir()] == ["questions"]


def test_filters_choose_and_nothing_chosen_is_a_fault():
    found = json.loads(run("json", "--kind", "choice").output)["questions"]
    assert {question["kind"] for question in found} == {"choice"}
    none = run("anki", "--tag", "no-such-tag")
    assert none.exit_code == 1 and "no-such-tag" in none.output


def test_the_schema_is_printed():
    done = CliRunner().invoke(cli, ["export", "json", "--schema"])
    assert json.loads(done.output)["title"]


def test_what_cannot_be_written_is_one_sentence(tmp_path):
    done = run("anki", "--out", tmp_path)
    assert done.exit_code == 1
    assert done.output.startswith(f"{tmp_path} cannot be written: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", ["anki", "json"])
def test_a_pack_that_is_not_trusted_is_exported_too(tmp_path, monkeypatch, format):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    added = CliRunner().invoke(cli, ["pack", "add", str(BANK), "--name", "theirs"])
    assert added.exit_code == 0, added.output
    done = CliRunner().invoke(cli, ["export", format])
    assert done.exit_code == 0, done.output
    assert "theirs:write-double" in done.output
    if format == "json":
        jsonschema.validate(json.loads(done.output), json.loads(SCHEMA.read_text("utf-8")))


def test_the_encoding_of_the_terminal_changes_nothing():
    command = [sys.executable, "-m", "dlprep", "export", "json"]
    outputs = {
        subprocess.run(
            command, env={"PYTHONIOENCODING": encoding, "HOME": "/nowhere"}, capture_output=True
        ).stdout
        for encoding in ("ascii", "cp437", "utf-8")
    }
    (only,) = outputs
    assert json.loads(only.decode())["questions"]


@pytest.mark.parametrize("words", [["--level", "mid"], ["--bank", "x"]])
def test_the_schema_takes_no_filters(words):
    done = CliRunner().invoke(cli, ["export", "json", "--schema", *words])
    assert done.exit_code == 2 and "leave the rest out" in done.output
