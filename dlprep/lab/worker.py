"""A process that has Keras imported before it is needed, and runs one function per job."""

import json
import os
import sys

from dlprep.lab.job import Failure, Job, Limits, Progress
from dlprep.lab.processes import Forks, Singles

__all__ = ["Failure", "Job", "Limits", "Progress", "Worker"]

CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"
"""Whether a process that has imported Keras may fork; on macOS its libraries forbid it."""


class Worker:
    """Start a process that imports Keras while the caller does something else.

    Returns at once. A job is a fork of that process, so Keras is imported only once and a job
    cannot harm the next one. Where there is no fork, a process that has Keras imported waits for
    one job and is replaced after it. The caller imports neither Keras nor NumPy.

    Args:
        backend: Keras's backend; `KERAS_BACKEND` or Keras's own settings decide if `None`.
        fork: whether jobs are forks.

    Example:
        with Worker() as worker:
            job = worker.submit("dlprep.lab.run:demo", path="adam.py", question="adam")
            for progress in job:
                print(progress.label, progress.done, progress.total)
            print(job.failure or job.result)
    """

    def __init__(self, backend: str | None = None, fork: bool = CAN_FORK):
        self._source = Forks(backend) if fork else Singles(backend)

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    @property
    def ready(self) -> bool:
        """Whether Keras is imported, so that a job starts at once."""
        return self._source.ready

    def submit(self, target: str, limits: Limits | None = None, **arguments) -> Job:
        """Call a function in a process of its own.

        Args:
            target: `"package.module:function"`; it gets the arguments and `emit(label, done,
                total)` for its progress, and returns something that JSON can hold.
            limits: what it may use; see `Limits` for the defaults.
            **arguments: keyword arguments that JSON can hold; others are passed as text.
        """
        limits = limits or Limits()
        request = {"target": target, "arguments": arguments, "seconds": limits.seconds}
        line = json.dumps(request, default=str)
        return Job(self._source.process(), line, limits)

    def close(self) -> None:
        """End the process and its jobs; harmless the second time."""
        self._source.close()
