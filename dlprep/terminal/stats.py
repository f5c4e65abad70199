"""`dlprep stats`: small charts with the numbers beside them, or JSON."""

import json
from dataclasses import asdict
from datetime import date

from dlprep.quiz.bank import Bank
from dlprep.quiz.calibration import CHANCES
from dlprep.quiz.statistics import NEXT, Chapter, Group, Statistics
from dlprep.quiz.words import many
from dlprep.terminal.chart import Row, chart, share
from dlprep.terminal.echo import echo
from dlprep.terminal.view import View

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
    _readings(view, found)
    _calibration(view, found)
    _misconceptions(view, found)
    _days(view, found)
    _next(view, found, bank)


def _recall(view: View, found: Statistics) -> None:
    view.heading("Recall by chapter, today")
    chapters = found.chapters
    chart(view, [share(one.recall, one.name, f"{_of(one)}{_ready(one)}") for one in chapters])
    view.blank()
    view.say(
        "3 of 9: so many are answered. Ready: what was asked last was a number, code or a free"
        " answer, and went well."
    )
    tags = [tag for tag in found.tags if tag.recall is not None]
    if tags:
        view.heading("Recall by tag, the weakest first")
        chart(view, [share(tag.recall, tag.name, _of(tag)) for tag in tags[:FEW]])
        if len(tags) > FEW:
            view.say(f"{len(tags) - FEW} more with --json.")


def _of(group: Group) -> str:
    return f"{group.answered} of {group.questions}"


def _ready(chapter: Chapter) -> str:
    return ", ready" if chapter.ready else ", not ready" * bool(chapter.answered)


def _kinds(view: View, found: Statistics) -> None:
    view.heading("Right answers by kind")
    kinds = found.kinds
    chart(view, [share(one.accuracy, one.name, many(one.answers, "answer")) for one in kinds])


def _readings(view: View, found: Statistics) -> None:
    if one := found.readings.answers:
        view.blank()
        view.say(
            f"Which measured outcome decides you said {many(one, 'time')}, right in"
            f" {found.readings.accuracy:.0%}."
        )


def _calibration(view: View, found: Statistics) -> None:
    view.heading("How sure, and how right")
    if found.brier is None:
        view.say("You have not said of any answer how sure you were; 1 to 3 after it does.")
        return
    rows = []
    for one in found.confidences:
        said = f"{CHANCES[one.name]:.0%} said, {one.answers}"
        rows.append(share(one.accuracy, SURE[one.name], said))
    chart(view, rows)
    view.blank()
    view.say(f"Brier score {found.brier:.2f}; 0 is perfect, 0.25 is no better than a coin.")
    view.blank()
    view.say("Points said beyond what was right, by chapter; below 0 you know more than you say:")
    rows = []
    for one in found.chapters:
        if one.overconfidence is not None:
            points = f"{round(one.overconfidence * 100):>+4}"
            answers = many(one.judged, "answer")
            rows.append(Row(abs(one.overconfidence), points, one.name, answers))
    chart(view, rows)


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
    chart(view, [Row(n / most, f"{n:>4}", f"{day:%a}", str(day)) for day, n in found.days])
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
