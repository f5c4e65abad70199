"""Run one session on the small bank as a process: `play.py HISTORY [--plain] [--line] [KIND]`."""

import sys
from pathlib import Path

from dlprep.lab.worker import Worker
from dlprep.quiz.bank import Bank
from dlprep.quiz.history import History
from dlprep.quiz.session import Filters, Session
from dlprep.terminal import quiz

HEAVY = {
    "keras",
    "tensorflow",
    "numpy",
    "rich.console",
    "pygments",
    "plotext",
    "matplotlib",
    "fsrs",
}


def main(history: str, *words: str) -> int:
    kind = next((word for word in words if not word.startswith("-")), None)
    folder = Path(__file__).with_name("bank")
    with Worker() as worker, History.open(history) as events:
        session = Session(Bank.load(folder), events, Filters(kind=kind), seed=3)
        how = {"plain": "--plain" in words, "by_line": "--line" in words}
        code = quiz.run(session, worker, folder=Path(history).parent, **how)
    print("loaded:", *sorted(HEAVY & set(sys.modules)))
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
