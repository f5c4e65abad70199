"""Days of a user: when one begins, and which day an event had whose clock was wrong."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

BEGINS = timedelta(hours=4)
"""What is answered after midnight belongs to the evening before."""

SLIP = 1
"""Days that a journey or a small correction of the clock may take back."""

LONG_AGO = 365


def now() -> datetime:
    """Return the local time with its zone."""
    return datetime.now().astimezone()


def day_of(at: datetime) -> date:
    """Return the user's day at a local time; it begins at 4:00."""
    return (at - BEGINS).date()


def later(day: date, days: int) -> date:
    """Return the day so many days later, the last day there is if that lies beyond it."""
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def mended(days: Sequence[date], today: date) -> list[date]:
    """Return the days of events in the order of their writing, none before the one above it.

    A clock that was wrong for a while gives days that do not fit between the others, or that have
    not come yet. The longest run of days in which none steps back is believed. Any other day counts
    as the believed one before it, so that a review comes too early rather than too late; as the one
    after it, if it is only a day ahead of that or nothing is believed before it. If nothing at all
    is, the day lies a year back, so that the reviews are due.

    Args:
        days: One for each event.
        today: The present day, which no event is more than a day ahead of.
    """
    numbers, limit = [day.toordinal() for day in days], today.toordinal() + SLIP
    if all(a <= b for a, b in pairwise(numbers)) and (not numbers or numbers[-1] <= limit):
        return list(days)
    believed = _longest_run(numbers, limit)
    after: list[int | None] = [None] * len(numbers)
    for place in range(len(numbers) - 2, -1, -1):
        after[place] = numbers[place + 1] if place + 1 in believed else after[place + 1]
    found, before = [], None
    for place, number in enumerate(numbers):
        if place in believed:
            before = number
        else:
            number = _believable(number, before, after[place], limit - SLIP)
        found.append(date.fromordinal(number))
    return found


def _believable(number: int, before: int | None, after: int | None, today: int) -> int:
    if after is not None and (before is None or 0 < number - after <= SLIP):
        return after
    return before if before is not None else max(1, today - LONG_AGO)


def _longest_run(numbers: Sequence[int], limit: int) -> set[int]:
    """Return the places of the longest run up to `limit` in which no number is below the last.

    It is found from the end, so that of two runs the later days are believed.
    """
    ends: list[int] = []
    places: list[int] = []
    following: dict[int, int | None] = {}
    for place in range(len(numbers) - 1, -1, -1):
        if numbers[place] > limit:
            continue
        length = bisect_right(ends, -numbers[place])
        ends[length : length + 1] = [-numbers[place]]
        places[length : length + 1] = [place]
        following[place] = places[length - 1] if length else None
    run, place = set(), places[-1] if places else None
    while place is not None:
        run.add(place)
        place = following[place]
    return run
