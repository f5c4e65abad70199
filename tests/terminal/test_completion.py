"""The shell completes what the bank has, and says nothing else."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BANK = Path(__file__).with_name("bank")
DLPREP = [sys.executable, "-m", "dlprep"]


@pytest.fixture
def completed(tmp_path):
    """Return a function from a line, whose last word is begun, to what bash is offered."""

    def run(line, **variables):
        words = line.split(" ")
        asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
        own = {"XDG_CACHE_HOME": str(tmp_path), "_DLPREP_COMPLETE": "bash_complete"}
        done = subprocess.run(
            DLPREP, env={**os.environ, **asked, **own, **variables}, capture_output=True, text=True
        )
        assert (done.returncode, done.stderr) == (0, "")
        return [row.partition(",")[2] for row in done.stdout.split()]

    return run


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("dlprep prog", ["progress"]),
        ("dlprep progress reset adam-f", ["adam-first-steps"]),
        ("dlprep quiz --level m", ["mid"]),
        ("dlprep list --chapter 04", ["04_optimizers"]),
        ("dlprep check 04", ["04_optimizers"]),
        ("dlprep export json --sch", ["--schema"]),
        ("dlprep quiz --tag bias-c", ["bias-correction"]),
        ("dlprep show --bank BANK what", ["what-is-zero"]),
        ("dlprep code --bank BANK ", ["write-double"]),
        ("dlprep quiz adam-first-steps adam-f", []),
        ("dlprep show --bank /nowhere a", []),
    ],
)
def test_a_word_is_completed(completed, line, some):
    assert completed(line.replace("BANK", str(BANK))) == some


def test_a_broken_question_is_no_word_and_says_nothing(completed, tmp_path):
    bank = tmp_path / "bank"
    shutil.copytree(BANK, bank)
    broken = next(bank.rglob("what-is-zero.md"))
    broken.write_text("no question")
    assert completed(f"dlprep show --bank {bank} w") == ["write-double"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_every_shell_is_printed(shell):
    done = subprocess.run([*DLPREP, "completion", shell], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"_DLPREP_COMPLETE={shell}_complete" in done.stdout
    program = shutil.which(shell)
    if program:
        assert subprocess.run([program, "-n"], input=done.stdout, text=True).returncode == 0


@pytest.mark.parametrize("line", ["dlprep show adam", "dlprep list --chapter 0", "dlprep q"])
def test_a_tab_imports_nothing_heavy(line, tmp_path):
    asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)}
    own = {"XDG_CACHE_HOME": str(tmp_path), "_DLPREP_COMPLETE": "bash_complete"}
    command = [sys.executable, "-X", "importtime", "-m", "dlprep"]
    surroundings = {**os.environ, **asked, **own}
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True)
    modules = [row.rpartition("|")[2].strip() for row in done.stderr.splitlines()]
    imported = {module.partition(".")[0] for module in modules}
    assert done.stdout and "dlprep" in imported
    assert not imported & {"keras", "tensorflow", "numpy", "rich", "matplotlib", "sklearn"}
