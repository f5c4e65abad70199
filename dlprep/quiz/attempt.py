"""What the user does with the card on screen, up to the grade."""

from datetime import datetime

from dlprep.quiz import grading
from dlprep.quiz.feedback import Card
from dlprep.quiz.grading import Grade
from dlprep.quiz.schedule import CONFIDENCES
from dlprep.quiz.stopwatch import Stopwatch


class Attempt:
    """An answer in the making.

    Args:
        card: The card on screen.
        at: When it was shown.
        before: The attempt that was undone; its hints stay read and its tries failed.

    Attributes:
        commitment: What the user said before the outcome was shown.
        confidence: How sure the user is, or `None` if that is not said.
        hints: How many were read.
        failed: How many tries of `code` failed.
    """

    def __init__(self, card: Card, at: datetime, before: "Attempt | None" = None):
        self.card = card
        self.commitment: str | int | None = None
        self.confidence: int | None = None
        self.hints = before.hints if before else 0
        self.failed = before.failed if before else 0
        self._watch = Stopwatch(at, card.question.minutes)
        self._seconds: float | None = None

    def heard(self, at: datetime, line: bool) -> None:
        """Count the time up to a key, or to a line; code is written where no key is seen."""
        if self._seconds is None:
            unseen = line or self.card.question.kind == "code"
            (self._watch.line if unseen else self._watch.key)(at)

    def seconds(self, at: datetime) -> float:
        """Return how long it took; the clock stops with the commitment."""
        return self._watch.seconds(at) if self._seconds is None else self._seconds

    def commit(self, answer: str | int, at: datetime) -> None:
        """Keep an answer and stop the clock."""
        self.commitment, self._seconds = answer, self.seconds(at)

    def hint(self) -> str | None:
        """Return the next hint, or `None` when all are told."""
        question = self.card.question
        if self.hints == len(question.hints):
            return None
        self.hints += 1
        return question.fill(question.hints[self.hints - 1])

    def data(self, grade: Grade, at: datetime) -> dict:
        """Return what the history keeps of the answer."""
        question, seconds = self.card.question, self.seconds(at)
        rating, reason = grading.rating(
            grade.result, self.hints > 0, seconds, question.minutes, self.failed
        )
        if rating == "again" and self.confidence == max(CONFIDENCES):
            reason = "though you were sure"
        if self.card.again or self.card.cram:
            rating = reason = None
        passed = question.kind == "code" and grade.result == grading.RIGHT
        data = {"result": grade.result, "rating": rating, "reason": reason, "seconds": seconds}
        data |= {"hints": self.hints, "tries": self.failed + passed, **grade.detail}
        more = {"drawn": question.drawn, "confidence": self.confidence}
        card = self.card
        more |= {"again": card.again, "cram": card.cram, "aloud": card.aloud}
        return data | {name: value for name, value in more.items() if value}
