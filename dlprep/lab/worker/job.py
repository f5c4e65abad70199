"""One job of the worker, seen from the program that asked for it: progress, limits, outcome."""

import contextlib
import json
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Protocol

PAUSE = 0.05
"""Seconds between two looks at a job that says nothing."""

PATIENCE = 5.0
"""Seconds for the last words of a process that has ended, if what it started holds its pipe."""

TAIL = 8192
"""Bytes of the last output that a failure carries."""


@dataclass(frozen=True)
class Limits:
    """What a job may use.

    Args:
        seconds: time on the clock from its start.
        memory_bytes: memory of its own, beyond what Keras takes; watched where there is `/proc`.
        output_bytes: what it may print.
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
    """Why a job has no result: one sentence, the last lines it printed, the demo's line."""

    reason: str
    output: str = ""
    line: int | None = None


class Process(Protocol):
    """What a job needs of the process that runs it."""

    pipes: "Pipes"

    def kill(self) -> None:
        """End the process and those it started; harmless when it has ended."""

    def ending(self) -> str | None:
        """Return how the process ended, in words, or `None` while it runs."""


class Pipes:
    """The near ends of a job process's pipes; two threads keep the far ends from blocking.

    Args:
        requests: where the job is written. It stays open as long as the job is wanted: the
            process ends itself when it closes.
        events: JSON lines from the process.
        output: whatever the process prints.
    """

    def __init__(self, requests: IO[bytes], events: IO[bytes], output: IO[bytes]):
        self.requests = requests
        self.events: queue.SimpleQueue = queue.SimpleQueue()
        self.ready = False
        self.printed = 0
        self.tail = b""
        self._drains = [
            threading.Thread(target=drain, args=(pipe,), daemon=True)
            for drain, pipe in ((self._listen, events), (self._capture, output))
        ]
        for thread in self._drains:
            thread.start()

    def ask(self, request: str) -> None:
        """Send the job, a line of JSON; a process that is gone shows in its events."""
        with contextlib.suppress(BrokenPipeError):
            self.requests.write(request.encode() + b"\n")
            self.requests.flush()

    def close(self, patience: float = 1.0) -> None:
        """Let go of the job and wait a moment for its last output."""
        with contextlib.suppress(BrokenPipeError):
            self.requests.close()
        for thread in self._drains:
            thread.join(timeout=patience)

    def _listen(self, pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                with contextlib.suppress(ValueError):
                    event = json.loads(line)
                    self.ready = self.ready or event == ["ready"]
                    self.events.put(event)
        self.events.put(["end"])

    def _capture(self, pipe: IO[bytes]) -> None:
        with pipe:
            while chunk := pipe.read1(65536):
                self.printed += len(chunk)
                self.tail = (self.tail + chunk)[-TAIL:]


class Job:
    """A function call in another process.

    Iterate to follow it: yields `Progress` and ends when the job has ended. Then either `result`
    is what the function returned or `failure` says why there is none. Leaving the loop early,
    by `break` or Ctrl-C, stops the job.

    Args:
        process: the process, which waits for a request.
        request: `{"target": "package.module:function", "arguments": {...}, "seconds": ...}`,
            as JSON.
        limits: what the job may use.
        read: makes the result of what the function returned; a `ValueError` of it is a failure.
    """

    def __init__(
        self,
        process: Process,
        request: str,
        limits: Limits,
        read: Callable[[Any], Any] | None = None,
    ):
        self.result: Any = None
        self.failure: Failure | None = None
        self.limits = limits
        self._process = process
        self._news: queue.SimpleQueue = queue.SimpleQueue()
        self._ended = threading.Event()
        self._stopped = False
        self._pid: int | None = None
        self._memory: int | None = None
        self._deadline = float("inf")
        self._request = request
        self._read = read or (lambda result: result)
        threading.Thread(target=self._supervise, daemon=True).start()

    def __iter__(self) -> Iterator[Progress]:
        try:
            while progress := self._next_news():
                yield progress
        finally:
            self.stop()
        self._news.put(None)

    @property
    def ended(self) -> bool:
        """Whether `result` or `failure` is final."""
        return self._ended.is_set()

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
        self._process.kill()
        pipes = self._process.pipes
        # A job that waits for Keras holds its pipes open until Keras is there.
        pipes.close(patience=0.0 if self._stopped else 1.0)
        if failure is None and pipes.printed > self.limits.output_bytes:
            failure = (self._too_much_output(), None)
        if failure:
            reason, line = failure
            self.result = None
            self.failure = Failure(reason, pipes.tail.decode(errors="replace").strip(), line)

    def _follow(self) -> tuple[str, int | None] | None:
        """Pass progress on until the job ends; return the failure and its line, if it is one."""
        while True:
            match self._next_event():
                case ["progress", str(label), int(done), int() | None as total]:
                    self._news.put(Progress(label, done, total))
                case ["started", int(pid), int() | None as memory]:
                    self._pid, self._memory = pid, memory
                    self._deadline = time.monotonic() + self.limits.seconds
                case ["result", result]:
                    return self._accept(result)
                case ["failure", str(reason), int() | None as line]:
                    return reason, line
                case ["broken", str(reason)]:
                    return f"Keras could not be imported: {reason}", None
                case ["end"]:
                    return self._unexpected_end(), None
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

    def _unexpected_end(self) -> str:
        """Return how the process ended; its pipe may close a moment before it does."""
        patience = time.monotonic() + 2.0
        while (ending := self._process.ending()) is None and time.monotonic() < patience:
            time.sleep(0.01)
        return ending or "closed its connection"

    def _exceeded(self) -> str | None:
        if self._stopped:
            return "stopped"
        if time.monotonic() > self._deadline:
            return f"took longer than {self.limits.seconds:g} s"
        if self._process.pipes.printed > self.limits.output_bytes:
            return self._too_much_output()
        used = resident(self._pid) if self._memory is not None else None
        if used is not None and used - self._memory > self.limits.memory_bytes:
            return f"used more than {amount(self.limits.memory_bytes, 1024)} of memory"
        return None

    def _too_much_output(self) -> str:
        return f"printed more than {amount(self.limits.output_bytes, 1000)}"


def resident(pid: int) -> int | None:
    """Return the bytes of memory a process has written to, or `None` where nobody says."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            fields = dict(line.split(":", 1) for line in status)
    except OSError:
        return None
    names = ("RssAnon", "RssShmem", "VmSwap")
    return 1024 * sum(int(fields[name].split()[0]) for name in names if name in fields)


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
