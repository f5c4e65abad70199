"""Copies of a history that can be used no more where it is."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import blake2b
from pathlib import Path


def identity(path: Path) -> list[tuple[int, int]]:
    """Return what tells a history and its log from others of the same name."""
    found = []
    for suffix in ("", "-wal"):
        with contextlib.suppress(FileNotFoundError):
            facts = os.stat(f"{path}{suffix}")
            found.append((facts.st_dev, facts.st_ino))
    return found


def set_aside(path: Path) -> str:
    """Copy a bad history beside itself, once per state of the file, and say where."""
    try:
        state = blake2b(digest_size=6)
        for source in _files(path):
            state.update(source.read_bytes())
        copy = path.with_name(f"{path.name}.{state.hexdigest()}.copy")
        for source in _files(path):
            target = Path(f"{copy}{str(source)[len(str(path)) :]}")
            if not target.exists():
                _copy(source, target)
    except OSError as error:
        return f"no copy could be made ({error})."
    return f"a copy is in {copy}."


def save(connection: sqlite3.Connection, path: Path) -> str:
    """Write all that an open history holds to a new file beside its old place, and say where."""
    copy = path.with_name(f"{path.name}.{os.urandom(6).hex()}.copy")
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(copy)) as target:
            connection.backup(target)
    except (OSError, sqlite3.Error) as error:
        return f"no copy could be made ({error})."
    return f"all that was answered so far is in {copy}."


def _files(path: Path) -> Iterator[Path]:
    return (file for file in (path, Path(f"{path}-wal")) if file.exists())


def _copy(source: Path, target: Path) -> None:
    partial = target.with_name(f"{target.name}.partial")
    try:
        shutil.copy2(source, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
