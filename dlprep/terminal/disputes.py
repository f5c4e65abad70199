"""`dlprep disputes`: what the user objected to, with what had been measured."""

import json

import click

from dlprep.terminal.echo import echo
from dlprep.terminal.opening import guarded, open_bank
from dlprep.terminal.options import as_json, in_bank, in_words

KIND = "dispute"


@click.command()
@in_bank
@in_words
@as_json
def disputes(folder, plain, as_json):
    """List what you disputed with `!`: your words, and the report of the run you had seen.

    Example: dlprep disputes
    """
    from dlprep.quiz.history import History
    from dlprep.terminal.streams import open_view

    bank = open_bank(folder)
    history = guarded(History.existing)
    events = []
    if history is not None:
        with history:
            events = guarded(history.events, kinds=[KIND])
    if as_json:
        found = [{"day": str(one.day), "question": one.question, **one.data} for one in events]
        echo(json.dumps(found, indent=2))
    else:
        show(open_view(plain, asks=False), events, bank)


def show(view, events, bank) -> None:
    """Show disputes, the oldest first; a question may be gone from the bank since."""
    if not events:
        view.say("Nothing has been disputed; ! does it while a question is on screen.")
    for event in events:
        view.heading(f"{event.day}: {event.question}")
        if event.question in bank:
            view.title(bank[event.question].title)
        view.verbatim(str(event.data.get("note", "")), indent=4)
        _report(view, event.data.get("report"))


def _report(view, record: object) -> None:
    from dlprep.lab.report import Report
    from dlprep.terminal.report import print_report

    if record is None:
        view.say("The experiment had not run.")
        return
    try:
        report = Report.from_dict(record)
    except (ValueError, TypeError, KeyError, AttributeError):
        # What was merged from elsewhere may hold anything.
        view.say("The report that belongs to it cannot be read.")
        return
    print_report(view, report)
