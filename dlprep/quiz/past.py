"""What a history says while a session runs: what is known, and what has come since."""

from datetime import date, datetime

from dlprep.quiz import schedule
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
        events = history.events(kinds=schedule.KINDS)
        self._history = history
        self._start = events[-1].id if events else 0
        self._before = schedule.in_order(events, today)
        self.memories = schedule.memories(schedule.answers(self._before))

    def due(self, question: str, today: date) -> date | None:
        """Return the day a question is due as of now, or `None` if nobody has rated it."""
        events = [event for event in self._before if event.question == question]
        events += self._history.events(self._start, schedule.KINDS, question)
        answers = schedule.answers(schedule.in_order(events, today))
        memory = schedule.memories(answers).get(question)
        return memory.due if memory else None

    def is_answered_since(self, question: str) -> bool:
        """Tell whether a question has been answered since the start, here or elsewhere."""
        events = self._history.events(self._start, schedule.KINDS, question)
        return bool(schedule.answers(events))

    def all_due(self, day: date, today: date) -> list[str]:
        """Return the ids of what is due by a day, longest overdue first."""
        events = schedule.in_order(self._history.events(kinds=schedule.KINDS), today)
        memories = schedule.memories(schedule.answers(events))
        return [memory.question for memory in schedule.due(memories, day)]


def due_days(at: datetime) -> tuple[dict[str, str], HistoryError | None]:
    """Return the day each question in the user's history is due, by id, and what is wrong with it.

    There need be no history, and one that cannot be read says nothing.
    """
    try:
        history = History.existing()
        if history is None:
            return {}, None
        with history:
            events = history.events(kinds=schedule.KINDS)
    except HistoryError as error:
        return {}, error
    return schedule.due_days(events, day_of(at)), None
