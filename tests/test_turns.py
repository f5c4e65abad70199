"""What takes turns is left out on no day for good."""

import subprocess
import sys
from pathlib import Path

import turns

DAYS = [f"2026-12-0{day}" for day in range(1, 4)]
SIX = [*DAYS, *(f"2026-12-0{day}" for day in range(4, 7))]
TWENTY = """
import pytest

@pytest.mark.turns(3)
@pytest.mark.parametrize("n", range(20))
def test_it(n): pass

def test_always(): pass
"""


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
    days = [collected(tmp_path, DAY=day) for day in DAYS]
    assert len(every) == 21 and set.union(*days) == every
    assert set.intersection(*days) == {"test_twenty.py::test_always"}
    assert {len(day) for day in days} == {7, 8}
    halves = [collected(tmp_path, DAY=day, PARTS="2") for day in SIX]
    assert len(halves[0] | halves[1]) < len(every) == len(set.union(*halves))
    assert halves[0] & halves[1] == set()
