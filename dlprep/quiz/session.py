"""Which question comes next, and what an answer does. No input, no output."""

import os
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime

from dlprep.lab.report import Report
from dlprep.quiz import grading, schedule
from dlprep.quiz.attempt import Attempt
from dlprep.quiz.bank import Bank, Question
from dlprep.quiz.claim import Claim
from dlprep.quiz.course import Course, Skip
from dlprep.quiz.days import day_of, later, now
from dlprep.quiz.feedback import Card, Feedback, Verdict
from dlprep.quiz.grading import GAVE_UP, WRONG, Grade
from dlprep.quiz.history import Event, History
from dlprep.quiz.past import Past
from dlprep.quiz.selection import Filters, select
from dlprep.quiz.summary import Summary, summarize

__all__ = ["Card", "Feedback", "Filters", "Session", "SessionError", "Summary", "Verdict"]

AGAIN = "because of the first answer"


class SessionError(Exception):
    """A call that does not fit the card on screen; the message says what fits."""


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
    `undo` and `dispute` may follow it. All indices count from 0 in the order shown. Call `active`
    with every key, or the time of an answer is the time until it comes.

    What is answered wrong comes again when all else is done; what is on screen in another session
    on the same history is left to that.

    Args:
        bank: The questions.
        history: An open `History`; other sessions may write to it meanwhile.
        filters: Which questions to ask.
        seed: Makes the order of new questions and of options repeatable; without it new questions
            come in the bank's order and options are shuffled anew each day.
        clock: Returns the local time with its zone.
        name: The session's name in the history.
        aloud: Whether `choice` and `predict` are asked as `recall` is, without their options.

    Attributes:
        current: The card on screen, answered or not; `None` before the first `next` and at the end.
        feedback: What the answer to `current` led to, or `None` while it is open.

    Raises:
        BankError: The filters name something that is not in the bank.
        HistoryError: The history cannot be read (any call: or written).
    """

    def __init__(
        self,
        bank: Bank,
        history: History,
        filters: Filters = Filters(),  # noqa: B008
        seed: int | None = None,
        clock: Callable[[], datetime] = now,
        name: str | None = None,
        aloud: bool = False,
    ):
        self.bank, self.history, self.clock, self.filters = bank, history, clock, filters
        self.name = name or os.urandom(6).hex()
        self.current: Card | None = None
        self.feedback: Feedback | None = None
        self._past = Past(history, self.today)
        questions = select(bank, self._past.memories, filters, self.today, seed)
        shuffle = self.today.toordinal() if seed is None else seed
        claim = Claim(history.path)
        self._course = Course(questions, self._past, claim, shuffle, filters.cram, aloud)
        self._attempt: Attempt | None = None
        self._attempts: dict[tuple[str, bool], Attempt] = {}

    @property
    def today(self) -> date:
        """The user's present day, which began at 4:00."""
        return day_of(self.clock())

    def next(self) -> Card | None:
        """Return the next card, or `None` at the end; an open card stays where it is."""
        if self.current is None or self.feedback is not None:
            self._show(self._course.next())
        return self.current

    def active(self, line: bool = False) -> None:
        """Say that a key came, or a line whose keys were not seen: the time up to it counts."""
        if self.current is not None and self.feedback is None:
            self._attempt.heard(self.clock(), line)

    def sure(self, confidence: int) -> None:
        """Say how sure the coming answer is: 1 is a guess, 3 is sure."""
        if confidence not in schedule.CONFIDENCES:
            raise ValueError(f"confidence {confidence!r}: expected one of {schedule.CONFIDENCES}")
        self._open()
        self._attempt.confidence = confidence

    def hint(self) -> str | None:
        """Return the next hint of the open card, or `None` when all are told."""
        self._open()
        return self._attempt.hint()

    def commit(self, answer: str | int) -> None:
        """Store what the user says before the outcome is shown, and stop the clock.

        Args:
            answer: The text (`recall`, may be empty) or the index of an option (`predict`).
        """
        card = self._open("recall", "predict")
        if self._attempt.commitment is not None:
            raise SessionError("already committed; call answer_recall or resolve")
        if card.kind == "recall":
            data = {"text": str(answer)}
        else:
            data = grading.predict(card.options, answer, None).detail
            data = {"chosen": data["chosen"]}
        at = self.clock()
        self._append("commit", card.question, {**data, "seconds": self._attempt.seconds(at)})
        self._attempt.commit(answer, at)

    def answer_recall(
        self, ticked: Collection[int] | None, flagged: Collection[int] = ()
    ) -> Feedback:
        """Grade a free answer by the key points met and the red flags said.

        Args:
            ticked: Indices of the key points met; `None` if the user did not compare, which
                leaves the answer `unmarked` until `rate`.
            flagged: Indices of the red flags said.
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
            text: What the user typed.
            key: `answer` of the demonstration's report; `None` if it failed.

        Raises:
            NumberError: `text` is no number; nothing is stored and the card stays open.
        """
        card = self._open("numeric")
        return self._finish(grading.numeric(text, key, card.question.tolerance))

    def resolve(self, report: Report | None) -> Feedback:
        """Grade the option committed to by what the experiment did.

        Args:
            report: The demonstration's report; `None` if it failed, then the question's file
                decides, and the feedback says so.
        """
        card = self._open("predict")
        if self._attempt.commitment is None:
            raise SessionError("nothing was predicted yet; call commit first")
        outcome = report.answer if report else None
        grade = grading.predict(card.options, self._attempt.commitment, outcome)
        return self._finish(grade, [self._attempt.commitment])

    def answer_code(self, result: Mapping) -> Feedback:
        """Grade a try; a failed one is stored and leaves the card open.

        Args:
            result: The outcome of an exercise, see `dlprep.quiz.exercise.grade`.
        """
        card = self._open("code")
        grade = grading.code(result)
        if grade.result != WRONG:
            return self._finish(grade)
        seconds = self._attempt.seconds(self.clock())
        event = self._append("try", card.question, {**grade.detail, "seconds": seconds})
        self._attempt.failed += 1
        return Feedback(
            card, WRONG, None, grade.remarks, grade.detail, (), False, seconds, event.uid
        )

    def give_up(self) -> Feedback:
        """End the open card without an answer."""
        return self._finish(Grade(GAVE_UP, (), {}))

    def rate(self, rating: str) -> Feedback:
        """Overrule the rating of the last answer, of the first one if it came again.

        Args:
            rating: `again`, `hard`, `good` or `easy`.
        """
        if rating not in schedule.RATINGS:
            raise ValueError(f"no rating {rating!r}: expected one of {schedule.RATINGS}")
        last = self._last()
        if last.card.cram:
            raise SessionError("this session moves no schedule, so there is nothing to rate")
        question, counting = last.card.question, self._course.first(last.card.question).event
        self._append("rate", question, {"of": counting, "rating": rating})
        due = self._past.due(question.id, self.today)
        self._course.rated(question, rating=rating, reason=None, due=due)
        if self.feedback and self.feedback.event == last.event:
            self.feedback = self._last()
        return self._last()

    def undo(self) -> Card | None:
        """Void the last answer or skip of this session and ask again, or return `None`.

        The history keeps the voided answer. A card that is open waits its turn behind.
        """
        if not self._course.done:
            return None
        last = self._course.done[-1]
        self._append("undo", last.card.question, {"of": last.event})
        card = self._course.back(None if self.feedback else self.current)
        self._show(card)
        return card

    def skip(self) -> None:
        """Leave the open card unanswered; this session does not ask it again."""
        event = self._append("skip", self._open().question, {})
        self._course.add(Skip(self.current, event.uid))
        self.current = None

    def dispute(self, note: str, report: Report | None = None) -> None:
        """Store a note that something about the question on screen is wrong.

        Args:
            note: The user's words.
            report: The demonstration's report, if it was run.
        """
        self.note("dispute", {"note": note, "report": report.to_dict() if report else None})

    def note(self, kind: str, data: Mapping) -> None:
        """Store what the user says about the question on screen; it moves no schedule."""
        if self.current is None:
            raise SessionError("no question is on screen; call next first")
        of = {"of": self.feedback.event if self.feedback else None}
        self._append(kind, self.current.question, {**of, **data})

    def summary(self) -> Summary:
        """Return what this session was so far."""
        due = [q for q in self._past.all_due(later(self.today, 1), self.today) if q in self.bank]
        is_open = self.current and not self.feedback and not self.current.again
        left = len(self._course.queue) + bool(is_open)
        return summarize(self._course.first_answers, self._course.skipped, left, due)

    def _show(self, card: Card | None) -> None:
        self.current, self.feedback = card, None
        if card is not None:
            key = card.question.id, card.again
            self._attempt = Attempt(card, self.clock(), self._attempts.get(key))
            self._attempts[key] = self._attempt

    def _open(self, *kinds: str) -> Card:
        if self.current is None:
            raise SessionError("no question is on screen; call next first")
        if self.feedback is not None:
            raise SessionError("this question is answered; call next, rate or undo")
        if kinds and self.current.kind not in kinds:
            raise SessionError(f"this question is of kind {self.current.kind}")
        return self.current

    def _last(self) -> Feedback:
        if not self._course.answered:
            raise SessionError("nothing has been answered yet")
        return self._course.answered[-1]

    def _append(self, kind: str, question: Question, data: Mapping) -> Event:
        return self.history.append(kind, question.id, data, at=self.clock(), session=self.name)

    def _finish(self, grade: Grade, chosen: Collection[int] = ()) -> Feedback:
        card = self._open()
        data = self._attempt.data(grade, self.clock())
        event = self._append("answer", card.question, data)
        rating, reason = data["rating"], data["reason"]
        if card.again:
            rating, reason = self._course.first(card.question).rating, AGAIN
        said = grade.result, rating, grade.remarks, grade.detail
        more = data["seconds"], event.uid, reason, self._past.due(card.question.id, self.today)
        self.feedback = Feedback(card, *said, card.verdicts(chosen), True, *more)
        self._course.add(self.feedback)
        return self.feedback
