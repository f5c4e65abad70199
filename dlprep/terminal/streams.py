"""Which view suits the streams."""

import os
import sys

from dlprep.terminal.view import View


def open_view(plain: bool, asks: bool = True, by_line: bool = False) -> View:
    """Return the view that fits the streams: rich on a terminal, else plain.

    Args:
        plain: Words only, also on a terminal.
        asks: Whether the input has to be a terminal too.
        by_line: Whether every answer ends with Enter, also where one key would do.
    """
    streams = (sys.stdin, sys.stdout) if asks else (sys.stdout,)
    terminal = all(stream is not None and stream.isatty() for stream in streams)
    if plain or not terminal or os.environ.get("TERM") == "dumb" or os.environ.get("NO_COLOR"):
        from dlprep.terminal.plain import Plain

        return Plain()
    from dlprep.terminal.screen import Screen

    return Screen(by_line)
