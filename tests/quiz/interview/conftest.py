"""An interview over a bank, with a real history and a clock that is told the time."""

import pytest
from quiz.interview.candidates import Clock

from dlprep.quiz.bank import Bank
from dlprep.quiz.history import History
from dlprep.quiz.interview.interview import Interview
from dlprep.quiz.interview.rule import Terms


@pytest.fixture(scope="session")
def bank():
    return Bank.load()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def history(tmp_path):
    with History.open(tmp_path / "history.db") as opened:
        yield opened


@pytest.fixture
def begin(bank, history, clock):
    """Begin an interview: terms by name."""

    def start(**terms):
        return Interview(bank, history, Terms(**terms), clock)

    return start
