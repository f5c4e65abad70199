"""How long until the first question is on screen: `python tests/benchmarks/first_question.py`.

Prints the median of ten warm starts of `dlprep quiz`, beside a bare interpreter's in the same run.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

STARTS = 10


def seconds_until(command: list[str], sign: str, environment: dict) -> float:
    """Return the time from the start of a process until it has printed `sign`."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        for line in process.stdout:
            if sign in line:
                break
        elapsed = time.perf_counter() - start
        process.stdin.close()
        process.stdout.read()
    return elapsed


def main() -> None:
    """Interleave the starts, so that noise of the machine hits both alike."""
    bare = [sys.executable, "-c", "print('ready', flush=True)"]
    quiz = [sys.executable, "-m", "dlprep", "quiz", "--plain", "-n", "1"]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "XDG_DATA_HOME": home}
        seconds_until(quiz, "Question 1", environment)
        pairs = [
            (
                seconds_until(bare, "ready", environment),
                seconds_until(quiz, "Question 1", environment),
            )
            for _ in range(STARTS)
        ]
    for name, times in zip(
        ("bare interpreter", "first question"), zip(*pairs, strict=True), strict=True
    ):
        shown = ", ".join(f"{1000 * t:.0f}" for t in sorted(times))
        print(f"{name}: median {1000 * statistics.median(times):.0f} ms ({shown})")


if __name__ == "__main__":
    main()
