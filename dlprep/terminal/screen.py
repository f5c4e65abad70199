"""The rich view: colour, rules across the terminal, progress that moves.

Prose is painted here with a few escape codes, because the first question must not wait for the
import of rich; rich draws what comes later: progress and tables.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dlprep.lab.printable import printable
from dlprep.terminal.layout import Line, cells
from dlprep.terminal.view import PAUSE, View

if TYPE_CHECKING:
    from dlprep.lab.worker.job import Job

WIDEST = 100
LOOK = 0.1
"""Seconds after which a prompt looks whether Ctrl-C has come."""

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

    def __init__(self):
        super().__init__()
        if os.name == "posix":
            import readline  # noqa: F401  (gives `input` its line editing)

    @property
    def width(self) -> int:
        """The terminal's columns, up to what the eye follows."""
        return max(40, min(shutil.get_terminal_size().columns - 1, WIDEST))

    def line(self, line: Line) -> None:
        """Write one line in colour."""
        print("".join(paint(printable(text), style) for style, text in line).rstrip(" "))

    def heading(self, text: str, style: str = "") -> None:
        """Write the heading on a rule."""
        text = printable(text)
        rule = "─" * max(2, self.width - cells(text) - 4)
        print(f"\n{paint('──', 'dim')} {paint(text, style or 'title')} {paint(rule, 'dim')}\n")

    def ask(self, prompt: str) -> str:
        """Write the prompt and read a line below it."""
        self.blank()
        *above, last = prompt.split("\n")
        for line in above:
            self.say(line, "dim")
        self.say(last, "bold")
        with awake():
            return input("> ").strip()

    def pause(self, prompt: str) -> None:
        """Wait for Enter."""
        self.ask(prompt)

    @contextmanager
    def progress(self, name: str, job: "Job", loading: Callable[[], bool]) -> Iterator[Callable]:
        """Show a bar, the label of the loop and the time that has passed."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(20),
            TextColumn("{task.fields[count]}"),
            TimeElapsedColumn(),
            TextColumn("[dim]Ctrl-C stops it[/dim]"),
        )
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


@contextmanager
def awake() -> Iterator[None]:
    """Let Ctrl-C end a prompt also where it came just before readline began to wait.

    Such a signal is noted, but readline, which waits for a key in C, would not look; an alarm
    every now and then makes it.
    """
    if os.name != "posix":
        yield
        return
    import signal

    before = signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, LOOK, LOOK)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def paint(text: str, style: str) -> str:
    """Return text between the escape codes of a style."""
    return f"\x1b[{CODES[style]}m{text}\x1b[0m" if style in CODES and text else text
