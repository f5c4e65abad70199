"""The quiz starts without a heavy import: a fresh interpreter says which modules were loaded."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from dlprep.quiz.history import History

HEAVY = (
    "keras",
    "tensorflow",
    "numpy",
    "matplotlib",
    "sklearn",
    "scipy",
    "jax",
    "torch",
    "plotext",
)

PROBE = """
import json, sys
sys.argv = ["dlprep", *{arguments!r}]
from dlprep.__main__ import main
try:
    main()
except SystemExit:
    pass
print()
print(json.dumps(sorted(sys.modules)))
"""


def modules_after(arguments: list[str], home, stdin: str = "") -> set[str]:
    """Return the modules that a fresh interpreter holds after this command."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(arguments=arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "", "HOME": str(home), "XDG_DATA_HOME": str(home), "TERM": "dumb"},
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--help"],
        ["list"],
        ["show", "adam-first-steps", "--plain"],
        ["search", "momentum"],
        ["quiz", "--plain", "-n", "1"],
        ["stats"],
        ["doctor", "--help"],
    ],
    ids=" ".join,
)
def test_no_heavy_module_is_loaded(arguments, tmp_path):
    loaded = modules_after(arguments, tmp_path)
    assert "click" in loaded
    assert not loaded.intersection(HEAVY)


def test_a_first_question_needs_no_scheduler(tmp_path):
    assert "fsrs" not in modules_after(["quiz", "--plain", "-n", "1"], tmp_path)


def test_a_start_with_what_the_last_one_kept_reads_no_yaml_and_replays_no_answer(tmp_path):
    with History.open(tmp_path / "dlprep" / "history.db") as history:
        at = datetime(2027, 1, 15, tzinfo=UTC)
        history.append("answer", "adam-first-steps", {"rating": "again"}, at=at, session="s")
    slow = {"yaml", "fsrs", "dlprep.quiz.numbers"}
    start = ["quiz", "--plain", "-n", "1"]
    assert slow & modules_after(start, tmp_path) == {"yaml", "fsrs"}
    assert slow & modules_after(start, tmp_path) == set()
