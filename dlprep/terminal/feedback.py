"""What follows an answer: the verdict, the reasons, what was measured, the rating, the summary."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from dlprep.lab.figures.text import number
from dlprep.quiz import grading
from dlprep.quiz.feedback import Feedback, Verdict
from dlprep.quiz.selection import NOTHING, Filters
from dlprep.quiz.session import Session
from dlprep.terminal.bench import show_solution
from dlprep.terminal.measured import show_measured, to_choose_from
from dlprep.terminal.question import show_answer, show_key_points
from dlprep.terminal.view import View

if TYPE_CHECKING:
    from dlprep.terminal.desk import Desk

PAUSE = 5
"""Rows of the prompt between two parts, also at 40 columns."""
RESULTS = {
    grading.RIGHT: ("Right", "good"),
    grading.PARTLY: ("Partly right", "warn"),
    grading.WRONG: ("Wrong", "bad"),
    grading.GAVE_UP: ("Given up", "warn"),
    grading.UNMARKED: ("Not graded", "warn"),
}


def go_through(desk: "Desk", feedback: Feedback) -> None:
    """Show what an answer led to: the verdict at once, each further part on Enter.

    Raises:
        Leave: The user goes on before the end, or takes the answer back.
        Quit: The user wants no more.
    """
    with desk.pages(kept=PAUSE, tight=True):
        show_verdict(desk.view, feedback, reasons=not to_choose_from(desk))
        show_rating(desk.view, feedback, desk.session.today)
    for name, show in parts(desk, feedback):
        desk.pause(f"{_ratings(feedback)}; n goes on, h all keys.\nEnter shows {name}")
        show()
    last = feedback.card.number == feedback.card.total
    while text := desk.key(_ways_on(desk, "ends the session" if last else "goes on")):
        desk.misread(text, "Enter or a key")


def parts(desk: "Desk", feedback: Feedback) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield what follows the verdict: in words, and what shows it."""
    measured = "what the experiment measured", lambda: show_measured(desk)
    rest = "the answer", lambda: show_rest(desk, feedback)
    if feedback.verdicts:
        rest = "the reasons and the answer", rest[1]
    # What was measured comes first where it is there and somebody is to say what decides.
    if desk.experiment.report or to_choose_from(desk):
        yield measured[0], lambda: show_measured(desk, asks=True)
        yield rest
    else:
        yield from (rest, measured)


def show_verdict(view: View, feedback: Feedback, reasons: bool = True) -> None:
    """Show the verdict, the options that matter and one sentence: what fits on one screen.

    Args:
        view: Where it is shown.
        feedback: What the answer led to.
        reasons: Whether to give a reason; it waits where the user is to say what decides first.
    """
    view.heading(*RESULTS[feedback.result])
    question = feedback.card.question
    # What a choice's remarks count is seen below.
    for remark in feedback.remarks if question.kind != "choice" else ():
        view.markdown(remark)
    if question.kind == "numeric" and "key" in feedback.detail:
        _comparison(view, feedback)
    decisive = [v for v in feedback.verdicts if v.chosen or v.option.correct]
    for verdict in decisive:
        place = feedback.verdicts.index(verdict) + 1
        view.item(f"{place:>3}. ", verdict.option.text)
        view.say(words(verdict) + ".", _style(verdict), indent=5)
    if decisive:
        wrong = [verdict for verdict in decisive if not verdict.option.correct]
        if reasons:
            view.blank()
            view.markdown(first_sentence((wrong or decisive)[0].option.reason))
    elif feedback.result == grading.GAVE_UP:
        view.markdown(first_sentence(question.body.answer))


def show_rest(desk: "Desk", feedback: Feedback) -> None:
    """Show the reason of every option, the solution, the answer and the key points."""
    view, question = desk.view, feedback.card.question
    with desk.pages():
        if feedback.verdicts:
            _options(view, feedback.verdicts)
        if question.kind == "code":
            show_solution(view, question)
        if question.kind != "recall" or feedback.result == grading.GAVE_UP:
            show_answer(view, question)
        show_key_points(view, question)


def show_rating(view: View, feedback: Feedback, today: date) -> None:
    """Show how the answer is rated, why, and when its question comes again."""
    result = RESULTS[feedback.result][0]
    view.blank()
    if feedback.card.cram:
        view.say(f"{result}. In a cram no answer moves the schedule.")
        return
    if feedback.rating is None:
        view.say(f"{result}; rate it yourself with 1 to 4.")
        return
    why = f", {feedback.reason}" if feedback.reason else ""
    when = ""
    if feedback.due is not None:
        days = (feedback.due - today).days
        named = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
        when = f": the next review is {named}, on {feedback.due}"
    view.say(f"{result}, rated {feedback.rating}{why}{when}.")


def first_sentence(text: str) -> str:
    """Return the first sentence of a Markdown text; code and formulas stay whole."""
    paragraph = text.strip().split("\n\n")[0]
    for match in re.finditer(r"(?<=[.!?])\s+(?=[A-Z`$\"(*])", paragraph):
        head = paragraph[: match.start()]
        if head.count("`") % 2 == head.count("$") % 2 == 0 and not head.endswith(("e.g.", "i.e.")):
            return head
    return paragraph


def words(verdict: Verdict) -> str:
    """Return what is to be said of an option: right or wrong, chosen or not."""
    right = "right" if verdict.option.correct else "wrong"
    if verdict.chosen:
        return f"{right}, you chose it"
    return "right, you did not choose it" if verdict.option.correct else "wrong"


def _style(verdict: Verdict) -> str:
    return "good" if verdict.option.correct else "bad" if verdict.chosen else "dim"


def _options(view: View, verdicts: tuple[Verdict, ...]) -> None:
    view.heading("Options")
    for place, verdict in enumerate(verdicts, 1):
        if place > 1:
            view.blank()
        view.item(f"{place:>3}. ", verdict.option.text)
        view.say(words(verdict) + ".", _style(verdict), indent=5)
        view.markdown(verdict.option.reason, indent=5)


def _comparison(view: View, feedback: Feedback) -> None:
    detail, tolerance = feedback.detail, feedback.card.question.tolerance or {}
    allowed = [
        f"{value * 100:g} %" if name == "relative" else f"{value:g}"
        for name, value in tolerance.items()
    ]
    value, key = (number(detail[name], 6) for name in ("value", "key"))
    margin = f" (allowed difference: {' or '.join(allowed)})" * bool(allowed)
    view.say(f"You said {value}, the experiment measured {key}{margin}.")


def _ratings(feedback: Feedback) -> str:
    if feedback.card.cram:
        return "No rating in a cram"
    verb = "Change the rating" if feedback.rating else "Rate it"
    return f"{verb}: 1 again, 2 hard, 3 good, 4 easy"


def _ways_on(desk: "Desk", end: str) -> str:
    run = "run it with another seed" if desk.experiment.report else "run the experiment"
    return (
        f"{_ratings(desk.session.feedback)}.\n"
        f"Keys: d {run}, i in depth, u undo, ! dispute, q quit.\nEnter {end}"
    )


def show_summary(view: View, session: Session) -> None:
    """Show what the session was and what comes next."""
    summary = session.summary()
    view.heading("Summary")
    if not summary.answered:
        view.say(_nothing(session.filters, summary.skipped, summary.left))
    else:
        view.say(
            f"{summary.answered} answered in {_time(summary.seconds)}: {_counts(summary.results)}."
        )
    if summary.answered and len(summary.chapters) > 1:
        for chapter, results in summary.chapters.items():
            view.say(f"{chapter}: {_counts(results)}", indent=2)
    if summary.answered and (summary.skipped or summary.left):
        view.say(f"{summary.skipped} skipped, {summary.left} left.")
    if summary.misconceptions:
        view.blank()
        view.say("Wrong options you chose, worth another look:")
        for name, text in summary.misconceptions:
            view.item("  - ", f"{text} ({name})")
    view.blank()
    count = len(summary.due_tomorrow)
    view.say(f"Due by the end of tomorrow: {count} question{'s' * (count != 1)}.")


def _nothing(filters: Filters, skipped: int, left: int) -> str:
    if skipped or left:
        return f"Nothing answered; {skipped} skipped, {left} left."
    return (
        f"Nothing to ask: {NOTHING[filters.only]} with these filters. "
        "`dlprep list` shows all questions and when they are due."
    )


def _counts(results: dict[str, int]) -> str:
    found = [f"{results[name]} {word.lower()}" for name, (word, _) in RESULTS.items()
             if name in results]  # fmt: skip
    return ", ".join(found)


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
