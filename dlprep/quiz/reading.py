"""Read a text file of a bank: what cannot be read becomes a message with file and line."""

import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dlprep.lab.printable import printable

LARGEST_FILE = 64_000
LARGEST_FRONT_MATTER = 16_384
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_BOM = b"\xef\xbb\xbf"
CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
    r"\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
"""What no editor shows: control characters, marks of direction, blanks without width."""


@dataclass(frozen=True)
class Message:
    """What is wrong at a place in a file, and how to mend it."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        path = printable(str(self.path)).replace("\n", "\ufffd")
        text = printable(self.text).replace("\n", " ")
        return f"{path}:{self.line}: {text}"


class BankError(Exception):
    """A question that cannot be found or read; the text says what is wrong and how to mend it.

    Attributes:
        message: The `Message` with file and line, or `None` where no file is to blame.
    """

    def __init__(self, reason: Message | str):
        super().__init__(str(reason))
        self.message = reason if isinstance(reason, Message) else None


def read_front_matter(path: Path) -> str:
    """Return the text between the first line `---` and the next one, and read no further.

    Raises:
        BankError: There is no front matter, or the file cannot be read.
    """
    with _open(path) as file:
        try:
            lines = _front_lines(path, file)
        except OSError as error:
            raise _unreadable(path, error) from error
    return decode(path, b"".join(lines), first_line=2)


def read_text(path: Path) -> str:
    """Return the whole file with `\\n` line ends and without a byte order mark.

    Raises:
        BankError: The file cannot be read as UTF-8 text.
    """
    with _open(path) as file:
        try:
            raw = file.read()
        except OSError as error:
            raise _unreadable(path, error) from error
    return decode(path, raw.removeprefix(_BOM))


def byte_faults(path: Path) -> list[tuple[int, str]]:
    """Return `(line, fault)` for bytes that reading forgives but an editor should not write."""
    with _open(path) as file:
        raw = file.read()
    faults = []
    if raw.startswith(_BOM):
        faults.append((1, "begins with a byte order mark: save it as UTF-8 without BOM"))
    if b"\r" in raw:
        line = raw.count(b"\n", 0, raw.index(b"\r")) + 1
        faults.append((line, "Windows line ends: save it with LF line ends"))
    return faults


def decode(path: Path, raw: bytes, first_line: int = 1) -> str:
    """Return the bytes as text with `\\n` line ends; `first_line` is where in the file they begin.

    Raises:
        BankError: The bytes are not UTF-8, or they hold control characters.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = first_line + raw.count(b"\n", 0, error.start)
        raise fault(path, line, "this is not UTF-8: save the file as UTF-8 text") from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if odd := CONTROL.search(text):
        line = first_line + text.count("\n", 0, odd.start())
        name = f"U+{ord(odd[0]):04X}"
        raise fault(path, line, f"the control character {name} does not belong here: delete it")
    return text


def fault(path: Path, line: int, text: str) -> BankError:
    """Return the error to raise for a fault at a line of a file."""
    return BankError(Message(path, line, text))


def _open(path: Path) -> BinaryIO:
    """Open a file of acceptable size; anything else (folder, pipe, device) would hang or flood."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise fault(path, 1, "this is not a text file: rename or remove it")
        if status.st_size > LARGEST_FILE:
            raise fault(path, 1, f"larger than {LARGEST_FILE:,} bytes: a question is a short text")
        return path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> BankError:
    return fault(path, 1, f"cannot be read: {error.strerror or error}; mend or remove the file")


def _front_lines(path: Path, file: BinaryIO) -> list[bytes]:
    first = file.readline().removeprefix(_BOM)
    if first.rstrip() != b"---":
        decode(path, first)
        if first.startswith(b"---\r"):
            raise fault(path, 1, "line ends of an old Mac: save it with LF line ends")
        raise fault(path, 1, "no front matter: begin with a line ---, then title: …, then ---")
    lines, size = [], 0
    for line in file:
        if line.rstrip() == b"---":
            return lines
        lines.append(line)
        size += len(line)
        if size > LARGEST_FRONT_MATTER:
            break
    raise fault(path, 1, "the front matter is not closed: write a line --- after its last key")
