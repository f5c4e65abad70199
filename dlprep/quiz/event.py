"""One line of the history, and its row in the file."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

from dlprep.quiz.days import day_of

NAMES = ("uid", "at", "day", "session", "kind", "question", "data", "machine")
COLUMNS = ", ".join(NAMES)


class Event(NamedTuple):
    """One line of the history.

    Attributes:
        id: Position in this file, which is the order of writing.
        uid: The event's own name, the same in every copy of the history.
        at: The instant, in UTC, by the clock of that moment.
        day: The user's local day at that instant; it begins at 4:00.
        session: Name of the session that wrote it.
        kind: `answer`, `rate`, `undo`, `commit`, `try`, `skip`, `dispute`, ...
        question: Id of the question, or `None`.
        data: What happened, as plain JSON values; `of` is the `uid` of the event it acts on.
        machine: Name of the machine that wrote it; events of one come in the order of writing.
    """

    id: int
    uid: str
    at: datetime
    day: date
    session: str
    kind: str
    question: str | None
    data: dict
    machine: str = ""


def row(
    uid: str,
    at: datetime,
    session: str,
    kind: str,
    question: str | None,
    data: Mapping,
    machine: str,
) -> tuple:
    """Return the values of `COLUMNS` for a new event.

    Raises:
        ValueError: The time has no zone, or the data is no JSON.
    """
    if at.tzinfo is None:
        raise ValueError(f"an event needs a time with its zone, got {at.isoformat()}")
    instant = f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    text = json.dumps(dict(data), ensure_ascii=False, allow_nan=False)
    return uid, instant, day_of(at).isoformat(), session, kind, question, text, machine


def read(number: int, row: tuple) -> Event:
    """Return the event of a row.

    Raises:
        ValueError: It is none; the message says why.
    """
    for name, value in zip(NAMES, row, strict=True):
        if type(value) is not str and (value is not None or name != "question"):
            raise ValueError(f"its {name} is {value!r:.40}, not a text")
    uid, at, day, session, kind, question, data, machine = row
    try:
        content = json.loads(data)
    except RecursionError as error:
        raise ValueError("its data is nested too deeply") from error
    if not isinstance(content, dict):
        raise ValueError(f"its data is {data:.40}, not an object")
    instant = datetime.fromisoformat(at)
    return Event(
        number, uid, instant, date.fromisoformat(day), session, kind, question, content, machine
    )
