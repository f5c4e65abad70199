"""Entry point of the `dlprep` command and of `python -m dlprep`."""

import contextlib
import os
import sys

import click

from dlprep import cli
from dlprep.lab.printable import printable
from dlprep.terminal.echo import echo


def main() -> None:
    """Run the command; exit with 0 (done), 1 (found faults), 2 (usage) or 130 (interrupted)."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115
    closed = sys.__stdout__ is None
    refused = code = None
    try:
        code = _refused(OSError("standard output is closed")) if closed else _run()
    except OSError as error:
        refused = error
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError as error:
            # What is still in the buffer would be tried again, and fail, at interpreter exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            refused = refused or error
    sys.exit(_refused(refused) if refused else code)


def _run() -> int:
    try:
        return cli.cli(prog_name="dlprep", standalone_mode=False) or 0
    except SystemExit as end:
        return int(end.code or 0)
    except click.Abort:
        echo("Interrupted.", err=True)
        return 130
    except click.ClickException as error:
        error.message = printable(error.message)
        error.show()
        return error.exit_code


def _refused(error: OSError) -> int:
    """Say what the system refuses, unless nobody reads it; return the exit code."""
    if not isinstance(error, BrokenPipeError):
        with contextlib.suppress(OSError):
            echo(f"The system refuses: {error}", err=True)
    return 1


if __name__ == "__main__":
    main()
