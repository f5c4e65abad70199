"""A line that is being typed: its text, its cursor, and what each key does to them."""

import re
import unicodedata
from collections.abc import Iterator

from dlprep.lab.printable import printable
from dlprep.terminal.layout import cells

_TOKEN = re.compile(
    "\x1b\\[200~(?P<paste>.*?)(?:\x1b\\[201~|$)"
    "|(?P<move>\x1b(?:\\[[0-9;?]*[ -/]*[@-~]|O.|)|[\x00-\x1f\x7f])"
    "|(?P<text>[^\x00-\x1f\x7f]+)",
    re.DOTALL,
)
ENTER, LEAVE, REDRAW = "\n", "\x04", "\x0c"
LEFT, RIGHT = ("\x1b[D", "\x1bOD", "\x02"), ("\x1b[C", "\x1bOC", "\x06")
HOME = ("\x1b[H", "\x1bOH", "\x1b[1~", "\x1b[7~", "\x01")
END = ("\x1b[F", "\x1bOF", "\x1b[4~", "\x1b[8~", "\x05")
BACK, DELETE = ("\x7f", "\x08"), ("\x1b[3~",)


def tokens(chunk: str) -> Iterator[tuple[str, str]]:
    """Yield `("text", ...)`, `("paste", ...)` and `("move", ...)`, one for each key of control.

    What comes at once with lines in it was pasted, also where the terminal does not say so: all of
    it is one paste, and the Enter that it may end with is one.
    """
    chunk = chunk.replace("\r\n", "\n").replace("\r", "\n")
    body = chunk.removesuffix("\n")
    if "\x1b" not in chunk and "\n" in body and body.strip("\n"):
        yield "paste", body
        yield from [("move", ENTER)] * chunk.endswith("\n")
        return
    for match in _TOKEN.finditer(chunk):
        yield match.lastgroup, match.group(match.lastgroup)


class Line:
    """The text typed so far.

    Attributes:
        text: All of it, with the line ends of what was pasted.
        at: How many of its characters stand before the cursor.
    """

    def __init__(self):
        self.text, self.at = "", 0

    def insert(self, text: str) -> None:
        """Put text before the cursor."""
        self.text = self.text[: self.at] + text + self.text[self.at :]
        self.at += len(text)

    def press(self, key: str) -> None:
        """Do what a key of control does; an unknown one does nothing."""
        if key in LEFT:
            self.at = self._before()
        elif key in RIGHT:
            self.at = self._behind()
        elif key in HOME:
            self.at = 0
        elif key in END:
            self.at = len(self.text)
        elif key in BACK:
            self._cut(self._before(), self.at)
        elif key in (*DELETE, LEAVE):
            self._cut(self.at, self._behind())
        elif key == "\x15":
            self._cut(0, self.at)
        elif key == "\x0b":
            self._cut(self.at, len(self.text))
        elif key == "\x17":
            self._cut(len(re.sub(r"\S*\s*$", "", self.text[: self.at])), self.at)

    def rows(self, width: int, margin: str = "> ") -> tuple[list[str], int, int]:
        """Return the rows as shown, and the cursor's row and column.

        Args:
            width: Columns of a row.
            margin: What stands before the first row.
        """
        rows, place, at = [margin], (0, len(margin)), 0
        for sign in _signs(self.text):
            shown = "" if sign == "\n" else printable(sign)
            if sign == "\n" or cells(rows[-1]) + cells(shown) > width:
                rows.append(" " * len(margin))
            if at == self.at and sign != "\n":
                place = len(rows) - 1, cells(rows[-1])
            rows[-1] += shown
            at += len(sign)
            if at == self.at:
                place = len(rows) - 1, cells(rows[-1])
        return rows, *place

    def _cut(self, start: int, end: int) -> None:
        self.text, self.at = self.text[:start] + self.text[end:], start

    def _before(self) -> int:
        return self.at - len(([""] + list(_signs(self.text[: self.at])))[-1])

    def _behind(self) -> int:
        return self.at + len(next(_signs(self.text[self.at :]), ""))


def _signs(text: str) -> Iterator[str]:
    """Yield what is seen as one character: a letter and what is combined with it."""
    sign = ""
    for letter in text:
        apart = "\n" in (letter, sign) or cells(sign + letter) > cells(sign)
        if sign and apart and not unicodedata.category(letter).startswith("M"):
            yield sign
            sign = ""
        sign += letter
    if sign:
        yield sign
