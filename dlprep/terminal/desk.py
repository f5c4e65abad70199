"""The card on screen, where it is shown, and the keys that always work."""

from pathlib import Path
from typing import TYPE_CHECKING

from dlprep.quiz.session import Session
from dlprep.terminal.experiment import Experiment
from dlprep.terminal.view import View

if TYPE_CHECKING:
    from dlprep.lab.worker import Worker

HELP = (
    ("?", "the next hint"),
    ("g", "give up and see the answer"),
    ("d", "run the demonstration, which shows the answer"),
    ("u", "undo the last answer and ask its question again"),
    ("s", "skip this question"),
    ("!", "dispute the question: a note in your own history, nothing is sent"),
    ("q", "quit"),
    ("h", "this list"),
)
WAYS = "? hint, g give up, s skip, q quit, h all keys"


class Leave(Exception):
    """The card on screen is to be left."""


class Quit(Exception):
    """The session is to end."""


class Desk:
    """What asking a question needs.

    Attributes:
        session: which questions, and what answers do.
        worker: where demonstrations and exercises run.
        view: where all is shown.
        folder: where the user's exercise files go.
        experiment: the demonstration of the card on screen.
    """

    def __init__(self, session: Session, worker: "Worker", view: View, folder: Path):
        self.session, self.worker, self.view, self.folder = session, worker, view, folder
        self.experiment: Experiment | None = None
        self._told = False

    def ask(self, prompt: str) -> str:
        """Ask for an answer to the open card; the keys of a session are obeyed and asked past.

        Raises:
            Leave: the card was skipped, given up or undone.
            Quit: the user wants no more.
        """
        while True:
            text = self.view.ask(prompt if self._told else f"Keys: {WAYS}.\n{prompt}")
            self._told = True
            action = self.KEYS.get(text.lower())
            if action is None:
                return text
            action(self)

    def misread(self, text: str, expected: str) -> None:
        """Say that an answer could not be read."""
        self.view.say(
            f"{text!r} was not understood: {expected}. Keys: {WAYS}."
            if text
            else f"Expected {expected}. Keys: {WAYS}."
        )

    def hint(self) -> None:
        """Tell the next hint."""
        question = self.session.current.question
        hints = [question.fill(hint) for hint in question.hints]
        text = self.session.hint()
        if text is None:
            self.view.say(
                "There are no more hints; g gives up."
                if hints
                else "This question has no hints; g gives up."
            )
            return
        self.view.markdown(f"Hint {hints.index(text) + 1} of {len(hints)}: {text}")

    def reveal(self) -> None:
        """Give up for the demonstration's sake, if the user means it."""
        question = "The demonstration shows the answer, so this counts as giving up. Go on (y/n)"
        if self.view.ask(question).lower() in ("y", "yes"):
            self.give_up()

    def give_up(self) -> None:
        """End the card without an answer."""
        self.session.give_up()
        raise Leave

    def skip(self) -> None:
        """Leave the card for another session."""
        self.session.skip()
        self.view.say("Skipped.")
        raise Leave

    def undo(self) -> None:
        """Ask the question answered last again."""
        if self.session.undo() is None:
            self.view.say("There is no answer to undo.")
            return
        self.view.say("Undone; here is the question again.")
        raise Leave

    def dispute(self) -> None:
        """Store the user's objection with the run's report."""
        note = self.view.ask("What is wrong with this question? One line; Enter for nothing")
        if note:
            self.session.dispute(note, self.experiment.report)
            self.view.say("Noted in your own history; nothing was sent.")

    def help(self) -> None:
        """Name all keys."""
        for key, what in HELP:
            self.view.say(f"{key}  {what}", indent=2)

    def quit(self) -> None:
        """End the session."""
        raise Quit

    KEYS = {
        "?": hint,
        "g": give_up,
        "d": reveal,
        "u": undo,
        "s": skip,
        "!": dispute,
        "q": quit,
        "h": help,
    }

    def clear(self) -> None:
        """End the experiment that is under way."""
        if self.experiment:
            self.experiment.stop()
