"""Write a file so that it is there whole, or as it was before."""

import contextlib
import glob
import os
import tempfile
import time
from pathlib import Path

PARTIAL, FORGOTTEN = ".partial", 3600
"""How a file is called that is being written; one so many seconds old was left by a program that
was killed."""

MASK = os.umask(0o077)
"""What no new file may be; the system tells it only to who sets it."""
os.umask(MASK)


def write(path: Path, content: bytes, lasting: bool = True) -> None:
    """Put a file in place of what is there, in one step; of several writers the last one wins.

    Args:
        path: The file, or a link to it; its folder is created if absent. A device, such as
            `/dev/null`, is written to as it stands.
        content: All of it.
        lasting: Whether to wait for the disk; without it a power cut may leave anything.

    Raises:
        OSError: It could not be written; what was there is as it was.
    """
    named, path = path, Path(os.path.realpath(path))
    try:
        if path.is_char_device():
            path.write_bytes(content)
        else:
            _replace(path, content, lasting)
    except OSError as error:
        if str(error.filename).endswith(PARTIAL):
            error.filename = str(named)
        raise


def _replace(path: Path, content: bytes, lasting: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _forget(path)
    number, name = tempfile.mkstemp(PARTIAL, f".{path.name}.", path.parent)
    partial = Path(name)
    try:
        with open(number, "wb") as file:
            file.write(content)
            file.flush()
            _permit(path, partial)
            if lasting:
                os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise
    if lasting:
        _settle(path.parent)


def _permit(path: Path, partial: Path) -> None:
    """Give a file the rights of the one it replaces, or those of any new file."""
    try:
        mode = path.stat().st_mode & 0o777
    except OSError:
        mode = 0o666 & ~MASK
    with contextlib.suppress(OSError):
        partial.chmod(mode)


def _forget(path: Path) -> None:
    """Remove what killed programs left beside a file."""
    for old in path.parent.glob(f".{glob.escape(path.name)}.*{PARTIAL}"):
        with contextlib.suppress(OSError):
            if old.stat().st_mtime < time.time() - FORGOTTEN:
                old.unlink()


def _settle(folder: Path) -> None:
    """Wait until the name too is on the disk, where the system can say so."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
