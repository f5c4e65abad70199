"""The user's history: one SQLite file with an append-only table of events."""

import contextlib
import os
import sqlite3
import stat
import time
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from dlprep.quiz import event, rescue, tables
from dlprep.quiz.event import COLUMNS, Event

__all__ = ["Event", "History", "HistoryError", "default_path"]

APPLICATION_ID = 0x646C7072
VERSION = 2
BUSY_SECONDS = 15.0
MAGIC = b"SQLite format 3\x00"


class HistoryError(Exception):
    """The history cannot be read or written; the message says why and what to do."""


class History:
    """An open history.

    An event is on the disk when `append` returns. Any number of processes may append at once.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path):
        self.path = path
        self._name: str | None = None
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
            self._place = rescue.identity(self.path)
        except BaseException:
            self._connection.close()
            raise

    @classmethod
    def open(cls, path: Path | str | None = None) -> "History":
        """Open the history, which is created with its folder if absent.

        Args:
            path: The file; default: `default_path()`.

        Raises:
            HistoryError: The file is damaged, newer than this program, or cannot be used. It is
                left as it is; a damaged or newer one also gets a copy beside it.
        """
        return cls(Path(path) if path is not None else default_path())

    @classmethod
    def existing(cls) -> "History | None":
        """Open the history in its usual place, or return `None` if there is none.

        Raises:
            HistoryError: As in `open`.
        """
        try:
            default_path().lstat()
        except FileNotFoundError:
            return None
        except OSError:
            pass  # `open` says what is wrong.
        return cls.open()

    def append(
        self, kind: str, question: str | None, data: Mapping, *, at: datetime, session: str
    ) -> Event:
        """Store one event and return it; it survives a crash from here on.

        Args:
            kind: What happened, see `Event`.
            question: Id of the question, or `None`.
            data: Plain JSON values.
            at: The instant with the user's time zone, whose date becomes the event's day.
            session: Name of the session.

        Raises:
            HistoryError: The disk is full, the file is read-only, or it is locked too long.
        """
        try:
            row = self.row(kind, question, data, at=at, session=session)
            cursor = self._connection.execute(f"{tables.INSERT} RETURNING id", row)
            (number,) = cursor.fetchall()[0]
        except sqlite3.Error as error:
            self._check_place(self._place[:1])
            raise self._unusable("could not be written, so this was not saved", error) from error
        self._check_place(self._place)
        return event.read(number, row)

    def row(
        self, kind: str, question: str | None, data: Mapping, *, at: datetime, session: str
    ) -> tuple:
        """Return the row of a new event for `write`; arguments as in `append`."""
        uid = os.urandom(16).hex()
        return event.row(uid, at, session, kind, question, data, self._machine(uid))

    def write(self, rows: Iterable[tuple], *, instead: int | None = None) -> None:
        """Store rows, all or none of them, and whatever kills the program meanwhile.

        Args:
            rows: Values of `event.COLUMNS`, in the order of writing.
            instead: The `id` of the last event that is there, 0 if there is none: they take the
                place of all. Default: they come behind what is there.

        Raises:
            HistoryError: As in `append`; or another program has added events meanwhile.
        """
        rows = list(rows)
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                done = tables.fill(self._connection, rows, instead)
        except sqlite3.Error as error:
            raise self._unusable("could not be written, so nothing was changed", error) from error
        if not done:
            raise HistoryError(
                f"The history {self.path} was written to meanwhile, so nothing was changed: end the"
                " other session and try again."
            )
        self._name = None
        self._check_place(self._place)

    def events(
        self,
        after: int = 0,
        kinds: Collection[str] | None = None,
        questions: Collection[str] | None = None,
    ) -> list[Event]:
        """Return the events in the order of writing.

        Args:
            after: Leave out events whose `id` is not above this.
            kinds: The kinds wanted; default: all.
            questions: Ids of the questions wanted; default: all, and what is of none.
        """
        where, values = "id > ?", [after]
        for name, wanted in (("kind", kinds), ("question", questions)):
            if wanted is not None:
                where += f" AND {name} IN ({', '.join('?' * len(wanted))})"
                values += wanted
        query = f"SELECT id, {COLUMNS} FROM event WHERE {where} ORDER BY id"
        try:
            return [self._event(*row) for row in self._connection.execute(query, values)]
        except sqlite3.Error as error:
            raise self._unusable("could not be read", error) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> "History":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _event(self, number: int, *row: str | None) -> Event:
        try:
            return event.read(number, row)
        except ValueError as error:
            raise self._damaged(f"is damaged: row {number} is no event, {error}") from error

    def _machine(self, uid: str) -> str:
        """Return a name that two machines do not share, even where one has a copy of the file."""
        if self._name is None:
            import platform
            from hashlib import blake2b

            first = self._connection.execute("SELECT uid FROM event ORDER BY id LIMIT 1").fetchone()
            here = f"{first[0] if first else uid} {platform.node()}"
            self._name = blake2b(here.encode(), digest_size=6).hexdigest()
        return self._name

    def _check_place(self, files: list[tuple[int, int]]) -> None:
        """Refuse to go on in a file that nobody will find again."""
        if rescue.identity(self.path)[: len(files)] != files:
            raise HistoryError(
                f"The history {self.path} was deleted or replaced while it was in use;"
                f" {rescue.save(self._connection, self.path)}"
                " Put it in the history's place, or begin a new history."
            )

    def _check_header(self) -> None:
        try:
            for suffix in ("", "-wal", "-shm", "-journal"):
                self._check_kind(Path(f"{self.path}{suffix}"))
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

    def _check_kind(self, path: Path) -> None:
        """Refuse a pipe, which would be waited for, a folder and a device."""
        with contextlib.suppress(FileNotFoundError):
            if not stat.S_ISREG(path.stat().st_mode):
                raise HistoryError(
                    f"The history {self.path} cannot be opened: {path} is a folder, a pipe or a"
                    " device. Move it away, or choose another folder for your data."
                )

    def _prepare(self) -> None:
        try:
            self._check_content()
            self._switch_to_wal()
            self._connection.execute("PRAGMA synchronous = FULL")
            self._create_table()
            self._connection.execute(f"SELECT id, {COLUMNS} FROM event LIMIT 0")
        except sqlite3.OperationalError as error:
            if "no such" in str(error):
                raise self._damaged(f"is damaged ({error})") from error
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
        version = self._pragma("user_version")
        if version == VERSION:
            self._connection.execute("ROLLBACK")
            return
        for statement in tables.statements(version):
            self._connection.execute(statement)
        self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self._connection.execute(f"PRAGMA user_version = {VERSION}")
        self._connection.execute("COMMIT")

    def _pragma(self, name: str):
        return self._connection.execute(f"PRAGMA {name}").fetchone()[0]

    def _newer(self, version: int) -> HistoryError:
        return self._bad(
            f"was written by a newer dlprep (format {version}, this one reads {VERSION})",
            f"{rescue.set_aside(self.path)} Update dlprep, or choose another file.",
        )

    def _damaged(self, fault: str) -> HistoryError:
        advice = "Put a backup in its place, or move it away to begin a new history."
        return self._bad(fault, f"{rescue.set_aside(self.path)} {advice}")

    def _bad(self, fault: str, advice: str) -> HistoryError:
        return HistoryError(f"The history {self.path} {fault}. It was left as it is; {advice}")

    def _unusable(self, what: str, error: Exception) -> HistoryError:
        return HistoryError(
            f"The history {self.path} {what}: {error}. Check that its folder can be written and has"
            " free space, and that no other program holds the file."
        )


def default_path() -> Path:
    """Return the history's place in the platform's folder for user data."""
    import platformdirs

    return platformdirs.user_data_path("dlprep", appauthor=False) / "history.db"
