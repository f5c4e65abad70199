"""What went wrong, as a command says it."""

import click

from dlprep.terminal.echo import echo


class Fault(click.ClickException):
    """A fault that was found: the message goes to standard error, the exit code is 1."""

    def show(self, file=None) -> None:
        """Print the message alone, in words."""
        echo(self.message, err=True)
