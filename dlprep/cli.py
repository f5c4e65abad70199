"""The `dlprep` command; a command imports what it needs when it runs."""

import gc
import json
import sys
from functools import partial

import click

from dlprep import __version__
from dlprep.terminal import completion as complete
from dlprep.terminal.disputes import disputes
from dlprep.terminal.draw import Draw
from dlprep.terminal.echo import echo
from dlprep.terminal.export import export
from dlprep.terminal.interview import interview
from dlprep.terminal.opening import (
    Fault,
    bank_folder,
    find,
    guarded,
    open_bank,
    open_history,
    past,
    today,
    with_due_days,
)
from dlprep.terminal.options import (
    FOLDER,
    KIND,
    MINUTES,
    Group,
    as_json,
    asked,
    at_most,
    chapter,
    chosen_filters,
    files_in,
    filters,
    in_bank,
    in_lines,
    in_words,
)
from dlprep.terminal.packs import pack
from dlprep.terminal.plan import kept, plan, planned_today
from dlprep.terminal.progress import progress


@click.group(
    cls=Group,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="dlprep")
@click.pass_context
def cli(context):
    """Deep-learning interview questions whose answers are run.

    Without a command: what is due, what is new, and what to do next.

    Example: dlprep quiz --chapter optimizers -n 5
    """
    if context.invoked_subcommand is None:
        from dlprep.quiz.overview import overview
        from dlprep.terminal import home
        from dlprep.terminal.streams import open_view

        gc.disable()  # What a long history takes to collect, nobody needs freed.
        found = overview(open_bank(), *past(day := today()), day)
        home.show(open_view(plain=False, asks=False), found, today(), kept()[0])


for command in (plan, interview, progress, disputes, export, pack, complete.completion):
    cli.add_command(command)


@cli.command()
@click.argument("ids", metavar="[ID]...", nargs=-1, shell_complete=complete.ids)
@filters
@in_bank
@click.option("--new", "only", flag_value="new", help="Only questions never answered.")
@click.option("--due", "only", flag_value="due", help="Only reviews that are due.")
@click.option("--failed", "only", flag_value="failed", help="Only those last answered wrong.")
@click.option("--missed", "only", flag_value="missed", help="Only those ever answered wrong.")
@click.option("--planned", is_flag=True, help="What `dlprep plan` has for today.")
@click.option("--cram", is_flag=True, help="Also what is not due; the schedule stays as it is.")
@click.option("--minutes", type=MINUTES, help="Only as many questions as fit into this time.")
@click.option("-n", "count", type=click.IntRange(min=1), help="At most so many; else 10.")
@click.option("--seed", type=click.IntRange(min=0), help="Makes order and shuffles repeatable.")
@files_in
@in_words
@in_lines
@asked
def quiz(folder, seed, files, plain, by_line, confidence, reading, aloud, planned, **which):
    """Ask due reviews first, then new questions; or the questions named, due or not.

    Example: dlprep quiz --level mid --kind predict -n 5
    """
    from dlprep.lab.worker import Worker
    from dlprep.quiz.session import Session
    from dlprep.quiz.settings import CONFIDENCE, READING, asks
    from dlprep.terminal import quiz as terminal

    if planned and folder:
        raise click.UsageError("--planned is for our own bank: leave --bank out.")
    bank = open_bank(folder)
    if planned:
        which["ids"] = which["ids"] + planned_today()
    chosen = guarded(chosen_filters, bank, which)
    with Worker() as worker, open_history() as history:
        session = guarded(Session, bank, history, chosen, seed, aloud=aloud)
        how = {"by_line": by_line, "asks": guarded(asks, session, CONFIDENCE, confidence)}
        how["reads"] = guarded(asks, session, READING, reading)
        sys.exit(guarded(terminal.run, session, worker, plain, files, **how))


@cli.command()
@chapter
@in_bank
@click.option("--plain", is_flag=True, help="Text only, no colour.")
@as_json
def stats(chapter, folder, plain, as_json):
    """Show what you remember, how sure you are, and what to do next.

    Example: dlprep stats --chapter optimizers
    """
    from dlprep.quiz.statistics import READING, statistics
    from dlprep.terminal import stats as terminal
    from dlprep.terminal.streams import open_view

    gc.disable()  # As above.
    bank = open_bank(folder)
    found = guarded(statistics, bank, *past(day := today(), READING), day, chapter)
    if as_json:
        terminal.print_json(found)
    else:
        terminal.show(open_view(plain, asks=False), found, bank)


@cli.command()
@click.argument("ident", metavar="ID", shell_complete=complete.codes)
@in_bank
@files_in
@click.option("--watch", is_flag=True, help="Grade at every save.")
@in_words
@in_lines
def code(ident, folder, files, watch, plain, by_line):
    """Practise one exercise, as often as you like; nothing is recorded and no review is moved.

    Example: dlprep code attention-as-soft-lookup --watch
    """
    from dlprep.lab.worker import Worker
    from dlprep.terminal import practice

    question = find(open_bank(folder), ident)
    if question.kind != "code":
        raise Fault(f"{ident} is of kind {question.kind}; `dlprep list --kind code` lists others.")
    with Worker() as worker:
        sys.exit(guarded(practice.run, question, worker, files, watch, plain, by_line))


@cli.command()
@click.argument("ident", metavar="[ID]", required=False, shell_complete=complete.ids)
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
@in_words
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
@click.argument("names", metavar="[ID|CHAPTER]...", nargs=-1, shell_complete=complete.names)
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
@click.argument("ident", metavar="ID", shell_complete=complete.ids)
@in_bank
@click.option("--answer", is_flag=True, help="Show the answer too.")
@in_words
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
    from dlprep.terminal.doctor import examine, show

    rows = examine()
    show(rows, as_json)
    sys.exit(not all(row.ok for row in rows))
