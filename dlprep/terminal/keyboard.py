"""The user's keyboard: nothing typed is echoed or kept but what a prompt reads.

While a session is attended the terminal hands over single keys and shows none of them, so what is
typed during a wait is neither seen nor obeyed, and nothing is left for the shell at the end.
"""

import codecs
import contextlib
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator

LOOK = 0.1
"""Seconds between two looks whether a signal has come."""
BURST = 0.02
"""Seconds within which what follows Enter belongs to the same paste."""

SPECIAL = {"H": "[A", "P": "[B", "K": "[D", "M": "[C", "G": "[H", "O": "[F", "S": "[3~"}
"""What Windows sends behind a zero for a key, and what other terminals send behind an escape."""


class Silent:
    """A keyboard where nobody types, such as a pipe."""

    def __enter__(self) -> "Silent":
        return self

    def __exit__(self, *_) -> None:
        pass

    @contextlib.contextmanager
    def lines(self, redraw: Callable[[], None]) -> Iterator[None]:
        """Let the terminal itself edit a line, as it does anyway."""
        yield

    def line(self, idle: Callable[[], None]) -> str:
        """Return what was typed, or pasted at once, in lines; nothing at the end of the input.

        Args:
            idle: Called while nothing comes, where that can be known; it may raise.
        """
        return sys.stdin.readline()

    def chunk(self, seconds: float = LOOK) -> str:
        """Return nothing, and at once."""
        return ""


class Piped(Silent):
    """Lines that a pipe or a file holds, read ahead so that a wait for one can be interrupted."""

    def __init__(self, descriptor: int):
        self._descriptor = descriptor
        self._decoder = codecs.getincrementaldecoder(sys.stdin.encoding)("replace")
        self._chunks: queue.SimpleQueue | None = None
        self._text, self._ended = "", False

    def line(self, idle: Callable[[], None]) -> str:
        """Return one line; nothing at the end of the input."""
        if self._chunks is None:
            self._chunks = queue.SimpleQueue()
            threading.Thread(target=self._follow, daemon=True).start()
        while "\n" not in self._text and not self._ended:
            try:
                data = self._chunks.get(timeout=LOOK)
            except queue.Empty:
                idle()
                continue
            self._ended = not data
            self._text += self._decoder.decode(data, final=self._ended)
        line, end, self._text = self._text.partition("\n")
        return line + end

    def _follow(self) -> None:
        data = b" "
        while data:
            # What holds the lock of `sys.stdin` while it waits would hold up the program's end.
            try:
                data = os.read(self._descriptor, 65536)
            except OSError:
                data = b""
            self._chunks.put(data)


class Posix(Silent):
    """The keyboard of a terminal.

    Attributes:
        resumed: Whether the program was stopped and goes on; who redraws sets it back.
        resized: Whether the window has changed; likewise.
        farewell: What the terminal is sent when the program stops, so that a shell can use it.
    """

    farewell = b""

    def __init__(self):
        self._descriptor = sys.stdin.fileno()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._handlers: dict[int, object] = {}
        self._redraw: Callable[[], None] = lambda: None
        self.resumed = self.resized = False

    def __enter__(self) -> "Posix":
        import termios

        self._before = self._wanted = termios.tcgetattr(self._descriptor)
        handlers = {
            signal.SIGTSTP: self._stop,
            signal.SIGCONT: self._go_on,
            signal.SIGWINCH: self._resize,
            signal.SIGTERM: lambda *_: sys.exit(128 + signal.SIGTERM),
            signal.SIGHUP: lambda *_: sys.exit(128 + signal.SIGHUP),
        }
        self._handlers = {number: signal.signal(number, to) for number, to in handlers.items()}
        self._set(self._quiet())
        return self

    def __exit__(self, *_) -> None:
        self._set(self._before)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    @contextlib.contextmanager
    def lines(self, redraw: Callable[[], None]) -> Iterator[None]:
        """Let the terminal itself echo and edit a line; what was typed before is dropped.

        Args:
            redraw: Writes the prompt again when the program goes on after a stop.
        """
        self._redraw = redraw
        self._set(self._before)
        try:
            yield
        finally:
            self._redraw = lambda: None
            self._set(self._quiet())

    def line(self, idle: Callable[[], None]) -> str:
        """Return what was typed, or pasted at once, while `lines` lasts; nothing after Ctrl-D.

        A wait in `readline` would not hear of a signal that another thread has got.
        """
        while not self._readable(LOOK):
            idle()
        found = sys.stdin.readline()
        while found and self._readable(BURST):
            found += sys.stdin.readline()
        return found

    def drop(self) -> None:
        """Forget what was typed so far."""
        self._set(self._wanted)
        self._decoder.reset()

    def chunk(self, seconds: float = LOOK) -> str:
        """Return what was typed at once; nothing when a signal wants to be looked at.

        Args:
            seconds: How long to wait for it.

        Raises:
            EOFError: The terminal is gone.
        """
        if not self._readable(seconds):
            return ""
        found = self._read()
        while found.endswith(("\r", "\n")) and len(found) > 1 and self._readable(BURST):
            found += self._read()
        return found

    def _read(self) -> str:
        try:
            data = os.read(self._descriptor, 65536)
        except OSError as error:
            raise EOFError from error
        if not data:
            raise EOFError
        return self._decoder.decode(data)

    def _readable(self, seconds: float) -> bool:
        import select

        return bool(select.select([self._descriptor], [], [], seconds)[0])

    def _quiet(self) -> list:
        import termios

        modes = [*self._before[:6], list(self._before[6])]
        modes[3] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
        modes[6][termios.VMIN], modes[6][termios.VTIME] = 1, 0
        return modes

    def _set(self, modes: list) -> None:
        import termios

        self._wanted = modes
        with contextlib.suppress(termios.error):
            termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, modes)

    def _stop(self, *_) -> None:
        """Hand the terminal back as it was, then stop like any program."""
        wanted = self._wanted
        self._set(self._before)
        self._wanted = wanted
        if self.farewell:
            os.write(sys.stdout.fileno(), self.farewell)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)

    def _go_on(self, *_) -> None:
        signal.signal(signal.SIGTSTP, self._stop)
        self._set(self._wanted)
        self.resumed = True
        self._redraw()

    def _resize(self, *_) -> None:
        self.resized = True


class Windows(Silent):
    """The keyboard of a Windows console."""

    resumed = resized = False

    def __enter__(self) -> "Windows":
        import ctypes

        # Colours and movements of the cursor are understood from here on.
        ctypes.windll.kernel32.SetConsoleMode(ctypes.windll.kernel32.GetStdHandle(-11), 7)
        return self

    @contextlib.contextmanager
    def lines(self, redraw: Callable[[], None]) -> Iterator[None]:
        """Let the console itself edit a line; what was typed before is dropped."""
        self.drop()
        yield

    def line(self, idle: Callable[[], None]) -> str:
        """Return a line of the console's own; before its first key is typed, `idle` is called."""
        import msvcrt
        import time

        while not msvcrt.kbhit():
            time.sleep(LOOK)
            idle()
        return sys.stdin.readline()

    def __exit__(self, *_) -> None:
        self.drop()

    def drop(self) -> None:
        """Forget what was typed so far."""
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getwch()

    def chunk(self, seconds: float = LOOK) -> str:
        """Return what was typed at once, nothing after a while.

        Args:
            seconds: How long to wait for it.

        Raises:
            KeyboardInterrupt: Ctrl-C was typed.
        """
        import msvcrt
        import time

        end, found = time.monotonic() + seconds, ""
        while msvcrt.kbhit() or (not found and time.monotonic() < end):
            if not msvcrt.kbhit():
                time.sleep(BURST)
                continue
            sign = msvcrt.getwch()
            if sign == "\x03":
                raise KeyboardInterrupt
            special = sign in "\x00\xe0" and msvcrt.kbhit()
            found += "\x1b" + SPECIAL.get(msvcrt.getwch(), "") if special else sign
        return found


def keyboard() -> Silent:
    """Return the keyboard that standard input is."""
    if sys.stdin is None:
        return Silent()
    if not sys.stdin.isatty():
        try:
            return Piped(sys.stdin.fileno())
        except OSError:
            return Silent()
    return Posix() if os.name == "posix" else Windows()
