"""An interview: what is put, what was said, and what of it is in the history."""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, replace
from datetime import datetime

from dlprep.quiz import grading
from dlprep.quiz.bank import Bank, Question
from dlprep.quiz.grading import GAVE_UP, WRONG, Grade
from dlprep.quiz.history import History, HistoryError
from dlprep.quiz.interview.report import Report, report
from dlprep.quiz.interview.rule import SURE, Ask, Terms, Turn, next_ask
from dlprep.quiz.interview.state import KINDS, State
from dlprep.quiz.session import now

PREFIX = "interview-"


class InterviewError(Exception):
    """A call that does not fit what is on screen; the message says what fits."""


class Interview(State):
    """An interviewer's session, of which every word is in the history when a call returns.

    The state is what its events say and nothing else: whoever reads them goes on where it stopped.

    Call `put` for a question, then

    | question | calls |
    |---|---|
    | put aloud | `say`, then `mark`; in an exam `mark` for each of `unmarked` at the end |
    | `numeric` | `say`, then `number` with the key of the demonstration |
    | `code` | `code`, until it is right; in an exam once |

    or `give_up`, and `put` again until it returns `None`. The clock runs while a question is open:
    from `put` or `resume` to `say` or the last `code`, and not while key points are ticked.

    Args:
        bank: The questions.
        history: An open history.
        terms: What was agreed on, for a new interview; `None` goes on with `name`.
        clock: Returns the local time with its zone.
        name: The interview's name in the history.

    See `State` for what can be asked of it.

    Raises:
        HistoryError: The history cannot be read (any call: or written).
    """

    def __init__(
        self,
        bank: Bank,
        history: History,
        terms: Terms | None,
        clock: Callable[[], datetime] = now,
        name: str | None = None,
    ):
        super().__init__(bank)
        self.history, self.clock = history, clock
        self.name = name or PREFIX + os.urandom(6).hex()
        self._write("interview", None, asdict(terms)) if terms else self._replay()

    @classmethod
    def last(
        cls, bank: Bank, history: History, clock: Callable[[], datetime] = now
    ) -> "Interview | None":
        """Return the interview that was begun last, or `None`; histories may have been merged."""
        begun = max(history.events(kinds=["interview"]), key=lambda one: one.at, default=None)
        return cls(bank, history, None, clock, begun.session) if begun else None

    def _replay(self) -> None:
        begun = self.history.events(kinds=["interview"])
        first = next(event for event in begun if event.session == self.name)
        try:
            for event in self.history.events(first.id - 1, KINDS):
                if event.session == self.name:
                    self._read(event)
        except (KeyError, TypeError, ValueError) as error:
            raise HistoryError(
                f"The interview of {first.day} in the history cannot be read ({error!r}); begin"
                " another with `dlprep interview --new`."
            ) from error

    def elapsed(self) -> float:
        """Return the seconds that the interview has taken."""
        return self._lost_seconds() + sum(turn.seconds for turn in self.turns) + self._running()

    def put(self) -> Ask | None:
        """Return the open question or the next one; `None` at the end."""
        if self.spoken:
            raise InterviewError("the answer is not judged yet; call mark or number")
        if self.ended:
            return None
        if self.open is None:
            left_out, lost = self._without, self._lost_seconds()
            ask = next_ask(self.bank, self.terms, self.turns, left_out, lost)
            if ask is None:
                self.end()
            else:
                question = self._drawn(ask.question)
                why = {"why": ask.why, "level": ask.level, "follows": ask.follows}
                self._write("put", question, why | {"drawn": question.drawn})
        if self.open and self._since is None:
            self._since = self.clock()
        return self.open.ask if self.open else None

    def say(self, text: str = "") -> None:
        """Stop the clock: the answer is given.

        Args:
            text: What was written down, if anything; the number of a `numeric` question.

        Raises:
            NumberError: The text of a `numeric` question is no number.
        """
        turn = self._expect(self.open)
        if turn.ask.question.kind == "code":
            raise InterviewError("this question wants code; call code")
        if turn.ask.question.kind == "numeric":
            from dlprep.quiz.numbers import read

            read(text)
        data = {"text": str(text), "seconds": self._running()}
        self._write("said", turn.ask.question, data)

    def judge(self, said: str) -> None:
        """Say how good the answer given last was, one of `SURE`: what an exam asks next."""
        if said not in SURE:
            raise ValueError(f"said={said!r}: expected one of {SURE}")
        turn = self._expect(self.turns[-1] if self.turns and self.turns[-1].given else None)
        self._write("said", turn.ask.question, {"said": said})

    def skip(self, turn: Turn | None = None) -> None:
        """Leave out a question that cannot be asked or graded, the one put last by default."""
        if self.turns:
            self._write("skip", (turn or self.turns[-1]).ask.question, {})

    def mark(
        self,
        ticked: Collection[int] | None,
        flagged: Collection[int] = (),
        question: Question | None = None,
    ) -> Turn:
        """Grade what was said aloud by the key points met and the red flags said.

        Args:
            ticked: Indices of the key points met; `None` if the candidate did not compare.
            flagged: Indices of the red flags said.
            question: Whose answer, one of `unmarked`; default: the last.
        """
        waiting = [one for one in self.unmarked if question in (None, one.ask.question)]
        turn = waiting[-1] if waiting else None
        body = self._expect(turn).ask.question.body
        return self._answer(turn, grading.recall(body.key_points, body.red_flags, ticked, flagged))

    def number(self, key: object) -> Turn:
        """Grade the number that was said by the one that the demonstration measured."""
        turn = self._expect(self.spoken)
        return self._answer(turn, grading.numeric(turn.text, key, turn.ask.question.tolerance))

    def code(self, result: Mapping) -> Turn:
        """Grade a try; what fails stays open, except in an exam.

        Args:
            result: The outcome of an exercise, see `dlprep.quiz.exercise.grade`.
        """
        turn, grade = self._expect(self.open), grading.code(result)
        if grade.result == WRONG and not self.terms.exam:
            data = {**grade.detail, "seconds": self._running(), "spent": self._running()}
            self._write("try", turn.ask.question, data)
            return replace(self.open, remarks=grade.remarks)
        return self._answer(turn, grade)

    def give_up(self) -> Turn:
        """Pass on the open question."""
        return self._answer(self._expect(self.open), Grade(GAVE_UP, (), {}))

    def pause(self) -> None:
        """Stop the clock; the time of the open question is kept."""
        if self.open and self._since:
            self._write("pause", self.open.ask.question, {"spent": self._running()})

    def end(self) -> None:
        """Put nothing more."""
        if not self.ended:
            self._write("end", None, {})

    def report(self) -> Report:
        """Return what the interview was, as far as it has come."""
        return report(self.bank, self.terms, self.turns, self.day, self.ended, len(self._lost))

    def _expect(self, turn: Turn | None) -> Turn:
        if turn is None:
            raise InterviewError("no answer is waiting for this; call put")
        return turn

    def _running(self) -> float:
        """Return the seconds of the open question; a clock that steps back counts for nothing."""
        passed = (self.clock() - self._since).total_seconds() if self._since else 0.0
        return round(self._spent + max(passed, 0.0), 1)

    def _answer(self, turn: Turn, grade: Grade) -> Turn:
        question = turn.ask.question
        seconds = turn.seconds if turn.given else self._running()
        rating, reason = grading.rating(grade.result, False, seconds, question.minutes, self._tries)
        data = {"result": grade.result, "rating": rating, "reason": reason, "seconds": seconds}
        passed = question.kind == "code" and grade.result == grading.RIGHT
        data |= {"hints": 0, "tries": self._tries + passed, **grade.detail}
        data |= {"remarks": list(grade.remarks), "aloud": not turn.ask.is_task}
        if question.drawn:
            data["drawn"] = question.drawn
        self._write("answer", question, data)
        return next(one for one in self.turns if one.ask.question is question)

    def _write(self, kind: str, question: Question | None, data: Mapping) -> None:
        name = question and question.id
        event = self.history.append(kind, name, data, at=self.clock(), session=self.name)
        self._read(event)
