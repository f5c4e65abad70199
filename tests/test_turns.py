"""What takes turns is left out on no day for good."""

import subprocess
import sys
from pathlib import Path

import turns

DAYS = [f"2026-12-0{day}" for day in range(1, 7)]
TWENTY = """
import pytest

@pytest.mark.turns(3)
@pytest.mark.parametrize("n", range(20))
def test_it(n): pass

def test_always(): pass
"""


def test_every_case_runs_on_one_of_as_many_days_as_there_are_parts():
    names = [f"case {n}" for n in range(60)]
    for parts in (1, 2, 3):
        runs = [[day for day in DAYS if turns.has_its_turn(name, parts, day)] for name in names]
        assert {len(days) for days in runs} == {len(DAYS) // parts}
    assert all(turns.has_its_turn(name, 3, day="") for name in names)


def collected(folder, **variables):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", "--collect-only", "-c", "pytest.ini", "."],
        env={"PYTHONPATH": str(Path(turns.__file__).parent), **variables},
        capture_output=True,
        text=True,
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {line for line in done.stdout.splitlines() if "::" in line}


def test_pytest_leaves_out_what_has_no_turn(tmp_path):
    (tmp_path / "test_twenty.py").write_text(TWENTY)
    (tmp_path / "conftest.py").write_text("from turns import pytest_collection_modifyitems\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = turns\n")
    every = collected(tmp_path)
    first, second, third = (collected(tmp_path, DAY=day) for day in DAYS[:3])
    assert len(every) == 21 and first | second | third == every
    assert first & second == {"test_twenty.py::test_always"}
    halves = [collected(tmp_path, DAY=day, PARTS="2") for day in DAYS[:2]]
    assert halves[0] != halves[1] and "test_twenty.py::test_always" not in halves[0] & halves[1]
