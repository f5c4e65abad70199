"""The files of a pack, read once: what is counted, checked and run are the same bytes."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dlprep.quiz.reading import LARGEST_FILE, BankError

MOST_FILES, LARGEST_PACK = 3_000, 32_000_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,119}")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
# A link is not followed, and a pipe is not waited for; Windows has neither flag.
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, eq=False)
class Content:
    """What a pack consists of.

    Attributes:
        files: The bytes of each file, by its name in the pack, `chapter/file` or `file`.
    """

    files: Mapping[str, bytes]

    @classmethod
    def read(cls, folder: Path | str) -> "Content":
        """Read the files of a folder and of the folders in it; hidden ones are left out.

        Raises:
            BankError: Something in it is a link, no file, too large, nested or oddly named.
        """
        try:
            return cls(_bounded(Path(folder)))
        except OSError as error:
            where = error.filename or folder
            raise BankError(f"{where} cannot be read: {error.strerror or error}") from error

    @cached_property
    def checksum(self) -> str:
        """What changes with any name or byte."""
        from hashlib import sha256

        total = sha256()
        for name, content in sorted(self.files.items()):
            for part in (name.encode(), content):
                total.update(len(part).to_bytes(8, "big") + part)
        return total.hexdigest()

    @property
    def programs(self) -> list[str]:
        """The names of the Python files."""
        return sorted(name for name in self.files if name.endswith(".py"))

    def write(self, folder: Path) -> None:
        """Write the files to a new folder."""
        folder.mkdir(parents=True)
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)


def name_fault(name: str) -> str | None:
    """Return why a file of a pack cannot be called so, or `None`."""
    if not _NAME.fullmatch(name) or _DEVICE.fullmatch(name) or name.endswith("."):
        return "is an odd name: rename it with letters, digits, hyphens, underscores and dots"
    return None


def _files(folder: Path, inside: str = "") -> Iterator[tuple[str, bytes]]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith((".", "__")):
            continue
        path = folder / entry.name
        if fault := name_fault(entry.name):
            raise BankError(f"{path} {fault}")
        if entry.is_symlink():
            raise BankError(f"{path} is a link: put the file itself into the pack")
        if not entry.is_dir(follow_symlinks=False):
            yield inside + entry.name, _content(path)
        elif inside:
            raise BankError(f"{path} is a folder in a chapter: put its files into the chapter")
        else:
            yield from _files(path, f"{entry.name}/")


def _content(path: Path) -> bytes:
    number = os.open(path, _FLAGS | _BINARY)
    with open(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise BankError(f"{path} is no file: take the pipe or device out of the pack")
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise BankError(f"{path} is larger than {LARGEST_FILE:,} bytes: make it smaller")
    return content


def _bounded(folder: Path) -> dict[str, bytes]:
    """Return the files, and read no more of them than a pack may have."""
    files: dict[str, bytes] = {}
    same: dict[str, str] = {}
    size = 0
    for name, content in _files(folder):
        if (other := same.setdefault(name.casefold(), name)) != name:
            raise BankError(f"{folder}: {other} and {name} differ in case alone: rename one")
        files[name] = content
        size += len(content)
        if len(files) > MOST_FILES or size > LARGEST_PACK:
            limits = f"{MOST_FILES:,} files or {LARGEST_PACK:,} bytes"
            raise BankError(f"{folder} has more than {limits}: make several packs of it")
    return files
