"""Which question is on screen in which session: a lock that ends with its process."""

import contextlib
import os
import sys
from hashlib import blake2b
from pathlib import Path


class Claim:
    """The one question that a session has on screen, beside those of other sessions.

    The lock lies in an empty file beside the history, which is removed when the lock is let go.
    The system lets it go when the process is killed; no clock and no number of a process is asked.

    Args:
        history: The file of the history that the sessions share.
    """

    def __init__(self, history: Path):
        self._history = history
        self._path: Path | None = None
        self._file: int | None = None

    def take(self, question: str) -> bool:
        """Claim a question in place of the last one; `False` if it is on screen elsewhere.

        Where no lock can be had at all, such as in a folder that is read-only, there is none.
        """
        name = blake2b(question.encode(), digest_size=8).hexdigest()
        path = self._history.with_name(f"{self._history.name}.{name}.asking")
        if path == self._path:
            return True
        try:
            file = _locked(path)
        except BlockingIOError:
            return False
        except OSError:
            return True
        self.release()
        self._path, self._file = path, file
        return True

    def release(self) -> None:
        """Let the question go."""
        if self._file is not None:
            # Windows removes no open file; the empty one is used again.
            with contextlib.suppress(OSError):
                self._path.unlink()
            os.close(self._file)
        self._path = self._file = None

    __del__ = release


def _locked(path: Path) -> int:
    """Return the open and locked file; one that its owner removed meanwhile is no lock."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(file)
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(file), os.stat(path)):
                    return file
        except BaseException:
            os.close(file)
            raise
        os.close(file)


def _lock(file: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError from error
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
