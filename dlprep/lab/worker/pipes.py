"""The near ends of a job process's pipes."""

import contextlib
import json
import queue
import re
import threading
from typing import IO

TAIL = 8192
"""Bytes of the last output that are kept."""

MOST = 64 * 2**20
"""Bytes that a process may report, progress and result together."""

_FRAME = re.compile(r'  File "(.*)", line (\d+) in ')


class Pipes:
    """Two threads keep the far ends from blocking.

    Args:
        requests: Where the job is written. It stays open as long as the job is wanted: the
            process ends itself when it closes.
        events: JSON lines from the process; what is no JSON is skipped, the stack that a process
            tells when its time is over aside.
        output: Whatever the process prints.

    Attributes:
        events: Lists, as they came; the last one is `["end"]`.
        ready: Whether the process has said so.
        stack: File and line of every frame told, the innermost first.
        reported: Bytes of events.
        printed: Bytes of output.
        tail: The last of them.
    """

    def __init__(self, requests: IO[bytes], events: IO[bytes], output: IO[bytes]):
        self.requests = requests
        self.events: queue.SimpleQueue = queue.SimpleQueue()
        self.ready = False
        self.stack: list[tuple[str, int]] = []
        self.reported = self.printed = 0
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
            while self.reported <= MOST and (line := pipe.readline(MOST + 1)):
                self.reported += len(line)
                self._hear(line)
        self.events.put(["end"])

    def _hear(self, line: bytes) -> None:
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            if frame := _FRAME.match(line.decode("ascii", "replace")):
                self.stack.append((frame[1], int(frame[2])))
            return
        self.ready = self.ready or event == ["ready"]
        if isinstance(event, list):
            self.events.put(event)

    def _capture(self, pipe: IO[bytes]) -> None:
        with pipe:
            while chunk := pipe.read1(65536):
                self.printed += len(chunk)
                self.tail = (self.tail + chunk)[-TAIL:]
