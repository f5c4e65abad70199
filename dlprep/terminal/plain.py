"""The plain view: line by line, words only, for pipes, dumb terminals and screen readers."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dlprep.lab.printable import printable
from dlprep.terminal.layout import wrap
from dlprep.terminal.view import PAUSE, WAYS, View

if TYPE_CHECKING:
    from dlprep.lab.worker.job import Job, Progress

QUIET, EVERY = 1.0, 5.0
"""Seconds before the first word about progress, and between two."""


class Plain(View):
    """Write sentences and read lines; a transcript of it reads like a dialogue."""

    by_line = True

    def heading(self, text: str, style: str = "") -> None:
        """Write the heading between empty lines."""
        self.blank()
        self.say(text)
        self.blank()

    def ask(self, prompt: str, keys: str = "") -> str:
        """Write the prompt and read a line, which is repeated where nobody sees it typed."""
        if sys.stdin is None:
            raise EOFError
        self._unread = 0
        # What is typed once the prompt is there counts.
        with self.keyboard.lines(lambda: self._write_prompt(prompt)):
            self._write_prompt(prompt)
            try:
                line = self.keyboard.line(self.idle)
            except Exception:
                # The prompt is given up; what comes now begins on a line of its own.
                print()
                raise
        if not self.pauses:
            print(printable(line.strip()) if line else "(end of input)")
        if not line:
            raise EOFError
        self.heard()
        return line.strip()

    def _write_prompt(self, prompt: str) -> None:
        *above, last = prompt.split("\n")
        for words in ("", *[self.status()] * bool(self.status()), *above):
            self.say(words)
        *rows, last = wrap((("", self.spell(f"{last}:")),), self.width)
        for row in rows:
            self.line(row)
        print("".join(printable(text) for _, text in last), end=" ", flush=True)

    @contextmanager
    def progress(
        self, name: str, job: "Job", loading: Callable[[], bool], ways: str = WAYS
    ) -> Iterator[Callable]:
        """Say in words that a job runs and, every few seconds, how far it is."""
        if loading() and not job.ended:
            self.now(f"{name} waits: Keras is still loading." + f" {ways}." * self.pauses)
        while loading() and not job.ended:
            time.sleep(PAUSE)
        if not job.ended:
            self.now(f"{name} runs." + f" {ways}." * self.pauses)
        spoken = time.monotonic() + QUIET - EVERY

        def tell(event: "Progress") -> None:
            nonlocal spoken
            if time.monotonic() - spoken > EVERY:
                spoken = time.monotonic()
                self.now(f"{event.label}: {event.done}" + f" of {event.total}" * bool(event.total))

        yield tell

    def now(self, text: str) -> None:
        """Say something that must not wait in a buffer."""
        self.say(text)
        sys.stdout.flush()
