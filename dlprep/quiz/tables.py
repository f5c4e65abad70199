"""The statements that make the tables of a history, and that empty them."""

import sqlite3
from pathlib import Path

_UNLOCKED = [
    f"DROP TRIGGER IF EXISTS event_is_never_{what}" for what in ("changed", "deleted", "replaced")
]
EMPTY = [*_UNLOCKED, "DELETE FROM event"]
"""They stand in one transaction with `statements`, so that no other program may change events."""

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
