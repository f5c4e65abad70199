"""A quiz session in a terminal: the loop over its cards."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from dlprep.lab.run import brief
from dlprep.quiz import draft
from dlprep.quiz.bank import BankError
from dlprep.quiz.feedback import Card
from dlprep.quiz.history import HistoryError
from dlprep.quiz.session import Session
from dlprep.terminal import answers
from dlprep.terminal.desk import Desk, Leave, Quit
from dlprep.terminal.question import facts, show_options, show_question
from dlprep.terminal.streams import open_view

if TYPE_CHECKING:
    from dlprep.lab.worker import Worker

INTERRUPTED = 130
KINDS = {
    "recall": answers.recall,
    "choice": answers.choice,
    "numeric": answers.numeric,
    "predict": answers.predict,
    "code": answers.code,
}


def run(
    session: Session,
    worker: "Worker",
    plain: bool = False,
    folder: Path | None = None,
    by_line: bool = False,
    asks: bool = False,
    reads: bool = False,
) -> int:
    """Ask the questions of a session until it ends, then sum it up.

    Args:
        session: Which questions, and what answers do.
        worker: Where demonstrations and exercises run.
        plain: Line by line and in words only, also on a terminal.
        folder: Where the user's exercise files go; in the platform's data folder by default.
        by_line: Whether every answer ends with Enter, also where one key would do.
        asks: Whether to ask how sure each answer is.
        reads: Whether to ask which measured outcome decides.

    Returns:
        The exit code: 0, 1 if the history failed, 130 if Ctrl-C ended the session.
    """
    view = open_view(plain, by_line=by_line)
    desk = Desk(session, worker, view, folder or draft.default_folder())
    desk.asks, desk.reads = asks, reads
    with view.keyboard:
        try:
            code = _ask_all(desk)
            from dlprep.terminal.feedback import show_summary

            show_summary(view, session)
        except HistoryError as error:
            view.say(str(error), "bad")
            code = 1
    return code


def _ask_all(desk: Desk) -> int:
    try:
        while card := desk.session.next() or desk.back():
            _ask_safely(desk, card)
    except (Quit, EOFError):
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        desk.clear()
    return 0


def _ask_safely(desk: Desk, card: Card) -> None:
    """Ask one question; whatever is wrong with its files, the session goes on with the next."""
    try:
        _ask(desk, card)
    except (Quit, EOFError, HistoryError):
        raise
    except Exception as error:
        desk.view.say(f"This question went wrong, {brief(error)}. The next one follows.", "bad")
        if desk.session.feedback is None:
            desk.session.skip()


def _ask(desk: Desk, card: Card) -> None:
    """Ask one question, then show what the answer led to."""
    desk.begin()
    try:
        _show(desk, card)
        feedback = KINDS[card.kind](desk)
    except Leave:
        feedback = desk.session.feedback
    except BankError as error:
        desk.view.say(f"{error}. The question is skipped.", "bad")
        desk.session.skip()
        return
    if feedback:
        from dlprep.terminal.feedback import go_through

        with contextlib.suppress(Leave):
            go_through(desk, feedback)


def _show(desk: Desk, card: Card) -> None:
    state = "once more" if card.again else "review" if card.is_review else "new"
    place = f"Question {card.number} of {card.total}: {state}"
    with desk.pages():
        desk.view.heading(f"{place}, {facts(card.question)}")
        show_question(desk.view, card.question)
        if not card.aloud:
            show_options(desk.view, card.options)
    if card.kind not in ("predict", "code"):
        desk.experiment.begin()
