"""The front matter of a bank's questions, kept in the cache folder: YAML is slow to read."""

import os
import time
from hashlib import blake2b
from pathlib import Path

from dlprep.quiz import front_matter, kept, reading

FRESH = 2_000_000_000
"""A file written so few nanoseconds ago may be written again within one tick of its clock."""
PROGRAM = (__file__, front_matter.__file__, reading.__file__)


class Fronts:
    """What `front_matter.read` returns, for files that have not changed since it was kept.

    Args:
        bank: The folder of the questions.
        cache: Where it is kept; default: the user's cache folder.
    """

    def __init__(self, bank: Path, cache: Path | None = None):
        if cache is None:
            import platformdirs

            cache = platformdirs.user_cache_path("dlprep", appauthor=False) / "fronts"
        name = blake2b(os.fsencode(os.path.abspath(bank)), digest_size=8).hexdigest()
        self._path = cache / f"{name}.json"
        self._before = kept.load(self._path, PROGRAM) or {}
        self._now: dict[str, list] = {}

    def read(self, path: Path) -> tuple[dict, list[tuple[int, str]]]:
        """Return checked values and faults; raises what `front_matter.read` does."""
        name = f"{path.parent.name}/{path.name}"
        facts = _facts(path)
        if facts and self._before.get(name, ())[:3] == facts:
            self._now[name] = self._before[name]
            return {key: _frozen(value) for key, value in self._now[name][3].items()}, []
        values, faults = front_matter.read(path)
        if facts and not faults and max(facts[:2]) < time.time_ns() - FRESH:
            self._now[name] = [*facts, values]
        return values, faults

    def keep(self) -> None:
        """Keep what was read."""
        if self._now.keys() != self._before.keys() or any(
            self._now[name] is not self._before[name] for name in self._now
        ):
            kept.store(self._path, PROGRAM, self._now)


def _facts(path: Path) -> list[int] | None:
    """Return what changes with a file's content; the system sets the second of the times."""
    try:
        facts = os.stat(path)
    except OSError:
        return None
    return [facts.st_mtime_ns, facts.st_ctime_ns, facts.st_size]


def _frozen(value: object) -> object:
    """Return a value as the front matter gives it, which has no lists."""
    if isinstance(value, dict):
        return {name: _frozen(part) for name, part in value.items()}
    return tuple(value) if isinstance(value, list) else value
