"""Disputes are listed with what had been measured."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from dlprep.cli import cli
from dlprep.lab.report import Claim, Report
from dlprep.quiz.history import History

BANK = str(Path(__file__).with_name("bank"))
REPORT = Report("sum-of-ten", 3, False, [Claim("the sum is 55", True, 55, "= 55")]).to_dict()


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return lambda *words: CliRunner().invoke(cli, ["disputes", "--bank", BANK, *words])


def dispute(tmp_path, question, note, report):
    at = datetime(2027, 1, 4, 12, tzinfo=UTC)
    with History.open(tmp_path / "dlprep" / "history.db") as history:
        data = {"note": note, "of": None, "report": report}
        history.append("dispute", question, data, at=at, session="s")


def test_without_any_it_says_how_to(run, tmp_path):
    assert "Nothing has been disputed; !" in run().output
    assert json.loads(run("--json").output) == []
    assert not (tmp_path / "dlprep").exists()


def test_notes_and_reports_are_shown(run, tmp_path):
    dispute(tmp_path, "sum-of-ten", "It is \x1b[31m45", REPORT)
    dispute(tmp_path, "gone", "why", None)
    text = run().output
    assert "2027-01-04: sum-of-ten" in text and "\x1b" not in text
    for part in ("It is", "holds  the sum is 55", "seed 3", "gone", "had not run"):
        assert part in text
    first, second = json.loads(run("--json").output)
    assert (first["question"], first["report"]["claims"][0]["measured"]) == ("sum-of-ten", 55)
    assert second["report"] is None


@pytest.mark.parametrize("report", [3, {}, {"claims": 1}, [], {**REPORT, "claims": [{}]}])
def test_a_report_that_is_none_is_a_sentence(run, tmp_path, report):
    dispute(tmp_path, "sum-of-ten", "odd", report)
    done = run()
    assert done.exit_code == 0 and "cannot be read" in done.output
