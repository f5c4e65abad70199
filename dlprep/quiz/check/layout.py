"""Rules for the folder: chapters, the files of each question, and nothing else."""

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from dlprep.quiz import coverage
from dlprep.quiz.bank import Bank
from dlprep.quiz.reading import Message

CHAPTER = re.compile(r"(\d\d)_[a-z0-9]+(_[a-z0-9]+)*")
_IGNORED = "__pycache__"


def messages(folder: Path) -> Iterator[Message]:
    """Yield a message for every folder and file that has no place in a bank."""
    numbers: dict[str, str] = {}
    for entry in _entries(folder):
        path = Path(entry.path)
        if entry.name == coverage.FILE:
            continue
        if not os.path.isdir(path):
            yield Message(path, 1, "a stray file: a bank holds chapters, NN_name; move it away")
            continue
        name = CHAPTER.fullmatch(entry.name)
        if not name:
            yield Message(path, 1, "not a chapter's name: rename it NN_name, such as 04_optimizers")
        elif other := numbers.get(name[1]):
            yield Message(path, 1, f"number {name[1]} is that of {other} too: choose another")
        else:
            numbers[name[1]] = entry.name
        yield from _chapter(path)


def _chapter(folder: Path) -> Iterator[Message]:
    entries = _entries(folder)
    stems = {name.removesuffix(".md") for name in (e.name for e in entries) if name[-3:] == ".md"}
    for entry in entries:
        stem, suffix = os.path.splitext(entry.name)
        if suffix == ".md":
            continue
        if os.path.isdir(entry.path):
            text = "a folder inside a chapter: questions lie one level deep; move it away"
        elif suffix != ".py":
            text = "a stray file: a chapter holds questions (.md) and their .py; move it away"
        elif stem.removesuffix("_exercise") not in stems:
            text = f"a stray file: there is no {stem.removesuffix('_exercise')}.md beside it"
        else:
            continue
        yield Message(Path(entry.path), 1, text)


def programs(path: Path, kind: str | None) -> Iterator[Message]:
    """Yield a message for a demonstration or an exercise that is missing or should not be there.

    Args:
        path: The Markdown file of the question.
        kind: The question's kind, or `None` if the front matter does not say.
    """
    demo, exercise = path.with_suffix(".py"), path.with_name(f"{path.stem}_exercise.py")
    if not os.path.lexists(demo):
        yield Message(path, 1, f"no demonstration: write {demo.name} beside it")
    if kind == "code" and not os.path.lexists(exercise):
        yield Message(path, 1, f"no exercise: write {exercise.name} beside it")
    if kind not in ("code", None) and os.path.lexists(exercise):
        yield Message(exercise, 1, f"an exercise for a question of kind {kind}: delete it")


def renames(bank: Bank, known_ids: Collection[str]) -> Iterator[Message]:
    """Yield a message for every id of the user's history that the bank does not have."""
    from difflib import get_close_matches

    ids = [question.id for question in bank]
    # Those of packs, with a colon, are not this bank's to have.
    for id in sorted(id for id in set(known_ids) - set(ids) if ":" not in id):
        close = get_close_matches(id, ids, 1, 0.5)
        hint = f"was it renamed to {close[0]}? " if close else ""
        text = f"the history has answers to {id}, which is gone: {hint}give it its old name back"
        yield Message(bank.folder, 1, text)


def _entries(folder: Path) -> list[os.DirEntry]:
    """Return the entries that count, sorted; an unreadable folder is the bank's to report."""
    try:
        with os.scandir(folder) as entries:
            kept = [e for e in entries if e.name[0] != "." and e.name != _IGNORED]
    except OSError:
        return []
    return sorted(kept, key=lambda entry: entry.name)
