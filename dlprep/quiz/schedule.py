"""From events to answers, from answers to what is remembered and what is due."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from dlprep.quiz.days import later, mended
from dlprep.quiz.event import Event

KINDS = ("answer", "rate", "undo")
RATINGS = ("again", "hard", "good", "easy")
CONFIDENCES = (1, 2, 3)
"""How sure an answer was: a guess, likely, sure."""
RETENTION = 0.9
SOON, SECOND = 2, (6, 9)
"""Days within which an error one was sure of comes back, and those to the review after that."""
FIRST = datetime(2000, 1, 1, 12, tzinfo=UTC)
LONGEST = 36500
"""Days between two reviews of a question that FSRS tells apart."""


class Answer(NamedTuple):
    """An answer that stands: not undone, with the last rating the user gave it.

    Attributes:
        uid: The answer event's name.
        question: Id of the question.
        day: The user's local day, as far as it can be right.
        session: Name of the session.
        rating: One of `RATINGS`, or `None` while nobody has rated it and if it is no review.
        data: The answer event's data.
    """

    uid: str
    question: str
    day: date
    session: str
    rating: str | None
    data: dict

    @property
    def repeated(self) -> bool:
        """Whether it is no review and moves nothing.

        It came again in a session that had it wrong, or the session was to cram.
        """
        return self.data.get("again") is True or self.data.get("cram") is True

    @property
    def confidence(self) -> int | None:
        """How sure the user was, one of `CONFIDENCES`, or `None` if that was not said."""
        said = self.data.get("confidence")
        return said if type(said) is int and said in CONFIDENCES else None

    @property
    def misjudged(self) -> bool:
        """Whether the user was sure, and wrong."""
        return self.rating == "again" and self.confidence == max(CONFIDENCES)


@dataclass(frozen=True)
class Memory:
    """What is remembered of one question.

    Attributes:
        question: Id of the question.
        last: Day of the last answer.
        due: Day of the next review.
        rating: The last rating.
        stability: Days until recall falls to 0.9.
        difficulty: From 1 to 10.
        reviews: Rated answers so far.
        meetings: Rated answers and repetitions.
        lapses: How many of them were `again`.
    """

    question: str
    last: date
    due: date
    rating: str
    stability: float
    difficulty: float
    reviews: int
    meetings: int
    lapses: int


def in_order(events: Iterable[Event], today: date) -> list[Event]:
    """Return the events in an order that does not ask the clock more than it can know.

    Events of one machine stay in the order of writing, and their days are mended (see
    `days.mended`). Between machines the day decides, then the machine's name, so that two merged
    histories give one order, whichever was merged into the other.

    Args:
        events: In the order of writing.
        today: The user's present day.
    """
    machines: dict[str, list[Event]] = {}
    for event in events:
        machines.setdefault(event.machine, []).append(event)
    found = []
    for chain in machines.values():
        days = mended([event.day for event in chain], today)
        found += [
            event if event.day == day else event._replace(day=day)
            for event, day in zip(chain, days, strict=True)
        ]
    return sorted(found, key=lambda event: (event.day, event.machine))


def answers(events: Iterable[Event]) -> list[Answer]:
    """Return the answers that stand, in the order of `events`.

    A rating or an undo names the answer it is for, and holds wherever it comes; it is of the same
    question, so that the answers to one follow from the events of that question.
    """
    found: dict[str, Answer] = {}
    changes = []
    for event in events:
        if event.kind == "answer" and event.question is not None:
            answer = Answer(event.uid, event.question, event.day, event.session, None, event.data)
            rating = None if answer.repeated else _known(event.data.get("rating"))
            found[event.uid] = answer._replace(rating=rating)
        elif event.kind in ("rate", "undo") and isinstance(event.data.get("of"), str):
            changes.append(event)
    for event in changes:
        answer = found.get(event.data["of"])
        if answer is None or answer.question != event.question:
            continue
        if event.kind == "undo":
            found.pop(event.data["of"], None)
        elif not answer.repeated:
            found[answer.uid] = answer._replace(rating=_known(event.data.get("rating")))
    return list(found.values())


def memories(answers: Iterable[Answer], desired_retention: float = RETENTION) -> dict[str, Memory]:
    """Return what is remembered of each question that has a rated answer.

    An error the user was sure of comes back within two days, and once more six to nine days after
    the review that corrects it; else FSRS decides.

    Days are the unit: two answers on one local day count as FSRS's same-day review, and a
    question is due on a day, not at an hour. A pure function of its arguments.

    Args:
        answers: See `answers`; their order is the order of the reviews.
        desired_retention: Recall at which a question is due again, between 0 and 1.
    """
    reviews: dict[str, list[Answer]] = {}
    meetings: Counter[str] = Counter()
    for answer in answers:
        meetings[answer.question] += answer.repeated or answer.rating is not None
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
    return {
        question: _replay(fsrs, scheduler, done, meetings[question])
        for question, done in reviews.items()
    }


def due(memories: Mapping[str, Memory], today: date) -> list[Memory]:
    """Return what is due on `today` or before, longest overdue first."""
    waiting = [memory for memory in memories.values() if memory.due <= today]
    return sorted(waiting, key=lambda memory: (memory.due, memory.question))


def due_days(memories: Mapping[str, Memory]) -> dict[str, str]:
    """Return the day each answered question is due, as an ISO date, by question id."""
    return {name: memory.due.isoformat() for name, memory in memories.items()}


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
        memories: See `memories`.
        chapters: Question id -> chapter; questions not in it are left out.
        day: The day of the prediction.
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


def _replay(fsrs, scheduler, done: list[Answer], meetings: int) -> Memory:
    """Review a card as often as the question was; a calendar of its own has room for any gap."""
    card, at, last = fsrs.Card(card_id(done[0].question), due=FIRST), FIRST, done[0].day
    for answer in done:
        rating = fsrs.Rating(RATINGS.index(answer.rating) + 1)
        at += timedelta(min((answer.day - last).days, LONGEST))
        last = answer.day
        card, _ = scheduler.review_card(card, rating, at)
    return Memory(
        question=done[0].question,
        last=last,
        due=later(last, _interval((card.due - at).days, done)),
        rating=done[-1].rating,
        stability=card.stability,
        difficulty=card.difficulty,
        reviews=len(done),
        meetings=meetings,
        lapses=sum(answer.rating == "again" for answer in done),
    )


def _interval(days: int, done: list[Answer]) -> int:
    if done[-1].misjudged:
        return min(days, SOON)
    if len(done) > 1 and done[-2].misjudged and done[-1].rating != "again":
        return min(max(days, SECOND[0]), SECOND[1])
    return days
