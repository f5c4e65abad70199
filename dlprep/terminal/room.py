"""The room in which an interview is held: it asks, hears, and looks at the clock."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dlprep.lab.figures.text import number
from dlprep.lab.run import brief
from dlprep.quiz.bank import BankError, Question
from dlprep.quiz.grading import GAVE_UP, RIGHT, WRONG
from dlprep.quiz.history import HistoryError
from dlprep.quiz.interview.interview import Interview
from dlprep.quiz.interview.rule import SURE, Ask, Turn
from dlprep.quiz.numbers import NumberError
from dlprep.terminal.answers import picked
from dlprep.terminal.bench import Bench, show_failure, show_printed
from dlprep.terminal.experiment import Experiment
from dlprep.terminal.interview import clock
from dlprep.terminal.question import facts, show_answer, show_question
from dlprep.terminal.view import View

if TYPE_CHECKING:
    from dlprep.lab.worker import Worker

KEYS = {
    "s": "pass: the question counts as not answered, the next one comes",
    "e": "code: open the file in your editor (VISUAL or EDITOR)",
    "r": "code: begin again with the stub; what you wrote is kept beside it",
    "w": "code: grade at every save from here on, or no longer; not in an exam",
    "q": "pause: the clock stops, `dlprep interview` goes on",
    "h": "this list; an interviewer gives no hints, so ? is the same",
}
WAYS = "s pass, q pause, h all keys"
SIGNS = "serwqh?SERWQH"
INTERRUPTED = 130
SAID = {"1": SURE[0], "2": SURE[1], "3": SURE[2]}


class Pause(EOFError):
    """The user goes out for a while."""


class Passed(Exception):
    """The user does not know."""


class Room:
    """An interview, where it is shown, and its keys.

    Args:
        interview: What is asked, and what was said.
        worker: Where demonstrations and exercises run.
        view: Where all is shown.
        folder: Where the user's exercise files go.
    """

    def __init__(self, interview: Interview, worker: "Worker", view: View, folder: Path):
        self.interview, self.worker, self.view = interview, worker, view
        # Of this interview alone, so that nothing of an earlier one is handed in.
        self._files = folder / interview.name
        self._resumed = bool(interview.turns)
        self._bench: Bench | None = None
        self._told = self._may_pass = False

    def hold(self) -> int:
        """Hold the interview to its end, or until it is paused; return the exit code."""
        self.view.status = lambda: f"{clock(self.interview)}"
        with self.view.keyboard:
            try:
                self._go()
                return 0
            except (EOFError, KeyboardInterrupt) as left:
                self.interview.pause()
                self.view.blank()
                self.view.say(f"Paused at {clock(self.interview)}; `dlprep interview` goes on.")
                return 0 if isinstance(left, EOFError) else INTERRUPTED
            finally:
                self.view.status = str

    def _go(self) -> None:
        self._welcome()
        if waiting := self.interview.spoken:
            self._safely(self._judge, waiting)
        while ask := self.interview.put():
            self._safely(self._ask, ask)
        for turn in self.interview.unmarked:
            self._safely(self._mark, turn)

    def _safely(self, work: Callable, what: Ask | Turn) -> None:
        """Do one thing with a question; whatever is wrong with its files, the interview goes on."""
        try:
            work(what)
        except (EOFError, HistoryError):
            raise
        except Exception as error:
            self.view.say(f"This question is left out: {brief(error)}", "bad")
            self.interview.skip(what if isinstance(what, Turn) else None)

    def _welcome(self) -> None:
        terms = self.interview.terms
        what = f"An interview of {terms.minutes:g} minutes" + ", an exam" * terms.exam
        again = f", which goes on at {clock(self.interview)}" if self._resumed else ""
        self.view.heading(f"{what}{again}")
        self.view.say(
            "Answer aloud, as you would to a person. What is right is shown at the end."
            if terms.exam
            else "Answer aloud, as you would to a person, and compare with what is shown then."
        )

    def _ask(self, ask: Ask) -> None:
        """Put one question and take the answer."""
        question, turns = ask.question, self.interview.turns
        # What leads from an answer to the next question would tell what it was worth.
        why = "" if self.interview.terms.exam or len(turns) == 1 else f" ({ask.why})"
        self._may_pass = True
        try:
            with self._pages():
                self.view.heading(f"Question {len(turns)}{why}: {facts(question)}")
                show_question(self.view, question)
            {"numeric": self._number, "code": self._code}.get(question.kind, self._aloud)(question)
        except Passed:
            turn = self.interview.give_up()
            if not self.interview.terms.exam:
                self._tell(turn)
        finally:
            self._bench, self._may_pass = None, False

    def _aloud(self, question: Question) -> None:
        self.interview.say(
            self._line("Answer aloud, or note it in a line.\nEnter when you have answered")
        )
        self._may_pass = False
        if not self.interview.terms.exam:
            self._judge(self.interview.spoken)
            return
        prompt = "How good was that: 1 sure, 2 partly, 3 no"
        while (said := SAID.get(text := self._key(prompt))) is None:
            self._misread(text, "1, 2 or 3")
        self.interview.judge(said)

    def _number(self, question: Question) -> None:
        experiment = Experiment(self.worker, question)
        experiment.begin()
        try:
            while True:
                prompt = "Your number (such as 0.25, 1e-3, 1/8, 2**10 or 0.5%)"
                text = self._past_keys(prompt, self.view.ask, own=("e",))
                try:
                    self.interview.say(text)
                    break
                except NumberError as error:
                    self._misread(text, str(error))
            self._judge(self.interview.spoken, experiment)
        finally:
            experiment.stop()

    def _code(self, question: Question) -> None:
        bench = self._bench = Bench(self.view, self.worker, question, self._files)
        if not bench.begin(anew=False):
            raise BankError("there is no file to write in")
        with self._pages():
            bench.show()
        exam = self.interview.terms.exam
        while self.interview.open:
            text = ""
            with bench.until_saved():
                text = self._key("Enter hands it in, once" if exam else "Enter grades the file")
            if text:
                self._misread(text, "Enter, when the file is saved")
                continue
            result = bench.grade(telling=not exam)
            if result is None:
                continue
            turn = self.interview.code(result)
            self._may_pass = self.interview.open is not None
            if exam:
                self.view.say("Handed in.")
                continue
            with bench.until_saved(), self._pages():
                show_printed(self.view, result["printed"])
                if self.interview.open:
                    show_failure(self.view, turn.remarks, result)
        if not exam:
            self._tell(turn)

    def _judge(self, turn: Turn, experiment: Experiment | None = None) -> None:
        """Grade what was said: a number by the experiment, the rest by its key points."""
        self._may_pass = False
        question = turn.ask.question
        if question.kind != "numeric":
            self._mark(turn)
            return
        experiment = experiment or Experiment(self.worker, question)
        report = experiment.finish(self.view)
        while report is None and experiment.runs:
            self.view.say("The number is graded by the experiment; Ctrl-C pauses.")
            report = experiment.finish(self.view)
        turn = self.interview.number(report and report.answer)
        if not self.interview.terms.exam:
            self._tell(turn)

    def _mark(self, turn: Turn) -> None:
        """Let the candidate compare what was said with the key points."""
        view, question = self.view, turn.ask.question
        if self.interview.terms.exam:
            view.heading("What you said of this, compared with the key points")
            view.title(question.title)
            if turn.text:
                view.verbatim(turn.text, indent=4)
        with self._pages():
            show_answer(view, question)
            view.heading("Key points")
            view.numbered(question.body.key_points)
        prompt = "Which did you say? Numbers, all or none; Enter does not compare"
        ticked = self._ticks(prompt, question.body.key_points)
        flagged: Sequence[int] = ()
        if ticked is not None and question.body.red_flags:
            view.heading("Red flags")
            view.numbered(question.body.red_flags)
            flagged = self._ticks("Did you say one of them? Numbers; Enter for none",
                                  question.body.red_flags) or ()  # fmt: skip
        self._tell(self.interview.mark(ticked, flagged, question))

    def _tell(self, turn: Turn) -> None:
        """Say in a line or two what the answer was worth."""
        words = {RIGHT: ("Right", "good"), WRONG: ("Wrong", "bad"), GAVE_UP: ("Passed", "warn")}
        word, style = words.get(turn.result, (turn.result.capitalize(), "warn"))
        spent = f"{turn.seconds / 60:.1f} of {turn.ask.question.minutes:g} min"
        self.view.blank()
        self.view.say(f"{word}, after {spent}.", style)
        if turn.key is not None:
            self.view.say(f"The experiment measured {number(turn.key, 6)}.")
        for remark in turn.remarks:
            self.view.markdown(remark)

    def _ticks(self, prompt: str, items: Sequence[str]) -> list[int] | None:
        while True:
            text = self._past_keys(prompt, lambda words: self.view.ask(words, SIGNS))
            found = picked(text, len(items)) if text else None
            if found is not None or not text:
                return found
            self._misread(text, f"numbers from 1 to {len(items)}, all or none")

    def _line(self, prompt: str) -> str:
        return self._past_keys(prompt, self.view.ask)

    def _key(self, prompt: str) -> str:
        return self._past_keys(prompt, self.view.key)

    def _past_keys(self, prompt: str, read: Callable[[str], str], own: tuple[str, ...] = ()) -> str:
        while True:
            told, self._told = self._told, True
            text = read(prompt if told else f"Keys: {WAYS}.\n{prompt}")
            if text in own or not self._obey(text.lower()):
                return text

    def _obey(self, text: str) -> bool:
        """Do what a key means; whether it is one."""
        if text == "q":
            raise Pause
        if text in ("h", "?"):
            for key, what in KEYS.items():
                self.view.item(f"  {key}  ", what)
        elif text == "s":
            if self._may_pass:
                raise Passed
            self.view.say("There is no question to pass on here.")
        elif text in ("e", "r", "w"):
            self._at_bench(text)
        else:
            return False
        return True

    def _at_bench(self, key: str) -> None:
        if self._bench is None:
            self.view.say("e, r and w are for the file of a code question.")
        elif key == "w" and self.interview.terms.exam:
            self.view.say("In an exam the file is handed in once, with Enter.")
        else:
            {"e": Bench.edit, "r": Bench.reset, "w": Bench.watch}[key](self._bench)

    def _misread(self, text: str, expected: str) -> None:
        said = f"{text!r} was not understood: {expected}" if text else f"Expected {expected}"
        self.view.say(f"{said}. Keys: {WAYS}.")

    def _pages(self):
        return self.view.pages(self._more)

    def _more(self) -> None:
        while text := self._key("Enter shows more"):
            self._misread(text, "Enter or a key")
