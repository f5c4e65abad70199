"""`dlprep stats`: small charts with the numbers beside them, or JSON."""

import json
from dataclasses import asdict
from datetime import date

from dlprep.quiz.bank import Bank
from dlprep.quiz.calibration import CHANCES
from dlprep.quiz.statistics import NEXT, Chapter, Group, Statistics
from dlprep.quiz.words import many
from dlprep.terminal.echo import echo
from dlprep.terminal.layout import wrap
from dlprep.terminal.view import View

BAR = 10
"""Columns of a bar; with its number it leaves room for a name at 40 columns."""
FEW = 8
"""Tags and misconceptions shown; `--json` has all."""
SURE = {1: "guess", 2: "likely", 3: "sure"}


def print_json(found: Statistics) -> None:
    """Print all numbers."""
    echo(json.dumps(asdict(found), indent=2, default=date.isoformat))


def show(view: View, found: Statistics, bank: Bank) -> None:
    """Show the charts.

    Args:
        view: Where they are shown.
        found: The numbers.
        bank: Says what the questions proposed are called.
    """
    if not found.answers:
        view.say("Nothing has been answered yet; the charts come with the first answers.")
        _next(view, found, bank)
        return
    _recall(view, found)
    _kinds(view, found)
    _calibration(view, found)
    _misconceptions(view, found)
    _days(view, found)
    _next(view, found, bank)


def _recall(view: View, found: Statistics) -> None:
    view.heading("Recall by chapter, today")
    for chapter in found.chapters:
        _row(view, chapter.recall, f"{chapter.name}: {_answered(chapter)}{_ready(chapter)}")
    view.blank()
    view.say("Ready: what was asked last was a number, code or a free answer, and went well.")
    tags = [tag for tag in found.tags if tag.recall is not None]
    if tags:
        view.heading("Recall by tag, the weakest first")
        for tag in tags[:FEW]:
            _row(view, tag.recall, f"{tag.name}: {_answered(tag)}")
        if len(tags) > FEW:
            view.say(f"{len(tags) - FEW} more with --json.")


def _answered(group: Group) -> str:
    return f"{group.answered} of {group.questions} answered"


def _ready(chapter: Chapter) -> str:
    return ", ready" if chapter.ready else ", not ready" * bool(chapter.answered)


def _kinds(view: View, found: Statistics) -> None:
    view.heading("Right answers by kind")
    for kind in found.kinds:
        _row(view, kind.accuracy, f"{kind.name}: {many(kind.answers, 'answer')}")


def _calibration(view: View, found: Statistics) -> None:
    view.heading("How sure, and how right")
    if found.brier is None:
        view.say("You have not said of any answer how sure you were; 1 to 3 after it does.")
        return
    for tally in found.confidences:
        claimed = f"{CHANCES[tally.name]:.0%} claimed"
        count = many(tally.answers, "answer")
        _row(view, tally.accuracy, f"{SURE[tally.name]}: {claimed}, {count}")
    view.blank()
    view.say(f"Brier score {found.brier:.2f}; 0 is perfect, 0.25 is no better than a coin.")
    for chapter in found.chapters:
        if chapter.overconfidence is not None:
            points = round(abs(chapter.overconfidence) * 100)
            side = "over" if chapter.overconfidence > 0 else "under"
            said = f"{side}confident by {many(points, 'point')}" if points else "as sure as right"
            view.say(f"{chapter.name}: {said}, {many(chapter.judged, 'answer')}")


def _misconceptions(view: View, found: Statistics) -> None:
    if not found.misconceptions:
        return
    view.heading("Wrong options you chose")
    for one in found.misconceptions[:FEW]:
        view.item(f"{one.times:>3} x  ", f"{one.text} ({one.question}, last on {one.last})")
    if len(found.misconceptions) > FEW:
        view.say(f"{len(found.misconceptions) - FEW} more with --json.")


def _days(view: View, found: Statistics) -> None:
    view.heading("Answers by day")
    most = max(count for _, count in found.days) or 1
    for day, count in found.days:
        _bar(view, count / most, f"{count:>4}", f"{day:%a} {day}")
    view.blank()
    longest = many(found.streak.longest, "day")
    view.say(f"{many(found.streak.days, 'day')} in a row, at most {longest} so far.")


def _next(view: View, found: Statistics, bank: Bank) -> None:
    view.heading(f"The next {NEXT} minutes")
    for name in found.next.questions:
        question = bank[name]
        view.item("  - ", f"{question.title} ({question.chapter}, {question.minutes:g} min)")
    view.blank()
    view.say(found.next.command, "bold")


def _row(view: View, share: float | None, text: str) -> None:
    _bar(view, share or 0.0, "   -" if share is None else f"{share:>4.0%}", text)


def _bar(view: View, share: float, number: str, text: str) -> None:
    """Write a bar, its number and what it is, which wraps beside them."""
    full = round(share * BAR)
    margin = f"{'#' * full}{'.' * (BAR - full)} {number}  "
    for line in wrap((("", view.spell(text)),), view.width, margin, " " * len(margin)):
        view.line(line)
