"""Where the user stands today, in a few numbers: what is due, what is new, what to do next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dlprep.quiz import schedule
from dlprep.quiz.bank import Bank
from dlprep.quiz.event import Event
from dlprep.quiz.schedule import Memory
from dlprep.quiz.statistics import Next, Streak, next_session, streak


@dataclass(frozen=True)
class Overview:
    """Where the user stands.

    Attributes:
        due: Reviews that are due.
        minutes: How long those take.
        overdue: Days since the longest overdue one was due.
        new: Questions never answered.
        questions: Questions in the bank.
        today: Answers of today.
        streak: Days in a row with an answer.
        waiting: The day of the next review, if none is due.
        next: The session to do next.
    """

    due: int
    minutes: float
    overdue: int
    new: int
    questions: int
    today: int
    streak: Streak
    waiting: date | None
    next: Next


def overview(
    bank: Bank, events: Iterable[Event], memories: Mapping[str, Memory], today: date
) -> Overview:
    """Return where the user stands.

    Args:
        bank: The questions; answers to others are left out.
        events: In the order of writing, at least those of `schedule.KINDS`.
        memories: What follows from them, by question.
        today: The user's present day.
    """
    known = schedule.answers(schedule.in_order(events, today))
    given = [answer for answer in known if answer.question in bank]
    memories = {name: memory for name, memory in memories.items() if name in bank}
    due = schedule.due(memories, today)
    days = [answer.day for answer in given]
    return Overview(
        due=len(due),
        minutes=sum(bank[memory.question].minutes for memory in due),
        overdue=(today - due[0].due).days if due else 0,
        new=len(bank) - len(memories),
        questions=len(bank),
        today=days.count(today),
        streak=streak(days, today),
        waiting=None if due else min((memory.due for memory in memories.values()), default=None),
        next=next_session(bank, memories, today),
    )
