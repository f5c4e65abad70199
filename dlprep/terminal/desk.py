"""The card on screen, where it is shown, and the keys, which work at every prompt."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dlprep.quiz.feedback import Card
from dlprep.quiz.schedule import RATINGS
from dlprep.quiz.session import Session
from dlprep.terminal.bench import Bench
from dlprep.terminal.experiment import Experiment
from dlprep.terminal.view import View

if TYPE_CHECKING:
    from dlprep.lab.worker import Worker

KEYS = {
    "?": "the next hint; a right answer with a hint counts as hard",
    "g": "give up and see the answer",
    "s": "skip the question; another session asks it again",
    "1 2 3": "with the answer: a guess, likely, sure; 0 never asks again",
    "1 2 3 4": "after the answer: rate it again, hard, good or easy",
    "e": "code: open the file in your editor (VISUAL or EDITOR)",
    "r": "code: begin again with the stub; what you wrote is kept beside it",
    "w": "code: grade at every save from here on, or no longer; each save counts as a try",
    "n": "after the answer: the next question, without the rest",
    "i": "after the answer: in depth, with sources and what is asked next",
    "d": "run the demonstration; before the answer this counts as giving up",
    "u": "undo the last answer or skip; its question comes again",
    "!": "dispute the question: a note in your own history, nothing is sent",
    "q": "quit; everything answered so far is kept",
    "h": "this list",
}
"""Every key of a session and what it does; all of them are understood at every prompt."""
SIGNS = "?gserwnidu!qhGSERWNIDUQH"
WAYS = "? hint, g give up, s skip, q quit, h all keys"
WAYS_ON = "1 2 3 4 rate it, n goes on, u undo, q quit, h all keys"
MORE = "Enter shows more"
BEFORE, AFTER = "?gserw", ("1", "2", "3", "4", "n", "i", *RATINGS)


class Leave(Exception):
    """The card on screen is to be left."""


class Quit(Exception):
    """The session is to end."""


class Desk:
    """What asking a question needs.

    Attributes:
        session: Which questions, and what answers do.
        worker: Where demonstrations and exercises run.
        view: Where all is shown.
        folder: Where the user's exercise files go.
        experiment: The demonstration of the card on screen.
        asks: Whether to ask how sure an answer is.
        reads: Whether to ask which measured outcome decides.
        given: Whether the user has said what it takes though the card is still open.
        skipped: Whether the card on screen before this one was skipped.
        bench: The file of a code question, once it is there.
        begun: What had its file begun in this session; an undone one goes on with it.
    """

    def __init__(self, session: Session, worker: "Worker", view: View, folder: Path):
        self.session, self.worker, self.view, self.folder = session, worker, view, folder
        self.experiment: Experiment | None = None
        self.asks = self.reads = self.given = self.skipped = False
        self.bench: Bench | None = None
        self.begun: set[tuple[str, bool]] = set()
        self._told = False
        view.heard = partial(session.active, view.by_line)

    def begin(self) -> None:
        """Clear the desk for the card that comes now."""
        self.clear()
        self.experiment = Experiment(self.worker, self.session.current.question)
        self.given = self.skipped = False
        self.bench = None

    def clear(self) -> None:
        """End the experiment that is under way."""
        if self.experiment:
            self.experiment.stop()

    def ask(self, prompt: str, own: tuple[str, ...] = ()) -> str:
        """Ask for a line; the keys of a session are obeyed and asked past.

        Args:
            prompt: What is asked, in lines.
            own: Keys that are answers here.

        Raises:
            Leave: The card was skipped, given up, undone or is done with.
            Quit: The user wants no more.
        """
        return self._past_keys(prompt, self.view.ask, own)

    def pick(self, prompt: str, digits: int = 0) -> str:
        """Ask for numbers, likewise; a key needs no Enter, nor do numbers up to `digits`."""
        keys = SIGNS + "123456789"[:digits]
        return self._past_keys(prompt, lambda words: self.view.ask(words, keys), ())

    def key(self, prompt: str, own: tuple[str, ...] = ()) -> str:
        """Ask for one key, likewise."""
        return self._past_keys(prompt, self.view.key, own)

    def enter(self, prompt: str) -> None:
        """Wait for Enter, likewise."""
        while text := self.key(prompt):
            self.misread(text, "Enter or a key")

    def pause(self, prompt: str) -> None:
        """Wait for Enter, likewise, where somebody is there to press it."""
        if self.view.pauses:
            self.enter(prompt)

    @contextmanager
    def pages(self, kept: int | None = None, tight: bool = False) -> Iterator[None]:
        """Show what comes a screen at a time; `kept` and `tight` as for `View.pages`."""
        with self.view.pages(lambda: self.enter(MORE), kept, tight):
            yield

    def _past_keys(self, prompt: str, read: Callable[[str], str], own: tuple[str, ...]) -> str:
        while True:
            tell = not self._told and not prompt.startswith(MORE)
            text = read(f"Keys: {WAYS}.\n{prompt}" if tell else prompt)
            self._told = self._told or tell
            if text.lower() in own or not self.obey(text.lower()):
                return text

    def obey(self, text: str) -> bool:
        """Do what a key of the session means now; whether it is one."""
        answered = self.session.feedback is not None
        if text in self.ACTIONS and text in BEFORE and answered:
            self.view.say(f"{text} is for a question that is open; this one is answered.")
        elif text in AFTER and not answered:
            if text not in "ni":
                return False
            self.view.say(f"{text} is for after the answer. Keys: {WAYS}.")
        elif text in AFTER and text not in "ni":
            self.rate(RATINGS[int(text) - 1] if text.isdigit() else text)
        elif action := self.ACTIONS.get(text):
            action(self)
        else:
            return False
        return True

    def misread(self, text: str, expected: str) -> None:
        """Say that an answer could not be read."""
        ways = WAYS if self.session.feedback is None else WAYS_ON
        said = f"{text!r} was not understood: {expected}" if text else f"Expected {expected}"
        self.view.say(f"{said}. Keys: {ways}.")

    def hint(self) -> None:
        """Tell the next hint."""
        if self.given:
            self.view.say("Your answer is given already; no hint is needed.")
            return
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

    def demonstrate(self) -> None:
        """Run the demonstration: again after the answer; before, if the user means to give up."""
        from dlprep.terminal.measured import show_measured

        if self.session.feedback is not None:
            self.experiment.renew()
            show_measured(self)
        elif self.given:
            self.view.say("The experiment follows when you have compared; s skips that.")
        else:
            self._reveal()

    def _reveal(self) -> None:
        question = "The demonstration shows the answer, so this counts as giving up. Go on (y/n)"
        text = self.key(question, own=("y", "n", "yes", "no", "d"))
        if text.lower() in ("y", "yes"):
            self.give_up()

    def rate(self, rating: str) -> None:
        """Overrule the rating."""
        from dlprep.terminal.feedback import show_rating

        if self.session.feedback.card.cram:
            self.view.say("In a cram no answer moves the schedule, so there is nothing to rate.")
            return
        show_rating(self.view, self.session.rate(rating), self.session.today)

    def depth(self) -> None:
        """Show the derivation and the sources."""
        from dlprep.terminal.question import show_depth

        with self.pages():
            show_depth(self.view, self.session.current.question)

    def give_up(self) -> None:
        """End the card without an answer."""
        self.session.give_up()
        raise Leave

    def skip(self) -> None:
        """Leave the card for another session."""
        self.session.skip()
        self.view.say("Skipped.")
        self.skipped = True
        raise Leave

    def back(self) -> Card | None:
        """Let the user take back the skip that ends the session; the card then."""
        if not (self.skipped and self.view.pauses):
            return None
        prompt = "That was the last question; u takes the skip back.\nEnter ends the session"
        return self.session.undo() if self.view.key(prompt).lower() == "u" else None

    def undo(self) -> None:
        """Ask the question answered or skipped last again."""
        if self.session.undo() is None:
            self.view.say("There is no answer to undo.")
            return
        self.view.say("Undone; here is the question again.")
        raise Leave

    def dispute(self) -> None:
        """Store the user's objection with the run's report."""
        prompt = "What is wrong with this question? One line; Enter for nothing"
        note = self.ask(prompt, own=("!",))
        if note.strip("!"):
            self.session.dispute(note, self.experiment.report)
            self.view.say("Noted in your own history; nothing was sent.")

    def go_on(self) -> None:
        """Leave the card, which is answered."""
        raise Leave

    def edit(self) -> None:
        """Open the user's editor."""
        self._at_bench(Bench.edit)

    def reset(self) -> None:
        """Begin the file of a code question again."""
        self._at_bench(Bench.reset)

    def watch(self) -> None:
        """Grade at every save, or no longer."""
        self._at_bench(Bench.watch)

    def _at_bench(self, action: Callable[[Bench], None]) -> None:
        if self.bench is None:
            self.view.say("e, r and w are for the file of a code question, once it is there.")
        else:
            action(self.bench)

    def help(self) -> None:
        """Name all keys."""
        for key, what in KEYS.items():
            self.view.item(f"  {key:<7}  ", what)

    def quit(self) -> None:
        """End the session."""
        raise Quit

    ACTIONS = {
        "?": hint,
        "g": give_up,
        "s": skip,
        "e": edit,
        "r": reset,
        "w": watch,
        "n": go_on,
        "i": depth,
        "d": demonstrate,
        "u": undo,
        "!": dispute,
        "q": quit,
        "h": help,
    }
