"""A session over the sample bank, with a real history and a clock that is told the time."""

import pytest
from quiz.session.asking import HERE, Clock

from dlprep.quiz.bank import Bank
from dlprep.quiz.history import History
from dlprep.quiz.session import Filters, Session


@pytest.fixture(scope="module")
def bank():
    return Bank.load(HERE / "sample_bank")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def history(tmp_path):
    with History.open(tmp_path / "history.db") as opened:
        yield opened


@pytest.fixture
def begin(bank, history, clock):
    """Begin a session: filters by name, other settings as they are."""

    def start(seed=None, bank=bank, history=history, **filters):
        return Session(bank, history, Filters(**filters), seed, clock)

    return start


@pytest.fixture
def ask(begin):
    """Begin a session and show a question of this kind."""

    def show(kind, **filters):
        session = begin(kind=kind, **filters)
        session.next()
        return session

    return show
