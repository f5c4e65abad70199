"""Which question comes next, and what an answer does. No input, no output."""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from dlprep.lab.report import Report
from dlprep.quiz import grading, schedule
from dlprep.quiz.bank import Bank, Question
from dlprep.quiz.feedback import Card, Feedback, Verdict
from dlprep.quiz.grading import GAVE_UP, WRONG, Grade
from dlprep.quiz.history import Event, History
from dlprep.quiz.selection import Filters, select
from dlprep.quiz.summary import Summary, summarize

__all__ = ["Card", "Feedback", "Filters", "Session", "SessionError", "Summary", "Verdict"]


class SessionError(Exception):
    """A call that does not fit the card on screen; the message says what fits."""


def now() -> datetime:
    """Return the local time with its zone."""
    return datetime.now().astimezone()


class Session:
    """A run through the questions that are due, and then through new ones.

    Call `next` for a card, then one of the answers of its kind, then `next` again:

    | kind | calls |
    |---|---|
    | recall | `commit(text)` when the answer is shown, then `answer_recall(ticked, flagged)` |
    | choice | `answer_choice(chosen)` |
    | numeric | `answer_numeric(text, key)`, key from the demonstration's report |
    | predict | `commit(chosen)`, then run the demonstration, then `resolve(report)` |
    | code | `answer_code(result)`, as often as the user tries |

    `give_up` ends any of them. Every answer is in the history when the call returns, and `rate`,
    `undo` and `dispute` may follow it. All indices count from 0 in the order shown.

    Args:
        bank: the questions.
        history: an open `History`; other sessions may write to it meanwhile.
        filters: which questions to ask.
        seed: makes the order of new questions and of options repeatable; without it new questions
            come in the bank's order and options are shuffled anew each day.
        clock: returns the local time with its zone.
        name: the session's name in the history.

    Attributes:
        current: the card on screen, answered or not; `None` before the first `next` and at the end.
        feedback: what the answer to `current` led to, or `None` while it is open.

    Raises:
        BankError: the filters name something that is not in the bank.
        HistoryError: the history cannot be read (any call: or written).
    """

    def __init__(
        self,
        bank: Bank,
        history: History,
        filters: Filters = Filters(),  # noqa: B008
        seed: int | None = None,
        clock: Callable[[], datetime] = now,
        name: str | None = None,
    ):
        self.bank, self.history, self.clock = bank, history, clock
        self.name = name or os.urandom(6).hex()
        self.current: Card | None = None
        self.feedback: Feedback | None = None
        today = clock().date()
        self._seed = today.toordinal() if seed is None else seed
        events = history.events(kinds=schedule.KINDS)
        self._start = max((event.id for event in events), default=0)
        self._known = schedule.memories(schedule.answers(events))
        self._queue = select(bank, self._known, filters, today, seed)
        self._answered: list[Feedback] = []
        self._skipped = 0
        self._last_skip: tuple[Question, str] | None = None
        self._hints: dict[str, int] = {}

    def next(self) -> Card | None:
        """Return the next card, or `None` at the end; an open card stays where it is."""
        if self.current is None or self.feedback is not None:
            answered = self._answered_meanwhile()
            self._queue = [question for question in self._queue if question.id not in answered]
            self._show(self._queue.pop(0) if self._queue else None)
        return self.current

    def hint(self) -> str | None:
        """Return the next hint of the open card, or `None` when all are told."""
        question = self._open().question
        told = self._hints.get(question.id, 0)
        if told == len(question.hints):
            return None
        self._hints[question.id] = told + 1
        return question.fill(question.hints[told])

    def commit(self, answer: str | int) -> None:
        """Store what the user says before the outcome is shown, and stop the clock.

        Args:
            answer: the text (`recall`, may be empty) or the index of an option (`predict`).
        """
        card = self._open("recall", "predict")
        if self._commitment is not None:
            raise SessionError("already committed; call answer_recall or resolve")
        if card.question.kind == "recall":
            data = {"text": str(answer)}
        else:
            data = grading.predict(card.options, answer, None).detail
            data = {"chosen": data["chosen"]}
        seconds = self._elapsed()
        self._append("commit", card.question, {**data, "seconds": seconds})
        self._commitment, self._seconds = answer, seconds

    def answer_recall(
        self, ticked: Collection[int] | None, flagged: Collection[int] = ()
    ) -> Feedback:
        """Grade a free answer by the key points met and the red flags said.

        Args:
            ticked: indices of the key points met; `None` if the user did not compare, which
                leaves the answer `unmarked` until `rate`.
            flagged: indices of the red flags said.
        """
        body = self._open("recall").question.body
        grade = grading.recall(body.key_points, body.red_flags, ticked, flagged)
        return self._finish(grade)

    def answer_choice(self, chosen: Collection[int]) -> Feedback:
        """Grade the options chosen."""
        card = self._open("choice")
        return self._finish(grading.choice(card.options, chosen), chosen)

    def answer_numeric(self, text: str, key: object) -> Feedback:
        """Grade a number.

        Args:
            text: what the user typed.
            key: `answer` of the demonstration's report; `None` if it failed.

        Raises:
            NumberError: `text` is no number; nothing is stored and the card stays open.
        """
        card = self._open("numeric")
        return self._finish(grading.numeric(text, key, card.question.tolerance))

    def resolve(self, report: Report | None) -> Feedback:
        """Grade the option committed to by what the experiment did.

        Args:
            report: the demonstration's report; `None` if it failed, then the question's file
                decides, and the feedback says so.
        """
        card = self._open("predict")
        if self._commitment is None:
            raise SessionError("nothing was predicted yet; call commit first")
        outcome = report.answer if report else None
        grade = grading.predict(card.options, self._commitment, outcome)
        return self._finish(grade, [self._commitment])

    def answer_code(self, result: Mapping) -> Feedback:
        """Grade a try; a failed one is stored and leaves the card open.

        Args:
            result: the outcome of an exercise, see `dlprep.quiz.exercise.grade`.
        """
        card = self._open("code")
        grade = grading.code(result)
        self._tries += 1
        if grade.result != WRONG:
            return self._finish(grade)
        seconds = self._elapsed()
        event = self._append("try", card.question, {**grade.detail, "seconds": seconds})
        return Feedback(
            card, WRONG, None, grade.remarks, grade.detail, (), False, seconds, event.uid
        )

    def give_up(self) -> Feedback:
        """End the open card without an answer."""
        return self._finish(Grade(GAVE_UP, (), {}))

    def rate(self, rating: str) -> Feedback:
        """Overrule the rating of the last answer.

        Args:
            rating: `again`, `hard`, `good` or `easy`.
        """
        if rating not in schedule.RATINGS:
            raise ValueError(f"no rating {rating!r}: expected one of {schedule.RATINGS}")
        last = self._last()
        self._append("rate", last.card.question, {"of": last.event, "rating": rating})
        self._answered[-1] = replace(
            last, rating=rating, reason=None, due=self._due(last.card.question)
        )
        if self.feedback is last:
            self.feedback = self._answered[-1]
        return self._answered[-1]

    def undo(self) -> Card | None:
        """Void the last answer or skip and ask its question again; `None` if there is none.

        The history keeps what was voided. A card that is open waits its turn behind.
        """
        if self._last_skip:
            question, event = self._last_skip
            self._append("undo", question, {"of": event})
            self._skipped -= 1
            self._come_back(question)
            return self.current
        if not self._answered:
            return None
        last = self._last()
        self._append("undo", last.card.question, {"of": last.event})
        self._answered.pop()
        self._come_back(last.card.question)
        return self.current

    def active(self) -> None:
        """Note that the user is there: a key has come."""

    def skip(self) -> None:
        """Leave the open card unanswered; this session does not ask it again."""
        event = self._append("skip", self._open().question, {})
        self._skipped += 1
        self._last_skip = self.current.question, event.uid
        self.current = None

    def dispute(self, note: str, report: Report | None = None) -> None:
        """Store a note that something about the question on screen is wrong.

        Args:
            note: the user's words.
            report: the demonstration's report, if it was run.
        """
        if self.current is None:
            raise SessionError("no question is on screen; call next first")
        answer = self.feedback.event if self.feedback else None
        data = {"note": note, "of": answer, "report": report.to_dict() if report else None}
        self._append("dispute", self.current.question, data)

    def summary(self) -> Summary:
        """Return what this session was so far."""
        memories = schedule.memories(schedule.answers(self.history.events(kinds=schedule.KINDS)))
        tomorrow = self.clock().date() + timedelta(days=1)
        due = [memory.question for memory in schedule.due(memories, tomorrow)]
        due = [ident for ident in due if ident in self.bank]
        open_card = self.current is not None and self.feedback is None
        return summarize(self._answered, self._skipped, len(self._queue) + open_card, due)

    def _come_back(self, question: Question) -> None:
        self._last_skip = None
        if self.current is not None and self.feedback is None:
            self._queue.insert(0, self.current.question)
        self._show(question)

    def _show(self, question: Question | None) -> None:
        self.feedback, self._commitment, self._seconds, self._tries = None, None, None, 0
        if question is None:
            self.current = None
            return
        number = len(self._answered) + self._skipped + 1
        last, known = number + len(self._queue), question.id in self._known
        self.current = Card(question, number, last, known, f"{self._seed} {question.id}")
        self._shown = self.clock()

    def _open(self, *kinds: str) -> Card:
        if self.current is None:
            raise SessionError("no question is on screen; call next first")
        if self.feedback is not None:
            raise SessionError("this question is answered; call next, rate or undo")
        if kinds and self.current.question.kind not in kinds:
            raise SessionError(f"this question is of kind {self.current.question.kind}")
        return self.current

    def _last(self) -> Feedback:
        if not self._answered:
            raise SessionError("nothing has been answered yet")
        return self._answered[-1]

    def _elapsed(self) -> float:
        if self._seconds is not None:
            return self._seconds
        return round(max(0.0, (self.clock() - self._shown).total_seconds()), 1)

    def _append(self, kind: str, question: Question, data: Mapping) -> Event:
        return self.history.append(kind, question.id, data, at=self.clock(), session=self.name)

    def _finish(self, grade: Grade, chosen: Collection[int] = ()) -> Feedback:
        card, seconds = self._open(), self._elapsed()
        question = card.question
        hints = self._hints.get(question.id, 0)
        rating = grading.rating(grade.result, bool(hints), seconds, question.minutes)
        data = {"result": grade.result, "rating": rating, "seconds": seconds, "hints": hints}
        data |= {"tries": self._tries, **grade.detail}
        if question.drawn:
            data["drawn"] = question.drawn
        event = self._append("answer", question, data)
        options = card.options if question.kind in ("choice", "predict") else ()
        verdicts = tuple(Verdict(option, i in chosen) for i, option in enumerate(options))
        said = grade.result, rating, grade.remarks, grade.detail
        reason = "because of a hint" if rating == "hard" and hints else None
        due = self._due(question)
        self._last_skip = None
        self.feedback = Feedback(card, *said, verdicts, True, seconds, event.uid, reason, due)
        self._answered.append(self.feedback)
        return self.feedback

    def _due(self, question: Question) -> date | None:
        events = self.history.events(kinds=schedule.KINDS)
        mine = schedule.answers(event for event in events if event.question == question.id)
        memory = schedule.memories(mine).get(question.id)
        return memory and memory.due

    def _answered_meanwhile(self) -> set[str]:
        events = self.history.events(after=self._start, kinds=schedule.KINDS)
        return {answer.question for answer in schedule.answers(events) if answer.rating}
