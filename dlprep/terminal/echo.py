"""Print what was made of files, names and the user's words, so that it cannot move the cursor."""

import click

from dlprep.lab.printable import printable


def echo(text: object, err: bool = False) -> None:
    """Print a text or path as it may be shown.

    Args:
        text: what to print.
        err: whether to print to standard error.
    """
    click.echo(printable(str(text)), err=err)
