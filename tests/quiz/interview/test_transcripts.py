"""Five candidates of different strength: their interviews, as people read them.

After a change of the rule or of these questions read what `python tests/quiz/interview/
test_transcripts.py` prints, and with `--write` keep it.
"""

import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from quiz.interview.candidates import (
    PARTLY,
    RIGHT,
    WRONG,
    Candidate,
    hold,
    transcript,
)

from dlprep.quiz.bank import Bank
from dlprep.quiz.history import History
from dlprep.quiz.interview.rule import Terms

HERE = Path(__file__).parent / "transcripts"
CANDIDATES = {
    "strong": (Terms(45, "mid", seed=1), Candidate(lambda q: RIGHT, 0.8)),
    "weak": (
        Terms(30, "mid", seed=2),
        Candidate(lambda q: PARTLY if q.level == "junior" else WRONG, 1.1, flags=True),
    ),
    "no_programmer": (
        Terms(60, seed=3),
        Candidate(lambda q: WRONG if q.kind == "code" else RIGHT),
    ),
    "slow": (Terms(30, "junior", seed=4), Candidate(lambda q: RIGHT, 2.2)),
    "overconfident": (
        Terms(45, "senior", exam=True, seed=5),
        Candidate(lambda q: WRONG if q.level == "senior" else PARTLY, feels=lambda _: "sure"),
    ),
}


def held(name):
    """Return what a candidate's interview reads like, over the questions that `ids.txt` names."""
    whole = Bank.load()
    bank = Bank(whole.folder)
    bank.include(whole[name] for name in (HERE / "ids.txt").read_text("utf-8").split())
    terms, candidate = CANDIDATES[name]
    with (
        tempfile.TemporaryDirectory() as folder,
        History.open(Path(folder) / "history.db") as history,
    ):
        return transcript(hold(bank, history, terms, candidate))


@pytest.mark.parametrize("name", CANDIDATES)
def test_an_interview_reads_as_it_did(name):
    assert held(name) == (HERE / f"{name}.txt").read_text("utf-8")


if __name__ == "__main__":
    for name in CANDIDATES:
        print(f"== {name}\n\n{held(name)}")
        if "--write" in sys.argv:
            (HERE / f"{name}.txt").write_text(held(name), "utf-8")
