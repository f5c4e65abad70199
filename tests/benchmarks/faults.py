"""What faults lose, at full size: `python tests/benchmarks/faults.py`, in some minutes.

Prints a table: the fault, how often it was tried, and what was lost.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import faults

if __name__ == "__main__":
    if not faults.can_kill_in_calls():
        print("strace is absent or not allowed here, so nothing is killed")
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'fault':50} {'tries':>6} {'lost':>6}")
        for row in faults.every_row(Path(folder)):
            print(f"{row.fault:50} {row.tries:>6} {len(row.lost):>6}", flush=True)
            for one in row.lost[:5]:
                print(f"    {one}")
