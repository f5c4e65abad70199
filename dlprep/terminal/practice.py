"""`dlprep code`: practise one exercise, as often as the user likes; nothing is recorded."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from dlprep.quiz import draft, grading
from dlprep.quiz.bank import Question
from dlprep.quiz.stub import difference
from dlprep.terminal.bench import Bench, show_failure, show_printed, show_solution
from dlprep.terminal.desk import MORE
from dlprep.terminal.keyboard import LOOK
from dlprep.terminal.question import facts, show_question
from dlprep.terminal.streams import open_view
from dlprep.terminal.view import View

if TYPE_CHECKING:
    from dlprep.lab.worker import Worker

KEYS = {
    "?": "the next hint",
    "g": "a solution, and how your code differs from it",
    "e": "open the file in your editor (VISUAL or EDITOR)",
    "r": "begin again with the stub; what you wrote is kept beside it",
    "w": "grade at every save from here on, or no longer",
    "q": "quit",
    "h": "this list",
}
WAYS = "? hint, g solution, e editor, r reset, w watch, q quit, h all keys"
INTERRUPTED = 130
STYLES = {"-": "bad", "+": "good"}


def run(
    question: Question,
    worker: "Worker",
    folder: Path | None = None,
    watch: bool = False,
    plain: bool = False,
    by_line: bool = False,
) -> int:
    """Let the user practise an exercise until he quits.

    Args:
        question: Of kind `code`.
        worker: Where the file is graded.
        folder: Where the user's files are; in the platform's data folder by default.
        watch: Whether every save is graded from the beginning.
        plain: Line by line and in words only, also on a terminal.
        by_line: Whether every key is followed by Enter.

    Returns:
        The exit code: 0, 1 if there is no file to work in, 130 if Ctrl-C was the end.
    """
    view = open_view(plain, by_line=by_line)
    bench = Bench(view, worker, question, folder or draft.default_folder())
    practice = Practice(view, bench, question)
    with view.keyboard:
        try:
            return practice.go(watch)
        except EOFError:
            return 0
        except KeyboardInterrupt:
            view.say("Stopped; your file stays as it is.")
            return INTERRUPTED


class Quit(EOFError):
    """The user wants no more."""


class Practice:
    """An exercise, its file, and the keys of `dlprep code`."""

    def __init__(self, view: View, bench: Bench, question: Question):
        self.view, self.bench, self.question = view, bench, question
        self._hints = 0
        self._told = self._passed = self._heard = self._deaf = False
        view.heard = self._hear

    def go(self, watch: bool) -> int:
        """Grade at every Enter or save until the user quits; return the exit code."""
        if not self.bench.begin():
            return 1
        with self.view.pages(self._pause):
            self.view.heading(facts(self.question))
            show_question(self.view, self.question)
            self.bench.show()
        if watch:
            self.bench.watch()
        while True:
            text = ""
            with self.bench.until_saved():
                text = self._key("Enter grades the file")
            if text:
                self._obey(text)
            elif result := self.bench.grade():
                with self.bench.until_saved(), self.view.pages(self._pause):
                    self._judge(result)

    def _judge(self, result: dict) -> None:
        grade = grading.code(result)
        show_printed(self.view, result["printed"])
        if grade.result != grading.RIGHT:
            show_failure(self.view, grade.remarks, result)
            return
        self.view.heading("Right", "good")
        self.view.say(grade.remarks[0])
        if not self._passed:
            self._passed = True
            self._solution()

    def _key(self, prompt: str) -> str:
        """Ask for a key.

        Without any input, as in the background, a watch goes on until Ctrl-C.
        """
        if self._deaf:
            self._watch_only()
        tell = not self._told and prompt != MORE
        self._told = self._told or tell
        try:
            return self.view.key(f"Keys: {WAYS}.\n{prompt}" if tell else prompt)
        except EOFError:
            if self._heard or self.view.pauses or not self.bench.watching:
                raise
        self._deaf = True
        self._watch_only()

    def _watch_only(self) -> None:
        sys.stdout.flush()
        while True:
            time.sleep(LOOK)
            self.bench.look()

    def _hear(self) -> None:
        self._heard = True

    def _pause(self) -> None:
        while text := self._key(MORE):
            self._obey(text)

    def _obey(self, text: str) -> None:
        if action := self.ACTIONS.get(text.lower()):
            with self.view.pages(self._pause):
                action(self)
        else:
            self.view.say(f"{text!r} was not understood: Enter or a key. Keys: {WAYS}.")

    def _hint(self) -> None:
        hints = self.question.hints
        if self._hints == len(hints):
            more = "There are no more hints" if hints else "This exercise has no hints"
            self.view.say(f"{more}; g shows a solution.")
            return
        text = self.question.fill(hints[self._hints])
        self._hints += 1
        self.view.markdown(f"Hint {self._hints} of {len(hints)}: {text}")

    def _solution(self) -> None:
        """Show a solution, and the user's code beside it."""
        show_solution(self.view, self.question)
        self.view.heading("Your code (-) and the solution (+)")
        try:
            own = self.bench.path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.view.say(f"Your file cannot be compared: {error}", "bad")
            return
        rows = difference(own, self.question.exercise)
        for row in rows:
            self.view.verbatim(row or " ", style=STYLES.get(row[:1], ""))
        if not rows:
            self.view.say("They are the same.")

    def _quit(self) -> None:
        raise Quit

    def _help(self) -> None:
        for key, what in KEYS.items():
            self.view.item(f"  {key:<2}  ", what)

    ACTIONS = {
        "?": _hint,
        "g": _solution,
        "e": lambda self: self.bench.edit(),
        "r": lambda self: self.bench.reset(),
        "w": lambda self: self.bench.watch(),
        "q": _quit,
        "h": _help,
    }
