"""What the history says about the user: a pure function of the events, the bank and the day."""

import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dlprep.quiz import calibration, schedule
from dlprep.quiz.bank import Bank, Question, questions_dir
from dlprep.quiz.event import Event
from dlprep.quiz.front_matter import KINDS
from dlprep.quiz.readiness import ready
from dlprep.quiz.schedule import CONFIDENCES, Answer, Memory
from dlprep.quiz.selection import Filters, select

NEXT = 20
"""Minutes of the session that is proposed."""
READING = "reading"
"""Kind of the events that say what the user took for the outcome that decides."""
LAST = 7
"""Days whose answers are counted one by one."""


@dataclass(frozen=True)
class Group:
    """Questions with something in common.

    Attributes:
        name: The chapter or the tag.
        questions: How many there are.
        answered: How many of them have been answered.
        recall: Mean chance that one of these is answered right today; `None` if there are none.
    """

    name: str
    questions: int
    answered: int
    recall: float | None


@dataclass(frozen=True)
class Chapter(Group):
    """A chapter.

    Attributes:
        ready: Whether the last retrieval was production and did not fail.
        judged: Answers of which the user said how sure they were.
        overconfidence: Mean chance they claimed minus the share that was right, or `None`.
    """

    ready: bool
    judged: int
    overconfidence: float | None


@dataclass(frozen=True)
class Tally:
    """Answers with something in common, such as a kind or how sure the user was."""

    name: str | int
    answers: int
    accuracy: float | None


@dataclass(frozen=True)
class Misconception:
    """A wrong option that was chosen: how often, and on which day last."""

    question: str
    text: str
    times: int
    last: date


@dataclass(frozen=True)
class Streak:
    """Days in a row with an answer, up to today or yesterday, and the most there ever were."""

    days: int
    longest: int


@dataclass(frozen=True)
class Next:
    """The session that is proposed: its command, its questions, how long they take."""

    command: str
    minutes: float
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Statistics:
    """What the history says; shares and chances go from 0 to 1.

    Attributes:
        day: The user's present day.
        answers: How many stand, with those that moved no schedule.
        chapters: In the bank's order.
        tags: The lowest recall first, those without an answer last.
        kinds: Rated answers by kind of question.
        misconceptions: Those chosen most often first.
        streak: Days in a row.
        days: Answers of the last days, today last.
        brier: See `calibration.brier`.
        confidences: Rated answers by how sure the user was, from guess to sure.
        readings: How often the user said which outcome decides, and the share that was right.
        next: What to do in the next minutes.
    """

    day: date
    answers: int
    chapters: tuple[Chapter, ...]
    tags: tuple[Group, ...]
    kinds: tuple[Tally, ...]
    misconceptions: tuple[Misconception, ...]
    streak: Streak
    days: tuple[tuple[date, int], ...]
    brier: float | None
    confidences: tuple[Tally, ...]
    readings: Tally
    next: Next


def statistics(
    bank: Bank,
    events: Iterable[Event],
    memories: Mapping[str, Memory],
    today: date,
    chapter: str | None = None,
) -> Statistics:
    """Return what the history says.

    Args:
        bank: The questions; answers to others are left out.
        events: In the order of writing, those of `schedule.KINDS` and of kind `READING`.
        memories: What follows from them, by question.
        today: The user's present day.
        chapter: Only this one; as in `Bank.filter`.

    Raises:
        BankError: There is no such chapter.
    """
    asked = {question.id: question for question in bank.filter(chapter=chapter)}
    events = list(events)
    known = schedule.answers(schedule.in_order(events, today))
    given = [answer for answer in known if answer.question in asked]
    rated = [answer for answer in given if answer.rating is not None]
    memories = {name: memory for name, memory in memories.items() if name in asked}
    recall = {name: schedule.recall(memory, today) for name, memory in memories.items()}
    judged = [answer for answer in rated if calibration.is_judged(answer)]
    days = [answer.day for answer in given]
    return Statistics(
        day=today,
        answers=len(given),
        chapters=_chapters(bank, asked, recall, rated),
        tags=_tags(asked, recall),
        kinds=_tallies(KINDS, rated, lambda answer: asked[answer.question].kind),
        misconceptions=_misconceptions(given),
        streak=streak(days, today),
        days=_last_days(days, today),
        brier=calibration.brier(judged),
        confidences=_tallies(CONFIDENCES, judged, lambda answer: answer.confidence),
        readings=_readings(events, asked),
        next=next_session(bank, memories, today, chapter),
    )


def streak(days: Iterable[date], today: date) -> Streak:
    """Return the days in a row with an answer; today may still be without one."""
    length: dict[int, int] = {}
    for day in sorted({day.toordinal() for day in days}):
        length[day] = length.get(day - 1, 0) + 1
    yesterday = length.get(today.toordinal() - 1, 0)
    return Streak(length.get(today.toordinal(), yesterday), max(length.values(), default=0))


def _group(name: str, questions: Sequence[str], recall: Mapping[str, float]) -> tuple:
    known = [recall[question] for question in questions if question in recall]
    return name, len(questions), len(known), sum(known) / len(known) if known else None


def _chapters(
    bank: Bank,
    asked: Mapping[str, Question],
    recall: Mapping[str, float],
    rated: Sequence[Answer],
) -> tuple[Chapter, ...]:
    questions: dict[str, list[str]] = {}
    for question in asked.values():
        questions.setdefault(question.chapter, []).append(question.id)
    answers: dict[str, list[Answer]] = {chapter: [] for chapter in questions}
    for answer in rated:
        answers[asked[answer.question].chapter].append(answer)
    places = {question.id: question.chapter for question in asked.values()}
    over = calibration.overconfidence(rated, places)
    return tuple(
        Chapter(
            *_group(chapter, ids, recall),
            ready(chapter, answers[chapter], bank),
            sum(map(calibration.is_judged, answers[chapter])),
            over.get(chapter),
        )
        for chapter, ids in questions.items()
    )


def _tags(asked: Mapping[str, Question], recall: Mapping[str, float]) -> tuple[Group, ...]:
    questions: dict[str, list[str]] = {}
    for question in asked.values():
        for tag in question.tags:
            questions.setdefault(tag, []).append(question.id)
    found = [Group(*_group(tag, ids, recall)) for tag, ids in questions.items()]

    def weakest(one: Group) -> tuple:
        return one.recall is None, one.recall, -one.answered, one.name

    return tuple(sorted(found, key=weakest))


def _tallies(
    names: Iterable[str | int], answers: Iterable[Answer], name: Callable[[Answer], str | int]
) -> tuple[Tally, ...]:
    scores: dict[str | int, list[float]] = {}
    for answer in answers:
        scores.setdefault(name(answer), []).append(calibration.score(answer))
    return tuple(
        Tally(one, len(scores[one]), sum(scores[one]) / len(scores[one]))
        if one in scores
        else Tally(one, 0, None)
        for one in names
    )


def _readings(events: Iterable[Event], asked: Mapping[str, Question]) -> Tally:
    said = [event for event in events if event.kind == READING and event.question in asked]
    right = [event.data.get("right") is True for event in said]
    return Tally("reading", len(right), sum(right) / len(right) if right else None)


def _misconceptions(answers: Iterable[Answer]) -> tuple[Misconception, ...]:
    times: Counter[tuple[str, str]] = Counter()
    last: dict[tuple[str, str], date] = {}
    for answer in answers:
        chosen = answer.data.get("misconceptions")
        for text in chosen if isinstance(chosen, list) else ():
            if isinstance(text, str):
                times[answer.question, text] += 1
                last[answer.question, text] = answer.day
    found = [Misconception(*key, count, last[key]) for key, count in times.items()]
    return tuple(sorted(found, key=lambda one: (-one.times, -one.last.toordinal(), one.question)))


def _last_days(days: Iterable[date], today: date) -> tuple[tuple[date, int], ...]:
    counts = Counter(days)
    shown = (today - timedelta(ago) for ago in reversed(range(LAST)))
    return tuple((day, counts[day]) for day in shown)


def next_session(
    bank: Bank, memories: Mapping[str, Memory], today: date, chapter: str | None = None
) -> Next:
    """Return the session to do next: what is due and new, or else what may be crammed."""
    wanted = Filters(chapter=chapter, minutes=NEXT)
    command = f"dlprep quiz --minutes {NEXT}"
    found = select(bank, memories, wanted, today, None)
    if not found:
        command += " --cram"
        found = select(bank, memories, replace(wanted, cram=True), today, None)
    if chapter:
        command += f" --chapter {found[0].chapter}"
    if bank.folder != questions_dir():
        command += f" --bank {shlex.quote(str(bank.folder))}"
    minutes = sum(question.minutes for question in found)
    return Next(command, minutes, tuple(question.id for question in found))
