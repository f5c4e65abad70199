"""`dlprep search`: what was found, each question with the line that fits best."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from textwrap import shorten

import click

from dlprep.lab.printable import printable
from dlprep.quiz import packs, search
from dlprep.quiz.bank import questions_dir
from dlprep.terminal.demo import progress, status
from dlprep.terminal.echo import echo, say

LONGEST = 200


def run(
    folder: Path, words: str, most: int, due: dict[str, str], as_json: bool
) -> list[search.Hit]:
    """Search a bank, print what was found, and return it.

    Args:
        folder: The bank.
        words: What to look for.
        most: How many questions to print.
        due: The day each answered question is due, by id.
        as_json: Print an array of objects instead of lines.
    """

    def tell(done: int, total: int) -> None:
        progress("Reading the questions", done, total)

    if folder == questions_dir():
        hits = packs.search(packs.Packs(), words, most, tell)
    else:
        hits = search.search(folder, words, most, emit=tell)
    status("")
    if as_json:
        rows = [{**asdict(hit), "due": due.get(hit.id)} for hit in hits]
        echo(json.dumps(rows, indent=2))
    elif sys.stdout.isatty():
        for hit in hits:
            say(shown(hit, due))
    else:
        # One question a line, tab between the fields, for `cut` and `grep`.
        for hit in hits:
            row = [
                hit.id,
                hit.chapter,
                hit.level,
                hit.kind,
                due.get(hit.id, "new"),
                hit.title,
                hit.line,
            ]
            say("\t".join(map(printable, row)))
    return hits


def shown(hit: search.Hit, due: dict[str, str]) -> str:
    """Return the lines of a hit for a terminal."""
    when = f"due {due[hit.id]}" if hit.id in due else "new"
    facts = f"({hit.level}, {hit.kind}, {hit.minutes:g} min, {when})"
    head = f"{click.style(printable(hit.id), bold=True)}  {facts}\n  {printable(hit.title)}"
    line = shorten(printable(hit.line), LONGEST, placeholder=" …")
    return f"{head}\n  {click.style(f'› {line}', dim=True)}\n" if line else f"{head}\n"
