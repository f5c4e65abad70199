"""The full-text index of a bank: one SQLite file in the cache folder, which follows the files."""

import contextlib
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from dlprep.lab.printable import printable
from dlprep.quiz import front_matter
from dlprep.quiz.bank import Question
from dlprep.quiz.reading import SLUG, BankError, read_front_matter
from dlprep.quiz.spelling import fold

COLUMNS = ("title", "tags", "id", "prompt", "answer")
SHAPE = 2
"""Counted up when the tables or what fills them change: older indexes are then made anew."""

SLOW = 200
"""Reading this many questions takes so long that it is told."""

PATIENCE = 2.0
"""Seconds to wait for another search that writes the index."""


def cache_dir() -> Path:
    """Return the folder of the indexes in the user's cache."""
    import platformdirs

    return platformdirs.user_cache_path("dlprep", appauthor=False) / "search"


@contextlib.contextmanager
def opened(
    folder: Path, cache: Path, emit: Callable[[int, int], None]
) -> Iterator[sqlite3.Connection]:
    """Open the bank's index, brought up to date.

    Tables: `files` with the questions as written, `texts` with what is searched, by row number.

    Args:
        folder: The bank.
        cache: The folder of the indexes; if nothing can be kept there, the index is made for once.
        emit: Called with `(done, total)` while many questions are read.

    Raises:
        BankError: The folder cannot be read, or SQLite has no full-text search.
    """
    kept = place(folder, cache)
    for path in (kept, kept, None):
        try:
            index = _open(path)
        except (OSError, sqlite3.Error) as error:
            discard(path, error)
            continue
        with contextlib.closing(index):
            try:
                with index:
                    _update(index, folder, emit)
            except sqlite3.Error as error:
                if path is None:
                    raise
                discard(path, error)
                continue
            yield index
            return
    raise BankError(f"this Python's SQLite {sqlite3.sqlite_version} has no full-text search (FTS5)")


def place(folder: Path, cache: Path) -> Path:
    """Return the file of a bank's index."""
    return cache / f"{hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]}.db"


def _open(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    index = sqlite3.connect(path or ":memory:", timeout=PATIENCE)
    try:
        if index.execute("PRAGMA user_version").fetchone()[0] != SHAPE:
            index.executescript(
                "BEGIN IMMEDIATE; DROP TABLE IF EXISTS files; DROP TABLE IF EXISTS texts;"
                " CREATE TABLE files (path BLOB UNIQUE, stamp INTEGER, size INTEGER, id TEXT,"
                " chapter TEXT, title TEXT, level TEXT, kind TEXT, minutes REAL, tags TEXT,"
                " prompt TEXT, answer TEXT);"
                f" CREATE VIRTUAL TABLE texts USING fts5({', '.join(COLUMNS)},"
                " tokenize = 'porter unicode61 remove_diacritics 2');"
                f" PRAGMA user_version = {SHAPE}; COMMIT;"
            )
    except sqlite3.Error:
        index.close()
        raise
    return index


def discard(path: Path | None, error: Exception) -> None:
    """Remove an index that is damaged, not one that another search is writing."""
    damaged = isinstance(error, sqlite3.DatabaseError | ValueError | TypeError)
    if path and damaged and "locked" not in str(error):
        with contextlib.suppress(OSError):
            path.unlink()


def _update(index: sqlite3.Connection, folder: Path, emit: Callable[[int, int], None]) -> None:
    """Let the index have the files as they are now."""
    there = dict(_files(folder))
    known = {
        path: (stamp, size)
        for path, stamp, size in index.execute("SELECT path, stamp, size FROM files")
    }
    changed = [path for path, facts in there.items() if known.get(path) != facts]
    for path in [path for path in known if there.get(path) != known[path]]:
        query = "DELETE FROM texts WHERE rowid = (SELECT rowid FROM files WHERE path = ?)"
        index.execute(query, (path,))
        index.execute("DELETE FROM files WHERE path = ?", (path,))
    for done, path in enumerate(changed):
        if len(changed) >= SLOW and done % 20 == 0:
            emit(done, len(changed))
        _add(index, path, there[path])
    if len(changed) >= SLOW:
        emit(len(changed), len(changed))


def _files(folder: Path) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Yield each question file of a bank, its name as the system has it, with its time and size."""
    try:
        with os.scandir(folder) as entries:
            chapters = sorted(entry.path for entry in entries if _shown(entry) and entry.is_dir())
    except OSError as error:
        reason = error.strerror or error
        raise BankError(f"{folder} cannot be read: {reason}; give a folder of chapters") from error
    for chapter in chapters:
        with contextlib.suppress(OSError), os.scandir(chapter) as entries:
            for entry in entries:
                if entry.name.endswith(".md") and SLUG.fullmatch(entry.name[:-3]):
                    # A link to nowhere does not hide the rest of its chapter.
                    with contextlib.suppress(OSError):
                        status = entry.stat()
                        yield os.fsencode(entry.path), (status.st_mtime_ns, status.st_size)


def _shown(entry: os.DirEntry) -> bool:
    return not entry.name.startswith((".", "__"))


def _add(index: sqlite3.Connection, path: bytes, facts: tuple[int, int]) -> None:
    question = _read(Path(os.fsdecode(path)))
    if question is None:
        return
    prompt, answer = _texts(question)
    tags = list(question.tags)
    row = index.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            path,
            *facts,
            question.id,
            printable(question.chapter),
            question.title,
            question.level,
            question.kind,
            question.minutes,
            json.dumps(tags),
            prompt,
            answer,
        ),
    )
    texts = (question.title, " ".join(tags), question.id, prompt, answer)
    index.execute(
        "INSERT INTO texts (rowid, title, tags, id, prompt, answer) VALUES (?, ?, ?, ?, ?, ?)",
        (row.lastrowid, *map(fold, texts)),
    )


def _read(path: Path) -> Question | None:
    try:
        values, faults = front_matter.parse(read_front_matter(path))
        return None if faults else Question(path.stem, path.parent.name, path, **values)
    except BankError:
        return None


def _texts(question: Question) -> tuple[str, str]:
    try:
        body = question.body
    except BankError:
        return "", ""
    options = [f"{option.text}\n{option.reason}" for option in body.options]
    answer = [body.answer, *body.key_points, *body.red_flags, body.in_depth]
    return "\n".join([body.prompt, *options]), "\n".join(answer)
