"""`dlprep interview`: an interviewer's session, held by the clock."""

import contextlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlprep.terminal import completion as complete
from dlprep.terminal.echo import echo
from dlprep.terminal.fault import Fault
from dlprep.terminal.opening import guarded, open_bank, open_history
from dlprep.terminal.options import FOLDER, as_json, files_in, in_bank, in_lines, in_words

if TYPE_CHECKING:
    from dlprep.quiz.interview.interview import Interview
    from dlprep.terminal.view import View

LENGTHS = ("15", "30", "45", "60")
USUAL = 30


@click.command()
@click.option("--minutes", type=click.Choice(LENGTHS), help="How long it takes; else 30.")
@click.option(
    "--level", type=click.Choice(["junior", "mid", "senior"]), help="Where it begins; else mid."
)
@click.option(
    "--chapter",
    help="Only this one: number or name, such as 04 or optimizers.",
    shell_complete=complete.chapters,
)
@click.option("--exam", is_flag=True, help="Show nothing of an answer before the end.")
@click.option("--seed", type=click.IntRange(min=0), help="Makes the choice repeatable.")
@click.option("--new", is_flag=True, help="Begin another, though one is not finished.")
@click.option("--end", is_flag=True, help="End one that is not finished, with its report.")
@click.option("--report", "only_report", is_flag=True, help="Only report on the last one.")
@click.option("--html", "page", type=FOLDER, help="Write the report to this file too.")
@in_bank
@files_in
@in_words
@in_lines
@as_json
def interview(folder, files, plain, by_line, new, end, only_report, page, as_json, **terms):
    """Hold an interview: questions by the clock that adapt to your answers, then a report.

    One that was paused goes on where it stopped.

    Example: dlprep interview --minutes 45 --level mid
    """
    from dlprep.quiz.claim import Claim
    from dlprep.terminal.streams import open_view

    # A seed of 0 is one.
    terms = {name: said for name, said in terms.items() if said or type(said) is int}
    past = only_report or end
    if as_json and not past:
        raise click.UsageError("--json is for --report and --end: leave it out, or add one.")
    if past and (new or terms or files or by_line or (end and only_report)):
        raise click.UsageError("--report and --end are for what was held: leave the rest out.")
    bank = open_bank(folder)
    with open_history() as history, contextlib.ExitStack() as stack:
        claim = Claim(history.path)
        stack.callback(claim.release)
        if past:
            held, code = _last(bank, history), 0
            if held is None:
                raise Fault("No interview was held yet: `dlprep interview` begins one.")
            if end:
                guarded(held.end)
            if held.terms.exam and not held.ended:
                raise Fault("An exam tells nothing before its end; --end ends it.")
        else:
            held = _begun(bank, history, terms, new)
            if not claim.take(held.name):
                raise Fault("This interview is held in another terminal; --new begins another.")
        # The view that asks tells the report too: its input is read by nobody else.
        view = open_view(plain, asks=not past, by_line=by_line)
        if not past:
            code = _hold(held, view, files)
        if past or (held.ended and not held.unmarked):
            _report(held, view, as_json, page)
        elif page:
            view.say("The report comes at the end; name --html again then.")
    raise SystemExit(code)


def _last(bank, history) -> "Interview | None":
    from dlprep.quiz.interview.interview import Interview

    return guarded(Interview.last, bank, history)


def _begun(bank, history, terms: dict, new: bool) -> "Interview":
    """Return the interview that goes on, or a new one."""
    from dlprep.quiz.interview.interview import Interview
    from dlprep.quiz.interview.rule import Terms

    found = None if new else _last(bank, history)
    if found and (not found.ended or found.unmarked):
        if terms:
            ends = "" if found.ended else " --end ends it,"
            raise Fault(
                f"The interview of {found.day} is not finished, {clock(found)}: `dlprep interview`"
                f" goes on with it,{ends} --new begins another."
            )
        return found
    minutes = int(terms.pop("minutes", USUAL))
    seed = terms.pop("seed", int.from_bytes(os.urandom(2)))
    guarded(bank.filter, chapter=terms.get("chapter"))
    return guarded(Interview, bank, history, Terms(minutes, seed=seed, **terms))


def _hold(held: "Interview", view: "View", files: Path | None) -> int:
    from dlprep.lab.worker import Worker
    from dlprep.quiz.draft import default_folder
    from dlprep.terminal.room import Room

    with Worker() as worker:
        room = Room(held, worker, view, (files or default_folder()) / "interview")
        return guarded(room.hold)


def _report(held: "Interview", view: "View", as_json: bool, page: Path | None) -> None:
    from dlprep.terminal.interview_report import show

    found = held.report()
    if as_json:
        echo(json.dumps(found.to_dict(), indent=2))
    else:
        show(view, found)
    if page:
        from dlprep.quiz import whole
        from dlprep.site.interview import whole_page

        try:
            whole.write(page, whole_page(found).encode())
        except OSError as error:
            raise Fault(f"{page} cannot be written: {error.strerror or error}.") from error
        echo(f"Written to {page}", err=as_json)


def clock(held: "Interview") -> str:
    """Return the time in words."""
    return f"{held.elapsed() / 60:.0f} of {held.terms.minutes:g} minutes"
