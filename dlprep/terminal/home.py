"""`dlprep` alone: what is due, what is new, what to do next."""

from datetime import date

from dlprep.quiz.overview import Overview
from dlprep.quiz.words import many
from dlprep.terminal.view import View


def show(view: View, found: Overview, today: date, interview: date | None = None) -> None:
    """Show where the user stands.

    Args:
        view: Where it is shown.
        found: Where the user stands.
        today: The user's present day.
        interview: The day of the interview that `dlprep plan` keeps.
    """
    if interview:
        days = (interview - today).days
        view.say(f"Interview: {interview}, {'tomorrow' if days == 1 else f'in {days} days'}.")
    view.say(f"Due: {_due(found, today)}.")
    view.say(f"New: {found.new} of {many(found.questions, 'question')}.")
    if found.streak.longest:
        days = many(found.streak.days, "day")
        view.say(f"Today: {many(found.today, 'answer')}; {days} in a row.")
    view.blank()
    count, minutes = many(len(found.next.questions), "question"), f"{found.next.minutes:g}"
    view.say(f"Next, {count} in about {minutes} min:")
    view.say(found.next.command, "bold", indent=2)
    if interview:
        view.say("What the plan has for today: dlprep quiz --planned")
    if found.streak.longest:
        view.say("What you remember: dlprep stats")
    view.say("All commands: dlprep --help")


def _due(found: Overview, today: date) -> str:
    if found.due:
        late = f", the oldest since {many(found.overdue, 'day')}" * bool(found.overdue)
        return f"{many(found.due, 'question')}, about {found.minutes:g} min{late}"
    if found.waiting is None:
        return "nothing; nothing has been answered yet"
    days = (found.waiting - today).days
    return f"nothing; the next review is {'tomorrow' if days == 1 else f'in {days} days'}"
