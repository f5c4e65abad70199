"""`dlprep check`: what is wrong with a bank, and with `-v` the margin of every claim."""

import json
from collections.abc import Collection, Sequence
from contextlib import nullcontext
from pathlib import Path

from dlprep.lab.worker import Worker
from dlprep.quiz.bank import Bank, BankError, match_chapter
from dlprep.quiz.check import check
from dlprep.quiz.nearest import unknown
from dlprep.terminal.demo import progress, status
from dlprep.terminal.echo import echo

SEEDS = range(5)


def run(
    folder: Path,
    names: Sequence[str],
    *,
    run_demos: bool,
    verbose: bool,
    as_json: bool,
    known_ids: Collection[str],
) -> int:
    """Check a bank, or some questions of it, and print what is wrong.

    Args:
        folder: The folder of the bank.
        names: Ids and chapters; nothing stands for the whole bank.
        run_demos: Whether to run demonstrations and exercises.
        verbose: Whether to print the claims' margins too.
        as_json: Print an array of objects instead of lines.
        known_ids: Ids in the user's history.

    Returns:
        The exit code: 0 without faults, else 1.

    Raises:
        BankError: The bank has no question or chapter of some name.
    """
    only = resolve(Bank.load(folder), names) if names else None

    def tell(kind: str, line: str) -> None:
        if as_json or not (verbose or (kind == "note" and names)):
            return
        _say(f"note: {line}" if kind == "note" else line)

    found = []
    with Worker() if run_demos else nullcontext() as worker:
        for message in check(
            folder,
            run_demos,
            worker,
            only=only,
            seeds=SEEDS,
            known_ids=known_ids,
            emit=progress,
            tell=tell,
        ):
            found.append(message)
            if not as_json:
                _say(str(message))
    status("")
    if as_json:
        rows = [{"path": str(m.path), "line": m.line, "text": m.text} for m in found]
        echo(json.dumps(rows, indent=2))
    else:
        count = f"{len(found)} fault{'s' if len(found) > 1 else ''}." if found else "No faults."
        echo(count, err=True)
    return int(bool(found))


def resolve(bank: Bank, names: Sequence[str]) -> set[str]:
    """Return the ids that ids and chapters stand for, those of broken questions too.

    Raises:
        BankError: There is no such question or chapter.
    """
    ids: set[str] = set()
    chapters = dict.fromkeys(path.parent.name for path in bank.files)
    for name in names:
        if chapter := match_chapter(name, chapters):
            ids |= {path.stem for path in bank.files if path.parent.name == chapter}
        elif any(path.stem == name for path in bank.files):
            ids.add(name)
        elif Path(name).is_dir():
            raise BankError(f"{name} is a folder: `dlprep check --bank {name}` checks a bank")
        else:
            known = [*(path.stem for path in bank.files), *chapters]
            raise BankError(unknown("question or chapter", name, known))
    return ids


def _say(line: str) -> None:
    status("")
    echo(line)
