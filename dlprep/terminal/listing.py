"""`dlprep list` and `dlprep search`: a table of questions, or JSON."""

import json
import sys

import click

from dlprep.lab.printable import printable
from dlprep.quiz.bank import Question
from dlprep.terminal.echo import echo, say

JSON_KEYS = ("id", "chapter", "title", "level", "kind", "tags", "minutes")


def show(questions: list[Question], due: dict[str, str], as_json: bool) -> None:
    """Print questions in their order.

    Args:
        questions: What to list.
        due: The day each answered question is due, `YYYY-MM-DD`, by id.
        as_json: Print an array of objects instead of lines.
    """
    if as_json:
        rows = [record(question, due) for question in questions]
        echo(json.dumps(rows, indent=2))
    elif sys.stdout.isatty():
        say(grouped(questions, due))
    else:
        # One question a line, tab between the fields, for `cut` and `grep`.
        for q in questions:
            row = [q.id, q.chapter, q.level, q.kind, due.get(q.id, "new"), q.title]
            say("\t".join(map(printable, row)))


def record(question: Question, due: dict[str, str]) -> dict:
    """Return a question as plain data."""
    row = {key: getattr(question, key) for key in JSON_KEYS}
    return {**row, "tags": list(question.tags), "due": due.get(question.id)}


def grouped(questions: list[Question], due: dict[str, str]) -> str:
    """Return lines for a terminal: a heading a chapter, two lines a question."""
    lines, chapter = [], None
    for question in questions:
        if question.chapter != chapter:
            chapter = question.chapter
            lines += ["", click.style(printable(chapter), bold=True)]
        when = f"due {due[question.id]}" if question.id in due else "new"
        facts = f"{question.level}, {question.kind}, {question.minutes:g} min, {when}"
        lines += [f"  {printable(question.id)}  ({facts})", f"      {printable(question.title)}"]
    return "\n".join(lines[1:])
