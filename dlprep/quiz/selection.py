"""Choose the questions of a session and their order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from random import Random

from dlprep.quiz.bank import Bank, Question
from dlprep.quiz.front_matter import LEVELS
from dlprep.quiz.schedule import Memory, due

NOTHING = {
    None: "nothing is due and nothing is new",
    "due": "no review is due",
    "new": "no question is new",
    "failed": "no question was last answered wrong",
    "missed": "no question was ever answered wrong",
}
"""What to say of each `Filters.only` when it leaves no question."""


@dataclass(frozen=True)
class Filters:
    """Which questions a session may ask; `None` lets all pass.

    Attributes:
        chapter: As in `Bank.filter`.
        level: `junior`, `mid` or `senior`.
        kind: `recall`, `choice`, `numeric`, `predict` or `code`.
        tag: One of the bank's tags.
        only: `new` (never answered), `due` (review due), `failed` (last rated `again`, due or not)
            or `missed` (ever rated `again`). Without it, what is due comes first and then what is
            new.
        count: At most so many questions.
        minutes: Only what fits into this time, but at least one question.
        ids: These questions in this order, due or not; nothing else is to be chosen then.
        cram: Everything, also what is not due; no answer moves the schedule.
    """

    chapter: str | None = None
    level: str | None = None
    kind: str | None = None
    tag: str | None = None
    only: str | None = None
    count: int | None = None
    minutes: float | None = None
    ids: tuple[str, ...] = ()
    cram: bool = False


def select(
    bank: Bank, memories: Mapping[str, Memory], filters: Filters, today: date, seed: int | None
) -> list[Question]:
    """Return the questions to ask, in order.

    Each shows the numbers it draws for this meeting. Reviews come longest overdue first, to cram
    also those that are not due yet, and what was missed most often first if only that is asked. New
    questions take the chapters in turn, in order; within a chapter the easier level comes first,
    then the bank's order, or a shuffle if there is a seed.

    Raises:
        BankError: The filters name a chapter, level, kind, tag or id that does not exist.
        ValueError: `filters.only` is none of its values.
    """
    named = [bank[name] for name in dict.fromkeys(filters.ids)]
    found = named or _ordered(bank, memories, filters, today, seed)
    fitting = found if filters.minutes is None else _fitting(found, filters.minutes)
    return [_drawn(question, memories) for question in fitting[: filters.count]]


def _ordered(
    bank: Bank, memories: Mapping[str, Memory], filters: Filters, today: date, seed: int | None
) -> list[Question]:
    allowed = {
        question.id: question
        for question in bank.filter(filters.chapter, filters.level, filters.kind, filters.tag)
    }
    answered = [one for one in due(memories, date.max) if one.question in allowed]
    reviews = [allowed[one.question] for one in answered if one.due <= today]
    early = [allowed[one.question] for one in answered if one.due > today and filters.cram]
    new = _in_turn([q for q in allowed.values() if q.id not in memories], seed)
    failed = [q for q in allowed.values() if q.id in memories and memories[q.id].rating == "again"]
    lapsed = sorted((one for one in answered if one.lapses), key=lambda one: -one.lapses)
    missed = [allowed[one.question] for one in lapsed]
    groups = {"due": reviews, "new": new, "failed": failed, "missed": missed}
    groups[None] = reviews + early + new
    if filters.only not in groups:
        raise ValueError(f"only={filters.only!r}: expected new, due, failed, missed or None")
    return groups[filters.only]


def _fitting(questions: Sequence[Question], minutes: float) -> list[Question]:
    """Return what fits into the time, in order; the first question always does."""
    found: list[Question] = []
    for question in questions:
        if not found or question.minutes <= minutes:
            found.append(question)
            minutes -= question.minutes
    return found


def _drawn(question: Question, memories: Mapping[str, Memory]) -> Question:
    """Return the question with other numbers than at the last meeting and in `dlprep show`."""
    memory = memories.get(question.id)
    return question.at(1 + (memory.meetings if memory else 0))


def _in_turn(questions: Iterable[Question], seed: int | None) -> list[Question]:
    chapters: dict[str, list[Question]] = {}
    for question in questions:
        chapters.setdefault(question.chapter, []).append(question)
    for chapter, group in chapters.items():
        if seed is None:
            group.sort(key=lambda question: LEVELS.index(question.level))
        else:
            Random(f"{seed} {chapter}").shuffle(group)
    rounds = zip_longest(*chapters.values())
    return [question for one in rounds for question in one if question is not None]
