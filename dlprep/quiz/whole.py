"""Write a file so that it is there whole, or as it was before."""

import contextlib
import os
from pathlib import Path


def write(path: Path, content: bytes, lasting: bool = True) -> None:
    """Put a file in place of what is there, in one step.

    Args:
        path: The file; its folder is created if absent.
        content: All of it.
        lasting: Whether to wait for the disk; without it a power cut may leave anything.

    Raises:
        OSError: It could not be written; what was there is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise
    if lasting:
        _settle(path.parent)


def _settle(folder: Path) -> None:
    """Wait until the name too is on the disk, where the system can say so."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
