"""A prompt on a terminal: its words, the line typed below, and drawing both where they belong."""

import shutil
import sys
from collections.abc import Callable

from dlprep.terminal.keyboard import Silent
from dlprep.terminal.layout import cells
from dlprep.terminal.line import ENTER, LEAVE, REDRAW, Line, tokens

PASTES, NO_PASTES = "\x1b[?2004h", "\x1b[?2004l"
OPENED, CLOSED = "\x1b[200~", "\x1b[201~"


class Prompt:
    """One question to the user.

    Args:
        keyboard: Where keys come from.
        head: Returns the rows above the line as shown, and how wide each is; when they change they
            are drawn anew.
        heard: Called when a key has come.
        idle: Called while none comes and the line is empty; what it raises ends the prompt.
    """

    def __init__(
        self,
        keyboard: Silent,
        head: Callable[[], list[tuple[str, int]]],
        heard: Callable[[], None],
        idle: Callable[[], None],
    ):
        self._keyboard, self._head, self._heard, self._idle = keyboard, head, heard, idle
        self._line = Line()
        self._above: list[int] = []
        self._shown: list[tuple[str, int]] = []
        self._heads = self._below = 0

    def ask(self, at_once: Callable[[str], bool]) -> str:
        """Return what was typed.

        Args:
            at_once: Whether a single character that was typed first is the answer, without Enter.

        Raises:
            EOFError: Ctrl-D was typed on an empty line, or the terminal is gone.
        """
        self._keyboard.drop()
        self._keyboard.resumed = self._keyboard.resized = False
        sys.stdout.write(PASTES)
        try:
            self._draw(anew=True)
            while not self._take(self._chunk(), at_once):
                pass
        finally:
            sys.stdout.write("\n" * self._below + "\r\n" + NO_PASTES)
            sys.stdout.flush()
        return self._line.text.strip()

    def _chunk(self) -> str:
        """Return what was typed or pasted at once, a paste whole."""
        chunk = self._keyboard.chunk()
        while chunk.count(OPENED) > chunk.count(CLOSED):
            chunk += self._keyboard.chunk()
        if self._keyboard.resumed:
            self._above, self._below = [], 0
            sys.stdout.write(f"\r\n{PASTES}")
        if self._keyboard.resumed or self._keyboard.resized:
            self._keyboard.resumed = self._keyboard.resized = False
            self._draw(anew=True)
        if chunk:
            self._heard()
        elif not self._line.text:
            self._idle()
        if not chunk and self._head() != self._shown:
            self._draw(anew=True)
        return chunk

    def _take(self, chunk: str, at_once: Callable[[str], bool]) -> bool:
        """Do what was typed; whether that ends the prompt."""
        found = list(tokens(chunk))
        typed = "".join(text for kind, text in found if kind == "text")
        first = not self._line.text and len(typed) == 1 and found[0] == ("text", typed)
        anew = False
        for kind, text in found:
            if kind == "move" and text == ENTER:
                self._draw(anew)
                return True
            if kind == "move" and text == LEAVE and not self._line.text:
                raise EOFError
            if kind == "move" and text == REDRAW:
                sys.stdout.write("\x1b[H\x1b[2J")
                self._above, self._below, anew = [], 0, True
            elif kind == "move":
                self._line.press(text)
            else:
                self._line.insert(text)
        if found:
            self._draw(anew)
        return first and at_once(typed)

    def _draw(self, anew: bool = False) -> None:
        """Write the line over what is there of it, and put the cursor in its place.

        Args:
            anew: Write the words above it too.
        """
        columns, lines = shutil.get_terminal_size()
        typed, row, column = self._line.rows(columns - 1)
        head = self._head() if anew else []
        self._shown = head if anew else self._shown
        rows = [text for text, _ in head] + typed
        row += len(head)
        first = min(max(0, len(rows) - lines + 1), row)
        last = min(len(rows), first + max(1, lines - 1))
        # A narrower window has broken the rows that were there.
        above = self._above if anew else self._above[self._heads :]
        up = sum(max(1, -(-width // columns)) for width in above)
        if anew:
            self._heads = max(0, len(head) - first)
        kept = self._above[: self._heads] if not anew else []
        shown = [width for _, width in head] + [cells(text) for text in typed]
        self._above, self._below = kept + shown[first:row], last - 1 - row
        sys.stdout.write(f"\x1b[{up}A" * bool(up) + "\r\x1b[J" + "\r\n".join(rows[first:last]))
        sys.stdout.write(f"\x1b[{self._below}A" * bool(self._below))
        sys.stdout.write("\r" + f"\x1b[{column}C" * bool(column))
        sys.stdout.flush()
