"""How long until the first question is on screen: `python tests/benchmarks/first_question.py`.

Prints medians of warm starts of `dlprep quiz` in one run, beside a bare interpreter's: with 290
questions, in a pipe and on a terminal; with 2,000 questions and 100,000 events, with what is kept
beside the history and when that was deleted; how long `dlprep stats` takes with those, and a Tab.
Then, in a worker that has loaded Keras: how long until a demonstration runs, which the screen says,
and until the verdict on the solution of an exercise, over the whole bank.
"""

import os
import pty
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dlprep.lab.worker import Worker
from dlprep.quiz import event, exercise
from dlprep.quiz.bank import Bank, Question
from dlprep.quiz.fronts import FRESH
from dlprep.quiz.history import History

STARTS = int(sys.argv[1]) if len(sys.argv) > 1 else 10
BARE = [sys.executable, "-c", "print('Question', flush=True); input()"]
QUIZ = [sys.executable, "-m", "dlprep", "quiz", "-n", "1", "--bank"]
TAB = [sys.executable, "-m", "dlprep"]
TAB_ASKS = {"_DLPREP_COMPLETE": "bash_complete", "COMP_WORDS": "dlprep show a", "COMP_CWORD": "2"}
STATS = [sys.executable, "-m", "dlprep", "stats", "--bank"]


def make_bank(folder: Path, count: int) -> list[str]:
    """Copy our own questions until there are so many, and return their ids."""
    ids, own = [], list(Bank.load())
    for number in range(count):
        question = own[number % len(own)]
        ids.append(f"{question.id}-{number // len(own)}")
        target = folder / question.chapter / f"{ids[-1]}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(question.path, target)
        shutil.copy(question.demo, target.with_suffix(".py"))
    return ids


def make_history(path: Path, count: int, ids: list[str]) -> None:
    """Write a history of two years, ratings and undone answers included."""
    chance, at, rows = random.Random(0), datetime.now(UTC) - timedelta(730), []
    last: tuple[str, str] | None = None
    for number in range(count):
        at += timedelta(729) / count
        name, question, kind = f"{number:032x}", chance.choice(ids), "answer"
        data = {"result": "right", "rating": chance.choice(["again", "hard", "good"]), "hints": 0}
        if last and chance.random() < 0.15:
            kind, (of, question) = chance.choice(["rate", "undo"]), last
            data["of"] = of
        last = (name, question) if kind == "answer" else None
        rows.append(event.row(name, at, "s", kind, question, data, "m"))
    with History.open(path) as history:
        history.write(rows)


def seconds_until(command: list[str], environment: dict, terminal: bool = False) -> float:
    """Return the time from the start of a process until it has printed the first question."""
    ends = pty.openpty() if terminal else os.pipe()
    start = time.perf_counter()
    given = ends[1] if terminal else subprocess.PIPE
    with subprocess.Popen(
        command, stdin=given, stdout=ends[1], stderr=subprocess.DEVNULL, env=environment
    ) as process:
        seen = b""
        while b"Question" not in seen:
            seen += os.read(ends[0], 65536)
        elapsed = time.perf_counter() - start
        process.kill()
    for end in ends:
        os.close(end)
    return elapsed


def seconds_of(command: list[str], environment: dict) -> float:
    """Return the time that a command takes."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def beginning(worker: Worker, question: Question) -> float:
    """Return the time until a demonstration has begun, which the screen says at once."""
    start = time.perf_counter()
    job = worker.demo(question)
    while not job.begun and not job.ended:
        time.sleep(0.001)
    elapsed = time.perf_counter() - start
    job.stop()
    return elapsed


def verdict(worker: Worker, question: Question) -> float:
    """Return the time until the solution of an exercise is graded."""
    start = time.perf_counter()
    assert exercise.outcome(exercise.start(worker, question.exercise))["passed"]
    return time.perf_counter() - start


def show(name: str, found: list[float]) -> None:
    """Print a median, and how far the times go."""
    found = sorted(found)
    few = found if len(found) <= 12 else [found[0], found[len(found) * 9 // 10], found[-1]]
    shown = ", ".join(f"{1000 * t:.0f}" for t in few)
    what = "" if len(found) <= 12 else "least, nine tenths, most: "
    print(f"{name}: median {1000 * statistics.median(found):.0f} ms ({what}{shown})", flush=True)


def environment(home: Path) -> dict:
    """Return an environment with folders of its own, where modules are compiled once."""
    own = {"XDG_DATA_HOME": "data", "XDG_CACHE_HOME": "cache", "PYTHONPYCACHEPREFIX": "modules"}
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "NO_COLOR")}
    return {**kept, **{k: str(home / v) for k, v in own.items()}, "TERM": "xterm-256color"}


def main() -> None:
    """Interleave the starts, so that noise of the machine hits all alike."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "290", Path(folder) / "2000"
        make_bank(small / "bank", 290)
        ids = make_bank(large / "bank", 2000)
        cards = large / "data" / "dlprep" / "history.db.cards"
        make_history(cards.with_suffix(""), 100_000, ids)
        time.sleep(FRESH / 1e9)
        few, many = environment(small), environment(large)
        ways = {
            "bare interpreter": lambda: seconds_until(BARE, few),
            "290 questions": lambda: seconds_until([*QUIZ, str(small / "bank")], few),
            "on a terminal": lambda: seconds_until([*QUIZ, str(small / "bank")], few, True),
            "2,000 questions, 100,000 events": lambda: seconds_until(
                [*QUIZ, str(large / "bank")], many
            ),
            "a Tab": lambda: seconds_of(TAB, few | TAB_ASKS),
            "their stats": lambda: seconds_of([*STATS, str(large / "bank")], many),
        }
        for way in ways.values():
            way()
        times = {name: [] for name in ways}
        for _ in range(STARTS):
            for name, way in ways.items():
                times[name].append(way())
        cards.unlink()
        times["what is kept was deleted"] = [seconds_until([*QUIZ, str(large / "bank")], many)]
    for name, found in times.items():
        show(name, found)
    with Worker() as worker:
        bank = list(Bank.load())
        worker.demo(bank[0]).wait()
        show("a demonstration begins", [beginning(worker, one) for one in bank])
        codes = [one for one in bank if one.kind == "code"]
        show("verdict on code", [verdict(worker, one) for one in codes])


if __name__ == "__main__":
    main()
