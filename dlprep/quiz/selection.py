"""Choose the questions of a session and their order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from random import Random

from dlprep.quiz.bank import Bank, Question
from dlprep.quiz.front_matter import LEVELS
from dlprep.quiz.schedule import Memory, due


@dataclass(frozen=True)
class Filters:
    """Which questions a session may ask; `None` lets all pass.

    Attributes:
        chapter: As in `Bank.filter`.
        level: `junior`, `mid` or `senior`.
        kind: `recall`, `choice`, `numeric`, `predict` or `code`.
        tag: One of the bank's tags.
        only: `new` (never answered), `due` (review due) or `failed` (last rated `again`, due or
            not). Without it, what is due comes first and then what is new.
        count: At most so many questions.
    """

    chapter: str | None = None
    level: str | None = None
    kind: str | None = None
    tag: str | None = None
    only: str | None = None
    count: int | None = None


def select(
    bank: Bank, memories: Mapping[str, Memory], filters: Filters, today: date, seed: int | None
) -> list[Question]:
    """Return the questions to ask, in order.

    Each shows the numbers it draws for this meeting. Reviews come longest overdue first. New
    questions take the chapters in turn, in order; within a chapter the easier level comes first,
    then the bank's order, or a shuffle if there is a seed.

    Raises:
        BankError: The filters name a chapter, level, kind or tag that does not exist.
        ValueError: `filters.only` is none of its values.
    """
    allowed = {
        question.id: question
        for question in bank.filter(filters.chapter, filters.level, filters.kind, filters.tag)
    }
    reviews = [
        allowed[memory.question] for memory in due(memories, today) if memory.question in allowed
    ]
    new = _in_turn([q for q in allowed.values() if q.id not in memories], seed)
    failed = [q for q in allowed.values() if q.id in memories and memories[q.id].rating == "again"]
    groups = {None: reviews + new, "due": reviews, "new": new, "failed": failed}
    if filters.only not in groups:
        raise ValueError(f"only={filters.only!r}: expected new, due, failed or None")
    return [_drawn(question, memories) for question in groups[filters.only][: filters.count]]


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
