"""What a history says while a session runs: what is known, and what has come since."""

from datetime import date, datetime

from dlprep.quiz import schedule
from dlprep.quiz.cards import Cards
from dlprep.quiz.days import day_of
from dlprep.quiz.history import History, HistoryError


class Past:
    """The answers in a history, of other sessions too.

    Args:
        history: An open history.
        today: The day the session begins.

    Attributes:
        memories: What is remembered of each question at the start.
    """

    def __init__(self, history: History, today: date):
        self._history, self._cards = history, Cards(history, today)
        self._start, self.memories = self._cards.last, self._cards.memories

    def due(self, question: str, today: date) -> date | None:
        """Return the day a question is due as of now, or `None` if nobody has rated it."""
        self._cards.refresh(today)
        memory = self._cards.memories.get(question)
        return memory.due if memory else None

    def is_answered_since(self, question: str) -> bool:
        """Tell whether a question has been answered since the start, here or elsewhere."""
        events = self._history.events(self._start, schedule.KINDS, [question])
        return bool(schedule.answers(events))

    def all_due(self, day: date, today: date) -> list[str]:
        """Return the ids of what is due by a day, longest overdue first."""
        self._cards.refresh(today)
        self._cards.keep()
        return [memory.question for memory in schedule.due(self._cards.memories, day)]


def due_days(at: datetime) -> tuple[dict[str, str], HistoryError | None]:
    """Return the day each question in the user's history is due, by id, and what is wrong with it.

    There need be no history, and one that cannot be read says nothing.
    """
    try:
        history = History.existing()
        if history is None:
            return {}, None
        with history:
            memories = Cards(history, day_of(at)).memories
    except HistoryError as error:
        return {}, error
    return schedule.due_days(memories), None
