"""The `dlprep` command; a command imports what it needs when it runs."""

import json
import sys
from functools import partial
from pathlib import Path

import click

from dlprep import __version__
from dlprep.terminal.draw import Draw
from dlprep.terminal.echo import echo

FOLDER = click.Path(path_type=Path)
KIND = click.Choice(["recall", "choice", "numeric", "predict", "code"])


class Fault(click.ClickException):
    """A fault that was found: the message goes to standard error, the exit code is 1."""

    def show(self, file=None) -> None:
        """Print the message alone, in words."""
        echo(self.message, err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dlprep")
def cli():
    """Deep-learning interview questions whose answers are run.

    Example: dlprep quiz --chapter optimizers -n 5
    """


def filters(command):
    """Add the options that choose questions."""
    options = [
        click.option("--chapter", help="Number or name, such as 04 or optimizers."),
        click.option("--level", type=click.Choice(["junior", "mid", "senior"])),
        click.option("--kind", type=KIND),
        click.option("--tag", help="One of the questions' tags."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def at_most(name):
    """Add the option that bounds the number of questions."""
    options = {"type": click.IntRange(min=1), "default": 10, "show_default": True}
    return click.option("-n", name, help="At most this many questions.", **options)


def only(name, text):
    """Add a flag that excludes its like, which click alone would let win by coming last."""
    return click.option(f"--{name}", "only", flag_value=name, multiple=True, help=text)


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
in_bank = click.option("--bank", "folder", type=FOLDER, help="Folder of another bank than our own.")


@cli.command()
@filters
@in_bank
@only("new", "Only questions never answered.")
@only("due", "Only reviews that are due.")
@only("failed", "Only those last answered wrong.")
@at_most("count")
@click.option("--seed", type=click.IntRange(min=0), help="Makes order and shuffles repeatable.")
@click.option("--plain", is_flag=True, help="Numbered prompts, line by line, no colour.")
@click.option("--line", "by_line", is_flag=True, help="Every answer ends with Enter.")
def quiz(chapter, level, kind, tag, folder, only, count, seed, plain, by_line):
    """Ask due reviews first, then new questions.

    Example: dlprep quiz --level mid --kind predict -n 5
    """
    from dlprep.lab.worker import Worker
    from dlprep.quiz.session import Filters, Session
    from dlprep.terminal import quiz as terminal

    if len(set(only)) > 1:
        raise click.UsageError(f"--{' and --'.join(only)} exclude each other: give one of them.")
    bank = open_bank(folder)
    only = only[0] if only else None
    chosen = Filters(chapter=chapter, level=level, kind=kind, tag=tag, only=only, count=count)
    with Worker() as worker, open_history() as history:
        session = guarded(Session, bank, history, chosen, seed)
        sys.exit(guarded(terminal.run, session, worker, plain, by_line=by_line))


@cli.command()
@click.argument("ident", metavar="[ID]", required=False)
@in_bank
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--aa", is_flag=True, help="Give every treatment the control's arguments.")
@click.option("--all", "everything", is_flag=True, help="Run every demonstration of the bank.")
@click.option(
    "--draw",
    multiple=True,
    metavar="NAME=NUMBER",
    type=Draw(),
    help="Take this one of the numbers that the question draws.",
)
@click.option("--svg", type=FOLDER, help="Write the figures to this folder as SVG.")
@click.option("--plain", is_flag=True, help="Text only, no colour.")
@as_json
def demo(ident, folder, seed, aa, everything, draw, svg, plain, as_json):
    """Run a demonstration: progress, values, figures, claims.

    An A/A run (`--aa`) takes the mechanism away: at least one claim must then fail.

    Example: dlprep demo adam-first-steps --seed 3
    """
    from dlprep.terminal import demo as terminal

    if everything == bool(ident):
        raise click.UsageError("Name one question, or say --all. `dlprep list` shows the ids.")
    if everything and draw:
        raise click.UsageError("--draw is for one question: name it instead of --all.")
    bank = open_bank(folder)
    questions = list(bank) if everything else [guarded(find(bank, ident).showing, dict(draw))]
    sys.exit(terminal.run(questions, seed, aa, svg, plain, as_json))


@cli.command()
@click.argument("names", metavar="[ID|CHAPTER]...", nargs=-1)
@in_bank
@click.option("--static", is_flag=True, help="Read the files only; run no demonstration.")
@click.option("-v", "--verbose", is_flag=True, help="List the margin of every claim too.")
@as_json
def check(names, folder, static, verbose, as_json):
    """Lint questions, chapters or a whole bank: files, demonstrations, margins, exercises.

    Claims are tried on the seeds 0 to 4, and without their mechanism (A/A).

    Example: dlprep check adam-first-steps -v
    """
    from dlprep.terminal.check import run

    # Only the built-in bank can be compared with what the user has answered.
    options = {"run_demos": not static, "verbose": verbose, "as_json": as_json}
    work = partial(guarded, run, bank_folder(folder), names, **options)
    sys.exit(work(known_ids=()) if folder or names else with_due_days(work, "known_ids"))


@cli.command()
@click.argument("name", metavar="CHAPTER/SLUG")
@click.option("--kind", default="choice", show_default=True, type=KIND)
@in_bank
def new(name, kind, folder):
    """Write a new question with its demonstration, and name the commands that try it.

    Example: dlprep new 04_optimizers/why-warm-up --kind predict
    """
    from dlprep.quiz.bank import questions_dir
    from dlprep.quiz.new import create, next_commands

    for path in guarded(create, folder or questions_dir(), name, kind):
        echo(path)
    echo("\nEdit these files, then:\n")
    for command in next_commands(name, folder):
        echo(f"  {command}")


@cli.command("list")
@filters
@in_bank
@as_json
def list_questions(chapter, level, kind, tag, folder, as_json):
    """List questions with their chapter, level, kind and when they are due.

    Example: dlprep list --chapter 04 --json
    """
    from dlprep.terminal.listing import show

    bank = open_bank(folder)
    chosen = guarded(bank.filter, chapter=chapter, level=level, kind=kind, tag=tag)
    with_due_days(partial(show, list(chosen), as_json=as_json), "due")


@cli.command()
@click.argument("words", nargs=-1, required=True)
@at_most("most")
@in_bank
@as_json
def search(words, most, folder, as_json):
    """Search titles, prompts and answers; questions with all the words come first.

    Example: dlprep search why divide by the square root in attention
    """
    from dlprep.terminal.search import run

    work = partial(guarded, run, bank_folder(folder), " ".join(words), most, as_json=as_json)
    if not with_due_days(work, "due"):
        raise Fault("Nothing found: other words, or an abbreviation written out, may find more.")


@cli.command()
@click.argument("ident", metavar="ID")
@in_bank
@click.option("--answer", is_flag=True, help="Show the answer too.")
@click.option("--plain", is_flag=True, help="Text only, no colour.")
@as_json
def show(ident, folder, answer, plain, as_json):
    """Show one question.

    Example: dlprep show adam-first-steps --answer
    """
    from dlprep.terminal.question import print_question, record

    question = find(open_bank(folder), ident)
    if as_json:
        echo(json.dumps(guarded(record, question, answer), indent=2))
    else:
        guarded(print_question, question, answer, plain)


@cli.command()
@as_json
def doctor(as_json):
    """Report on Python, Keras, backend, devices, database and bank.

    Example: dlprep doctor
    """
    from dlprep.terminal.doctor import examine

    rows = examine()
    if as_json:
        echo(json.dumps([vars(row) for row in rows], indent=2))
    else:
        for row in rows:
            echo(f"{'ok   ' if row.ok else 'FAULT'} {row.part}: {row.found}")
            if row.mend:
                echo(f"      {row.mend}")
    sys.exit(not all(row.ok for row in rows))


def bank_folder(folder: Path | None) -> Path:
    """Return the folder of the bank: the one that was named, else the built-in one."""
    from dlprep.quiz.bank import questions_dir

    if folder and not folder.is_dir():
        raise Fault(f"{folder}: not a folder; name the folder that holds the chapters")
    return folder or questions_dir()


def open_bank(folder: Path | None = None):
    """Return a bank; broken files are named on standard error and left out."""
    from dlprep.quiz.bank import Bank

    bank = guarded(Bank.load, bank_folder(folder))
    for problem in bank.problems:
        echo(problem, err=True)
    if not len(bank):
        raise Fault("The bank has no question that can be read; `dlprep doctor` says more.")
    return bank


def open_history():
    """Return the user's history."""
    from dlprep.quiz.history import History

    return guarded(History.open)


def with_due_days(work, name: str):
    """Call with the day each answered question is due, by id, as the argument of some name.

    There need be no history; one that cannot be read keeps nobody from the bank, and is told after.
    """
    from dlprep.quiz.past import due_days
    from dlprep.quiz.session import now

    days, error = due_days(now())
    found = work(**{name: days})
    if error:
        raise Fault(str(error)) from error
    return found


def find(bank, ident: str):
    """Return the question of this id."""
    return guarded(bank.__getitem__, ident)


def guarded(function, *args, **kwargs):
    """Call; what is wrong with the user's files becomes a message and exit code 1."""
    from dlprep.quiz.bank import BankError
    from dlprep.quiz.history import HistoryError

    try:
        return function(*args, **kwargs)
    except (BankError, HistoryError) as error:
        raise Fault(str(error)) from error
