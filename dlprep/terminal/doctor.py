"""`dlprep doctor`: what the tool finds on this machine, and how to mend what is wrong."""

import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from dlprep import __version__
from dlprep.quiz.words import many
from dlprep.terminal.echo import echo

PACKAGES = ("keras", "tensorflow", "scikit-learn", "numpy", "fsrs", "rich", "plotext", "matplotlib")


@dataclass(frozen=True)
class Row:
    """One finding: which part, whether it is in order, what was found, how to mend it."""

    part: str
    ok: bool
    found: str
    mend: str = ""


def show(rows: list[Row], as_json: bool) -> None:
    """Print what was found, and how to mend what is wrong."""
    if as_json:
        echo(json.dumps([vars(row) for row in rows], indent=2))
        return
    for row in rows:
        echo(f"{'ok   ' if row.ok else 'FAULT'} {row.part}: {row.found}")
        if row.mend:
            echo(f"      {row.mend}")


def examine() -> list[Row]:
    """Look at every part; a part that breaks is a row, not an end."""
    parts = (python, packages, keras, database, exercises, bank)
    return [row for part in parts for row in attempt(part)]


def attempt(part: Callable[[], list[Row]]) -> list[Row]:
    """Return the rows of a part, or one row that says how it broke."""
    try:
        return part()
    except Exception as error:
        found = f"{type(error).__name__}: {error}"
        return [Row(part.__name__, False, found, "Reinstall: python -m pip install dlprep")]


def python() -> list[Row]:
    """Report on the interpreter."""
    found = f"{platform.python_version()} ({sys.executable}), dlprep {__version__}"
    old = sys.version_info < (3, 11)
    return [Row("python", not old, found, "Install Python 3.11 or newer." if old else "")]


def packages() -> list[Row]:
    """Report on the installed packages."""
    found, missing = [], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    rows = [Row("packages", True, ", ".join(found))]
    if missing:
        mend = f"python -m pip install {' '.join(missing)}"
        rows.append(Row("packages", False, f"missing: {', '.join(missing)}", mend))
    return rows


def keras() -> list[Row]:
    """Start the worker, as the quiz does, and ask Keras for its backend and devices."""
    from dlprep.lab.worker import Worker

    with Worker() as worker:
        job = worker.submit("dlprep.terminal.doctor:environment")
        for _ in job:
            pass
    if job.failure:
        mend = "Reinstall Keras and its backend: python -m pip install --upgrade keras tensorflow"
        return [Row("keras", False, f"{job.failure.reason}\n{job.failure.output}".strip(), mend)]
    found = "backend {backend}, devices {devices}, one training step took {seconds:.2f} s"
    return [Row("keras", True, found.format(**job.result))]


def environment(emit) -> dict:
    """Return Keras's backend and devices and the time of a training step; runs in the worker."""
    import time

    import keras
    import numpy as np

    start = time.perf_counter()
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.train_on_batch(np.ones((4, 2)), np.ones((4, 1)))
    devices = keras.distribution.list_devices() or ["cpu"]
    seconds = time.perf_counter() - start
    backend = keras.backend.backend()
    return {"backend": backend, "devices": ", ".join(devices), "seconds": seconds}


def database() -> list[Row]:
    """Open the history, if there is one, and count its events."""
    from dlprep.quiz.history import History, HistoryError, default_path

    try:
        history = History.existing()
        if history is None:
            return [Row("database", True, f"{default_path()}, begun with the first quiz")]
        with history:
            found = f"{history.path}, {many(len(history.events()), 'event')}"
            return [Row("database", True, found)]
    except HistoryError as error:
        return [Row("database", False, str(error), "The message above says what to do.")]


def exercises() -> list[Row]:
    """Look at the folder of the user's code."""
    from dlprep.quiz.draft import default_folder

    folder = default_folder()
    mend = "Make it a folder that you may write to, or name another with --folder."
    if not os.path.lexists(folder):
        return [Row("exercises", True, f"{folder}, begun with the first code question")]
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return [Row("exercises", False, f"{folder} is no folder to write to", mend)]
    count = len(list(folder.glob("[!.]*.py")))
    return [Row("exercises", True, f"{folder}, {many(count, 'file')}")]


def bank() -> list[Row]:
    """Read every question file."""
    from dlprep.quiz.bank import Bank, questions_dir
    from dlprep.quiz.check import check

    faults = list(check(questions_dir(), run_demos=False))
    loaded = Bank.load()
    counts = f"{many(len(loaded), 'question')}, {many(len(faults), 'fault')}"
    found = f"{questions_dir()}, {counts}"
    shown = "; ".join(map(str, faults[:3]))
    return [Row("bank", not faults, found, f"Run `dlprep check`. {shown}" if faults else "")]
