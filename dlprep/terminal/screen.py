"""The rich view: colour, rules across the terminal, progress that moves.

Prose is painted here with a few escape codes, because the first question must not wait for the
import of rich; rich draws what comes later: progress and tables.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dlprep.lab.printable import printable
from dlprep.terminal.layout import Line, cells, wrap
from dlprep.terminal.prompt import NO_PASTES, Prompt
from dlprep.terminal.view import PAUSE, ROOMY, WAYS, View

if TYPE_CHECKING:
    from dlprep.lab.worker.job import Job

WIDEST = 100

CODES = {
    "bold": "1",
    "italic": "3",
    "code": "36",
    "keyword": "35",
    "string": "32",
    "number": "36",
    "comment": "2",
    "defined": "1",
    "dim": "2",
    "good": "1;32",
    "bad": "1;31",
    "warn": "1;33",
    "title": "1;34",
}


class Screen(View):
    """Paint on a terminal."""

    styled = True
    widest = WIDEST

    def __init__(self, by_line: bool = False):
        super().__init__()
        self._by_line = by_line
        self.keyboard.farewell = f"{NO_PASTES}\x1b[?25h".encode()

    def line(self, line: Line) -> None:
        """Write one line in colour."""
        self.write(_painted(line))

    def heading(self, text: str, style: str = "") -> None:
        """Write the heading on a rule."""
        first, *rest = wrap(((style or "title", self.spell(text)),), self.width - 6)
        sign = self.spell("─")
        rule = sign * max(2, self.width - 4 - sum(cells(words) for _, words in first))
        self.blank()
        self.line([("dim", sign * 2), ("", " "), *first, ("", " "), ("dim", rule)])
        for row in rest:
            self.line([("", "   "), *row])
        self.blank()

    def ask(self, prompt: str, keys: str = "") -> str:
        """Write the prompt and read a line below it, or one of the keys."""
        return self._ask(prompt, lambda sign: sign in keys)

    def key(self, prompt: str) -> str:
        """Write the prompt and read one key."""
        return self._ask(prompt, lambda sign: True)

    def _ask(self, prompt: str, at_once: Callable[[str], bool]) -> str:
        def head() -> list[tuple[str, int]]:
            *above, last = prompt.split("\n")
            above = [self.status()] * bool(self.status()) + above
            rows = [[]]
            for words, style in (*((line, "dim") for line in above), (last, "bold")):
                rows += wrap(((style, self.spell(words)),), self.width)
            return [(_painted(row), sum(cells(text) for _, text in row)) for row in rows]

        self._unread = 0
        found = Prompt(self.keyboard, head, self.heard, self.idle)
        return found.ask(lambda sign: not self._by_line and at_once(sign))

    @contextmanager
    def progress(
        self, name: str, job: "Job", loading: Callable[[], bool], ways: str = WAYS
    ) -> Iterator[Callable]:
        """Show a bar, the label of the loop and the time that has passed."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = [
            TextColumn("{task.description}", markup=False),
            TextColumn("{task.fields[count]}"),
            TimeElapsedColumn(),
        ]
        if self.width < ROOMY:
            self.say(f"{ways}.", "dim")
        else:
            columns.insert(1, BarColumn(20))
            columns.append(TextColumn(f"[dim]{ways}[/dim]"))
        with Progress(*columns, console=Console(), transient=True) as bar:
            task = bar.add_task("Keras is still loading", total=None, count="")
            while loading() and not job.ended:
                time.sleep(PAUSE)
            bar.update(task, description=f"{name} runs")
            yield lambda event: bar.update(
                task,
                description=printable(event.label),
                completed=event.done,
                total=event.total,
                count=f"{event.done}/{event.total}" if event.total else str(event.done),
            )


def _painted(line: Line) -> str:
    return "".join(paint(printable(text), style) for style, text in line).rstrip(" ")


def paint(text: str, style: str) -> str:
    """Return text between the escape codes of a style."""
    return f"\x1b[{CODES[style]}m{text}\x1b[0m" if style in CODES and text else text
