"""Print what was made of files, names and the user's words, so that it cannot move the cursor."""

import sys

import click

from dlprep.lab.printable import printable
from dlprep.terminal.spelled import spelled


def echo(text: object, err: bool = False) -> None:
    """Print a text or path as it may and can be shown.

    Args:
        text: What to print.
        err: Whether to print to standard error.
    """
    say(printable(str(text)), err)


def say(text: str, err: bool = False) -> None:
    """Print a text that is printable already, and may have colours, as the stream can show it.

    Args:
        text: What to print.
        err: Whether to print to standard error.
    """
    encoding = getattr(sys.stderr if err else sys.stdout, "encoding", None) or "utf-8"
    found = spelled(text, encoding)
    click.echo(found.encode(encoding, "backslashreplace").decode(encoding), err=err)
