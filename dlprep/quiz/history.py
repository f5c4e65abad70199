"""The user's history: one SQLite file with an append-only table of events."""

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

APPLICATION_ID = 0x646C7072
VERSION = 1
BUSY_SECONDS = 15.0
MAGIC = b"SQLite format 3\x00"


class HistoryError(Exception):
    """The history cannot be read or written; the message says why and what to do."""


class Event(NamedTuple):
    """One line of the history.

    Attributes:
        id: position in this file.
        uid: the event's own name, the same in every copy of the history.
        at: the instant, in UTC.
        day: the user's local date at that instant.
        session: name of the session that wrote it.
        kind: `answer`, `rate`, `undo`, `commit`, `try`, `skip`, `dispute`, ...
        question: id of the question, or `None`.
        data: what happened, as plain JSON values.
    """

    id: int
    uid: str
    at: datetime
    day: date
    session: str
    kind: str
    question: str | None
    data: dict


class History:
    """An open history.

    An event is on the disk when `append` returns. Any number of processes may append at once.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path):
        self.path = path
        self._check_header()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise self._unusable("cannot be opened", error) from error
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    @classmethod
    def open(cls, path: Path | str | None = None) -> "History":
        """Open the history, which is created with its folder if absent.

        Args:
            path: the file; default: `default_path()`.

        Raises:
            HistoryError: the file is damaged, newer than this program, or cannot be used. It is
                left as it is; a damaged or newer one also gets a copy beside it.
        """
        return cls(Path(path) if path is not None else default_path())

    def append(
        self, kind: str, question: str | None, data: Mapping, *, at: datetime, session: str
    ) -> Event:
        """Store one event and return it; it survives a crash from here on.

        Args:
            kind: what happened, see `Event`.
            question: id of the question, or `None`.
            data: plain JSON values.
            at: the instant with the user's time zone, whose date becomes the event's day.
            session: name of the session.

        Raises:
            HistoryError: the disk is full, the file is read-only, or it is locked too long.
        """
        if at.tzinfo is None:
            raise ValueError(f"an event needs a time with its zone, got {at.isoformat()}")
        row = (
            os.urandom(16).hex(),
            f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
            at.date().isoformat(),
            session,
            kind,
            question,
            json.dumps(dict(data), ensure_ascii=False, allow_nan=False),
        )
        try:
            cursor = self._connection.execute(
                "INSERT INTO event (uid, at, day, session, kind, question, data)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
                row,
            )
            (number,) = cursor.fetchall()[0]
        except sqlite3.Error as error:
            raise self._unusable("could not be written, so this was not saved", error) from error
        return _event((number, *row))

    def events(self, after: int = 0, kinds: Iterable[str] | None = None) -> list[Event]:
        """Return the events in order of time, those of `kinds` only if given.

        Args:
            after: leave out events whose `id` is not above this.
            kinds: the kinds wanted; default: all.
        """
        wanted = list(kinds) if kinds is not None else []
        where = f" AND kind IN ({', '.join('?' * len(wanted))})" if kinds is not None else ""
        query = f"SELECT * FROM event WHERE id > ?{where} ORDER BY at, id"
        try:
            return [_event(row) for row in self._connection.execute(query, (after, *wanted))]
        except sqlite3.Error as error:
            raise self._unusable("could not be read", error) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> "History":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _check_header(self) -> None:
        try:
            with self.path.open("rb") as file:
                header = file.read(100)
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._unusable("cannot be opened", error) from error
        if header and not header.startswith(MAGIC):
            raise self._damaged("is damaged: it is no SQLite file")
        if len(header) == 100 and int.from_bytes(header[60:64]) > VERSION:
            raise self._newer(int.from_bytes(header[60:64]))

    def _prepare(self) -> None:
        try:
            self._check_content()
            self._switch_to_wal()
            self._connection.execute("PRAGMA synchronous = FULL")
            self._create_table()
        except sqlite3.OperationalError as error:
            raise self._unusable("cannot be used", error) from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(f"is damaged ({error})") from error

    def _check_content(self) -> None:
        if self._pragma("user_version") > VERSION:
            raise self._newer(self._pragma("user_version"))
        tables = self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if tables and self._pragma("application_id") != APPLICATION_ID:
            raise self._bad("belongs to another program", "choose another file.")
        fault = self._pragma("integrity_check")
        if fault != "ok":
            raise self._damaged(f"is damaged ({' '.join(fault.split())})")

    def _switch_to_wal(self) -> None:
        """SQLite does not wait for a busy file here by itself."""
        give_up = time.monotonic() + BUSY_SECONDS
        while self._pragma("journal_mode") != "wal":
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > give_up:
                    raise
                time.sleep(0.01)

    def _create_table(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        if self._pragma("user_version") == VERSION:
            self._connection.execute("ROLLBACK")
            return
        schema = Path(__file__).with_name("schema.sql").read_text("utf-8")
        for statement in _statements(schema):
            self._connection.execute(statement)
        self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self._connection.execute(f"PRAGMA user_version = {VERSION}")
        self._connection.execute("COMMIT")

    def _pragma(self, name: str):
        return self._connection.execute(f"PRAGMA {name}").fetchone()[0]

    def _newer(self, version: int) -> HistoryError:
        return self._bad(
            f"was written by a newer dlprep (format {version}, this one reads {VERSION})",
            f"{self._set_aside()} Update dlprep, or choose another file.",
        )

    def _damaged(self, fault: str) -> HistoryError:
        advice = "Put a backup in its place, or move it away to begin a new history."
        return self._bad(fault, f"{self._set_aside()} {advice}")

    def _bad(self, fault: str, advice: str) -> HistoryError:
        return HistoryError(f"The history {self.path} {fault}. It was left as it is; {advice}")

    def _set_aside(self) -> str:
        """Copy the file beside itself, once per state of the file, and say where."""
        try:
            changed = datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
            copy = self.path.with_name(f"{self.path.name}.{changed:%Y%m%dT%H%M%SZ}.copy")
            for suffix in ("", "-wal"):
                source, target = Path(f"{self.path}{suffix}"), Path(f"{copy}{suffix}")
                if source.exists() and not target.exists():
                    _copy(source, target)
        except OSError as error:
            return f"no copy could be made ({error})."
        return f"a copy is in {copy}."

    def _unusable(self, what: str, error: Exception) -> HistoryError:
        return HistoryError(
            f"The history {self.path} {what}: {error}. Check that its folder can be written and has"
            " free space, and that no other program holds the file."
        )


def default_path() -> Path:
    """Return the history's place in the platform's folder for user data."""
    import platformdirs

    return platformdirs.user_data_path("dlprep", appauthor=False) / "history.db"


def _copy(source: Path, target: Path) -> None:
    import shutil

    partial = target.with_name(f"{target.name}.partial")
    try:
        shutil.copy2(source, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _event(row: tuple) -> Event:
    number, uid, at, day, session, kind, question, data = row
    return Event(
        number,
        uid,
        datetime.fromisoformat(at),
        date.fromisoformat(day),
        session,
        kind,
        question,
        json.loads(data),
    )


def _statements(script: str) -> list[str]:
    statements, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            statements.append(current)
            current = ""
    return statements
