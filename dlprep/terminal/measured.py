"""Show what was measured, and ask which outcome decides before the reasons are shown."""

from random import Random
from typing import TYPE_CHECKING

from dlprep.quiz import settings
from dlprep.quiz.statistics import READING
from dlprep.terminal.report import print_report

if TYPE_CHECKING:
    from dlprep.terminal.desk import Desk

STOP, MOST = "0", 9
KINDS = ("choice", "predict", "numeric")
"""What has a verdict before its reasons are shown."""


def show_measured(desk: "Desk", asks: bool = False) -> None:
    """Show what the experiment measured, once it has; Ctrl-C goes on without it.

    Args:
        desk: With the experiment.
        asks: Whether to ask what of it decides, if somebody is there to say it. The first claim of
            a demonstration carries the answer; the order on screen does not tell.

    Raises:
        Leave: The card was left.
        Quit: The user wants no more.
    """
    try:
        report = desk.experiment.finish(desk.view)
    except KeyboardInterrupt:
        return
    if report is None:
        return
    claims = to_choose_from(desk) if asks else []
    with desk.pages():
        print_report(desk.view, report, claims)
    if claims:
        _ask(desk, claims, report.claims[0])


def to_choose_from(desk: "Desk") -> list:
    """Return the claims of which the user is to say which decides; none if that is not asked."""
    card = desk.session.current
    counts = card.kind in KINDS and not (card.again or card.cram)
    if not (counts and desk.reads and desk.view.pauses and desk.experiment.look()):
        return []
    report = desk.experiment.report
    if not (report.holds and 1 < len(report.claims) <= MOST):
        return []
    return Random(card.shuffle).sample(report.claims, len(report.claims))


def _ask(desk: "Desk", claims: list, deciding: object) -> None:
    numbers = [str(place) for place in range(1, len(claims) + 1)]
    prompt = "Which of these decides the question? Its number; Enter: unsaid, 0: never ask"
    while text := desk.key(prompt, own=(STOP, *numbers)):
        if text == STOP:
            desk.reads = False
            settings.keep(desk.session, settings.READING, False)
            desk.view.say("Not asked any more; `dlprep quiz --reading` asks again.")
            return
        if text in numbers:
            chosen, place = claims[int(text) - 1], claims.index(deciding) + 1
            data = {"chosen": chosen.text, "right": chosen is deciding}
            desk.session.note(READING, data)
            said = "Yes" if chosen is deciding else f"It is {place}"
            desk.view.say(f"{said}: the answer rests on this one.")
            return
        desk.misread(text, f"a number from 1 to {len(claims)}, 0 or Enter")
