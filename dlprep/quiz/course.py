"""What a session has done and what is still before it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dlprep.quiz.bank import Question
from dlprep.quiz.claim import Claim
from dlprep.quiz.feedback import Card, Feedback
from dlprep.quiz.grading import GAVE_UP, WRONG
from dlprep.quiz.past import Past


@dataclass(frozen=True)
class Skip:
    """A card that was left unanswered, and the event that says so."""

    card: Card
    event: str


class Course:
    """The questions of a session: those that are done, in order, and those that are not.

    A question answered wrong comes again, once, when all others are done: a learning step. Which
    ones wait follows from what is done, so that taking something back needs no book-keeping.

    What is on screen in another session on the same history is left to that, and asked here only
    if it is not answered there.

    Args:
        questions: What is to be asked, in order.
        past: What the history says.
        claim: Keeps other sessions from what is on screen.
        seed: Of the order of options.
        cram: Whether the answers are to move no schedule.
        aloud: Whether options are not shown.

    Attributes:
        queue: Questions that have not been asked.
        done: What was answered and skipped.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        past: Past,
        claim: Claim,
        seed: int,
        cram: bool = False,
        aloud: bool = False,
    ):
        self.queue = list(questions)
        self.done: list[Feedback | Skip] = []
        self._past, self._claim, self._seed = past, claim, seed
        self._cram, self._aloud = cram, aloud

    def next(self) -> Card | None:
        """Return the card to show next, or `None` at the end."""
        for question in tuple(self.queue):
            if self._claim.take(question.id):
                self.queue.remove(question)
                if not self._past.is_answered_since(question.id):
                    return self._card(question)
        self._claim.release()
        for question in self.repetitions:
            return self._card(question, again=True)
        return None

    def add(self, one: Feedback | Skip) -> None:
        """Note what was done with the card on screen; the history tells other sessions."""
        self.done.append(one)
        self._claim.release()

    def back(self, waiting: Card | None) -> Card:
        """Return the card of the last thing done, which then never was.

        Args:
            waiting: The card on screen, if it is open; its turn comes behind.
        """
        if waiting and not waiting.again:
            self.queue.insert(0, waiting.question)
        card = self.done.pop().card
        self._claim.take(card.question.id)
        return self._card(card.question, card.again)

    def _card(self, question: Question, again: bool = False) -> Card:
        number = len(self.done) + 1
        total = number + len(self.queue) + len(self.repetitions) - again
        shuffle = f"{self._seed} {question.id}" + " again" * again
        is_review = again or question.id in self._past.memories
        aloud = self._aloud and question.kind in ("choice", "predict")
        return Card(question, number, total, is_review, shuffle, again, self._cram, aloud)

    @property
    def answered(self) -> list[Feedback]:
        """The answers that stand."""
        return [one for one in self.done if isinstance(one, Feedback)]

    @property
    def first_answers(self) -> list[Feedback]:
        """The answers that count: without repetitions."""
        return [one for one in self.answered if not one.card.again]

    @property
    def skipped(self) -> int:
        """How many questions were left unanswered; repetitions do not count."""
        return sum(isinstance(one, Skip) and not one.card.again for one in self.done)

    @property
    def repetitions(self) -> list[Question]:
        """The questions that come again, with other numbers if they draw any."""
        came = {one.card.question.id for one in self.done if one.card.again}
        wrong = [one.card.question for one in self.first_answers if _failed(one)]
        return [question.at(question.turn + 1) for question in wrong if question.id not in came]

    def first(self, question: Question) -> Feedback:
        """Return the answer to a question that counts."""
        return next(one for one in self.first_answers if one.card.question.id == question.id)

    def rated(self, question: Question, **changes) -> None:
        """Change rating, reason and day in all that was said of a question."""
        self.done = [
            replace(one, **changes)
            if isinstance(one, Feedback) and one.card.question.id == question.id
            else one
            for one in self.done
        ]


def _failed(answer: Feedback) -> bool:
    if answer.card.cram:
        return answer.result in (WRONG, GAVE_UP)
    return answer.rating == "again"
