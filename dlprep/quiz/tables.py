"""The statements that make the tables of a history, and that fill them anew."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from dlprep.quiz.event import COLUMNS, NAMES

INSERT = f"INSERT INTO event ({COLUMNS}) VALUES ({', '.join('?' * len(NAMES))})"
_UNLOCKED = [
    f"DROP TRIGGER IF EXISTS event_is_never_{what}" for what in ("changed", "deleted", "replaced")
]
SECOND = [
    *_UNLOCKED,
    "ALTER TABLE event ADD COLUMN machine TEXT NOT NULL DEFAULT ''",
    "UPDATE event SET machine = (SELECT substr(uid, 1, 12) FROM event ORDER BY id LIMIT 1)",
]
"""From the first format, which knew no machines, to the second."""


def statements(version: int = 0) -> list[str]:
    """Return what makes the tables as they are now from those of a format; 0 is an empty file."""
    script = Path(__file__).with_name("schema.sql").read_text("utf-8")
    found, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            found.append(current)
            current = ""
    return [*(SECOND if version == 1 else ()), *found]


def fill(connection: sqlite3.Connection, rows: Sequence[tuple], instead: int | None) -> bool:
    """Insert rows of events; a transaction is open, so that all of it is done or nothing.

    Args:
        connection: A history.
        rows: Values of `COLUMNS`.
        instead: The `id` of the last event, if they take the place of all.

    Returns:
        Whether that is the last event; else nothing is done.
    """
    if instead is None:
        connection.executemany(INSERT, rows)
        return True
    if connection.execute("SELECT coalesce(max(id), 0) FROM event").fetchone() != (instead,):
        return False
    for statement in (*_UNLOCKED, "DELETE FROM event"):
        connection.execute(statement)
    connection.executemany(INSERT, rows)
    for statement in statements():
        connection.execute(statement)
    return True
