"""Where a session is shown: lines of styled text and questions to the user."""

import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dlprep.lab.printable import printable
from dlprep.quiz.markdown import runs
from dlprep.terminal.keyboard import keyboard
from dlprep.terminal.layout import Line, Spans, code, fold, lines, spans, wrap
from dlprep.terminal.spelled import spelled

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from dlprep.lab.worker.job import Job, Progress

    Tell = AbstractContextManager[Callable[[Progress], None]]

PAUSE = 0.05
"""Seconds between two looks at whether Keras is there."""
WAYS = "Ctrl-C stops it"
"""What can be done while a job runs."""
WIDEST, NARROWEST = 80, 20
"""Columns of prose."""
ROOMY, PROMPT, MORE = 70, {True: 5, False: 7}, 3
"""Rows that are kept free for the next prompt, on a terminal with that many columns and below; and
for the one between two pages."""
_BEGIN = re.compile(r"\s*$|(\x1b\[[0-9;]*m)*\s*(\d+\.|-|holds:|fails:) ")
"""An empty row, or the first one of an item."""


class View:
    """What the plain and the rich view share; each of them paints in its own way.

    Attributes:
        styled: Whether styles are painted; without it, words and backticks say everything.
        keyboard: Where answers are typed; entered while somebody is asked.
        pauses: Whether somebody is there to press Enter before more is shown.
        encoding: What can be written.
        by_line: Whether lines come whose keys are not seen.
        heard: Called whenever a key or a line has come.
        idle: Called about ten times a second while a prompt waits and nothing is typed; what it
            raises ends the prompt.
        status: Returns what stands above every prompt, such as a clock; nothing by default.
    """

    styled = by_line = False
    widest = WIDEST

    def __init__(self):
        # "?" in place of a sign that the output cannot show would change what a formula says.
        for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace")):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors=errors)
        self.encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        self.keyboard = keyboard()
        self.pauses = sys.stdin is not None and sys.stdin.isatty()
        self.heard: Callable[[], None] = lambda: None
        self.idle: Callable[[], None] = lambda: None
        self.status: Callable[[], str] = str
        self._held: list[str] | None = None
        self._unread = 0

    @property
    def width(self) -> int:
        """The widest line of prose: that of the terminal, up to what the eye follows."""
        columns = shutil.get_terminal_size().columns if _is_terminal(sys.stdout) else WIDEST + 1
        return max(NARROWEST, min(columns - 1, self.widest))

    def spell(self, text: str) -> str:
        """Return the text with words for what the terminal cannot show."""
        return spelled(text, self.encoding)

    def write(self, row: str) -> None:
        """Write one row, or hold it back for a page."""
        if self._held is not None:
            self._held.append(row)
        else:
            self._unread += 1
            print(row)

    @contextmanager
    def pages(
        self, pause: Callable[[], None], kept: int | None = None, tight: bool = False
    ) -> Iterator[None]:
        """Write what is shown within the context a screen at a time, if somebody reads it there.

        Args:
            pause: Waits until the user has read a page; what it raises ends the rest.
            kept: Rows that the prompt below will take; as many as the longest if `None`.
            tight: Whether empty rows are left out where that saves a second page.
        """
        if not self.pauses or not _is_terminal(sys.stdout) or self._held is not None:
            yield
            return
        self._held = []
        try:
            yield
        finally:
            rows, self._held = self._held, None
        kept = PROMPT[self.width >= ROOMY] if kept is None else kept
        rows = tightened(rows, self._room(kept)) if tight else rows
        while len(rows) > self._room(kept):
            cut = page_end(rows, self._room(MORE))
            self._write_all(rows[:cut])
            rows = rows[cut:]
            while rows and not rows[0].strip():
                rows = rows[1:]
            pause()
            self._unread = 0
        self._write_all(rows)

    def _room(self, kept: int) -> int:
        return shutil.get_terminal_size().lines - kept - self._unread

    def _write_all(self, rows: list[str]) -> None:
        for row in rows:
            self.write(row)

    def line(self, line: Line) -> None:
        """Write one line."""
        self.write("".join(printable(text) for _, text in line).rstrip())

    def heading(self, text: str, style: str = "") -> None:
        """Write the heading of a part."""
        raise NotImplementedError

    def progress(
        self, name: str, job: "Job", loading: Callable[[], bool], ways: str = WAYS
    ) -> "Tell":
        """Return a context whose value is to be called with each event of a job.

        Entering it waits for Keras and says so.

        Args:
            name: What runs, such as "The experiment".
            job: Its job, which may wait for Keras.
            loading: Tells whether Keras is still loading.
            ways: What the user can do meanwhile.
        """
        raise NotImplementedError

    def ask(self, prompt: str, keys: str = "") -> str:
        """Ask for one line.

        Args:
            prompt: What is asked, in lines.
            keys: Characters each of which, typed first, is an answer without Enter, where the
                terminal hands over single keys.

        Raises:
            EOFError: The input has ended.
        """
        raise NotImplementedError

    def key(self, prompt: str) -> str:
        """Ask for one key, a line where the terminal hands over no single keys; Enter is empty.

        Raises:
            EOFError: The input has ended.
        """
        return self.ask(prompt)

    def blank(self) -> None:
        """Write an empty line."""
        self.line([])

    def say(self, text: str, style: str = "", indent: int = 0) -> None:
        """Write a sentence that is no Markdown."""
        margin = " " * indent
        for line in wrap(((style, self.spell(text)),), self.width, margin, margin):
            self.line(line)

    def verbatim(self, text: str, indent: int = 0, style: str = "") -> None:
        """Write lines as they are, such as an array or what a program printed."""
        for row in self.spell(printable(text)).splitlines():
            for line in fold([(style, row)], self.width, " " * indent):
                self.line(line)

    def title(self, text: str) -> None:
        """Write the title of a question, which is one line of Markdown."""
        for line in wrap(tuple(("bold", part) for _, part in self.spans(text)), self.width):
            self.line(line)

    def code(self, source: str) -> None:
        """Write a Python program."""
        for line in code(self.spell(source), self.width):
            self.line(line)

    def markdown(self, text: str, indent: int = 0) -> None:
        """Write a Markdown text."""
        for line in lines(text, self.width, indent, not self.styled, self.spell):
            self.line(line)

    def numbered(self, items: Iterable[str], first: int = 1) -> None:
        """Write Markdown items with numbers to choose by."""
        for number, item in enumerate(items, first):
            self.item(f"{number:>3}. ", item)

    def item(self, marker: str, text: str, style: str = "") -> None:
        """Write one Markdown item behind a marker."""
        margin = " " * len(marker)
        first, *rest = wrap(self.spans(text), self.width, margin, margin)
        style_of_rest, text_of_rest = first[0]
        self.line([(style, marker), (style_of_rest, text_of_rest[len(marker) :]), *first[1:]])
        for line in rest:
            self.line(line)

    def spans(self, text: str) -> Spans:
        """Return a line of Markdown as it is shown here."""
        return spans(runs(text), not self.styled, self.spell)


def _is_terminal(stream: object) -> bool:
    return stream is not None and stream.isatty()


def tightened(rows: list[str], room: int) -> list[str]:
    """Leave out as many empty rows, the first ones first, as make the rows fit, if that can be."""
    empty = [at for at, row in enumerate(rows) if not row.strip()]
    over = max(0, len(rows) - room)
    left_out = empty[:over] if over <= len(empty) else []
    return [row for at, row in enumerate(rows) if at not in left_out]


def page_end(rows: list[str], room: int) -> int:
    """Return after how many rows a page ends: where a part or an item does, if late enough."""
    room = max(3, room)
    room = min(room, len(rows) - 1)
    ends = [at for at in range(room // 2, room + 1) if _BEGIN.match(rows[at])]
    return ends[-1] if ends else room
