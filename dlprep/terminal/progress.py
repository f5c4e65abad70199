"""`dlprep progress`: take what was answered elsewhere, bring it together, begin anew."""

import shlex
import sys
from pathlib import Path

import click

from dlprep.lab.printable import printable
from dlprep.quiz.words import many
from dlprep.terminal import completion as complete
from dlprep.terminal.echo import echo
from dlprep.terminal.fault import Fault

FILE = click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
YES = click.option("--yes", is_flag=True, help="Do not ask, for scripts.")


class Guarded(click.Group):
    """Commands whose errors are one sentence."""

    def invoke(self, ctx: click.Context):
        """Run a command; what is wrong with the user's files becomes a message and exit code 1."""
        from dlprep.quiz.bank import BankError
        from dlprep.quiz.history import HistoryError
        from dlprep.quiz.progress import ProgressError

        try:
            return super().invoke(ctx)
        except (BankError, HistoryError, ProgressError) as error:
            raise Fault(str(error)) from error


@click.group(cls=Guarded)
def progress():
    """Export, import, merge or reset what you have answered.

    Example: dlprep progress export progress.jsonl
    """


@progress.command()
@FILE
@YES
def export(file, yes):
    """Write all events to FILE as JSON lines; - is the standard output.

    Example: dlprep progress export progress.jsonl
    """
    from dlprep.quiz import progress as core
    from dlprep.quiz.history import History

    history = History.existing()
    if history is None:
        raise Fault("There is no history yet, so there is nothing to export.")
    with history:
        events = history.events()
    if str(file) == "-":
        sys.stdout.buffer.write(core.lines(events))
        return
    if file.is_file():
        confirm(f"{file} is there already and will be written over.", yes)
    core.export(events, file)
    echo(f"{many(len(events), 'event')} written to {file}")


@progress.command("import")
@FILE
@YES
def import_(file, yes):
    """Put the events of FILE in place of all you have; a backup is kept.

    Example: dlprep progress import progress.jsonl
    """
    from dlprep.quiz import progress as core
    from dlprep.quiz.history import History
    from dlprep.quiz.session import now

    theirs = read(file)
    with History.open() as history:
        ours = history.events()
        if ours:
            confirm(
                f"{many(len(theirs), 'event')} of {file} will take the place of the"
                f" {many(len(ours), 'event')} in {history.path}; `merge` keeps both.",
                yes,
            )
        copy = core.backup(history, ours, now()) if ours else None
        core.replace(history, ours, theirs)
    echo(f"{many(len(theirs), 'event')} imported.")
    tell_way_back(copy)


@progress.command()
@FILE
def merge(file):
    """Add what FILE has and your history has not; nothing is lost, and twice is as good as once.

    Example: dlprep progress merge progress-of-my-laptop.jsonl
    """
    from dlprep.quiz import progress as core
    from dlprep.quiz.history import History

    theirs = read(file)
    with History.open() as history:
        new = core.merge(history, theirs)
    echo(f"{many(new, 'new event')} of {len(theirs)} merged.")


@progress.command()
@click.argument("ids", metavar="[ID]...", nargs=-1, shell_complete=complete.ids)
@click.option(
    "--chapter",
    help="All questions of a chapter: number or name.",
    shell_complete=complete.chapters,
)
@click.option("--all", "everything", is_flag=True, help="All questions.")
@click.option(
    "--bank", "folder", type=click.Path(path_type=Path), help="Folder of another bank than our own."
)
@YES
def reset(ids, chapter, everything, folder, yes):
    """Begin questions anew, as if never answered; a backup is kept.

    Example: dlprep progress reset --chapter 04
    """
    from dlprep.quiz import progress as core
    from dlprep.quiz.history import History
    from dlprep.quiz.session import now

    if bool(ids) + bool(chapter) + everything != 1:
        raise click.UsageError(
            "Name questions, or --chapter, or --all. `dlprep list` shows the ids."
        )
    history = History.existing()
    if history is None:
        raise Fault("There is no history yet, so there is no answer to forget.")
    with history:
        questions = None if everything else chosen(history, ids, chapter, folder)
        answers = core.standing(history, questions)
        if not answers:
            echo("There is no answer to forget.")
            return
        count = len({one.question for one in answers})
        what = f"{many(len(answers), 'answer')} to {many(count, 'question')}"
        confirm(f"{what} will be forgotten.", yes)
        copy = core.backup(history, history.events(), now())
        core.reset(history, answers, now())
    echo(f"{what} forgotten.")
    tell_way_back(copy)


def read(file: Path):
    """Return the events of a file, or of the standard input for `-`."""
    from dlprep.quiz import progress as core

    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise Fault(f"{file} cannot be read: {error.strerror or error}.") from error
    return core.read(str(file), content)


def chosen(history, ids: tuple[str, ...], chapter: str | None, folder: Path | None) -> list[str]:
    """Return the questions that were named; of one that left the bank there may be answers."""
    from dlprep.quiz.bank import Bank
    from dlprep.quiz.packs import Packs, join

    bank = Bank.load(folder)
    if folder is None:
        join(bank, Packs())
    if chapter:
        return [question.id for question in bank.filter(chapter=chapter)]
    answered = {one.question for one in history.events(questions=ids)}
    return [ident if ident in answered else bank[ident].id for ident in ids]


def confirm(what: str, yes: bool) -> None:
    """Ask whether to go on, unless that was said."""
    if yes:
        return
    try:
        if click.confirm(printable(f"{what} Go on?")):
            return
    except click.Abort:
        if sys.stdin.isatty():
            raise
    raise Fault("Nothing was changed; --yes goes on without a question.")


def tell_way_back(copy: Path | None) -> None:
    """Say how to have again what was there before."""
    if copy is not None:
        command = f"dlprep progress import {shlex.quote(str(copy))} --yes"
        echo(f"This brings back what was there before:\n{command}")
