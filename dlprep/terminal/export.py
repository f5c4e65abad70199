"""`dlprep export`: the questions for Anki, or as JSON for other programs."""

import sys
from pathlib import Path

import click

from dlprep.quiz.words import many
from dlprep.terminal.echo import echo
from dlprep.terminal.fault import Fault
from dlprep.terminal.opening import guarded, open_bank
from dlprep.terminal.options import FOLDER, Group, filters, in_bank


@click.group(cls=Group)
def export():
    """Write the questions for Anki, or as JSON for other programs.

    Example: dlprep export anki --out questions.txt
    """


def written(command):
    """Add the options that choose questions and the file."""
    option = click.option("--out", type=FOLDER, help="The file; default: the standard output.")
    return filters(in_bank(option(command)))


@export.command()
@written
def anki(out, folder, **which):
    """Write text that Anki imports; a second import updates notes and keeps their schedule.

    Example: dlprep export anki --chapter optimizers --out optimizers.txt
    """
    from dlprep.site.anki import notes

    _write(notes, folder, which, out)


@export.command("json")
@written
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the output instead.")
def as_json(out, folder, schema, **which):
    """Write JSON that other programs read.

    Example: dlprep export json --level mid --out questions.json
    """
    from dlprep.quiz.export import SCHEMA, plain

    if schema:
        if folder or any(which.values()):
            raise click.UsageError("--schema is the same for all questions: leave the rest out.")
        _put(SCHEMA.read_text("utf-8"), out)
    else:
        _write(plain, folder, which, out)


def _write(work, folder: Path | None, which: dict, out: Path | None) -> None:
    chosen = list(guarded(open_bank(folder).filter, **which))
    _put(guarded(work, chosen), out)
    if out:
        echo(f"{many(len(chosen), 'question')} written to {out}")


def _put(text: str, out: Path | None) -> None:
    """Write UTF-8, as the formats demand, whatever the terminal shows."""
    from dlprep.quiz import whole

    if out is None:
        sys.stdout.buffer.write(text.encode())
        return
    try:
        whole.write(out, text.encode())
    except OSError as error:
        raise Fault(f"{out} cannot be written: {error.strerror or error}.") from error
