"""What the tests of a session share: the sample questions, a clock, and short ways to ask."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
CHOICE, TWO, RECALL = "colour-of-an-apple", "pome-fruits", "parts-of-an-apple"
PREDICT, CODE, NUMERIC = "heavier-pear", "slice-a-pear", "weight-of-a-pear"
PASSED = {"passed": True, "properties": ["a"], "failed": None, "error": None}
FAILED = {"passed": False, "properties": [], "failed": {"text": "parts are equal"}, "error": None}


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self):
        self.time = datetime(2027, 1, 15, 20, tzinfo=UTC)

    def __call__(self):
        return self.time

    def go(self, **step):
        self.time += timedelta(**step)


def ids(session):
    """Give up on everything, also when it comes again, and return what was asked."""
    asked = []
    while card := session.next():
        if not card.again:
            asked.append(card.question.id)
        session.give_up()
    return asked


def right(session):
    """Return the places of the right options as shown."""
    return [i for i, option in enumerate(session.current.options) if option.correct]


def stored(history, *kinds):
    return [event for event in history.events() if event.kind in kinds]
