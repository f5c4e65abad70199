"""From events to answers, from answers to what is remembered and what is due."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from dlprep.quiz.history import Event

KINDS = ("answer", "rate", "undo")
RATINGS = ("again", "hard", "good", "easy")
RETENTION = 0.9


class Answer(NamedTuple):
    """An answer that stands: not undone, with the last rating the user gave it.

    Attributes:
        uid: the answer event's name.
        question: id of the question.
        day: the user's local date.
        session: name of the session.
        rating: one of `RATINGS`, or `None` while nobody has rated it.
        data: the answer event's data.
    """

    uid: str
    question: str
    day: date
    session: str
    rating: str | None
    data: dict


@dataclass(frozen=True)
class Memory:
    """What is remembered of one question.

    Attributes:
        question: id of the question.
        last: day of the last answer.
        due: day of the next review.
        rating: the last rating.
        stability: days until recall falls to 0.9.
        difficulty: from 1 to 10.
        reviews: rated answers so far.
        lapses: how many of them were `again`.
    """

    question: str
    last: date
    due: date
    rating: str
    stability: float
    difficulty: float
    reviews: int
    lapses: int


def answers(events: Iterable[Event]) -> list[Answer]:
    """Return the answers that stand, in the order of `events`."""
    found: dict[str, Answer] = {}
    for event in events:
        of = event.data.get("of")
        if event.kind == "answer" and event.question is not None:
            found[event.uid] = Answer(
                event.uid,
                event.question,
                event.day,
                event.session,
                _known(event.data.get("rating")),
                event.data,
            )
        elif event.kind == "rate" and of in found:
            found[of] = found[of]._replace(rating=_known(event.data.get("rating")))
        elif event.kind == "undo":
            found.pop(of, None)
    return list(found.values())


def memories(answers: Iterable[Answer], desired_retention: float = RETENTION) -> dict[str, Memory]:
    """Return what is remembered of each question that has a rated answer.

    Days are the unit: two answers on one local day count as FSRS's same-day review, and a
    question is due on a day, not at an hour. A pure function of its arguments.

    Args:
        answers: see `answers`; their order is the order of the reviews.
        desired_retention: recall at which a question is due again, between 0 and 1.
    """
    reviews: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.rating is not None:
            reviews.setdefault(answer.question, []).append(answer)
    if not reviews:
        return {}
    import fsrs

    scheduler = fsrs.Scheduler(
        desired_retention=desired_retention,
        learning_steps=(),
        relearning_steps=(),
        enable_fuzzing=False,
    )
    return {question: _replay(fsrs, scheduler, done) for question, done in reviews.items()}


def due(memories: Mapping[str, Memory], today: date) -> list[Memory]:
    """Return what is due on `today` or before, longest overdue first."""
    waiting = [memory for memory in memories.values() if memory.due <= today]
    return sorted(waiting, key=lambda memory: (memory.due, memory.question))


def due_days(events: Iterable[Event]) -> dict[str, str]:
    """Return the day each answered question is due, as an ISO date, by question id."""
    return {name: memory.due.isoformat() for name, memory in memories(answers(events)).items()}


def recall(memory: Memory, day: date) -> float:
    """Return the predicted probability that the question is answered right on `day`."""
    import fsrs

    card = fsrs.Card(
        card_id(memory.question),
        stability=memory.stability,
        due=_noon(memory.due),
        last_review=_noon(memory.last),
    )
    return fsrs.Scheduler().get_card_retrievability(card, _noon(day))


def recall_by_chapter(
    memories: Mapping[str, Memory], chapters: Mapping[str, str], day: date
) -> dict[str, float]:
    """Return the mean predicted recall per chapter, of the questions answered so far.

    Args:
        memories: see `memories`.
        chapters: question id -> chapter; questions not in it are left out.
        day: the day of the prediction.
    """
    found: dict[str, list[float]] = {}
    for question, memory in memories.items():
        if question in chapters:
            found.setdefault(chapters[question], []).append(recall(memory, day))
    return {chapter: sum(found[chapter]) / len(found[chapter]) for chapter in sorted(found)}


def card_id(question: str) -> int:
    """Return the FSRS card id of a question, the same on every machine."""
    from hashlib import blake2b

    return int.from_bytes(blake2b(question.encode(), digest_size=6).digest())


def _known(rating) -> str | None:
    return rating if rating in RATINGS else None


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _replay(fsrs, scheduler, done: list[Answer]) -> Memory:
    card = fsrs.Card(card_id(done[0].question), due=_noon(done[0].day))
    for answer in done:
        rating = fsrs.Rating(RATINGS.index(answer.rating) + 1)
        card, _ = scheduler.review_card(card, rating, _noon(answer.day))
    return Memory(
        question=done[0].question,
        last=done[-1].day,
        due=card.due.date(),
        rating=done[-1].rating,
        stability=card.stability,
        difficulty=card.difficulty,
        reviews=len(done),
        lapses=sum(answer.rating == "again" for answer in done),
    )
