r"""What to do on each day until an interview: what raises recall on that day most, per minute.

Recall after $t$ days with stability $S$, and what a review at recall $R$ makes of the stability
with difficulty $D$, are those of the package `fsrs` with its parameters $w$:

$$R(t, S) = \big(1 + F t / S\big)^{-w_{20}}, \qquad F = 0.9^{-1 / w_{20}} - 1$$
$$S_\text{right} = S \big(1 + e^{w_8} (11 - D) S^{-w_9} (e^{(1 - R) w_{10}} - 1)\big)$$
$$S_\text{wrong} = \min\big(w_{11} D^{-w_{12}} ((S + 1)^{w_{13}} - 1) e^{(1 - R) w_{14}}, S\big)$$
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from dlprep.quiz.bank import Question
from dlprep.quiz.schedule import Memory

FURTHEST = 366
"""Days ahead that can be planned."""
LAST = 3
"""Days before the interview in which nothing new comes while there is something to review."""
LEAST = 0.01
"""A review that raises the chance of a right answer by less is not worth its time."""
SLACK = 1.15
"""Questions do not fill a day's minutes to the last."""
FIRST_RIGHT = 0.5
"""Assumed share of new questions that are answered right at once."""


class Known(NamedTuple):
    """A question that has been met.

    Attributes:
        minutes: What an answer takes.
        stability: Days until recall falls to 0.9.
        difficulty: From 1 to 10.
        since: Days since the last answer.
    """

    minutes: float
    stability: float
    difficulty: float
    since: int


@dataclass(frozen=True)
class Day:
    """What is to be done on one day."""

    day: date
    reviews: tuple[str, ...]
    new: tuple[str, ...]
    minutes: float


@dataclass(frozen=True)
class Plan:
    """What to do until the interview, if every day is used as planned.

    Attributes:
        interview: Its day; nothing is planned for it.
        minutes: Minutes a day.
        days: From today on.
        questions: How many there are.
        reached: How many of them will have been met.
        refreshed: How many of those will have been seen in the last days, see `round_days`.
        recall: Expected chance of a right answer then, by chapter; what is never met counts 0.
    """

    interview: date
    minutes: float
    days: tuple[Day, ...]
    questions: int
    reached: int
    refreshed: int
    recall: Mapping[str, float]


def plan(
    questions: Iterable[Question],
    memories: Mapping[str, Memory],
    today: date,
    interview: date,
    minutes: float,
) -> Plan:
    """Return what to do on each day until the interview.

    Args:
        questions: What may be asked.
        memories: See `schedule.memories`.
        today: The user's present day, the first one planned.
        interview: A later day, at most `FURTHEST` days ahead.
        minutes: Minutes a day; what was answered today counts for today.

    Raises:
        ValueError: The interview is not later than today or too far ahead, or a question takes
            more than a day has.
    """
    asked = {question.id: question for question in questions}
    longest = max(question.minutes for question in asked.values())
    check_day(interview, today)
    if minutes < longest:
        raise ValueError(f"One question takes {longest:g} minutes; received {minutes:g} a day.")
    known = {name: met(memories[name], asked[name], today) for name in asked if name in memories}
    new = by_demand(question for name, question in asked.items() if name not in known)
    days = []
    spent = sum(asked[name].minutes for name, one in known.items() if not one.since)
    for number in range((interview - today).days):
        day = today + timedelta(number)
        left = (interview - day).days
        reviews, first = todays(known, new, left, minutes - (0 if number else spent))
        takes = sum(asked[name].minutes for name in (*reviews, *first))
        days.append(Day(day, tuple(reviews), tuple(first), takes))
        known = after(known, reviews, {name: asked[name].minutes for name in first})
        new = [one for one in new if one.id not in known]
    chapters: dict[str, list[float]] = {}
    for name, question in asked.items():
        chance = retrievability(known[name].since, known[name].stability) if name in known else 0.0
        chapters.setdefault(question.chapter, []).append(chance)
    return Plan(
        interview=interview,
        minutes=minutes,
        days=tuple(days),
        questions=len(asked),
        reached=len(known),
        refreshed=sum(one.since <= round_days(known, minutes) for one in known.values()),
        recall={name: sum(found) / len(found) for name, found in chapters.items()},
    )


def check_day(interview: date, today: date) -> None:
    """Raise `ValueError` for a day that cannot be planned up to."""
    if interview <= today:
        raise ValueError(f"The interview must be after today, {today}; received {interview}.")
    if (interview - today).days > FURTHEST:
        raise ValueError(f"At most {FURTHEST} days ahead can be planned; received {interview}.")


def met(memory: Memory, question: Question, today: date) -> Known:
    """Return what is known of a question that has been answered."""
    since = max(0, (today - memory.last).days)
    return Known(question.minutes, memory.stability, memory.difficulty, since)


def by_demand(questions: Iterable[Question]) -> list[Question]:
    """Return questions in the order in which they are to be met: most asked first."""
    return sorted(questions, key=lambda question: -question.asked)


def round_days(known: Mapping[str, Known], minutes: float) -> int:
    """Return how many days one round through what is known takes."""
    return math.ceil(SLACK * sum(one.minutes for one in known.values()) / minutes)


def todays(
    known: Mapping[str, Known], new: Sequence[Question], left: int, minutes: float
) -> tuple[list[str], list[str]]:
    """Return the ids to review today, and those to meet for the first time.

    New questions come first, as nothing else gains as much, but not in the last days. Reviews
    follow that raise recall on the day of the interview most, per minute. Once the days that are
    left are no more than one round takes, what has not been seen in them comes before the rest.

    Args:
        known: What has been met.
        new: What has not, in the order in which to meet it.
        left: Days until the interview, today included.
        minutes: Minutes for today.
    """
    if minutes <= 0:
        return [], []
    begun = round_days(known, minutes) - left
    gains = {name: gain(one, left) / one.minutes for name, one in known.items() if one.since}
    unseen = {name for name in gains if 0 <= begun < known[name].since}
    reviews = sorted(
        (n for n in gains if n in unseen or gains[n] * known[n].minutes >= LEAST),
        key=lambda name: (name not in unseen, -gains[name], name),
    )
    sizes = {question.id: question.minutes for question in new}
    first = [question.id for question in new]
    order = [*first, *reviews] if left > LAST else [*reviews, *first]
    chosen: list[str] = []
    for name in order:
        size = sizes.get(name) or known[name].minutes
        if size <= minutes:
            chosen.append(name)
            minutes -= size
    return [name for name in chosen if name in known], [name for name in chosen if name in sizes]


def gain(one: Known, left: int) -> float:
    """Return by how much a review today is expected to raise recall so many days later."""
    now = retrievability(one.since, one.stability)
    right, wrong = stabilities(one, now)
    reviewed = now * retrievability(left, right) + (1 - now) * retrievability(left, wrong)
    return reviewed - retrievability(one.since + left, one.stability)


def after(
    known: Mapping[str, Known], reviews: Iterable[str], new: Mapping[str, float]
) -> dict[str, Known]:
    """Return what is known a day later; stabilities are the expected ones."""
    found = {name: one._replace(since=one.since + 1) for name, one in known.items()}
    for name in reviews:
        now = retrievability(known[name].since, known[name].stability)
        right, wrong = stabilities(known[name], now)
        found[name] = found[name]._replace(stability=now * right + (1 - now) * wrong, since=1)
    w = parameters()
    stability = FIRST_RIGHT * w[2] + (1 - FIRST_RIGHT) * w[0]
    return found | {name: Known(minutes, stability, 5.0, 1) for name, minutes in new.items()}


def retrievability(days: float, stability: float) -> float:
    """Return the chance of a right answer so many days after the last."""
    decay = -parameters()[20]
    return (1 + (0.9 ** (1 / decay) - 1) * days / stability) ** decay


def stabilities(one: Known, recall: float) -> tuple[float, float]:
    """Return the stability after a right answer and after a wrong one."""
    w, s = parameters(), one.stability
    growth = math.exp(w[8]) * (11 - one.difficulty) * s ** -w[9] * math.expm1((1 - recall) * w[10])
    wrong = w[11] * one.difficulty ** -w[12] * ((s + 1) ** w[13] - 1)
    return s * (1 + growth), min(wrong * math.exp((1 - recall) * w[14]), s)


@cache
def parameters() -> tuple[float, ...]:
    """Return the parameters of FSRS."""
    import fsrs

    return tuple(fsrs.Scheduler().parameters)
