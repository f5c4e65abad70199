"""Questions as plain data that other programs read; `questions.schema.json` describes them."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from dlprep.quiz.bank import Question

SCHEMA = Path(__file__).with_name("questions.schema.json")
VERSION = 1
FACTS = (
    *("id", "chapter", "title", "level", "kind", "minutes", "asked", "tags", "components"),
    *("sources", "follow_ups", "covers", "tolerance"),
)


def plain(questions: Iterable[Question]) -> str:
    """Return questions as JSON; those that draw numbers show the ones they draw first.

    Raises:
        BankError: A file cannot be read any more.
    """
    found = {"version": VERSION, "questions": [_record(question) for question in questions]}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _record(question: Question) -> dict:
    body = asdict(question.body)
    for option in body["options"]:
        del option["line"]
    hints = [question.fill(hint) for hint in question.hints]
    facts = {name: getattr(question, name) for name in FACTS}
    return {**facts, "drawn": question.drawn, "hints": hints, **body}
