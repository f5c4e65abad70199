"""The time of a search in a bank of many questions: `python tests/benchmarks/search.py [COUNT]`.

The bank's questions are copied under other ids. The first search makes the index, the others find
it there; the median of these, of whole processes too, is what a user waits.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from dlprep.quiz.bank import Bank
from dlprep.quiz.search import search

QUERIES = ["attention", "why does dropout help", "exploding gradients", "batch norm at inference"]


def grow(folder: Path, count: int) -> None:
    questions = list(Bank.load())
    for number in range(count):
        question = questions[number % len(questions)]
        chapter = folder / question.chapter
        chapter.mkdir(exist_ok=True)
        text = question.path.read_text("utf-8")
        (chapter / f"{question.id}-{number}.md").write_text(text, "utf-8")


def timed(call) -> float:
    begun = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - begun)


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder, cache = Path(place) / "bank", Path(place) / "cache"
        folder.mkdir()
        grow(folder, count)
        first = timed(lambda: search(folder, "attention", cache=cache))
        inside = [timed(lambda q=q: search(folder, q, cache=cache)) for q in QUERIES * 3]
        command = [sys.executable, "-m", "dlprep", "search", "--bank", str(folder)]
        whole = [timed(lambda q=q: subprocess.run([*command, q], capture_output=True))
                 for q in ["attention", *QUERIES * 2]][1:]  # fmt: skip
        print(f"{count} questions: index made in {first / 1000:.1f} s, then a search takes")
        print(f"{median(inside):.0f} ms (median), as a whole command {median(whole):.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
