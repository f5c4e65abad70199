"""One exercise in a terminal: the user's file, its grading, the editor, and the watch over it."""

import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dlprep.lab.run import brief
from dlprep.quiz import draft
from dlprep.quiz.bank import BankError, Question
from dlprep.quiz.stub import solution, stub
from dlprep.terminal.keyboard import LOOK
from dlprep.terminal.view import View

if TYPE_CHECKING:
    from dlprep.lab.worker import Job, Worker

LAST = 20
"""Lines shown of what the user's code printed."""
WAYS = "e opens your editor, r resets the file, w grades at every save"


class Saved(Exception):
    """The watched file was saved while the user was asked something."""


class Bench:
    """The file of one exercise and what is done with it.

    Args:
        view: Where all is shown.
        worker: Where the file is graded.
        question: Of kind `code`.
        folder: Where the user's files are.

    Attributes:
        path: The user's file.
        watching: Whether every save is graded.
    """

    def __init__(self, view: View, worker: "Worker", question: Question, folder: Path):
        self.view, self.worker, self.question, self.folder = view, worker, question, folder
        self.path = draft.place(question, folder)
        self.watching = False
        self._outline = ""
        self._kept: Path | None = None
        self._tries = 0
        self._seen: tuple | None = None
        self._coming: tuple | None = None
        self._saved_again = False

    def begin(self, anew: bool = True) -> bool:
        """Make the file the stub; `anew` is false if the user was at it already in this session.

        Returns:
            Whether there is a file to work in; if not, why is said.
        """
        try:
            self._outline = stub(self.question.exercise).rstrip()
            if anew or not self.path.exists():
                self._kept = draft.begin(self.question, self.folder)
        except BankError as error:
            self.view.say(f"The exercise cannot be done: {error}.", "bad")
            return False
        # Of the disk or of the exercise: whatever it is, the session goes on.
        except Exception as error:
            self.view.say(f"The file for your code cannot be written: {brief(error)}", "bad")
            return False
        return True

    def show(self) -> None:
        """Show the stub, and where it is."""
        self.view.blank()
        self.view.code(self._outline)
        self.view.blank()
        self.view.say(f"Write it in this file: {self.path}", "bold")
        if self._kept:
            self.view.say(f"What was in it before is kept beside it, in {self._kept.name}.")

    @contextmanager
    def until_saved(self) -> Iterator[None]:
        """Do what is in the context, but leave it when the file is saved while it is watched."""
        self.view.idle = self.look
        try:
            yield
        except Saved:
            pass
        finally:
            self.view.idle = lambda: None

    def look(self) -> None:
        """Look at the file while nothing is typed; who writes it must have been still for a look.

        Raises:
            Saved: It is watched and is no longer the one that was graded.
        """
        found = _state(self.path)
        if self.watching and found not in (None, self._seen):
            if found == self._coming:
                raise Saved
            self._coming = found

    def grade(self, telling: bool = True) -> dict | None:
        """Grade the file; `None` if that cannot be done or was stopped.

        Args:
            telling: Whether to show meanwhile which properties hold.
        """
        from dlprep.quiz import exercise

        self._seen = _state(self.path)
        if self._seen is None:
            self.view.say(f"There is no file {self.path} any more; save it there.", "bad")
            return None
        self._saved_again = False
        job = exercise.start(self.worker, self.question.exercise, self.path, seed=self._tries)
        if self.watching:
            threading.Thread(target=self._stop_when_saved, args=(job,), daemon=True).start()
        try:
            with self.view.progress("The grading", job, lambda: not job.begun) as tell:
                result = exercise.outcome(job, tell if telling else lambda event: None)
        except KeyboardInterrupt:
            job.stop()
            self.view.say("The grading was stopped.")
            return None
        if self._saved_again:
            self.view.say("The file was saved again, so the grading begins anew.")
            return None
        self._tries += 1
        return result

    def _stop_when_saved(self, job: "Job") -> None:
        try:
            while not job.ended:
                self.look()
                time.sleep(LOOK)
        except Saved:
            self._saved_again = True
            job.stop()

    def edit(self) -> None:
        """Open the user's editor and wait for its end."""
        words = os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip()
        if not words:
            self.view.say(
                "No editor is set. Set VISUAL or EDITOR, such as EDITOR=nano, "
                f"or open the file yourself: {self.path}"
            )
            return
        try:
            status = self._run([*shlex.split(words, posix=os.name == "posix"), str(self.path)])
        except (OSError, ValueError) as error:
            self.view.say(
                f"The editor {words} cannot be started, {brief(error)}. Set VISUAL or EDITOR.",
                "bad",
            )
            return
        if status:
            self.view.say(f"The editor ended with exit status {status}.")

    def _run(self, command: list[str]) -> int:
        sys.stdout.flush()
        # What a pipe holds for the session is not for the editor.
        stdin = None if self.view.pauses else subprocess.DEVNULL
        # Ctrl-C in the editor reaches this program too; it is the editor's.
        before = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            with self.view.keyboard.lines(lambda: None):
                return subprocess.Popen(command, stdin=stdin).wait()
        finally:
            signal.signal(signal.SIGINT, before)

    def reset(self) -> None:
        """Make the file the stub again."""
        try:
            kept = draft.begin(self.question, self.folder)
        except Exception as error:
            self.view.say(f"The file cannot be reset: {brief(error)}", "bad")
            return
        self._seen = _state(self.path)
        where = f"; what was in it is kept beside it, in {kept.name}" if kept else ""
        self.view.say(f"The file is the stub again{where}.")

    def watch(self) -> None:
        """Begin to grade at every save, or end that."""
        self.watching = not self.watching
        self._seen = _state(self.path)
        if self.watching:
            self.view.say("Every save is graded from here on; w ends that.")
        else:
            self.view.say("Saves are no longer graded; Enter grades the file.")


def _state(path: Path) -> tuple | None:
    """Return what differs after a save, or `None` if there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def show_printed(view: View, text: str) -> None:
    """Show the last lines that the user's code printed, if any."""
    rows = text.splitlines()
    if rows:
        view.say("Your code printed" + f", the last {LAST} lines" * (len(rows) > LAST) + ":")
        view.verbatim("\n".join(rows[-LAST:]), indent=4)


def show_failure(view: View, remarks: Sequence[str], result: dict) -> None:
    """Show what holds, and last what does not: what came in, what came out, what should."""
    reason, held = remarks
    view.heading("Not yet", "bad")
    view.say(held)
    for text in result["properties"]:
        view.item("  holds: ", text)
    view.blank()
    view.say(reason)
    for name in ("given", "got", "expected"):
        if result["failed"] and result["failed"][name] is not None:
            view.say(f"{name}:", indent=2)
            view.verbatim(result["failed"][name], indent=6)


def show_solution(view: View, question: Question) -> None:
    """Show how the exercise is solved."""
    view.heading("A solution")
    view.code(solution(question.exercise))
