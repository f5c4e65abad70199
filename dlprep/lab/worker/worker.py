"""The worker, seen from the program that wants jobs: a demonstration or any function."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlprep.lab.report import Report
from dlprep.lab.worker.job import Job, Limits
from dlprep.lab.worker.processes import Forks, Lights, Singles

if TYPE_CHECKING:
    from dlprep.quiz.bank import Question

FREE_OF_KERAS = frozenset({*sys.stdlib_module_names, "numpy"})
"""What a demonstration may import, besides `dlprep.reference`, and still need no Keras."""

CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"
"""Whether a process that has imported Keras may fork; on macOS its libraries forbid it."""


class Worker:
    """Start a process that imports Keras while the caller does something else.

    Returns at once. A job is a fork of that process, so Keras is imported only once and a job
    cannot harm the next one. Where there is no fork, a process that has Keras imported waits for
    one job and is replaced after it. The caller imports neither Keras nor NumPy.

    Args:
        backend: Keras's backend; `KERAS_BACKEND` or Keras's own settings decide if `None`.
        fork: Whether jobs are forks.

    Example:
        with Worker() as worker:
            job = worker.demo(question, seed=3)
            for progress in job:
                print(progress.label, progress.done, progress.total)
            print(job.failure or job.result)
    """

    def __init__(self, backend: str | None = None, fork: bool = CAN_FORK):
        self._source = Forks(backend) if fork else Singles(backend)
        self._lights = Lights()

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    @property
    def ready(self) -> bool:
        """Whether Keras is imported, so that a job starts at once."""
        return self._source.ready

    def demo(self, question: "Question", seed: int = 0, aa: bool = False) -> Job:
        """Run the demonstration of a question; the job's result is a `Report`.

        One that needs no Keras does not wait for it: until Keras is there it gets a process of its
        own, which has none.

        Args:
            question: Whose demonstration, with the numbers it shows.
            seed: Non-negative integer; all randomness of the run comes from it.
            aa: Whether every treatment gets the control's arguments.
        """
        arguments = {
            "path": question.demo,
            "question": question.id,
            "seed": seed,
            "aa": aa,
            "draw": question.drawn,
        }
        source = self._source if self.ready or not needs_no_keras(question.demo) else self._lights
        return self._start("dlprep.lab.run:demo", arguments, Limits(), Report.from_dict, source)

    def submit(self, target: str, limits: Limits | None = None, **arguments) -> Job:
        """Call a function in a process of its own.

        Args:
            target: `"package.module:function"`; it gets the arguments and `emit(label, done,
                total)` for its progress, and returns something that JSON can hold.
            limits: What it may use; see `Limits` for the defaults.
            **arguments: Keyword arguments that JSON can hold; others are passed as text.
        """
        return self._start(target, arguments, limits or Limits())

    def close(self) -> None:
        """End the process and its jobs; harmless the second time."""
        self._lights.close()
        self._source.close()

    def _start(
        self,
        target: str,
        arguments: dict,
        limits: Limits,
        read: Callable[[Any], Any] | None = None,
        source: Forks | Singles | Lights | None = None,
    ) -> Job:
        request = {"target": target, "arguments": arguments, "seconds": limits.seconds}
        line = json.dumps(request, default=str)
        files = [str(value) for value in arguments.values()]
        return Job((source or self._source).process(), line, limits, files, read)


def needs_no_keras(path: Path | str) -> bool:
    """Return whether a program imports nothing but what does without Keras, as far as it says."""
    import ast

    try:
        tree = ast.parse(Path(path).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return False
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return all(
        name.split(".")[0] in FREE_OF_KERAS or name.startswith("dlprep.reference") for name in names
    )
