"""What makes a question valid: rules for its files, then runs of its programs."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dlprep.quiz import coverage, draws, front_matter
from dlprep.quiz.bank import Bank
from dlprep.quiz.check import form, layout, markdown, programs, runs, schema, wording
from dlprep.quiz.reading import BankError, Message, byte_faults, read_front_matter, read_text

if TYPE_CHECKING:
    from dlprep.lab.worker import Worker

__all__ = ["check"]


def check(
    folder: Path | str,
    run_demos: bool = True,
    worker: "Worker | None" = None,
    *,
    only: Collection[str] | None = None,
    seeds: Sequence[int] = (0,),
    known_ids: Collection[str] = (),
    emit: Callable[[str, int, int | None], None] = lambda label, done, total: None,
    tell: Callable[[str, str], None] = lambda kind, line: None,
) -> Iterator[Message]:
    """Yield what is wrong with a bank, file by file, each with how to mend it.

    Args:
        folder: The folder that holds the chapters.
        run_demos: Whether to run demonstrations and exercises after the files were read. Programs
            with a fault of their own are not run.
        worker: Runs them; without one, a worker is started and closed.
        only: The ids of the questions to check; by default the whole bank.
        seeds: The claims must hold for each of them, with margin.
        known_ids: Ids in the user's history; those that the bank lacks are listed as renames.
        emit: Called with `(label, done, total)` before each program that runs, with the number of
            questions that are done.
        tell: Called with `(kind, line)` for what is no fault: `margin`, the least margin of a
            claim over the seeds; `form`, how often a rule of form finds the key; `note`, what a
            reader should look at.
    """
    bank = Bank.load(folder)
    at_fault = set()
    chosen = [question for question in bank if only is None or question.id in only]
    for question in chosen:
        for note in wording.notes(question):
            tell("note", f"{question.path}: {note}")
    found = _static(bank, known_ids, tell) if only is None else _files(bank, only)
    for message in found:
        at_fault.add(message.path)
        yield message
    if run_demos:
        yield from runs.messages(chosen, at_fault, worker, seeds, emit, tell)


def _static(
    bank: Bank, known_ids: Collection[str], tell: Callable[[str, str], None]
) -> Iterator[Message]:
    """Yield what reading alone finds: folders, question by question, then the bank's form."""
    yield from layout.messages(bank.folder)
    yield from _files(bank)
    files = set(bank.files)
    yield from (problem for problem in bank.problems if problem.path not in files)
    yield from layout.renames(bank, known_ids)
    for result in form.attack(wording.choices(bank)):
        tell("form", str(result))
        if result.caught:
            yield Message(bank.folder, 1, result.fault)


def _files(bank: Bank, only: Collection[str] | None = None) -> Iterator[Message]:
    """Yield what reading the questions' files finds, question by question."""
    problems = defaultdict(list)
    for problem in bank.problems:
        problems[problem.path].append(problem)
    ids = {path.stem for path in bank.files}
    try:
        groups = coverage.load(bank.folder)
    except BankError as error:
        yield error.message
        groups = None
    parts = None if groups is None else coverage.names(groups)
    for path in bank.files:
        if only is None or path.stem in only:
            found = {*problems[path], *_question(path, ids, parts)}
            yield from sorted(
                found, key=lambda message: (str(message.path), message.line, message.text)
            )


def _question(path: Path, ids: Collection[str], parts: Collection[str] | None) -> Iterator[Message]:
    """Yield the faults of one question's files."""
    try:
        head, text = read_front_matter(path), read_text(path)
    except BankError as error:
        yield error.message
        return
    values, _ = front_matter.parse(head)
    kind = values.get("kind")
    first = draws.combinations(path.stem, values.get("draw", {}))[0]
    text = draws.fill(text, first)
    faults = (
        *byte_faults(path),
        *schema.faults(head, path.stem, ids, parts),
        *markdown.faults(text, kind, ids),
        *wording.faults(text, kind, values.get("hints", ()), front_matter.line_of(head, "hints")),
    )
    yield from (Message(path, line, fault) for line, fault in faults)
    yield from layout.programs(path, kind)
    line = front_matter.line_of(head, "components")
    yield from programs.messages(path, kind, values.get("components", ()), line)
