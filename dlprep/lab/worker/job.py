"""One job of the worker, seen from the program that asked for it: progress, limits, outcome."""

import contextlib
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from dlprep.lab.printable import printable
from dlprep.lab.worker import family
from dlprep.lab.worker.pipes import MOST, Pipes

PAUSE = 0.05
"""Seconds between two looks at a job that says nothing."""

PATIENCE = 5.0
"""Seconds for the last words of a process that has ended, if what it started holds its pipe."""

PROCESSES = 100 + 2 * (os.cpu_count() or 1)
"""How many processes a job may have at a time."""

LOADING = 120.0
"""Seconds, besides a job's own, until it must have begun; Keras may have to be imported first."""

LAST_WORDS = 0.5
"""Seconds in which a job whose time is over says where it was."""


@dataclass(frozen=True)
class Limits:
    """What a job may use.

    Args:
        seconds: Time on the clock from its start.
        memory_bytes: Memory of its own and of the processes it started, beyond what Keras takes;
            watched where there is `/proc`.
        output_bytes: What they may print.
    """

    seconds: float = 60.0
    memory_bytes: int = 4 * 2**30
    output_bytes: int = 10**6


@dataclass(frozen=True)
class Progress:
    """How far a loop of the job is; `total` is `None` where nobody knows."""

    label: str
    done: int
    total: int | None


@dataclass(frozen=True)
class Failure:
    """Why a job has no result: one sentence, the last lines it printed, the line of its file."""

    reason: str
    output: str = ""
    line: int | None = None


class Process(Protocol):
    """What a job needs of the process that runs it."""

    pipes: Pipes
    pid: int | None

    def kill(self, stuck: bool = False) -> None:
        """End the process and those it started; harmless when it has ended.

        Args:
            stuck: Whether it did not even begin, so that what should have started it ends too.
        """

    def ending(self) -> str | None:
        """Return how the process ended, in words, or `None` while it runs."""


class Job:
    """A function call in another process.

    Iterate to follow it: yields `Progress` and ends when the job has ended. Then either `result`
    is what the function returned or `failure` says why there is none. Leaving the loop early,
    by `break` or Ctrl-C, stops the job.

    Args:
        process: The process, which waits for a request.
        request: `{"target": "package.module:function", "arguments": {...}, "seconds": ...}`,
            as JSON.
        limits: What the job may use.
        files: Paths; if the time is over in one of them, the failure names its line.
        read: Makes the result of what the function returned; a `ValueError` of it is a failure.
    """

    def __init__(
        self,
        process: Process,
        request: str,
        limits: Limits,
        files: Collection[str] = (),
        read: Callable[[Any], Any] | None = None,
    ):
        self.result: Any = None
        self.failure: Failure | None = None
        self.limits = limits
        self._process = process
        self._news: queue.SimpleQueue = queue.SimpleQueue()
        self._ended = threading.Event()
        self._stopped = False
        self._memory: int | None = None
        self._begun = False
        self._deadline = time.monotonic() + LOADING + limits.seconds
        self._request, self._files = request, files
        self._read = read or (lambda result: result)
        threading.Thread(target=self._supervise, daemon=True).start()

    def __iter__(self) -> Iterator[Progress]:
        try:
            while progress := self._next_news():
                yield progress
        finally:
            self.stop()
        self._news.put(None)

    def news(self, seconds: float) -> Progress | None:
        """Return the next progress, if there is any within so many seconds; the job goes on."""
        with contextlib.suppress(queue.Empty):
            if progress := self._news.get(timeout=seconds):
                return progress
            self._news.put(None)
        return None

    @property
    def ended(self) -> bool:
        """Whether `result` or `failure` is final."""
        return self._ended.is_set()

    @property
    def begun(self) -> bool:
        """Whether it has a process that runs it; before, Keras is still loading."""
        return self._begun

    @property
    def output(self) -> str:
        """The last of what it has printed."""
        return printable(self._process.pipes.tail.decode(errors="replace")).strip()

    def wait(self) -> "Job":
        """Wait for the end, whatever the progress; return the job itself."""
        for _ in self:
            pass
        return self

    def stop(self) -> None:
        """Kill the job, not the worker; harmless when it has ended."""
        self._stopped = True
        self._process.pipes.events.put(["stop"])
        self._ended.wait(timeout=5.0)

    def _next_news(self) -> Progress | None:
        while True:
            # A wait without end would not hear Ctrl-C on Windows.
            with contextlib.suppress(queue.Empty):
                return self._news.get(timeout=1.0)

    def _supervise(self) -> None:
        try:
            self._process.pipes.ask(self._request)
            self._conclude(self._follow())
        finally:
            self._ended.set()
            self._news.put(None)

    def _conclude(self, failure: tuple[str, int | None] | None) -> None:
        """End the process and collect its last output."""
        self._process.kill(stuck=not self._begun and time.monotonic() > self._deadline)
        pipes = self._process.pipes
        # A job that waits for Keras holds its pipes open until Keras is there.
        pipes.close(patience=1.0 if self._begun else 0.0)
        if failure is None and pipes.printed > self.limits.output_bytes:
            failure = (self._too_much_output(), None)
        if failure:
            reason, line = failure
            self.result = None
            self.failure = Failure(printable(reason), self.output, line)

    def _follow(self) -> tuple[str, int | None] | None:
        """Pass progress on until the job ends; return the failure and its line, if it is one."""
        while True:
            match self._next_event():
                case ["progress", str(label), int(done), int() | None as total]:
                    self._news.put(Progress(printable(label), done, total))
                case ["started", int() | None as memory, float(at)] if not self._begun:
                    self._begun, self._memory = True, memory
                    # On a busy machine the news of its beginning comes late; the clock is one.
                    begun = min(at, time.monotonic())
                    self._deadline = begun + self.limits.seconds + LAST_WORDS
                case ["result", result]:
                    return self._accept(result)
                case ["failure", str(reason), int() | None as line]:
                    return reason, line
                case ["broken", str(reason)]:
                    return f"Keras could not be imported: {reason}", None
                case ["end"]:
                    return self._unexpected_end()
            if reason := self._exceeded():
                return reason, None

    def _accept(self, result: Any) -> tuple[str, int | None] | None:
        try:
            self.result = self._read(result)
        except ValueError as error:
            return f"what the job returned cannot be used: {error}", None
        return None

    def _next_event(self) -> list:
        events, ended = self._process.pipes.events, self._process.ending() is not None
        if ended:
            # The worker may have died without its job, which would hold the pipe open.
            self._process.kill()
        try:
            # What an ended process wrote may still be on its way here.
            return events.get(timeout=PATIENCE if ended else PAUSE)
        except queue.Empty:
            return ["end"] if ended else []

    def _unexpected_end(self) -> tuple[str, int | None]:
        """Return how the process ended; its pipe may close a moment before it does."""
        pipes = self._process.pipes
        if pipes.reported > MOST:
            return f"reported more than {amount(MOST, 1024)}", None
        late = pipes.stack or time.monotonic() > self._deadline - LAST_WORDS
        if self._begun and late:
            return self._too_late()
        patience = time.monotonic() + 2.0
        while (ending := self._process.ending()) is None and time.monotonic() < patience:
            time.sleep(0.01)
        return ending or "closed the pipe that its result comes through", None

    def _too_late(self) -> tuple[str, int | None]:
        """Return that the time was over, and where that was, if in a file that is known."""
        reason = f"took longer than {self.limits.seconds:g} s"
        known = {file.encode("ascii", "backslashreplace").decode(): file for file in self._files}
        for file, line in self._process.pipes.stack:
            if file in known:
                return f"{reason}, in line {line} of {Path(known[file]).name}", line
        return reason, None

    def _exceeded(self) -> str | None:
        if self._stopped:
            return "stopped"
        if time.monotonic() > self._deadline:
            waited = LOADING + self.limits.seconds
            return self._too_late()[0] if self._begun else f"did not begin within {waited:g} s"
        if self._process.pipes.printed > self.limits.output_bytes:
            return self._too_much_output()
        return self._too_many() if self._begun and self._process.pid else None

    def _too_many(self) -> str | None:
        """Return what the process and those below it have too much of."""
        pids = family.family([self._process.pid])
        if len(pids) > PROCESSES:
            return f"started more than {PROCESSES} processes"
        most = (self._memory or 0) + self.limits.memory_bytes
        if (family.memory(pids, most) or 0) > most:
            return f"used more than {amount(self.limits.memory_bytes, 1024)} of memory"
        return None

    def _too_much_output(self) -> str:
        return f"printed more than {amount(self.limits.output_bytes, 1000)}"


def amount(count: int, step: int) -> str:
    """Return bytes in words: `1 GiB` for a step of 1024, `1 MB` for one of 1000."""
    units = ("bytes", "KiB", "MiB", "GiB") if step == 1024 else ("bytes", "kB", "MB", "GB")
    power = 0
    while power < 3 and count >= step ** (power + 1):
        power += 1
    return f"{count / step**power:.3g} {units[power]}"


def ending(returncode: int) -> str:
    """Return an exit status in words; negative is a signal, as in `subprocess`."""
    if returncode >= 0:
        return f"ended with exit status {returncode} before it had a result"
    name = ""
    if -returncode in set(signal.Signals) and os.name == "posix":
        name = f" ({signal.Signals(-returncode).name})"
    return f"died by signal {-returncode}{name}"
