"""`dlprep plan`: what to do on each day until the interview, and what comes of it."""

import gc
import json
import math
from dataclasses import asdict
from datetime import date

import click

from dlprep.quiz.words import many
from dlprep.terminal.echo import echo
from dlprep.terminal.fault import Fault
from dlprep.terminal.opening import guarded, open_bank, open_history, past, today
from dlprep.terminal.options import MINUTES, as_json, in_words

KIND = "setting"
DATE, EACH_DAY = "interview", "minutes"
USUAL = 30
"""Minutes a day if none were said."""
SHOWN = 7
"""Days shown one by one; `--json` has all."""


@click.command()
@click.option("--date", "when", help="Day of the interview, such as 2027-01-15; it is kept.")
@click.option("--minutes", type=MINUTES, help="Minutes a day; they are kept, 30 if never said.")
@click.option("--forget", is_flag=True, help="There is no interview any more.")
@in_words
@as_json
def plan(when, minutes, forget, plain, as_json):
    """Plan the days until your interview: what to review, what to meet, what you will know.

    Example: dlprep plan --date 2027-01-15 --minutes 30
    """
    from dlprep.terminal.streams import open_view

    gc.disable()  # What a long history takes to collect, nobody needs freed.
    if forget:
        if when or minutes or as_json:
            raise click.UsageError("--forget takes no date and no minutes, and prints no JSON.")
        _keep(**{DATE: None})
        echo("There is no interview any more.")
        return
    said = {DATE: when and _day(when).isoformat(), EACH_DAY: minutes}
    if said := {name: value for name, value in said.items() if value}:
        _keep(**said)
    found = planned()
    if found is None:
        raise Fault("No interview is kept, or it is over: `dlprep plan --date YYYY-MM-DD`.")
    bank, made = found
    if as_json:
        echo(json.dumps(asdict(made), indent=2, default=date.isoformat))
    else:
        show(open_view(plain, asks=False), made, bank)


def planned():
    """Return the bank and the plan that is kept for it; `None` if no interview is to come."""
    from dlprep.quiz.plan import plan

    when, minutes = kept()
    if when is None:
        return None
    bank, day = open_bank(), today()
    try:
        return bank, plan(list(bank), past(day)[1], day, when, minutes)
    except ValueError as error:
        raise Fault(f"{error} `dlprep plan --date D --minutes M` changes that.") from error


def planned_today():
    """Return the ids that the plan has for today, reviews first."""
    found = planned()
    if found is None:
        raise Fault("No interview is kept, or it is over: `dlprep plan --date YYYY-MM-DD`.")
    first = found[1].days[0]
    if not first.reviews + first.new:
        raise Fault("All that the plan has for today is done.")
    return first.reviews + first.new


def kept() -> tuple[date | None, float]:
    """Return the day of the interview, if it is still to come, and the minutes a day."""
    from dlprep.quiz.history import History
    from dlprep.quiz.settings import setting

    history = guarded(History.existing)
    if history is None:
        return None, 0
    with history:
        when = guarded(setting, history, DATE, None)
        minutes = guarded(setting, history, EACH_DAY, USUAL)
    try:
        day = date.fromisoformat(when)
    except (TypeError, ValueError):
        return None, 0
    # What was merged from elsewhere may hold anything.
    usable = type(minutes) in (int, float) and minutes > 0
    return (day if day > today() else None), minutes if usable else USUAL


def _day(text: str) -> date:
    from dlprep.quiz.plan import check_day

    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{text!r} is no day: expected one like 2027-01-15.") from None
    try:
        check_day(found, today())
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    return found


def _keep(**data) -> None:
    from dlprep.quiz.session import now

    with open_history() as history:
        guarded(history.append, KIND, None, data, at=now(), session="plan")


def show(view, made, bank) -> None:
    """Show a plan.

    Args:
        view: Where it is shown.
        made: The plan.
        bank: Says what the questions are called.
    """
    from dlprep.terminal.chart import Row, chart, share

    left = len(made.days)
    view.say(
        f"Interview on {made.interview:%A}, {made.interview}, in {many(left, 'day')};"
        f" {made.minutes:g} minutes a day."
    )
    view.say(reach(made, bank))
    view.heading(f"What you will know on {made.interview}, if all goes as expected")
    chart(view, [share(chance, name, "") for name, chance in made.recall.items()])
    view.heading("The next days")
    rows = []
    for one in made.days[:SHOWN]:
        facts = f"{many(len(one.reviews), 'review')}, {len(one.new)} new"
        rows.append(Row(one.minutes / made.minutes, f"{one.minutes:>3.0f}m", f"{one.day}", facts))
    chart(view, rows)
    if left > SHOWN:
        view.say(f"{left - SHOWN} more with --json.")
    view.heading("Today")
    first = made.days[0]
    if not first.reviews + first.new:
        view.say("All that the plan has for today is done.")
        return
    for name in first.reviews + first.new:
        how = "new" if name in first.new else "review"
        view.item("  - ", f"{bank[name].title} ({how}, {bank[name].minutes:g} min)")
    view.blank()
    view.say("dlprep quiz --planned", "bold")


def reach(made, bank) -> str:
    """Return how much of the bank the time is enough for."""
    from dlprep.quiz.plan import LAST

    said = f"you reach {made.reached} of {many(made.questions, 'question')} by then"
    if made.reached < made.questions:
        met = {name for day in made.days for name in day.new}
        known = past(today())[1]
        more = sum(one.minutes for one in bank if one.id in met or one.id not in known)
        enough = 5 * math.ceil(more / max(1, len(made.days) - LAST) / 5)
        most = f", the most asked first; all would take about {enough:g} minutes a day"
        return f"At {made.minutes:g} minutes a day {said}{most}."
    seen = f"{made.refreshed} of them are seen once more in the last days"
    return f"At {made.minutes:g} minutes a day {said}, and {seen}."
