"""Where a session is shown: lines of styled text and questions to the user."""

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from dlprep.lab.printable import printable
from dlprep.quiz.markdown import runs
from dlprep.terminal.layout import Line, code, lines, spans, wrap

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from dlprep.lab.worker.job import Job, Progress

    Tell = AbstractContextManager[Callable[[Progress], None]]

PAUSE = 0.05
"""Seconds between two looks at whether Keras is there."""


class View:
    """What the plain and the rich view share; each of them paints in its own way.

    Attributes:
        width: the widest line of prose.
        styled: whether styles are painted; without it, words and backticks say everything.
    """

    width = 80
    styled = False

    def __init__(self):
        # "?" in place of a sign that the output cannot show would change what a formula says.
        for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace")):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors=errors)

    def line(self, line: Line) -> None:
        """Write one line."""
        print("".join(printable(text) for _, text in line).rstrip())

    def heading(self, text: str, style: str = "") -> None:
        """Write the heading of a part."""
        raise NotImplementedError

    def progress(self, name: str, job: "Job", loading: Callable[[], bool]) -> "Tell":
        """Return a context whose value is to be called with each event of a job.

        Entering it waits for Keras and says so.

        Args:
            name: what runs, such as "The experiment".
            job: its job, which may wait for Keras.
            loading: tells whether Keras is still loading.
        """
        raise NotImplementedError

    def pause(self, prompt: str) -> None:
        """Let the user read before more comes; the plain view goes on at once."""

    def ask(self, prompt: str) -> str:
        """Ask for one line.

        Raises:
            EOFError: the input has ended.
        """
        raise NotImplementedError

    def blank(self) -> None:
        """Write an empty line."""
        self.line([])

    def say(self, text: str, style: str = "", indent: int = 0) -> None:
        """Write a sentence that is no Markdown."""
        margin = " " * indent
        for line in wrap(((style, text),), self.width, margin, margin):
            self.line(line)

    def verbatim(self, text: str, indent: int = 0) -> None:
        """Write lines as they are, such as an array or what a program printed."""
        for row in text.splitlines():
            self.line([("", " " * indent + row)])

    def title(self, text: str) -> None:
        """Write the title of a question, which is one line of Markdown."""
        parts = spans(runs(text), ticks=not self.styled)
        for line in wrap(tuple(("bold", part) for _, part in parts), self.width):
            self.line(line)

    def code(self, source: str) -> None:
        """Write a Python program."""
        for line in code(source):
            self.line(line)

    def markdown(self, text: str, indent: int = 0) -> None:
        """Write a Markdown text."""
        for line in lines(text, self.width, indent, ticks=not self.styled):
            self.line(line)

    def numbered(self, items: Iterable[str], first: int = 1) -> None:
        """Write Markdown items with numbers to choose by."""
        for number, item in enumerate(items, first):
            self.item(f"{number:>3}. ", item)

    def item(self, marker: str, text: str, style: str = "") -> None:
        """Write one Markdown item behind a marker."""
        parts = spans(runs(text), ticks=not self.styled)
        first, *rest = wrap(parts, self.width, " " * len(marker), " " * len(marker))
        style_of_rest, text_of_rest = first[0]
        self.line([(style, marker), (style_of_rest, text_of_rest[len(marker) :]), *first[1:]])
        for line in rest:
            self.line(line)


def open_view(plain: bool, asks: bool = True) -> View:
    """Return the view that fits the streams: rich on a terminal, else plain.

    Args:
        plain: words only, also on a terminal.
        asks: whether the input has to be a terminal too.
    """
    import os

    streams = (sys.stdin, sys.stdout) if asks else (sys.stdout,)
    terminal = all(stream is not None and stream.isatty() for stream in streams)
    if plain or not terminal or os.environ.get("TERM") == "dumb" or os.environ.get("NO_COLOR"):
        from dlprep.terminal.plain import Plain

        return Plain()
    from dlprep.terminal.screen import Screen

    return Screen()
