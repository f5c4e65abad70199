"""Reports kept on disk: a run that nothing has changed since need not be repeated.

The tests and the site look here first. What a user runs is always run.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from dlprep.lab import lab
from dlprep.lab.report import Report

PACKAGE = Path(__file__).parents[1]

IRRELEVANT = {"quiz", "site", "terminal", "cli.py", "__main__.py"}
"""What of the package no demonstration can call."""


class Store:
    """Reports under what they follow from; the newest of each run stays.

    A report counts as long as the demonstration, the package's sources and the versions, Keras's
    backend among them, are those it was measured with. A damaged file is measured anew.

    Args:
        folder: Where the files are; the user's cache folder if `None`.
        package: The package whose sources count.

    Example:
        Store().get("adam", Path("adam.py"), lambda: lab.run(run, "adam"))
    """

    def __init__(self, folder: Path | None = None, package: Path = PACKAGE):
        self.folder, self.package = folder or cache_dir(), package

    def get(
        self,
        question: str,
        demo: Path,
        measure: Callable[[], Report],
        seed: int = 0,
        aa: bool = False,
        draw: Mapping[str, float] | None = None,
    ) -> Report:
        """Return the stored report, or what `measure` returns and keep that.

        Args:
            question: Id of the question.
            demo: The demonstration's file.
            measure: Runs the demonstration with these settings.
            seed: Seed of the run.
            aa: Whether it is the A/A run.
            draw: The numbers that the question draws.
        """
        import keras

        settings = [question, seed, aa, dict(draw or {})]
        parts = [*settings, lab.versions(), digest(demo), sources(self.package)]
        key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
        run = f"{keras.backend.backend()}-{'aa' if aa else 'seed'}-{seed}"
        path = self.folder / f"{question}-{run}.json"
        report = read(path, key)
        if report is None:
            report = measure()
            write(path, key, report)
        return report


def cache_dir() -> Path:
    """Return the folder of the reports in the user's cache."""
    import platformdirs

    return platformdirs.user_cache_path("dlprep", appauthor=False) / "reports"


def digest(*files: Path) -> str:
    """Return a hash of the files' contents."""
    whole = hashlib.sha256()
    for file in files:
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


@cache
def sources(package: Path) -> list[str]:
    """Return the names of all sources that a demonstration can call, and a hash of them."""
    names = sorted(file.relative_to(package) for file in package.rglob("*.py"))
    used = [name for name in names if name.parts[0] not in IRRELEVANT]
    return [digest(*(package / name for name in used)), *map(str, used)]


def read(path: Path, key: str) -> Report | None:
    """Return the report in a file, or `None` if it is missing, damaged or of another key."""
    try:
        head, _, text = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return Report.from_json(text.decode()) if head == seal(key, text) else None


def write(path: Path, key: str, report: Report) -> None:
    """Write a file that nobody ever sees in part; that none can be written is no fault."""
    text = report.to_json(indent=None).encode()
    with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent)
        stack.callback(Path(name).unlink, missing_ok=True)
        with os.fdopen(descriptor, "wb") as file:
            file.write(seal(key, text) + b"\n" + text)
        os.replace(name, path)


def seal(key: str, text: bytes) -> bytes:
    """Return the first line of a file: what the report follows from, and that it is whole."""
    return f"{key} {hashlib.sha256(text).hexdigest()}".encode()
